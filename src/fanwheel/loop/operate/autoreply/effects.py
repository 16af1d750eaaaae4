"""What answering comes to, gathered while it is decided and written at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from fanwheel.cdp import tags
from fanwheel.domains.private.channels.contracts import AnyPart, Reply
from fanwheel.infra import outbox
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.operate import menus, reach
from fanwheel.loop.operate.autoreply import loops
from fanwheel.loop.operate.autoreply.contracts import Brake, Incoming
from fanwheel.loop.operate.autoreply.forms import Progress
from fanwheel.loop.operate.autoreply.repository import ReplyRepository


@dataclass(slots=True)
class Standing:
    """Where a conversation through one account stands."""

    account_id: int
    home_id: int
    recent: tuple[loops.Turn, ...] = ()
    brakes: int = 0
    braked_until: datetime | None = None
    form: Progress | None = None
    form_until: datetime | None = None
    is_changed: bool = False

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Standing":
        """A row as it is stored."""
        return cls(
            row["account_id"],
            row["home_id"],
            msgspec.json.decode(row["recent"], type=tuple[loops.Turn, ...]),
            row["brakes"],
            row["braked_until"],
            msgspec.json.decode(row["form"], type=Progress) if row["form"] else None,
            row["form_until"],
        )

    def as_row(self) -> dict[str, Any]:
        """A row to store."""
        return {
            "account_id": self.account_id,
            "home_id": self.home_id,
            "recent": self.recent,
            "brakes": self.brakes,
            "braked_until": self.braked_until,
            "form": self.form,
            "form_until": self.form_until,
        }


@dataclass(slots=True)
class Saying:
    """Something that is said to one person."""

    place: int  # of the incoming
    step: str
    rule_id: int | None
    parts: list[AnyPart]


@dataclass(slots=True)
class Effects:
    """All that one portion comes to."""

    now: datetime
    sayings: list[Saying] = field(default_factory=list)
    firings: list[dict[str, Any]] = field(default_factory=list)
    tagged: dict[tuple[str, tuple[str, ...]], set[int]] = field(default_factory=dict)
    facts: list[outbox.Fact] = field(default_factory=list)
    braked: list[dict[str, Any]] = field(default_factory=list)
    taps: list[menus.Tap] = field(default_factory=list)

    def tag(self, by: str, home_id: int, words: Sequence[str]) -> None:
        """Put tags on somebody."""
        if words:
            self.tagged.setdefault((by, tuple(words)), set()).add(home_id)

    def brake(self, standing: Standing, brake: Brake) -> None:
        """Let a conversation rest."""
        standing.braked_until, standing.brakes, standing.is_changed = brake.until, standing.brakes + 1, True
        self.braked.append(
            {
                "account_id": standing.account_id,
                "home_id": standing.home_id,
                "reason": brake.reason,
                "until": brake.until,
            }
        )

    async def write(
        self, tx: Transaction, incoming: Sequence[Incoming], standings: Sequence[Standing]
    ) -> dict[int, int | None]:
        """Write all of it; the intents by the places of what they answer."""
        repository = ReplyRepository(tx)
        wishes = [_wish(saying, incoming[saying.place], now=self.now) for saying in self.sayings]
        found = await reach.intend(tx, wishes, now=self.now) if wishes else []
        intents = {saying.place: intent for saying, intent in zip(self.sayings, found, strict=True)}
        await repository.add_firings(
            [{**firing, "intent_id": intents.get(firing.pop("place"))} for firing in self.firings], now=self.now
        )
        for (by, words), homes in self.tagged.items():
            await tags.give(tx, homes, words, origin="channel", by=by, now=self.now)
        await outbox.append(tx, self.facts)
        await repository.add_brakes(self.braked, now=self.now)
        await menus.add_taps(tx, self.taps)
        await repository.put_states([each.as_row() for each in standings if each.is_changed], now=self.now)
        return intents


def _wish(saying: Saying, item: Incoming, *, now: datetime) -> reach.Wish:
    happening = item.happening
    return reach.Wish(
        home_id=HomeId(item.home_id),
        step=saying.step,
        occurrence=happening.key,
        channel=item.channel,
        account_id=item.account_id,
        purpose="service",
        parts=tuple(saying.parts),
        reply=Reply(to=happening.key, context=happening.context) if happening.sender else item.answers,
        to=happening.sender,
        priority=reach.ANSWER,
        expires_at=_expiry(item, now=now),
    )


def _expiry(item: Incoming, *, now: datetime) -> datetime:
    """When the answer comes too late: platforms say it, or nobody waits any more."""
    until = item.happening.context.get("until")
    if isinstance(until, str):
        try:
            return datetime.fromisoformat(until)
        except ValueError:
            pass
    return now + timedelta(hours=1)

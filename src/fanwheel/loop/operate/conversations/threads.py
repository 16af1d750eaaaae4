"""Conversations and what is written into them, through one transaction."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.conversations.contracts import Line, Member, Policy, Team, Waiting
from fanwheel.loop.operate.conversations.rules import words
from fanwheel.loop.operate.conversations.rules.promises import Taken
from fanwheel.loop.operate.conversations.rules.threads import Thread

_SQL: Final = sqlfile.load("fanwheel.loop.operate.conversations", "taking.sql")
_IN_A_NOTICE: Final = 500
CHANNEL: Final = "fanwheel_inbox"


class ThreadRepository:
    """The conversations of one workspace, as messages change them."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def begin(self, begun: Sequence[dict[str, Any]]) -> None:
        """Begin conversations that are not there yet."""
        await self._tx.run(_SQL["begin_conversations"], begun=_json(begun))

    async def hold_by_address(self, addresses: Collection[tuple[int, int]]) -> list[Thread]:
        """The conversations of (home, account) pairs, kept from others."""
        homes, accounts = [home for home, _ in addresses], [account for _, account in addresses]
        rows = await self._tx.all(_SQL["hold_by_address"], homes=homes, accounts=accounts)
        return [Thread(**row) for row in rows]

    async def hold(self, ids: Iterable[int]) -> list[Thread]:
        """Conversations by number, kept from others."""
        return [Thread(**row) for row in await self._tx.all(_SQL["hold_by_id"], ids=sorted(ids))]

    async def add(self, lines: Sequence[Line]) -> list[int | None]:
        """Write lines; the number of each, None for one that was there already."""
        if not lines:
            return []
        numbers = [row["message_id"] for row in await self._tx.all(_SQL["take_numbers"], count=len(lines))]
        told = [self._told(line, number) for line, number in zip(lines, numbers, strict=True)]
        written = {row["message_id"] for row in await self._tx.all(_SQL["add_messages"], lines=_json(told))}
        return [number if number in written else None for number in numbers]

    async def put(self, threads: Sequence[Thread]) -> None:
        """Write conversations as they are now, and tell whoever looks at them."""
        if threads:
            await self._tx.run(_SQL["put_threads"], threads=_json([thread._asdict() for thread in threads]))
            await self.tell([thread.conversation_id for thread in threads])

    async def touch(self, ids: Sequence[int]) -> None:
        """Mark conversations as changed, and tell whoever looks at them."""
        await self._tx.run(_SQL["touch"], ids=sorted(ids))
        await self.tell(ids)

    async def tell(self, ids: Sequence[int], *, watched: Sequence[int] = ()) -> None:
        """Tell whoever listens that conversations have changed, or who looks at them, once this is committed."""
        for begin in range(0, max(len(ids), 1), _IN_A_NOTICE):
            changed = list(ids[begin : begin + _IN_A_NOTICE])
            notice = {"workspace": self._tx.workspace, "changed": changed, "watched": list(watched)}
            await self._tx.run(_SQL["notify"], payload=json.dumps(notice, separators=(",", ":")))

    async def put_rounds(self, threads: Sequence[Thread]) -> None:
        """Write that rounds have begun."""
        if threads:
            await self._tx.run(_SQL["put_rounds"], rounds=_json([thread._asdict() for thread in threads]))

    async def answer_round(self, thread: Thread, *, at: datetime, user: int | None, taken: Taken) -> None:
        """Write who answered a round first."""
        await self._tx.run(
            _SQL["answer_round"],
            conversation_id=thread.conversation_id,
            round=thread.round,
            answered_at=at,
            user=user,
            **taken._asdict(),
        )

    async def close_round(self, thread: Thread, *, at: datetime, user: int | None, taken: Taken) -> None:
        """Write who closed a round."""
        await self._tx.run(
            _SQL["close_round"],
            conversation_id=thread.conversation_id,
            round=thread.round,
            team_id=thread.team_id,
            closed_at=at,
            user=user,
            **taken._asdict(),
        )

    async def hold_teams(self, teams: Collection[int]) -> list[Team]:
        """Teams that give conversations away by themselves, kept from others."""
        return [Team(**row) for row in await self._tx.all(_SQL["hold_teams"], teams=sorted(teams))]

    async def list_free_members(self, teams: Collection[int]) -> list[Member]:
        """Members of teams who are there."""
        return [Member(**row) for row in await self._tx.all(_SQL["list_free_members"], teams=sorted(teams))]

    async def put_last_user(self, team_id: int, user: int | None) -> None:
        """Write who was given a conversation last."""
        await self._tx.run(_SQL["put_last_user"], team_id=team_id, user=user)

    async def find_owners(self, homes: Collection[int]) -> dict[int, int]:
        """Who looks after whom, by home."""
        rows = await self._tx.all(_SQL["list_owners"], homes=sorted(homes))
        return {row["home_id"]: row["user_id"] for row in rows}

    async def list_policies(self) -> list[Policy]:
        """What is promised."""
        return [Policy(**row) for row in await self._tx.all(_SQL["list_policies"])]

    async def rate(self, thread: Thread, *, score: int, now: datetime) -> None:
        """Write the score of the round in hand."""
        await self._tx.run(
            _SQL["rate"], conversation_id=thread.conversation_id, round=thread.round, score=score, now=now
        )

    async def ask_for_rating(self, thread: Thread, *, user: int | None, now: datetime) -> None:
        """Remember that somebody was asked how it was."""
        await self._tx.run(
            _SQL["ask_for_rating"],
            conversation_id=thread.conversation_id,
            round=thread.round,
            team_id=thread.team_id,
            channel=thread.channel,
            user=user,
            now=now,
        )

    async def find_team(self, name: str) -> int | None:
        """The team of a name."""
        found: int | None = await self._tx.value(_SQL["find_team"], name=name)
        return found

    async def list_unanswered(self, *, before: datetime, after: datetime, after_id: int, most: int) -> list[Waiting]:
        """Conversations in which somebody has waited since between two moments, and was not told so yet."""
        rows = await self._tx.all(_SQL["list_unanswered"], before=before, after=after, after_id=after_id, most=most)
        return [Waiting(**row) for row in rows]

    async def list_due_snoozes(self, now: datetime) -> list[int]:
        """Conversations to wake up."""
        return [row["conversation_id"] for row in await self._tx.all(_SQL["list_due_snoozes"], now=now)]

    def _told(self, line: Line, number: int) -> dict[str, Any]:
        assert self._tx.workspace is not None
        is_searched = line.kind != "line"
        found = words.numbers(line.text, workspace=self._tx.workspace, message_id=number) if is_searched else []
        told = line._asdict()
        told |= {"body": told.pop("text"), "context": dict(line.context), "detail": dict(line.detail)}
        return {**told, "message_id": number, "words": found}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()

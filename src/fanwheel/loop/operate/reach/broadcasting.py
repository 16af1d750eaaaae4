"""What broadcasts ask of the ledger: many intents at once, other routes, pauses, and how far all of it has come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows
from fanwheel.loop.operate.reach.contracts import Wish
from fanwheel.loop.operate.reach.gate_repository import SettingRepository
from fanwheel.loop.operate.reach.repository import IntentRepository
from fanwheel.loop.operate.reach.rules.case import Holdout
from fanwheel.loop.operate.reach.rules.holdouts import is_held_out
from fanwheel.loop.operate.reach.settings import holdouts_of

_SQL: Final = sqlfile.load("fanwheel.loop.operate.reach", "broadcasting.sql")


class Way(NamedTuple):
    """The route that follows where something was said in vain: what is said then, and by which account.

    ``goes_on``: another one follows that.
    """

    of_wording: int
    occurrence: str
    channel: str
    account_id: int
    wording_id: int
    goes_on: bool


async def intend_each(
    tx: Transaction, wish: Wish, said: Sequence[tuple[int, int]], *, falls_back: bool, now: datetime
) -> int:
    """Say to each of many what was kept by ``word``: home and number; how many intents are new.

    ``falls_back``: another route is tried by ``fall_back`` for whom this one does not reach. ``wish.home_id`` is not
    looked at. Whoever is known under several homes is one person.
    """
    intents = IntentRepository(tx)
    await intents.put_senders({wish.account_id: wish.channel})
    added = await tx.run(
        _SQL["intend_each"],
        homes=[home for home, _ in said],
        wordings=[wording for _, wording in said],
        step=wish.step,
        occurrence=wish.occurrence,
        channel=wish.channel,
        account_id=wish.account_id,
        purpose=wish.purpose,
        priority=wish.priority,
        now=now,
        expires_at=wish.expires_at,
        fallback="may" if falls_back else None,
    )
    await intents.wake()
    return added


async def fall_back(
    tx: Transaction, step: str, ways: Sequence[Way], *, now: datetime, expires_at: datetime | None, most: int
) -> int:
    """Try the next route for people whom one did not reach for a reason that another channel heals; how many ended so.

    Whatever may have gone out, was held out, or came too late for the brand's own rules, is not tried again.
    """
    if not ways:
        return 0
    intents = IntentRepository(tx)
    await intents.put_senders({way.account_id: way.channel for way in ways})
    row = await tx.one(
        _SQL["fall_back"],
        step=step,
        ways=to_json_rows([way._asdict() for way in ways]),
        now=now,
        expires_at=expires_at,
        most=most,
    )
    if row["added"]:
        await intents.wake()
    return int(row["looked_at"])


async def pause(tx: Transaction, step: str) -> None:
    """Let nothing of a step pass the gate for now; what has passed it arrives."""
    await tx.run(_SQL["pause"], step=step)


async def resume(tx: Transaction, step: str) -> None:
    """Let it pass again."""
    await tx.run(_SQL["resume"], step=step)
    await IntentRepository(tx).wake()


async def count_due(tx: Transaction, step: str, *, now: datetime, most: int) -> int:
    """How much of a step waits for its turn at the gate, up to ``most``."""
    return int(await tx.value(_SQL["count_due"], step=step, now=now, most=most))


async def is_settled(tx: Transaction, step: str, *, accounts: Sequence[int]) -> bool:
    """Whether nothing of a step is on its way any more, nor may try another route."""
    return bool(await tx.value(_SQL["is_settled"], step=step, accounts=list(accounts)))


async def is_in_flight(tx: Transaction, step: str, *, accounts: Sequence[int]) -> bool:
    """Whether anything of a step has passed the gate and not been answered yet."""
    return bool(await tx.value(_SQL["is_in_flight"], step=step, accounts=list(accounts)))


async def count_progress(tx: Transaction, step: str) -> dict[str, int]:
    """How many people of a step are in which state, each by the last route that was tried."""
    rows = await tx.all(_SQL["count_progress"], step=step)
    return {row["state"]: row["people"] for row in rows}


async def list_kept_from(tx: Transaction, step: str, people: Sequence[int], *, channel: str, share: float) -> list[int]:
    """Who of some persons would be held out of a step on a channel, where that share of people is kept from it."""
    rules, salt = await SettingRepository(tx).get()
    kept = [*holdouts_of(rules, channel), Holdout(step, share)]
    return [person for person in people if any(is_held_out(each, person, salt=salt) for each in kept)]

"""The projector: turns committed events into profiles, consent, orders and invites."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Final

import msgspec

from fanwheel.cdp import consent, persons, profiles, segments
from fanwheel.cdp.events.consumer import Consumer, StreamEvent
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.loop.convert import orders
from fanwheel.loop.share import referral
from fanwheel.loop.wheel.contracts import Refusal
from fanwheel.loop.wheel.gathering import gather
from fanwheel.loop.wheel.repository import WheelRepository
from fanwheel.loop.wheel.turns import NAMES

CONSUMER: Final = "projector"
FOLD_EVERY_S: Final = 5.0
_NOTES_AT_ONCE: Final = 50_000
_FOLD_AT_ONCE: Final = 5_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_PAYLOAD: Final = 65_536


class Projector:
    """Keeps everything derived from events up to date; call ``run_once`` again and again.

    A slice notes whose portrait it touched, in the transaction that moves the cursor. The portraits are
    folded right after it, or, while the stream is far ahead, every few seconds: a person of whom many events
    are waiting is then folded once instead of with each slice.
    """

    def __init__(self) -> None:
        self._taker = segments.Taker()
        self.consumer = Consumer(CONSUMER, self._turn, names=NAMES, also=self._taker.list_names)
        self._folded_at = float("-inf")
        self._touched: set[int] = set()
        self._folded: set[int] = set()

    async def run_once(self, db: Database) -> int:
        """Handle the next slice; how many events it held, 0 when nothing is left to do."""
        taken = await self.consumer.run_once(db)
        is_due = not taken or not self.consumer.is_behind or monotonic() - self._folded_at > FOLD_EVERY_S
        if self._touched and is_due:
            for workspace in sorted(self._touched):
                await _fold_all_noted(db, workspace)
            self._folded |= self._touched
            self._touched.clear()
            self._folded_at = monotonic()
        return taken

    def take_folded(self) -> set[int]:
        """Workspaces in which portraits were folded since this was asked last."""
        folded, self._folded = self._folded, set()
        return folded

    async def _turn(self, tx: Transaction, events: Sequence[StreamEvent]) -> None:
        assert tx.workspace is not None
        self._touched.add(tx.workspace)
        await turn(tx, events, self._taker)


def projector() -> Projector:
    """The projector, as a worker runs it."""
    return Projector()


async def tidy(db: Database) -> int:
    """Fold every person who was noted as changed, by events, merges or new rates; how many notes there were."""
    async with db.installation() as tx:
        workspaces = await WheelRepository(tx).list_workspaces()
    return sum([await _fold_all_noted(db, workspace) for workspace in workspaces])


async def _fold_all_noted(db: Database, workspace: int) -> int:
    noted = 0
    while taken := await _fold_noted(db, workspace):
        noted += taken
    return noted


async def _fold_noted(db: Database, workspace: int) -> int:
    async with db.transaction(workspace) as tx:
        noted = await WheelRepository(tx).take_notes(most=_NOTES_AT_ONCE)
        changed = {person for person, grew in noted if grew is None}
        seen: dict[int, set[int]] = {}
        for person, grew in noted:
            if person not in changed:
                seen.setdefault(person, set()).update(grew or ())
        ordered = sorted(changed | seen.keys())
        for begin in range(0, len(ordered), _FOLD_AT_ONCE):
            some = ordered[begin : begin + _FOLD_AT_ONCE]
            glanced = {person: seen[person] for person in some if person in seen}
            await persons.refold(tx, changed.intersection(some), seen=glanced)
        return len(noted)


async def turn(tx: Transaction, events: Sequence[StreamEvent], taker: segments.Taker) -> None:
    """Take in events of one workspace, each exactly once, in any order; ``taker`` remembers them for segments."""
    repository = WheelRepository(tx)
    homes = await profiles.find_homes(tx, {event.home_id for event in events})
    grew = await taker.take(tx, events, homes.person_of.keys())
    currency = await repository.reporting_currency()
    gathered = gather(events, identifier_of=homes.identifier_of, reporting_currency=currency)
    referrers = await referral.apply(tx, gathered.acceptances, gathered.codes)
    changed = await orders.apply(tx, gathered.said_of_orders)
    await profiles.put_parts(tx, list(gathered.parts.values()))
    await profiles.put_clicks(tx, gathered.clicks)
    await consent.append(tx, gathered.consents)
    shelved = [_shelved(refusal, homes.identifier_of) for refusal in gathered.refusals]
    shelved += [_shelved_refund(refund) for refund in changed.foreign_refunds]
    if shelved:
        await repository.refuse(shelved)
    touched = gathered.told | gathered.held_out | changed.homes | referrers
    told = {homes.person_of.get(home, home) for home in touched}
    seen: dict[int, set[int]] = {}
    for home in gathered.parts.keys() - touched:
        if (person := homes.person_of.get(home, home)) not in told:
            seen.setdefault(person, set()).update(grew.get(home, ()))
    await repository.note(told, seen=seen)


def _shelved(refusal: Refusal, identifier_of: Mapping[int, tuple[str, str]]) -> tuple[str, str, str]:
    """Code, message, and the event as it can be sent again once corrected.

    It goes without its message id: under the same one the corrected event would count as a duplicate.
    """
    event = refusal.event
    kind, value = identifier_of[event.home_id]
    names = {"user_id": "userId", "anonymous_id": "anonymousId"}
    who = {names[kind]: value} if kind in names else {"context": {"externalIds": [{"type": kind, "id": value}]}}
    payload = {
        "type": "track",
        "event": event.name,
        "timestamp": (_EPOCH + timedelta(microseconds=event.at_us)).isoformat(),
        **who,
        "properties": msgspec.Raw(event.properties.encode()),
    }
    return refusal.code, refusal.message, msgspec.json.encode(payload).decode()[:_MAX_PAYLOAD]


def _shelved_refund(refund: orders.ForeignRefund) -> tuple[str, str, str]:
    """A refund that does not count; its event may be long past, so it is shown by what is known of it."""
    message = (
        f"Order Refunded: refund {refund.refund_id} of order {refund.order_id} is in {refund.currency}, the order in "
        f"{refund.order_currency}. Send it in {refund.order_currency} under the same refund_id."
    )
    properties = {"order_id": refund.order_id, "refund_id": refund.refund_id, "currency": refund.currency}
    amount = {"total": refund.amount} if refund.amount else {}
    payload = {"type": "track", "event": "Order Refunded", "properties": properties | amount}
    return "order_refused", message, msgspec.json.encode(payload).decode()

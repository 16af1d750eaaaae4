"""The projector: turns committed events into profiles, consent, orders and invites."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from fanwheel.cdp import consent, persons, profiles
from fanwheel.cdp.events.consumer import Consumer, StreamEvent
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.loop.convert import orders
from fanwheel.loop.share import referral
from fanwheel.loop.wheel.contracts import Refusal
from fanwheel.loop.wheel.gathering import gather, take
from fanwheel.loop.wheel.repository import WheelRepository
from fanwheel.loop.wheel.turns import NAMES

CONSUMER: Final = "projector"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_PAYLOAD: Final = 65_536


def projector() -> Consumer:
    """The consumer that keeps everything derived from events up to date; call its ``run_once`` again and again."""
    return Consumer(CONSUMER, turn, names=NAMES)


async def tidy(db: Database) -> int:
    """Fold persons that changed without an event, such as after a change of rates; how many."""
    async with db.installation() as tx:
        workspaces = await WheelRepository(tx).list_workspaces()
    folded = 0
    for workspace in workspaces:
        async with db.transaction(workspace) as tx:
            folded += await persons.refold_stale(tx)
    return folded


async def turn(tx: Transaction, events: Sequence[StreamEvent]) -> None:
    """Take in events of one workspace, each exactly once; their order does not matter."""
    repository = WheelRepository(tx)
    homes = await profiles.find_homes(tx, {event.home_id for event in events})
    currency = await repository.reporting_currency()
    gathered = gather(events, identifier_of=homes.identifier_of, reporting_currency=currency)
    for shared in await referral.apply(tx, gathered.acceptances):
        take(gathered, shared)
    changed = await orders.apply(tx, gathered.said_of_orders)
    await profiles.put_parts(tx, list(gathered.parts.values()))
    await profiles.put_clicks(tx, gathered.clicks)
    await consent.append(tx, gathered.consents)
    shelved = [_shelved(refusal, homes.identifier_of) for refusal in gathered.refusals]
    shelved += [_shelved_refund(refund) for refund in changed.foreign_refunds]
    if shelved:
        await repository.refuse(shelved)
    await persons.refold(tx, gathered.parts.keys() | changed.homes)
    while await persons.refold_stale(tx):
        pass


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

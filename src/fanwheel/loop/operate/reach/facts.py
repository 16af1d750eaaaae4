"""What the send path tells the events: messages sent, kept back, delivered, opened, clicked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from fanwheel.infra.outbox import Fact
from fanwheel.loop.operate.reach.portion import Item
from fanwheel.loop.operate.reach.rules.case import Ruling

_OF_RECEIPTS: Final = {
    "delivered": "Message Delivered",
    "read": "Message Opened",
    "opened": "Message Opened",
    "clicked": "Message Clicked",
}


def held_out(item: Item, ruling: Ruling, *, account_id: int, now: datetime) -> Fact:
    """Somebody would have been reached now, and was kept from it."""
    assert item.address is not None
    of_step = ruling.detail["holdout"] == item.step
    told = {"channel": item.channel, "account_id": account_id, "intent_id": item.intent_id, "step": item.step}
    return Fact(
        key=f"intent:{item.intent_id}:held_out",
        name="Message Held Out",
        at=now,
        refs=[(item.address.kind, item.address.value)],
        properties=told | dict(ruling.detail) | ({"campaign": item.step} if of_step else {}),
    )


def sent(item: Item, *, account_id: int, now: datetime) -> Fact:
    """The platform took a message."""
    assert item.address is not None
    row = {
        "intent_id": item.intent_id,
        "channel": item.channel,
        "account_id": account_id,
        "step": item.step,
        "purpose": item.purpose,
    }
    return Fact(
        key=f"intent:{item.intent_id}:sent",
        name="Message Sent",
        at=now,
        refs=[(item.address.kind, item.address.value)],
        properties=_properties(row) | dict(item.written.note),
    )


def confirmed(row: Mapping[str, Any], *, now: datetime) -> Fact | None:
    """What waited for staff, or for a sign that it went out at all, did go out."""
    if row["kind"] is None:
        return None
    return Fact(
        key=f"intent:{row['intent_id']}:sent",
        name="Message Sent",
        at=now,
        refs=[(row["kind"], row["value"])],
        properties=_properties(row),
    )


def told(row: Mapping[str, Any], *, state: str, key: str, at: datetime, more: Mapping[str, Any]) -> Fact | None:
    """What a receipt says, where reports want to know; none of somebody who was erased."""
    name = _OF_RECEIPTS.get(state)
    if name is None or row["kind"] is None:
        return None
    return Fact(
        key=f"intent:{row['intent_id']}:{state}:{key}",
        name=name,
        at=at,
        refs=[(row["kind"], row["value"])],
        properties=_properties(row) | dict(more),
    )


def _properties(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: row[name] for name in ("channel", "account_id", "intent_id", "step", "purpose")}
    if row["purpose"] == "marketing":
        found["campaign"] = row["step"]
    return found

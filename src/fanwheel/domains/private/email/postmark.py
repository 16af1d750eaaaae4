"""Postmark's webhooks: one record each, behind a user name and a password."""

import hashlib
from typing import Any, Final

from fanwheel.domains.private.channels.adapter import Account, Tools
from fanwheel.domains.private.channels.contracts import Answer, AnyHappening, Receipt, Received, Request, Unfollowed
from fanwheel.domains.private.email.passwords import require_password
from fanwheel.domains.private.email.reading import members, read_address, read_iso, read_json, text

_HARD: Final = frozenset({"HardBounce", "BadEmailAddress", "ManuallyDeactivated", "Unsubscribe"})
_STATES: Final = {
    "Delivery": ("delivered", "DeliveredAt"),
    "Open": ("opened", "ReceivedAt"),
    "Click": ("clicked", "ReceivedAt"),
    "Bounce": ("bounced", "BouncedAt"),
    "SpamComplaint": ("complained", "BouncedAt"),
}


async def read(request: Request, account: Account, tools: Tools) -> Received:
    """The record of a callback."""
    require_password(request, account)
    happening = _read(members(read_json(request.body)), request)
    return Received(Answer(), [] if happening is None else [happening])


def _read(record: dict[str, Any], request: Request) -> AnyHappening | None:
    kind = text(record.get("RecordType"))
    sender = read_address(record.get("Recipient") or record.get("Email"))
    if sender is None:
        return None
    if kind == "SubscriptionChange":
        return _read_change(record, request)
    if kind not in _STATES:
        return None
    state, time_name = _STATES[kind]
    bounce = text(record.get("Type"))
    return Receipt(
        key=_key(record, kind, time_name),
        at=read_iso(record.get(time_name), otherwise=request.received_at),
        sender=sender,
        state=state,  # type: ignore[arg-type]
        message=text(members(record.get("Metadata")).get("key")),
        platform_id=text(record.get("MessageID")),
        is_permanent=bounce in _HARD,
        detail=bounce[:40],
        url=text(record.get("OriginalLink"), most=2_000),
    )


def _read_change(record: dict[str, Any], request: Request) -> AnyHappening | None:
    """Somebody left by Postmark's own link; its reasons of another kind come as records of their own."""
    if record.get("SuppressSending") is not True or record.get("SuppressionReason") != "ManualSuppression":
        return None
    return Unfollowed(
        key=_key(record, "SubscriptionChange", "ChangedAt"),
        at=read_iso(record.get("ChangedAt"), otherwise=request.received_at),
        sender=read_address(record.get("Recipient")),
    )


def _key(record: dict[str, Any], kind: str, time_name: str) -> str:
    """Postmark numbers bounces only."""
    parts = (kind, record.get("ID"), record.get("MessageID"), record.get("Recipient"), record.get(time_name),
             record.get("OriginalLink"))  # fmt: skip
    return f"postmark:{hashlib.sha256(repr(parts).encode()).hexdigest()[:40]}"

"""SendGrid's event webhook: a signed list of events (ECDSA over the time and the body)."""

import base64
import binascii
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fanwheel.domains.private.channels.adapter import Account, Tools
from fanwheel.domains.private.channels.contracts import Answer, AnyHappening, Receipt, Received, Request, Unfollowed
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.email.marks import Marks
from fanwheel.domains.private.email.reading import (
    members,
    read_address,
    read_epoch,
    read_json,
    require_recent,
    text,
)

SIGNATURE: Final = "x-twilio-email-event-webhook-signature"
TIMESTAMP: Final = "x-twilio-email-event-webhook-timestamp"
_STATES: Final = {
    "delivered": "delivered",
    "open": "opened",
    "click": "clicked",
    "bounce": "bounced",
    "dropped": "refused",
    "spamreport": "complained",
}


async def read(request: Request, account: Account, tools: Tools) -> Received:
    """The events of a callback."""
    stamp = request.headers.get(TIMESTAMP, "")
    _require_signature(account.secrets.get("webhook_secret", ""), stamp, request)
    require_recent(read_epoch(stamp), now=tools.clock())
    events = read_json(request.body)
    if not isinstance(events, list):
        raise MalformedError("SendGrid's callback is no list.")
    marks = Marks(account.key)
    found = (_read(members(event), marks, request) for event in events)
    return Received(Answer(), [happening for happening in found if happening is not None])


def _require_signature(public_key: str, stamp: str, request: Request) -> None:
    try:
        key = serialization.load_der_public_key(base64.b64decode(public_key))
        signature = base64.b64decode(request.headers.get(SIGNATURE, ""), validate=True)
    except (ValueError, binascii.Error):
        raise ForgedError("SendGrid's callback is not signed, or the account has no key to check it.") from None
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ForgedError("The account's key is not SendGrid's.")
    try:
        key.verify(signature, stamp.encode() + request.body, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise ForgedError("SendGrid's callback has a wrong signature.") from None


def _read(event: dict[str, Any], marks: Marks, request: Request) -> AnyHappening | None:
    name, key = text(event.get("event")), text(event.get("sg_event_id"))
    sender = read_address(event.get("email"))
    if not key or sender is None:
        return None
    at = read_epoch(event.get("timestamp"), otherwise=request.received_at)
    if name in {"unsubscribe", "group_unsubscribe"}:
        return Unfollowed(key=f"sendgrid:{key}", at=at, sender=sender)
    if name not in _STATES:
        return None
    smtp_id = text(event.get("smtp-id"))
    return Receipt(
        key=f"sendgrid:{key}",
        at=at,
        sender=sender,
        state=_STATES[name],  # type: ignore[arg-type]
        message=marks.find(smtp_id) or text(event.get("key")),
        platform_id=smtp_id,
        # A block is about the mail or its sender; a bounce is about the mailbox.
        is_permanent=name == "bounce" and event.get("type") != "blocked",
        is_machine=event.get("sg_machine_open") is True,
        detail=text(event.get("status"), most=20),
        url=text(event.get("url"), most=2_000),
    )

"""Mailgun's webhook: one event, with a signature over a time and a word that is used once."""

import hashlib
import hmac
from typing import Any, Final

from fanwheel.domains.private.channels.adapter import Account, Token, Tools
from fanwheel.domains.private.channels.contracts import Answer, AnyHappening, Receipt, Received, Request, Unfollowed
from fanwheel.domains.private.channels.errors import ForgedError
from fanwheel.domains.private.email.marks import Marks
from fanwheel.domains.private.email.reading import (
    members,
    read_address,
    read_epoch,
    read_json,
    require_recent,
    text,
)

_STATES: Final = {
    "delivered": "delivered",
    "opened": "opened",
    "clicked": "clicked",
    "failed": "bounced",
    "complained": "complained",
}
_REMEMBERED_S: Final = 27 * 3_600  # longer than a signature is good for


async def read(request: Request, account: Account, tools: Tools) -> Received:
    """The event of a callback."""
    body = members(read_json(request.body))
    signature = members(body.get("signature"))
    stamp, token = text(signature.get("timestamp")), text(signature.get("token"))
    require_signature(account.secrets.get("webhook_secret", ""), stamp, token, text(signature.get("signature")))
    require_recent(read_epoch(stamp), now=tools.clock())
    await _require_unused(token, request.body, tools)
    happening = _read(members(body.get("event-data")), Marks(account.key), request)
    return Received(Answer(), [] if happening is None else [happening])


def require_signature(secret: str, stamp: str, token: str, signature: str) -> None:
    """Refuse a wrong signature.

    Raises
    ------
    ForgedError
        If it is wrong.
    """
    right = hmac.new(secret.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    if not secret or not token or not hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace")):
        raise ForgedError("Mailgun's callback has a wrong signature.")


async def _require_unused(token: str, body: bytes, tools: Tools) -> None:
    """Refuse a signature that came with something else before: it does not cover the body.

    The same callback once more is Mailgun trying again; its event is known by its own id.
    """
    mine = hashlib.sha256(body).hexdigest()

    async def first() -> Token:
        return Token(mine, _REMEMBERED_S)

    name = hashlib.sha256(token.encode()).hexdigest()
    if not hmac.compare_digest(await tools.token(f"mailgun:{name}", first), mine):
        raise ForgedError("Mailgun's signature was used before.")


def _read(event: dict[str, Any], marks: Marks, request: Request) -> AnyHappening | None:
    name, key = text(event.get("event")), text(event.get("id"))
    sender = read_address(event.get("recipient"))
    if not key or sender is None:
        return None
    at = read_epoch(event.get("timestamp"), otherwise=request.received_at)
    if name == "unsubscribed":
        return Unfollowed(key=f"mailgun:{key}", at=at, sender=sender)
    if name not in _STATES:
        return None
    message_id = text(members(members(event.get("message")).get("headers")).get("message-id"))
    status = members(event.get("delivery-status"))
    return Receipt(
        key=f"mailgun:{key}",
        at=at,
        sender=sender,
        state=_STATES[name],  # type: ignore[arg-type]
        message=marks.find(message_id) or text(members(event.get("user-variables")).get("key")),
        platform_id=f"<{message_id}>" if message_id else "",
        is_permanent=event.get("severity") == "permanent" and text(event.get("reason")) != "old",
        is_machine=bool(members(event.get("client-info")).get("bot")),
        detail=str(status.get("code") or "")[:20],
        url=text(event.get("url"), most=2_000),
    )

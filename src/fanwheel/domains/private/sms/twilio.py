"""Twilio's interface, which other providers copy."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import urlencode

from fanwheel.domains.private.channels import calls, reading
from fanwheel.domains.private.channels.adapter import Account
from fanwheel.domains.private.channels.contracts import (
    Address,
    Answer,
    AnyHappening,
    Media,
    Message,
    Outgoing,
    Receipt,
    Received,
    Request,
    Text,
)
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RecipientGoneError,
    RefusedError,
    SendError,
    ThrottledError,
    UnavailableError,
)
from fanwheel.domains.private.sms import opting
from fanwheel.domains.private.sms.about import ADDRESS, BASE_URL

# Twilio's published codes, as of 2026-11; unknown ones go by the HTTP status.
_MEANINGS: Final[dict[str, type[SendError]]] = {
    "20003": BadAccountError,
    "20005": BadAccountError,
    "21606": BadAccountError,
    "21608": RefusedError,  # on trial, with a number that nobody has verified
    "20429": ThrottledError,
    "21611": ThrottledError,
    "14107": ThrottledError,
    "20503": UnavailableError,
    "21211": RecipientGoneError,
    "21610": RecipientGoneError,
    "21614": RecipientGoneError,
}
_STATES: Final[dict[str, Literal["confirmed", "delivered", "read", "failed"]]] = {
    "sent": "confirmed",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
}
# Reasons that will not pass: no such number, a landline, a number that refused us.
_PERMANENT: Final = {"21211", "21610", "21614", "30004", "30005", "30006"}
_MOST_FILES: Final = 10
_NO_ANSWER: Final = Answer(
    body=b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>', content_type="text/xml; charset=utf-8"
)


def request(account: Account, message: Outgoing, text: str) -> tuple[str, dict[str, str]]:
    """The address and the form that send a message; our own name for it stands in the address of its receipts."""
    base = (account.settings.get("base_url") or BASE_URL).rstrip("/")
    sender = account.settings.get("sender", "")
    name = "MessagingServiceSid" if sender.startswith("MG") else "From"
    form = {"To": message.to.value, name: sender, "Body": text}
    if account.callback_url:
        form["StatusCallback"] = f"{account.callback_url}?{urlencode({'message': message.key})}"
    return f"{base}/2010-04-01/Accounts/{account.settings['account_sid']}/Messages.json", form


def raise_for(reply: calls.Reply) -> None:
    """Raise what an answer's code or status stands for.

    Raises
    ------
    SendError
        Unless the answer is fine.
    """
    if reply.is_fine:
        return
    code, said = reading.text(reply.data, "code"), reading.text(reply.data, "message")
    if meaning := _MEANINGS.get(code):
        raise meaning(
            f"The provider answered {code}: {calls.quoted(said)}", code=code, retry_after_s=calls.retry_after(reply)
        )
    if code and 400 <= reply.status < 500 and reply.status not in {401, 403, 429}:
        raise RefusedError(f"The provider answered {code}: {calls.quoted(said)}", code=code)
    calls.refuse_by_status(reply, said=said, code=code)


def sign(auth_token: str, url: str, form: Mapping[str, str]) -> str:
    """What Twilio puts into its header: the address and the form's names and values, sorted, with the token."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def receive(account: Account, incoming: Request) -> Received:
    """Read a callback: somebody wrote, or what became of a message."""
    form = reading.form(incoming.body)
    url = account.callback_url + (f"?{urlencode(incoming.query)}" if incoming.query else "")
    proof = sign(account.secrets.get("auth_token", ""), url, form)
    reading.require_same(incoming.headers.get("x-twilio-signature", ""), proof)
    form = reading.storable(form)
    if status := form.get("MessageStatus") or ("" if "Body" in form else form.get("SmsStatus", "")):
        return Received(Answer(status=204), _receipts(form, status, incoming))
    return Received(_NO_ANSWER, _messages(form, incoming))


def _receipts(form: Mapping[str, str], status: str, incoming: Request) -> list[AnyHappening]:
    if status not in _STATES:
        return []
    code = form.get("ErrorCode", "")
    return [
        Receipt(
            key=f"{form.get('MessageSid', '')}:{status}",
            at=incoming.received_at,
            sender=Address(ADDRESS, form["To"]) if form.get("To") else None,
            state=_STATES[status],
            message=incoming.query.get("message", ""),
            platform_id=form.get("MessageSid", ""),
            is_permanent=code in _PERMANENT,
            detail=code,
        )
    ]


def _messages(form: Mapping[str, str], incoming: Request) -> list[AnyHappening]:
    sender, number = form.get("From", ""), form.get("MessageSid", "")
    if not sender or not number:
        return []
    count = int(form["NumMedia"]) if form.get("NumMedia", "").isdigit() else 0
    files = [Media("image", url=form.get(f"MediaUrl{each}")) for each in range(min(count, _MOST_FILES))]
    text = form.get("Body", "")
    message = Message(
        key=number,
        at=incoming.received_at,
        sender=Address(ADDRESS, sender),
        origin=reading.known(form, "FromCountry", "To"),
        parts=(*((Text(text),) if text or not files else ()), *files),
    )
    return [message, *opting.opted(message, form.get("OptOutType") or text)]

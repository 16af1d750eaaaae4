"""Any provider: its request is a pattern of the operator's, its answers and callbacks are read along paths."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fanwheel.domains.private.channels import calls, reading
from fanwheel.domains.private.channels.adapter import Account
from fanwheel.domains.private.channels.contracts import (
    Address,
    Answer,
    AnyHappening,
    Message,
    Outgoing,
    Receipt,
    Received,
    Request,
    Text,
)
from fanwheel.domains.private.channels.errors import (
    MalformedError,
    RecipientGoneError,
    RefusedError,
    ThrottledError,
    UnclearError,
)
from fanwheel.domains.private.sms import filling, opting
from fanwheel.domains.private.sms.about import ADDRESS

_MOST_AT_ONCE: Final = 1000
_ZONE: Final = "86"


def request(account: Account, message: Outgoing, text: str) -> dict[str, Any]:
    """Method, address, headers and body of the request that sends a message."""
    settings = account.settings
    values = {
        "phone": message.to.value,
        "phone_digits": message.to.value.removeprefix("+"),
        "phone_national": message.to.value.removeprefix("+").removeprefix(_ZONE),
        "text": text,
        "key": message.key,
        "sender": settings.get("sender", ""),
        "password": account.secrets.get("password", ""),
    }
    method, kind = settings.get("method") or "POST", settings.get("content_type") or "application/json"
    headers = filling.fill_headers(settings.get("headers", ""), values)
    found: dict[str, Any] = {"method": method, "url": filling.fill_url(settings["request_url"], values)}
    if method != "GET":
        headers.setdefault("Content-Type", kind)
        found["content"] = filling.fill_body(settings.get("body", ""), values, content_type=kind)
    return {**found, "headers": headers}


def read(account: Account, reply: calls.Reply) -> str:
    """The provider's number for the message.

    Raises
    ------
    SendError
        Unless the answer is what the account's settings call a success.
    """
    settings = account.settings
    calls.refuse_by_status(reply)
    path, wanted = settings.get("success_path", ""), settings.get("success_value", "")
    if path:
        code = _at(reply.data, path)
        if code not in _values(wanted):
            _raise_for(code, settings)
    elif wanted and wanted not in reply.text:
        _raise_for(reply.text.strip(), settings)
    return _at(reply.data, settings.get("id_path", ""))


def receive(account: Account, incoming: Request) -> Received:
    """Read a callback; its proof is a password in the address or a header, for providers of this kind sign nothing."""
    given = incoming.headers.get("x-callback-password") or incoming.query.get("password", "")
    reading.require_same(given, account.secrets.get("callback_password", ""))
    found: list[AnyHappening] = []
    for item in _items(account.settings, incoming)[:_MOST_AT_ONCE]:
        found += _message(account.settings, item, incoming) or _receipt(account.settings, item, incoming)
    return Received(Answer(body=b'{"code":0}', content_type="application/json"), found)


def _message(settings: Mapping[str, str], item: Mapping[str, Any], incoming: Request) -> list[AnyHappening]:
    phone, text = _at(item, settings.get("from_path", "")), _at(item, settings.get("text_path", ""))
    if not phone or not text:
        return []
    message = Message(
        key=f"in:{reading.digest(repr(sorted(item.items())), phone, text)}",
        at=incoming.received_at,
        sender=Address(ADDRESS, _international(phone)),
        parts=(Text(text),),
    )
    return [message, *opting.opted(message, text)]


def _receipt(settings: Mapping[str, str], item: Mapping[str, Any], incoming: Request) -> list[AnyHappening]:
    number, state = _at(item, settings.get("report_id_path", "")), _at(item, settings.get("report_state_path", ""))
    if not number or not state:
        return []
    is_fine = state in _values(settings.get("delivered_values", "DELIVRD"))
    return [
        Receipt(
            key=f"{number}:{state}",
            at=incoming.received_at,
            state="delivered" if is_fine else "failed",
            platform_id=number,
            detail="" if is_fine else calls.quoted(state)[:60],
        )
    ]


def _items(settings: Mapping[str, str], incoming: Request) -> Sequence[Mapping[str, Any]]:
    kind = incoming.headers.get("content-type", "").partition(";")[0].strip().lower()
    if incoming.method == "GET":
        return [reading.storable(incoming.query)]
    if kind == "application/x-www-form-urlencoded":
        return [reading.storable(reading.form(incoming.body))]
    body = reading.as_object(b'{"all":%b}' % incoming.body)["all"]
    for name in filter(None, settings.get("list_path", "").split(".")):
        body = body.get(name) if isinstance(body, dict) else None
    if isinstance(body, dict):
        return [body]
    if not isinstance(body, list):
        raise MalformedError("The callback holds neither an object nor a list where it should.")
    return [each for each in body if isinstance(each, dict)]


def _raise_for(code: str, settings: Mapping[str, str]) -> None:
    shown = calls.quoted(code)[:60]
    told = f"The provider answered “{shown}”."
    if code in _values(settings.get("gone_values", "")):
        raise RecipientGoneError(told, code=shown)
    if code in _values(settings.get("throttled_values", "")):
        raise ThrottledError(told, code=shown)
    if not code:
        raise UnclearError("The provider’s answer has nothing at the path of success.", code="unread")
    raise RefusedError(told, code=shown)


def _at(found: Mapping[str, Any], path: str) -> str:
    """What stands at a dotted path; numbers count in lists."""
    value: Any = found
    for name in path.split(".") if path else ():
        if isinstance(value, list):
            value = value[int(name)] if name.isdigit() and int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return reading.text({"it": value}, "it") if path else ""


def _values(listed: str) -> set[str]:
    return {each.strip() for each in listed.split(",") if each.strip()}


def _international(phone: str) -> str:
    digits = phone.removeprefix("00") if phone.startswith("00") else phone
    if digits.startswith("+"):
        return digits
    return f"+{_ZONE}{digits}" if len(digits) == 11 and digits.startswith("1") else f"+{digits}"

"""What Meta tells of people on WhatsApp, as happenings."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from fanwheel.domains.private.channels import calls, reading
from fanwheel.domains.private.channels.contracts import (
    Address,
    AnyHappening,
    AnyPart,
    Followed,
    Media,
    Message,
    Native,
    Receipt,
    Tapped,
    Text,
    Unfollowed,
)
from fanwheel.domains.private.whatsapp import failures
from fanwheel.domains.private.whatsapp.about import ADDRESS

_REFERRAL: Final = (
    "source_type",
    "source_id",
    "source_url",
    "headline",
    "body",
    "media_type",
    "image_url",
    "video_url",
    "thumbnail_url",
    "ctwa_clid",
)
_MEDIA: Final[dict[str, Literal["image", "voice", "video", "file"]]] = {
    "image": "image",
    "sticker": "image",
    "audio": "voice",
    "video": "video",
    "document": "file",
}
_STATES: Final[dict[str, Literal["confirmed", "delivered", "read", "failed"]]] = {
    "sent": "confirmed",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}


class Change(NamedTuple):
    """One change of one number, which may tell of several people."""

    field: str
    value: Mapping[str, Any]
    received_at: datetime

    def profile(self, wa_id: str) -> dict[str, Any]:
        """What Meta says of a person."""
        for each in reading.objects(self.value, "contacts"):
            if reading.text(each, "wa_id") == wa_id:
                name = reading.text(each, "profile", "name")
                return {"nickname": name} if name else {}
        return {}


def read(body: Mapping[str, Any], *, number_id: str, received_at: datetime) -> list[AnyHappening]:
    """What a callback says of this number; one app has one address for all its numbers, so others are left out."""
    found: list[AnyHappening] = []
    for entry in reading.objects(body, "entry"):
        for change in reading.objects(entry, "changes"):
            value = reading.inner(change.get("value"))
            if reading.text(value, "metadata", "phone_number_id") == number_id:
                found += _changed(Change(reading.text(change, "field"), value, received_at))
    return found


def _changed(change: Change) -> Iterator[AnyHappening]:
    for each in reading.objects(change.value, "messages"):
        yield from _message(each, change)
    for name in ("message_echoes", "smb_message_echoes"):
        for each in reading.objects(change.value, name):
            yield from _echo(each, change)
    for each in reading.objects(change.value, "statuses"):
        yield from _status(each, change)
    for each in reading.objects(change.value, "user_preferences"):
        yield from _preference(each, change)


def _message(found: Mapping[str, Any], change: Change) -> Iterator[AnyHappening]:
    wa_id, message_id = reading.text(found, "from"), reading.text(found, "id")
    if not wa_id or not message_id or reading.text(found, "type") == "system":
        return
    common: dict[str, Any] = {
        "key": message_id,
        "at": reading.moment(found.get("timestamp"), otherwise=change.received_at),
        "sender": Address(ADDRESS, f"+{wa_id}"),
        "profile": change.profile(wa_id),
        "origin": dict(reading.known(reading.inner(found.get("referral")), *_REFERRAL)),
    }
    context = {"message_id": message_id}
    if button := _tapped(found):
        yield Tapped(value=button[0], surface="button", context={**context, "text": button[1]}, **common)
    else:
        yield Message(parts=_parts(found), context=context, **common)


def _echo(found: Mapping[str, Any], change: Change) -> Iterator[AnyHappening]:
    wa_id, message_id = reading.text(found, "to"), reading.text(found, "id")
    if wa_id and message_id:
        yield Message(
            key=message_id,
            at=reading.moment(found.get("timestamp"), otherwise=change.received_at),
            sender=Address(ADDRESS, f"+{wa_id}"),
            context={"platform_id": message_id},
            parts=_parts(found),
            is_echo=True,
        )


def _status(found: Mapping[str, Any], change: Change) -> Iterator[AnyHappening]:
    message_id, status = reading.text(found, "id"), reading.text(found, "status")
    if not message_id or status not in _STATES:
        return
    wa_id = reading.text(found, "recipient_id")
    error = next(iter(reading.objects(found, "errors")), {})
    code = reading.text(error, "code")
    told = reading.text(error, "error_data", "details") or reading.text(error, "title")
    yield Receipt(
        key=f"{message_id}:{status}",
        at=reading.moment(found.get("timestamp"), otherwise=change.received_at),
        sender=Address(ADDRESS, f"+{wa_id}") if wa_id else None,
        state=_STATES[status],
        message=reading.text(found, "biz_opaque_callback_data"),
        platform_id=message_id,
        is_permanent=bool(code) and failures.is_permanent(code),
        detail=f"{code} {calls.quoted(told)}".strip(),
    )


def _preference(found: Mapping[str, Any], change: Change) -> Iterator[AnyHappening]:
    """Somebody stopped or resumed marketing messages in WhatsApp itself."""
    wa_id, value = reading.text(found, "wa_id"), reading.text(found, "value")
    if not wa_id or value not in {"stop", "resume"}:
        return
    told = reading.text(found, "timestamp")
    kind = Unfollowed if value == "stop" else Followed
    yield kind(
        key=f"preference:{wa_id}:{value}:{told}",
        at=reading.moment(told, otherwise=change.received_at),
        sender=Address(ADDRESS, f"+{wa_id}"),
        context={"category": reading.text(found, "category")},
    )


def _tapped(found: Mapping[str, Any]) -> tuple[str, str] | None:
    """A button's or a row's key with its label."""
    kind = reading.text(found, "type")
    if kind == "button":
        label = reading.text(found, "button", "text")
        return reading.text(found, "button", "payload") or label, label
    for name in ("button_reply", "list_reply"):
        if kind == "interactive" and (key := reading.text(found, "interactive", name, "id")):
            return key, reading.text(found, "interactive", name, "title")
    return None


def _parts(found: Mapping[str, Any]) -> tuple[AnyPart, ...]:
    kind = reading.text(found, "type")
    inside = reading.inner(found.get(kind))
    if kind == "text":
        return (Text(reading.text(inside, "body")),)
    if kind in _MEDIA:
        return (
            Media(
                _MEDIA[kind],
                platform_id=reading.text(inside, "id") or None,
                name=reading.text(inside, "filename"),
                text=reading.text(inside, "caption"),
            ),
        )
    if kind == "contacts":
        return (Native({"type": kind, "contacts": list(reading.objects(found, kind))}),)
    return (Native({"type": kind, **inside}),)

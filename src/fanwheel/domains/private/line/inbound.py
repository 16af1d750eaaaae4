"""What LINE tells of people, as happenings."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from fanwheel.domains.private.channels import reading
from fanwheel.domains.private.channels.contracts import (
    Address,
    AnyHappening,
    AnyPart,
    Entered,
    Followed,
    Media,
    Message,
    Native,
    Tapped,
    Text,
    Unfollowed,
)
from fanwheel.domains.private.line.about import ADDRESS


class Event(NamedTuple):
    """One event of a person; those of groups and rooms are not ours to answer."""

    found: Mapping[str, Any]
    at: datetime

    @property
    def common(self) -> dict[str, Any]:
        """What every happening says. An answer is free of charge with the token, which holds for about a minute."""
        token = reading.text(self.found, "replyToken")
        return {
            "key": reading.text(self.found, "webhookEventId") or reading.digest(repr(self.found)),
            "at": self.at,
            "sender": Address(ADDRESS, reading.text(self.found, "source", "userId")),
            "context": {"reply_token": token} if token else {},
        }


def read(body: Mapping[str, Any], *, received_at: datetime) -> list[AnyHappening]:
    """What a callback says, in its order."""
    found: list[AnyHappening] = []
    for each in reading.objects(body, "events"):
        is_ours = reading.text(each, "mode") in {"", "active"} and reading.text(each, "source", "type") == "user"
        reader = _READERS.get(reading.text(each, "type"))
        if is_ours and reader is not None and reading.text(each, "source", "userId"):
            found.append(reader(Event(each, reading.moment(each.get("timestamp"), otherwise=received_at))))
    return found


def _message(event: Event) -> AnyHappening:
    return Message(parts=_parts(reading.inner(event.found.get("message"))), **event.common)


def _followed(event: Event) -> AnyHappening:
    return Followed(**event.common)


def _unfollowed(event: Event) -> AnyHappening:
    return Unfollowed(**event.common)


def _tapped(event: Event) -> AnyHappening:
    return Tapped(value=reading.text(event.found, "postback", "data"), **event.common)


def _entered(event: Event) -> AnyHappening:
    beacon = reading.text(event.found, "beacon", "hwid")
    return Entered(scene=beacon, origin={"beacon": beacon}, is_scan=True, **event.common)


_READERS: Final[dict[str, Callable[[Event], AnyHappening]]] = {
    "message": _message,
    "follow": _followed,
    "unfollow": _unfollowed,
    "postback": _tapped,
    "beacon": _entered,
}


def _parts(found: Mapping[str, Any]) -> tuple[AnyPart, ...]:
    kind, number = reading.text(found, "type"), reading.text(found, "id") or None
    url = reading.text(found, "contentProvider", "originalContentUrl") or None
    match kind:
        case "text":
            return (Text(reading.text(found, "text")),)
        case "image":
            return (Media("image", url=url, platform_id=number),)
        case "video":
            return (Media("video", url=url, platform_id=number),)
        case "audio":
            return (Media("voice", url=url, platform_id=number),)
        case "file":
            return (Media("file", platform_id=number, name=reading.text(found, "fileName")),)
        case "sticker":
            words = found.get("keywords")
            text = ", ".join(str(word) for word in words) if isinstance(words, list) else ""
            return (Media("image", platform_id=reading.text(found, "stickerId") or None, text=text),)
        case _:
            known = reading.known(found, "title", "address", "latitude", "longitude")
            return (Native({"type": kind, **known}),)

"""Updates of the Bot API as happenings; only private chats are read.

Source: core.telegram.org/bots/api#update.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from fanwheel.domains.private.channels import reading
from fanwheel.domains.private.channels.contracts import (
    Address,
    AnyHappening,
    AnyPart,
    Followed,
    Media,
    Message,
    Native,
    Tapped,
    Text,
    Unfollowed,
)
from fanwheel.domains.private.telegram.wire import REPLY

_FILES: Final[Mapping[str, Literal["image", "voice", "video", "file"]]] = {
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "document": "file",
}
# What is sent that is neither text nor a file.
_OTHERS: Final = ("sticker", "contact", "location", "venue", "poll", "dice")
_GONE: Final = {"kicked", "left"}


class Read(NamedTuple):
    """What an update says, and the tap that wants to be acknowledged."""

    happenings: list[AnyHappening]
    tap: str = ""


def read(update: Mapping[str, Any], *, received_at: datetime) -> Read:
    """What an update says; of most kinds nothing."""
    number = reading.text(update, "update_id")
    if not number:
        return Read([])
    if message := _object(update, "message"):
        return Read(_message(number, message, received_at))
    if query := _object(update, "callback_query"):
        return Read(_tap(number, query, received_at), tap=reading.text(query, "id"))
    if member := _object(update, "my_chat_member"):
        return Read(_membership(number, member, received_at))
    return Read([])


def _message(number: str, message: Mapping[str, Any], received_at: datetime) -> list[AnyHappening]:
    if not _is_private(message) or not reading.text(message, "from", "id"):
        return []
    common = _common(f"update:{number}", message, received_at)
    text = reading.text(message, "text")
    command, _, scene = text.partition(" ")
    if command == "/start":
        return [Followed(**common, scene=scene.strip())]
    parts = _parts(message)
    return [Message(**common, parts=tuple(parts), conversation=reading.text(message, "chat", "id"))] if parts else []


def _tap(number: str, query: Mapping[str, Any], received_at: datetime) -> list[AnyHappening]:
    data = reading.text(query, "data")
    if not data or not reading.text(query, "from", "id"):
        return []
    message = _object(query, "message")
    common = _common(f"update:{number}", {**query, "date": received_at.timestamp()}, received_at)
    if data.startswith(REPLY):
        answer = data.removeprefix(REPLY)
        common["context"] = {**common["context"], "choice": answer}
        return [Message(**common, parts=(Text(answer),), conversation=reading.text(message, "chat", "id"))]
    return [Tapped(**common, value=data, surface="button")]


def _membership(number: str, member: Mapping[str, Any], received_at: datetime) -> list[AnyHappening]:
    if not _is_private(member) or not reading.text(member, "from", "id"):
        return []
    status = reading.text(member, "new_chat_member", "status")
    common = _common(f"update:{number}", member, received_at)
    return [Unfollowed(**common)] if status in _GONE else [Followed(**common)]


def _common(key: str, said: Mapping[str, Any], received_at: datetime) -> dict[str, Any]:
    sender = _object(said, "from")
    profile = {
        "name": " ".join(filter(None, (reading.text(sender, "first_name"), reading.text(sender, "last_name")))),
        "language": reading.text(sender, "language_code"),
        "username": reading.text(sender, "username"),
    }
    message_id = reading.text(said, "message_id")
    return {
        "key": key,
        "at": min(reading.moment(said.get("date"), otherwise=received_at), received_at),
        "sender": Address("telegram_id", reading.text(sender, "id")),
        "profile": {name: value for name, value in profile.items() if value},
        "context": {"message_id": message_id} if message_id else {},
    }


def _parts(message: Mapping[str, Any]) -> list[AnyPart]:
    caption = reading.text(message, "caption")
    if text := reading.text(message, "text"):
        return [Text(text)]
    if pictures := reading.objects(message, "photo"):
        return [Media(kind="image", platform_id=reading.text(pictures[-1], "file_id"), text=caption)]
    for name, kind in _FILES.items():
        if file := _object(message, name):
            return [
                Media(
                    kind=kind,
                    platform_id=reading.text(file, "file_id"),
                    name=reading.text(file, "file_name"),
                    text=caption,
                )
            ]
    return [Native({name: message[name]}) for name in _OTHERS if _object(message, name)]


def _is_private(said: Mapping[str, Any]) -> bool:
    return reading.text(said, "chat", "type") == "private"


def _object(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    return reading.inner(said.get(name))

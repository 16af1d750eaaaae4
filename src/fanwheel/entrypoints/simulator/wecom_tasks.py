"""Group messages of the simulated WeCom: whom they are for, who confirmed, and what became of them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from fanwheel.entrypoints.simulator.tencent import RefusedError

_FILES: Final = frozenset({"image", "video", "file"})
_ATTACHMENTS: Final = 9
_TEXT_BYTES: Final = 4000


class Task:
    """One task: each of its people belongs to one member of staff, who must confirm it."""

    def __init__(self, body: dict[str, Any], staff_of: Mapping[str, str]) -> None:
        self.body = body
        self.staff_of = staff_of
        self.results: dict[str, tuple[int, datetime]] = {}
        self.confirmed: dict[str, datetime] = {}
        self.reminders = 0

    def confirm(self, staff: str, now: datetime) -> list[str]:
        """Those who are written to by this confirmation."""
        if staff in self.confirmed:
            return []
        self.confirmed[staff] = now
        return [person for person, theirs in self.staff_of.items() if theirs == staff]

    def staff_list(self) -> list[dict[str, Any]]:
        """Who has confirmed, and who has not."""
        listed = []
        for staff in dict.fromkeys(self.staff_of.values()):
            done = self.confirmed.get(staff)
            sent = {"send_time": int(done.timestamp())} if done else {}
            listed.append({"userid": staff, "status": 2 if done else 0, **sent})
        return listed

    def page(self, staff: str, *, cursor: str, most: int) -> dict[str, Any]:
        """What became of the messages of one member of staff."""
        people = [person for person, theirs in self.staff_of.items() if theirs == staff]
        begin = int(cursor or 0)
        listed = []
        for person in people[begin : begin + most]:
            status, done = self.results.get(person, (0, None))
            sent = {"send_time": int(done.timestamp())} if done else {}
            listed.append({"external_userid": person, "userid": staff, "status": status, **sent})
        end = begin + most
        return {"send_list": listed, **({"next_cursor": str(end)} if end < len(people) else {})}


def letter_of(body: Mapping[str, Any], require_media: Callable[[object, str], None]) -> None:
    """Refuse a text or attachments that WeCom would not take."""
    text = str(body.get("text", {}).get("content", ""))
    attachments = body.get("attachments", [])
    if not text and not attachments:
        raise RefusedError(40058, "text and attachments are empty")
    if len(text.encode()) > _TEXT_BYTES or len(attachments) > _ATTACHMENTS:
        raise RefusedError(40058, "text or attachments exceed", rule="length")
    for attachment in attachments:
        kind = str(attachment.get("msgtype"))
        if kind in _FILES:
            require_media(attachment[kind].get("media_id"), kind)
        elif kind == "link" and not (attachment["link"].get("title") and attachment["link"].get("url")):
            raise RefusedError(40058, "link without title or url")

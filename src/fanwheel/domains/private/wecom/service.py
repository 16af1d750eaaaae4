"""WeChat customer service of WeCom (微信客服): callbacks say only that something came; it has to be fetched."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from fanwheel.domains.private.channels import reading
from fanwheel.domains.private.channels.adapter import Notes
from fanwheel.domains.private.channels.contracts import (
    Address,
    AnyHappening,
    AnyPart,
    Card,
    Entered,
    Media,
    Message,
    Native,
    Receipt,
    Text,
)
from fanwheel.domains.private.tencent import Api
from fanwheel.domains.private.wecom.about import ADDRESS, WELCOME_S

_FROM_CUSTOMER: Final = 3
_FROM_STAFF: Final = 5
_PAGE: Final = 1000
_MOST_PAGES: Final = 50
_OVERLAP_S: Final = 300
_REFUSED_BY_PERSON: Final = "10"


class ServiceInbox:
    """Fetches what is new, and some minutes more: what a fault kept from being stored comes once again.

    Every message has its id, so that one that was stored already is known. How far we have read is noted for all
    workers: as ``old`` what was reached some minutes ago, from where the next one begins, and as ``new`` the newest.
    """

    def __init__(self, api: Api, notes: Notes | None) -> None:
        self._api = api
        self._notes = notes
        self._own: dict[Address, str] = {}

    async def fetch(self, token: str, open_kfid: str, *, now: datetime) -> Sequence[AnyHappening]:
        """What came to this customer service account; at most the last three days, which is all that WeCom keeps."""
        place = Address("open_kfid", open_kfid)
        noted = reading.inner(await self._find(place))
        cursor = last = reading.text(noted, "old")
        found: list[AnyHappening] = []
        for _ in range(_MOST_PAGES):
            asked = {"cursor": cursor, "token": token, "open_kfid": open_kfid, "limit": _PAGE}
            page = await self._api.post("/cgi-bin/kf/sync_msg", {name: value for name, value in asked.items() if value})
            for message in reading.objects(page, "msg_list"):
                found += happenings(message, received_at=now)
            last, cursor = cursor, reading.text(page, "next_cursor") or cursor
            if not page.get("has_more"):
                break
        await self._note(place, noted, last=last, cursor=cursor, now=now)
        return found

    async def _note(self, place: Address, noted: Mapping[str, Any], *, last: str, cursor: str, now: datetime) -> None:
        seconds = int(now.timestamp())
        if not noted:
            # The very first time: all of three days, but only its last page again and again for some minutes.
            await self._put(place, {"old": last, "new": cursor, "at": seconds})
        elif seconds - int(noted.get("at", 0)) >= _OVERLAP_S:
            await self._put(place, {"old": noted.get("new", ""), "new": cursor, "at": seconds})

    async def _find(self, place: Address) -> str | None:
        return await self._notes.find(place) if self._notes else self._own.get(place)

    async def _put(self, place: Address, note: Mapping[str, Any]) -> None:
        text = msgspec.json.encode(note).decode()
        if self._notes:
            await self._notes.put(place, text)
        else:
            self._own[place] = text


def happenings(message: Mapping[str, Any], *, received_at: datetime) -> Sequence[AnyHappening]:
    """What one message or event says."""
    at = reading.moment(message.get("send_time", ""), otherwise=received_at)
    key = reading.text(message, "msgid")
    if not key:
        return ()
    if message.get("msgtype") == "event":
        return _event(message, key, at)
    person, account = reading.text(message, "external_userid"), reading.text(message, "open_kfid")
    origin = message.get("origin")
    if not person or origin not in {_FROM_CUSTOMER, _FROM_STAFF}:
        return ()
    context = {"open_kfid": account}
    if choice := reading.text(message, "text", "menu_id"):
        context["choice"] = choice
    if origin == _FROM_STAFF:
        context |= {"platform_id": key, "staff": reading.text(message, "servicer_userid")}
    return (
        Message(
            key=key, at=at, sender=Address(ADDRESS, person), parts=_parts(message), conversation=account,
            is_echo=origin == _FROM_STAFF, context=context,
        ),
    )  # fmt: skip


def _event(message: Mapping[str, Any], key: str, at: datetime) -> Sequence[AnyHappening]:
    event = reading.inner(message.get("event"))
    person, account = reading.text(event, "external_userid"), reading.text(event, "open_kfid")
    sender = Address(ADDRESS, person) if person else None
    match reading.text(event, "event_type"):
        case "enter_session" if sender:
            context = {"open_kfid": account}
            if code := reading.text(event, "welcome_code"):
                context |= {"event_code": code, "until": (at + timedelta(seconds=WELCOME_S)).isoformat()}
            scene = reading.text(event, "scene_param") or reading.text(event, "scene")
            origin = reading.known(event, "scene", "scene_param")
            return (Entered(key=key, at=at, sender=sender, scene=scene, origin=origin, context=context),)
        case "msg_send_fail":
            kind = reading.text(event, "fail_type")
            return (
                Receipt(
                    key=key, at=at, sender=sender, platform_id=reading.text(event, "fail_msgid"),
                    state="refused" if kind == _REFUSED_BY_PERSON else "failed", detail=f"fail_type {kind}",
                ),
            )  # fmt: skip
        case _:
            return ()


def _parts(message: Mapping[str, Any]) -> tuple[AnyPart, ...]:
    kind = reading.text(message, "msgtype")
    body = reading.inner(message.get(kind))
    match kind:
        case "text":
            return (Text(reading.text(body, "content")),)
        case "image" | "voice" | "video" | "file":
            return (Media(kind, platform_id=reading.text(body, "media_id") or None),)
        case "location":
            said = ", ".join(reading.known(body, "name", "address").values())
            return (
                (Text(said), Native({"msgtype": kind, kind: body}))
                if said
                else (Native({"msgtype": kind, kind: body}),)
            )
        case "link":
            return (
                Card(reading.text(body, "title"), reading.text(body, "desc"), url=reading.text(body, "url") or None),
            )
        case _:
            return (Native({"msgtype": kind, kind: body}),)

"""What an Official Account pushes, as happenings. Whatever is missing or new is never a reason to fail."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from fanwheel.domains.private.channels.contracts import (
    Address,
    AnyHappening,
    AnyPart,
    Card,
    Entered,
    Followed,
    Granted,
    Media,
    Message,
    Native,
    Receipt,
    Tapped,
    Text,
    Unfollowed,
)
from fanwheel.domains.private.tencent import Node, moment
from fanwheel.domains.private.wechat.about import SUBSCRIPTION

_QR_PREFIX: Final = "qrscene_"
_NO_SCENE: Final = frozenset({"", "0"})
_PAGES: Final = frozenset({"view", "view_miniprogram"})
_KEYS: Final = frozenset(
    {"click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
     "location_select"}
)  # fmt: skip


class _Known:
    """What every happening of one push has in common."""

    def __init__(self, push: Node, app_id: str, received_at: datetime) -> None:
        self.push = push
        self.openid = push.get("FromUserName")
        self.at = moment(push, received_at)
        self.common: dict[str, Any] = {"at": self.at}
        if self.openid:
            self.common["sender"] = Address("openid", f"{app_id}:{self.openid}")
        if unionid := push.get("UnionId") or push.get("UnionID"):
            self.common["others"] = (Address("unionid", unionid),)

    def key(self, *further: str) -> str:
        """The same for every attempt: the platform's id, else who, when and what."""
        if message_id := self.push.get("MsgId"):
            return message_id
        event = self.push.get("Event").lower()
        parts = (self.openid, self.push.get("CreateTime"), event, self.push.get("EventKey"), *further)
        # Keys may be long: of an address that was viewed, for example.
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def happenings(push: Node, *, app_id: str, received_at: datetime) -> Sequence[AnyHappening]:
    """Everything a push says; nothing for what does not concern us."""
    known = _Known(push, app_id, received_at)
    if push.get("MsgType") == "event":
        read = _EVENTS.get(push.get("Event").lower())
        return read(known) if read else ()
    if not known.openid or not push.get("MsgType"):
        return ()
    choice = push.get("bizmsgmenuid")
    return (Message(key=known.key(), parts=_parts(push), context={"choice": choice} if choice else {}, **known.common),)


# ---------------------------------------------------------------- messages
def _parts(push: Node) -> tuple[AnyPart, ...]:
    kind = push.get("MsgType")
    match kind:
        case "text":
            return (Text(push.get("Content")),)
        case "image":
            return (Media("image", url=push.get("PicUrl") or None, platform_id=push.get("MediaId") or None),)
        case "voice":
            return (Media("voice", platform_id=push.get("MediaId") or None, text=push.get("Recognition")),)
        case "video" | "shortvideo":
            return (Media("video", platform_id=push.get("MediaId") or None),)
        case "file":
            return (Media("file", platform_id=push.get("MediaId") or None, name=push.get("Title")),)
        case "location":
            place = f"{push.get('Location_X')}, {push.get('Location_Y')}"
            return (Text(push.get("Label") or place), Native(_rest(push)))
        case "link":
            return (Card(push.get("Title"), push.get("Description"), url=push.get("Url") or None),)
        case _:
            return (Native(_rest(push)),)


def _rest(push: Node) -> dict[str, Any]:
    """All that is said beside who and when."""
    known = {"ToUserName", "FromUserName", "CreateTime", "MsgId"}
    return {name: value for name, value in push.plain().items() if name not in known}


# ---------------------------------------------------------------- events
def _followed(known: _Known) -> Sequence[AnyHappening]:
    scene = _scene(known.push.get("EventKey").removeprefix(_QR_PREFIX))
    origin = {"scene": scene, "ticket": known.push.get("Ticket")} if scene else {}
    return (Followed(key=known.key(), scene=scene, origin=origin, **known.common),)


def _unfollowed(known: _Known) -> Sequence[AnyHappening]:
    return (Unfollowed(key=known.key(), must_erase=True, **known.common),)


def _scanned(known: _Known) -> Sequence[AnyHappening]:
    scene = _scene(known.push.get("EventKey").removeprefix(_QR_PREFIX))
    origin = {"scene": scene, "ticket": known.push.get("Ticket")} if scene else {}
    return (Entered(key=known.key(), scene=scene, is_scan=True, origin=origin, **known.common),)


def _tapped(known: _Known) -> Sequence[AnyHappening]:
    event = known.push.get("Event").lower()
    more = {name: known.push.find(name) for name in ("ScanCodeInfo", "SendPicsInfo", "SendLocationInfo")}
    context = {name: node.plain() for name, node in more.items() if node}
    return (
        Tapped(
            key=known.key(known.push.get("MenuId")), value=known.push.get("EventKey"), is_view=event in _PAGES,
            context=context, **known.common,
        ),
    )  # fmt: skip


def _sent_template(known: _Known) -> Sequence[AnyHappening]:
    status = known.push.get("Status")
    platform_id = known.push.get("MsgID")
    return (
        Receipt(
            key=known.key(platform_id), platform_id=platform_id, detail=status, **known.common,
            state="delivered" if status == "success" else "refused" if "block" in status else "failed",
        ),
    )  # fmt: skip


def _sent_to_many(known: _Known) -> Sequence[AnyHappening]:
    """The outcome of a mass message; nobody in particular was its recipient."""
    status = known.push.get("Status")
    platform_id = known.push.get("MsgID")
    sent = f"{status}; {known.push.get('SentCount') or '?'} of {known.push.get('TotalCount') or '?'}"
    return (
        Receipt(
            key=known.key(platform_id), at=known.at, platform_id=platform_id, detail=sent,
            state="confirmed" if status == "send success" else "failed",
        ),
    )  # fmt: skip


def _granted(known: _Known) -> Sequence[AnyHappening]:
    """One tick of a person is one message; not ticking takes nothing back."""
    return _grants(known, "SubscribeMsgPopupEvent", "accept")


def _taken_back(known: _Known) -> Sequence[AnyHappening]:
    return _grants(known, "SubscribeMsgChangeEvent", "reject")


def _grants(known: _Known, holder: str, wanted: str) -> Sequence[AnyHappening]:
    return [
        Granted(
            key=known.key(template, str(number)),
            allowance=SUBSCRIPTION + template,
            is_granted=wanted == "accept",
            **known.common,
        )
        for number, item in enumerate(_items(known.push, holder))
        if (template := item.get("TemplateId")) and item.get("SubscribeStatusString") == wanted
    ]


def _sent_subscription(known: _Known) -> Sequence[AnyHappening]:
    return [
        Receipt(
            key=known.key(platform_id), platform_id=platform_id, detail=item.get("ErrorStatus"),
            state="delivered" if item.get("ErrorCode") == "0" else "failed", **known.common,
        )
        for item in _items(known.push, "SubscribeMsgSentEvent")
        if (platform_id := item.get("MsgID"))
    ]  # fmt: skip


def _items(push: Node, holder: str) -> list[Node]:
    """The entries of a list: XML wraps each in List, JSON does not."""
    found: list[Node] = []
    for one in push.all(holder):
        found += list(one.all("List")) or [one]
    return found


def _scene(value: str) -> str:
    return "" if value in _NO_SCENE else value


_EVENTS: Final[dict[str, Callable[[_Known], Sequence[AnyHappening]]]] = {
    "subscribe": _followed,
    "unsubscribe": _unfollowed,
    "scan": _scanned,
    **dict.fromkeys(sorted(_PAGES | _KEYS), _tapped),
    "templatesendjobfinish": _sent_template,
    "masssendjobfinish": _sent_to_many,
    "subscribe_msg_popup_event": _granted,
    "subscribe_msg_change_event": _taken_back,
    "subscribe_msg_sent_event": _sent_subscription,
}

"""What Douyin tells of people, as happenings.

Its ``Msg-Id`` header is outside what is signed, so the names of happenings come from the signed body: with the
header, a callback that somebody overheard could be played again under a new name.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from fanwheel.domains.private.channels import reading
from fanwheel.domains.private.channels.contracts import (
    Address,
    AnyHappening,
    AnyPart,
    Commented,
    Entered,
    Followed,
    Granted,
    Lead,
    Media,
    Message,
    Native,
    Receipt,
    Tapped,
    Text,
)
from fanwheel.domains.private.douyin.about import ADDRESS, AUTHORIZED

_AD: Final = (
    "adv_id",
    "adv_name",
    "ad_id",
    "ad_name",
    "creative_id",
    "promotion_id",
    "material_title_id",
    "material_image_id",
    "material_video_id",
)
_PICTURES: Final = {"image", "emoji", "user_local_image"}
_FILMS: Final = {"video", "user_local_video"}


class Event(NamedTuple):
    """One event, with its content unpacked."""

    name: str
    sender: str
    receiver: str
    content: Mapping[str, Any]
    ours: str  # the brand's open_id
    at: datetime

    @property
    def key(self) -> str:
        """The same when Douyin tells it again."""
        own = reading.text(self.content, "server_message_id") or reading.text(self.content, "comment_id")
        created = reading.text(self.content, "create_time") or reading.text(self.content, "action_time")
        return f"{self.name}:{own or reading.digest(self.sender, self.receiver, created, repr(self.content))}"

    @property
    def person(self) -> Address | None:
        """Whoever is not the brand."""
        other = self.receiver if self.sender == self.ours else self.sender
        return Address(ADDRESS, other) if other else None


def read(body: Mapping[str, Any], *, ours: str, received_at: datetime) -> list[AnyHappening]:
    """What an event says; nothing for those that concern nobody, such as a group's."""
    content = reading.inner(body.get("content"))
    created = content.get("create_time") or content.get("action_time")
    event = Event(
        name=reading.text(body, "event"),
        sender=reading.text(body, "from_user_id"),
        receiver=reading.text(body, "to_user_id"),
        content=content,
        ours=ours,
        at=reading.moment(created, otherwise=received_at),
    )
    reader = _READERS.get(event.name)
    return reader(event) if reader is not None and event.person is not None else []


def _message(event: Event) -> list[AnyHappening]:
    is_echo = event.name == "im_send_msg" or event.sender == event.ours
    message_id = reading.text(event.content, "server_message_id")
    filled = {} if is_echo else _card_data(event.content)
    if filled:
        return [
            Lead(
                key=event.key,
                at=event.at,
                sender=event.person,
                profile=_profile(event),
                context=_answering(event, scene="im_reply_msg"),
                fields=filled,
                card=reading.text(event.content, "card_id"),
            )
        ]
    return [
        Message(
            key=event.key,
            at=event.at,
            sender=event.person,
            profile=_profile(event),
            origin=_origin(event.content),
            context={"platform_id": message_id} if is_echo else _answering(event, scene="im_reply_msg"),
            parts=_parts(event.content),
            conversation=reading.text(event.content, "conversation_short_id"),
            is_echo=is_echo,
        )
    ]


def _entered(event: Event) -> list[AnyHappening]:
    return [
        Entered(
            key=event.key,
            at=event.at,
            sender=event.person,
            profile=_profile(event),
            origin=_origin(event.content),
            context=_answering(event, scene="im_enter_direct_msg"),
            scene=reading.text(event.content, "data-im-extra"),
        )
    ]


def _read(event: Event) -> list[AnyHappening]:
    if event.sender == event.ours:
        return []
    message_id = reading.text(event.content, "server_message_id")
    return [Receipt(key=event.key, at=event.at, sender=event.person, state="read", platform_id=message_id)]


def _authorized(event: Event) -> list[AnyHappening]:
    expires = event.content.get("expire_time")
    return [
        Granted(
            key=event.key,
            at=event.at,
            sender=event.person,
            origin=reading.known(event.content, "source", "data_im_extra", "path", "query"),
            allowance=AUTHORIZED,
            until=reading.moment(expires, otherwise=event.at) if expires else None,
            is_granted=reading.text(event.content, "auth_status") == "1",
        )
    ]


def _followed(event: Event) -> list[AnyHappening]:
    return [Followed(key=event.key, at=event.at, sender=event.person)]


def _commented(event: Event) -> list[AnyHappening]:
    writer = reading.text(event.content, "comment_user_id") or event.sender
    if not writer or writer == event.ours:
        return []
    video, comment = reading.text(event.content, "reply_to_item_id"), reading.text(event.content, "comment_id")
    return [
        Commented(
            key=event.key,
            at=event.at,
            sender=Address(ADDRESS, writer),
            origin={"item_id": video} if video else {},
            context={"comment": comment, "item": video},
            text=reading.text(event.content, "content"),
            content=video,
            comment=comment,
        )
    ]


def _tapped(event: Event) -> list[AnyHappening]:
    return [Tapped(key=event.key, at=event.at, sender=event.person, value=event.name, is_view=True)]


_READERS: Final[dict[str, Callable[[Event], list[AnyHappening]]]] = {
    "im_receive_msg": _message,
    "im_send_msg": _message,
    "im_enter_direct_msg": _entered,
    "im_message_read": _read,
    "im_authorize": _authorized,
    "new_follow_action": _followed,
    "item_comment_reply": _commented,
    "dial_phone": _tapped,
    "website_contact": _tapped,
    "personal_tab_contact": _tapped,
}


def _parts(content: Mapping[str, Any]) -> tuple[AnyPart, ...]:
    kind = reading.text(content, "message_type")
    if kind == "text":
        return (Text(reading.text(content, "text")),)
    url = reading.text(content, "resource_url") or None
    platform_id = reading.text(content, "media_id") or reading.text(content, "item_id") or None
    if kind in _PICTURES:
        return (Media("image", url=url, platform_id=platform_id),)
    if kind in _FILMS:
        return (Media("video", url=url, platform_id=platform_id),)
    return (Native({"message_type": kind, **reading.known(content, "card_id", "card_status")}),)


def _card_data(content: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in; a card that was merely shown has no values yet."""
    if reading.text(content, "message_type") != "retain_consult_card":
        return {}
    found = {reading.text(each, "label"): reading.text(each, "value") for each in reading.objects(content, "card_data")}
    return {label: value for label, value in found.items() if label and value}


def _profile(event: Event) -> dict[str, Any]:
    for each in reading.objects(event.content, "user_infos"):
        if event.person is not None and reading.text(each, "open_id") == event.person.value:
            named = {"nickname": reading.text(each, "nick_name"), "avatar": reading.text(each, "avatar")}
            return {name: value for name, value in named.items() if value}
    return {}


def _origin(content: Mapping[str, Any]) -> dict[str, Any]:
    origin: dict[str, Any] = dict(reading.known(reading.inner(content.get("ad_info")), *_AD))
    named = {"item_id": "objectId", "extra": "data-im-extra", "path": "path", "query": "query"}
    for ours, theirs in named.items():
        if value := reading.text(content, theirs):
            origin[ours] = value
    return origin


def _answering(event: Event, *, scene: str) -> dict[str, Any]:
    return {
        "msg_id": reading.text(event.content, "server_message_id"),
        "conversation_id": reading.text(event.content, "conversation_short_id"),
        "scene": scene,
    }

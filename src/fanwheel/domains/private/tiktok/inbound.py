"""What TikTok tells of people, as happenings."""

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
    Media,
    Message,
    Native,
    Receipt,
    Tapped,
    Text,
)
from fanwheel.domains.private.tiktok.about import ADDRESS

_PICTURES: Final = {"image", "sticker", "emoji"}


class Event(NamedTuple):
    """One event, with its content unpacked."""

    name: str
    ours: str
    content: Mapping[str, Any]
    at: datetime
    told: str  # the time as TikTok wrote it

    @property
    def key(self) -> str:
        """The same when TikTok tells it again."""
        own = reading.text(self.content, "message_id") or reading.text(self.content, "comment_id")
        return f"{self.name}:{own or reading.digest(self.ours, self.told, repr(self.content))}"

    @property
    def is_ours(self) -> bool:
        """Whether the business speaks."""
        return (
            reading.text(self.content, "from_user", "role") == "business_account"
            or reading.text(self.content, "from_user", "id") == self.ours
        )

    @property
    def person(self) -> Address | None:
        """Whoever is not the business: under the number that is the same in all of TikTok's interfaces, if given."""
        side = "to_user" if self.is_ours else "from_user"
        value = reading.text(self.content, "unique_identifier") or reading.text(self.content, side, "id")
        return Address(ADDRESS, value) if value else None


def read(body: Mapping[str, Any], *, ours: str, received_at: datetime) -> list[AnyHappening]:
    """What an event says; nothing where TikTok may not say who it was, as in the EEA."""
    content = reading.inner(body.get("content"))
    told = reading.text(content, "timestamp") or reading.text(body, "create_time")
    event = Event(
        name=reading.text(body, "event"),
        ours=ours,
        content=content,
        at=reading.moment(told, otherwise=received_at),
        told=told,
    )
    reader = _READERS.get(event.name)
    return reader(event) if reader is not None and event.person is not None else []


def _message(event: Event) -> list[AnyHappening]:
    is_echo = event.name == "im_send_msg" or event.is_ours
    button = reading.text(event.content, "template", "button", "id") or reading.text(event.content, "button", "id")
    context = _answering(event)
    if button and not is_echo:
        return [
            Tapped(
                key=event.key,
                at=event.at,
                sender=event.person,
                profile=_profile(event),
                context=context,
                value=button,
                surface="button",
            )
        ]
    if is_echo:
        context = {"platform_id": reading.text(event.content, "message_id")}
    return [
        Message(
            key=event.key,
            at=event.at,
            sender=event.person,
            profile={} if is_echo else _profile(event),
            context=context,
            parts=_parts(event.content),
            conversation=reading.text(event.content, "conversation_id"),
            is_echo=is_echo,
        )
    ]


def _referred(event: Event) -> list[AnyHappening]:
    referral = reading.inner(event.content.get("referral"))
    origin: dict[str, Any] = dict(reading.known(referral, "source"))
    ad = reading.inner(referral.get("ad"))
    origin |= reading.known(ad, "advertiser_id", "ad_id", "ad_name", "embed_url", "message_material_id")
    link = reading.inner(referral.get("short_link"))
    origin |= reading.known(link, "ref", "prefilled_message")
    return [
        Entered(
            key=event.key,
            at=event.at,
            sender=event.person,
            profile=_profile(event),
            origin=origin,
            context=_answering(event),
            scene=reading.text(link, "ref"),
        )
    ]


def _read(event: Event) -> list[AnyHappening]:
    if event.is_ours:
        return []
    at = reading.moment(reading.text(event.content, "read", "last_read_timestamp"), otherwise=event.at)
    return [Receipt(key=event.key, at=at, sender=event.person, state="read")]


def _commented(event: Event) -> list[AnyHappening]:
    comment = reading.text(event.content, "comment_id")
    return [
        Commented(
            key=event.key,
            at=event.at,
            sender=event.person,
            profile=_profile(event),
            context={"comment": comment, "is_direct": True},
            text=reading.text(event.content, "comment_text"),
            content=reading.text(event.content, "video_id"),
            comment=comment,
        )
    ]


def _comment_changed(event: Event) -> list[AnyHappening]:
    if reading.text(event.content, "comment_action") != "insert":
        return []
    comment, video = reading.text(event.content, "comment_id"), reading.text(event.content, "video_id")
    return [
        Commented(
            key=f"{event.key}:insert",
            at=event.at,
            sender=event.person,
            origin={"item_id": video},
            context={"comment": comment, "item": video},
            text=reading.text(event.content, "text"),
            content=video,
            comment=comment,
        )
    ]


_READERS: Final[dict[str, Callable[[Event], list[AnyHappening]]]] = {
    "im_receive_msg": _message,
    "im_send_msg": _message,
    "im_referral_msg": _referred,
    "im_mark_read_msg": _read,
    "im_receive_high_intent_comment": _commented,
    "comment.update": _comment_changed,
}


def _parts(content: Mapping[str, Any]) -> tuple[AnyPart, ...]:
    kind = reading.text(content, "type").lower()
    if kind == "text":
        return (Text(reading.text(content, "text", "body")),)
    found = reading.inner(content.get(kind))
    url = reading.text(found, "url") or None
    if kind in _PICTURES:
        return (Media("image", url=url, platform_id=reading.text(found, "media_id") or None),)
    if kind == "video":
        return (Media("video", url=url, platform_id=reading.text(found, "media_id") or None),)
    if kind == "share_post":
        return (Media("video", url=reading.text(found, "embed_url") or None),)
    return (Native({"type": kind, **found}),)


def _profile(event: Event) -> dict[str, Any]:
    name = reading.text(event.content, "from")
    profile: dict[str, Any] = {"nickname": name} if name else {}
    if isinstance(follows := event.content.get("is_follower"), bool):
        profile["is_follower"] = follows
    return profile


def _answering(event: Event) -> dict[str, Any]:
    return {
        "conversation_id": reading.text(event.content, "conversation_id"),
        "message_id": reading.text(event.content, "message_id"),
    }

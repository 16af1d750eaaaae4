"""What WeCom calls back with about customers and group chats, as happenings."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from fanwheel.domains.private.channels.contracts import Address, AnyHappening, Followed, InGroup, Unfollowed
from fanwheel.domains.private.tencent import Node, moment
from fanwheel.domains.private.wecom.about import ADDRESS, WELCOME_S

# External members' ids begin so; the others are staff.
_EXTERNAL: Final = ("wm", "wo", "wb")
_Read = Callable[[Node, datetime], Sequence[AnyHappening]]


def happenings(push: Node, *, received_at: datetime) -> Sequence[AnyHappening]:
    """Everything that a callback says; nothing for what does not concern us."""
    at = moment(push, received_at)
    event, change = push.get("Event"), push.get("ChangeType")
    read = _CUSTOMER.get(change) if event == "change_external_contact" else None
    if read and push.get("ExternalUserID"):
        return read(push, at)
    if event == "change_external_chat" and push.get("ChatId"):
        return _in_group(push, at)
    return ()


def _added(push: Node, at: datetime) -> Sequence[AnyHappening]:
    """A customer came, by our code where there is a state; a welcome is owed where there is a code for it."""
    staff, state, code = push.get("UserID"), push.get("State"), push.get("WelcomeCode")
    context: dict[str, Any] = {"staff": staff}
    if code:
        context |= {"welcome_code": code, "until": (at + timedelta(seconds=WELCOME_S)).isoformat()}
    origin = {"staff": staff, **({"scene": state} if state else {})}
    return (Followed(**_common(push, at), scene=state, origin=origin, context=context),)


def _left(push: Node, at: datetime) -> Sequence[AnyHappening]:
    return (Unfollowed(**_common(push, at), origin={"by": "person", "staff": push.get("UserID")}),)


def _removed(push: Node, at: datetime) -> Sequence[AnyHappening]:
    return (Unfollowed(**_common(push, at), origin={"by": "staff", "staff": push.get("UserID")}),)


def _in_group(push: Node, at: datetime) -> Sequence[AnyHappening]:
    """One for each external member who came or went; none where WeCom names nobody."""
    detail = push.get("UpdateDetail")
    if detail not in {"add_member", "del_member"}:
        return ()
    members = [item.text.strip() for holder in push.all("MemChangeList") for item in holder.all("Item")]
    return [
        InGroup(
            key=_key(push, member), at=at, sender=Address(ADDRESS, member), chat=push.get("ChatId"),
            is_member=detail == "add_member", scene=push.get("JoinScene") or push.get("QuitScene"),
        )
        for member in members
        if member.startswith(_EXTERNAL)
    ]  # fmt: skip


def _common(push: Node, at: datetime) -> dict[str, Any]:
    external = push.get("ExternalUserID")
    return {"key": _key(push, external), "at": at, "sender": Address(ADDRESS, external)}


def _key(push: Node, person: str) -> str:
    names = ("Event", "ChangeType", "UpdateDetail", "UserID", "ChatId", "CreateTime")
    return hashlib.sha256("\0".join([person, *map(push.get, names)]).encode()).hexdigest()[:40]


# Not here, for they change nothing about reaching the person: edit_external_contact, transfer_fail and the like.
_CUSTOMER: Final[dict[str, _Read]] = {
    "add_external_contact": _added,
    "add_half_external_contact": _added,
    "del_external_contact": _removed,
    "del_follow_user": _left,
}

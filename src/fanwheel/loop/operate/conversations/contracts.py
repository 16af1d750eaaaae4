"""What conversations hand around, in plain values."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from fanwheel.domains.private.channels.contracts import AnyHappening, AnyPart

State = Literal["open", "snoozed", "closed"]
Kind = Literal["in", "out", "note", "line"]
Assigning = Literal["manual", "round_robin", "load", "owner"]
View = Literal["mine", "unassigned", "all", "mentioned"]
Sort = Literal["newest", "waiting", "due"]

LOW, NORMAL, HIGH, URGENT = -1, 0, 1, 2


class Letter(NamedTuple):
    """Something that a person did on an account, with the person found.

    ``home_id`` is the home of the sender's own identifier: it never changes, so a merge keeps the conversation.
    """

    account_id: int
    channel: str
    home_id: int
    person_id: int
    happening: AnyHappening


class Taken(NamedTuple):
    """What became of a letter; without ids if it is none of ours, or was there already."""

    conversation_id: int | None = None
    message_id: int | None = None
    is_new: bool = False
    is_opened: bool = False  # begun, or opened again, by it
    is_assigned: bool = False
    is_with_agent: bool = False  # somebody of the brand has it in hand


class Said(NamedTuple):
    """What was said to a person by others than agents: a rule, a broadcast."""

    account_id: int
    home_id: int
    intent_id: int | None
    parts: Sequence[AnyPart]
    author: str
    is_answer: bool = True  # whoever wrote waits no longer


class Waiting(NamedTuple):
    """A conversation in which the person's last word has not been answered."""

    conversation_id: int
    account_id: int
    channel: str
    home_id: int
    person_id: int
    waiting_since: datetime
    key: str = ""  # of that word
    context: Mapping[str, Any] = MappingProxyType({})  # what an answer to it must carry


class Policy(NamedTuple):
    """How soon people are to be answered; the first that fits counts. What is None is not asked or not promised."""

    policy_id: int
    name: str
    channel: str | None
    team_id: int | None
    priority: int | None
    first_response_s: int | None
    next_response_s: int | None
    resolution_s: int | None
    is_in_hours: bool


class Team(NamedTuple):
    """Who shares a part of the inbox, and how its conversations find somebody."""

    team_id: int
    name: str
    assigns: Assigning
    most_open: int | None
    last_user_id: int | None


class Member(NamedTuple):
    """Somebody of a team who can be given conversations, with how many are open."""

    team_id: int
    user_id: int
    open_count: int


class Line(NamedTuple):
    """A message, a note or a remark that is to be written into a thread."""

    conversation_id: int
    kind: Kind
    author: str
    said_at: datetime
    parts: list[dict[str, Any]]
    text: str
    key: str | None = None
    intent_id: int | None = None
    context: Mapping[str, Any] = MappingProxyType({})
    detail: Mapping[str, Any] = MappingProxyType({})

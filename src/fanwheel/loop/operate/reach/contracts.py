"""What the slices that speak hand to the send path, in plain values."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec

from fanwheel.domains.private.channels.contracts import Address, AnyPart, Purpose, Reply
from fanwheel.kernel.ids import HomeId, PersonId

State = Literal["waiting", "sending", "sent", "task", "skipped", "held_out", "failed", "unclear", "canceled"]
Opener = Literal["message", "follow", "tap", "scan", "enter", "grant"]

# Who is served first where an account has more to say than it may; smaller numbers later.
BROADCAST = 0
JOURNEY = 10
SERVICE = 20
ANSWER = 30


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """One wish to reach one person: at most one intent comes of a person, a step and an occurrence, ever.

    What is said stands in ``parts``, or is written by ``template_version_id`` and ``variables`` when it goes out.
    ``to`` names an address where it must be this one, as in an answer; else the channel's newest one is taken.
    """

    home_id: HomeId  # the person's id, or that of any of the person's homes
    step: str  # broadcast:12, autoreply:5, agent:77, journey:3:a
    occurrence: str = ""
    channel: str
    account_id: int
    purpose: Purpose
    parts: tuple[AnyPart, ...] | None = None
    template_version_id: int | None = None
    variables: dict[str, Any] = {}
    reply: Reply | None = None
    to: Address | None = None
    staff: str | None = None
    priority: int = BROADCAST
    not_before: datetime | None = None
    expires_at: datetime | None = None  # a refusal that time would heal waits until then, else it is final


class Opening(NamedTuple):
    """Something that gives an account the right to speak to an address: the person wrote, followed, tapped, granted.

    ``allowance``, ``count`` and ``until`` are what a platform says with a grant.
    """

    account_id: int
    address: Address
    by: Opener
    at: datetime
    allowance: str = ""
    count: int = 1
    until: datetime | None = None


class Writing(NamedTuple):
    """Somebody to whom a template is to be said."""

    intent_id: int
    person_id: PersonId
    variables: Mapping[str, Any]


class Step(NamedTuple):
    """One line of a trace: what was asked, how it came out, and the figures behind it."""

    rule: str
    outcome: Literal["passed", "refused", "postponed", "held_out", "noted"]
    at: datetime
    detail: Mapping[str, Any]


class Trace(NamedTuple):
    """Why a message went out, or why not; never with an address in it."""

    intent_id: int
    person_id: PersonId
    step: str
    occurrence: str
    channel: str
    account_id: int
    purpose: Purpose
    state: State
    rule: str | None
    attempts: int
    made_at: datetime
    due_at: datetime
    done_at: datetime | None
    steps: Sequence[Step]
    receipts: Sequence["Mark"]


class Mark(NamedTuple):
    """What a platform told of a message; ``is_machine``: a scanner or a mail client by itself."""

    state: str
    at: datetime
    is_machine: bool
    detail: str

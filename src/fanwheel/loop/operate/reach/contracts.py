"""What the slices that speak hand to the send path, in plain values."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from fanwheel.domains.private.channels.adapter import Adapter
from fanwheel.domains.private.channels.contracts import Address, AnyPart, Purpose, Reply
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.ids import HomeId, PersonId

State = Literal["waiting", "claimed", "sending", "sent", "task", "skipped", "held_out", "failed", "unclear", "canceled"]
Opener = Literal["message", "follow", "tap", "scan", "enter", "grant", "comment"]

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
    variant: str = ""  # of the template; none: by weight, and the same one for a person each time
    reply: Reply | None = None
    to: Address | None = None
    staff: str | None = None
    priority: int = BROADCAST
    not_before: datetime | None = None
    expires_at: datetime | None = None  # a refusal that time would heal waits until then, else it is final


class Opening(NamedTuple):
    """Something that gives an account the right to speak to an address: the person wrote, followed, tapped, granted.

    ``allowance``, ``times`` and ``until`` are what a platform says with a grant.
    """

    account_id: int
    address: Address
    by: Opener
    at: datetime
    allowance: str = ""
    times: int = 1
    until: datetime | None = None


class Writing(NamedTuple):
    """Somebody to whom a template is to be said; ``key`` is that of the message."""

    key: str
    intent_id: int
    version_id: int
    person_id: int
    variables: Mapping[str, Any]
    step: str
    account_id: int
    address: Address
    purpose: Purpose
    variant: str = ""
    is_shared: bool = False  # it leaves together with others of the same words, so nothing in it may be its own


class Written(NamedTuple):
    """What is said, or why it cannot be; ``note`` names variant and language."""

    parts: tuple[AnyPart, ...]
    fault: Mapping[str, Any] | None = None
    note: Mapping[str, Any] = {}


class Opened(NamedTuple):
    """An account that can be sent through, with the settings that decide which addresses are its own."""

    adapter: Adapter
    settings: Mapping[str, str]


class Accounts(Protocol):
    """Opens accounts, and keeps them open."""

    async def open(self, workspace: int, account_id: int) -> Opened:
        """The account; a ``FanwheelError`` where it cannot be opened."""
        ...


# Writes templates for many at once, in their order.
Write = Callable[[Transaction, Sequence[Writing]], Awaitable[Sequence[Written]]]


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
    doubts: int  # attempts of which nobody knows whether they arrived
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


class Progress(NamedTuple):
    """How far a message has come; ``receipt`` is the most that its platform told of it."""

    state: State
    rule: str | None
    receipt: str | None
    done_at: datetime | None


class OpenRight(NamedTuple):
    """A right to speak that is open; ``left`` messages until a moment. By “always”: at any time, for what it covers."""

    allowance: str
    opened_by: Opener | Literal["always"]
    until: datetime | None
    left: int | None
    covers: str

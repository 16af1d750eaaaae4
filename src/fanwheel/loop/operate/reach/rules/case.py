"""What the rules of the gate look at, and what they answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from fanwheel.loop.operate.reach.contracts import Opener

Covers = Literal["any", "free", "template", "task", "comment"]
TRIALS: Final = ("broadcast-test:", "broadcast-seed:")
ACCOUNT: UUID = UUID(int=0)  # the subject of quotas that are the account's


def is_trial(step: str) -> bool:
    """Whether a step is a test of a broadcast, or its copy for those who keep an eye on it."""
    return step.startswith(TRIALS)


def once(step: str, occurrence: str) -> str:
    """What tells messages of a step to a person apart: routes of a broadcast are ways of saying the same."""
    return "" if step.startswith("broadcast:") else occurrence


class Right(NamedTuple):
    """An allowance in force: a right to speak, or with ``opens`` "always" a quota."""

    allowance_id: int
    name: str
    opens: Opener | Literal["always"]
    lasts_s: int | None
    most: int | None
    per: Literal["person", "account"]
    covers: Covers

    @property
    def is_quota(self) -> bool:
        """Whether it limits instead of allowing."""
        return self.opens == "always"


class Cap(NamedTuple):
    """At most so many messages to one person in any so many seconds; no channels: over all of them.

    The last ``kept`` places are for messages above a broadcast's priority.
    """

    name: str
    most: int
    window_s: int
    channels: tuple[str, ...] = ()
    kept: int = 0


class Quiet(NamedTuple):
    """Hours of the day, in minutes after midnight where the person lives, in which nobody is disturbed."""

    begins: int
    ends: int
    channels: tuple[str, ...] = ()


class Holdout(NamedTuple):
    """A share of people kept from something, so that what it brings can be measured."""

    name: str  # universal, channel:email, broadcast:12
    share: float


class Touch(NamedTuple):
    """A marketing message that a person was sent, is being sent, or was kept from."""

    channel: str
    at: datetime
    intent_id: int = 0


@dataclass(slots=True, kw_only=True)
class Window:
    """A right that a person gave; ``used`` grows as messages pass."""

    opens: Opener
    label: str
    opened_at: datetime
    until: datetime | None
    granted: int | None
    used: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One intent at the gate, with what is known of the person."""

    intent_id: int
    person_id: int | None  # None: erased
    step: str
    channel: str
    purpose: str
    priority: int
    now: datetime
    expires_at: datetime | None
    address_hash: UUID | None
    standing: str | None  # what consent has against it: suppressed, no_consent, withdrawn …
    zone: str
    covers: Covers
    parts: int
    templates: tuple[str, ...] = ()
    fault: Mapping[str, Any] | None = None  # what the content check has against it
    is_repeat: bool = False  # the person, under another name, had this message already
    last_rule: str | None = None
    falls_back: bool = False  # another channel is tried where this one does not reach the person

    @property
    def is_trial(self) -> bool:
        """Whether somebody of the brand looks at a broadcast: that is neither measured nor counted."""
        return is_trial(self.step)


@dataclass(slots=True, kw_only=True)
class Book:
    """What the brand and the platform allow, and what has been used; whoever passes uses it up."""

    rights: Sequence[Right] = ()
    caps: Sequence[Cap] = ()
    quiet: Sequence[Quiet] = ()
    holdouts: Sequence[Holdout] = ()
    step_holdouts: Mapping[str, float] = field(default_factory=dict)
    salt: str = ""
    windows: dict[UUID, list[Window]] = field(default_factory=dict)
    # name of the quota and subject -> (begin of a part of its length, used in it)
    used: dict[tuple[str, UUID], dict[datetime, int]] = field(default_factory=dict)
    touches: dict[int, list[Touch]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Why a message does not go out now; ``until`` where time would heal it."""

    outcome: Literal["refused", "postponed", "held_out"]
    until: datetime | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


class Charge(NamedTuple):
    """What a message that passed uses up; given back if it surely did not go out."""

    window: tuple[Opener, str, datetime] | None  # opener, label and when it was opened
    quotas: tuple[tuple[str, UUID, datetime], ...]
    parts: int
    good_until: datetime | None  # the right ends then


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the gate decided; ``rule`` and ``ruling`` are None for whoever passed."""

    case: Case
    rule: str | None = None
    ruling: Ruling | None = None
    charge: Charge | None = None

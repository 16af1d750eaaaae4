"""Consent in plain values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from fanwheel.kernel.ids import HomeId

MARKETING: Final = "marketing"
Reason = Literal["bounce", "complaint", "unsubscribe", "manual", "import"]
Refusal = Literal["erased", "suppressed", "no_consent", "withdrawn", "no_evidence"]


class Statement(NamedTuple):
    """What an event said of consent on one channel for one purpose; ``at_us`` in epoch microseconds."""

    home_id: HomeId
    event_id: str
    channel: str
    purpose: str
    is_granted: bool
    at_us: int
    evidence: dict[str, Any]


class Choice(NamedTuple):
    """What a person decided on a page of ours, or somebody noted for the person."""

    home_id: int
    channel: str
    purpose: str
    is_granted: bool
    evidence: Mapping[str, Any]


class Ask(NamedTuple):
    """May this person be written to? ``kind`` and ``value`` are the identifier; no value: no address is known yet."""

    person_id: int
    channel: str
    purpose: str
    kind: str
    value: str


class Suppression(NamedTuple):
    """Why an address is not written to; without a purpose it is for all of them."""

    reason: Reason
    purpose: str
    since: datetime


class Consent(NamedTuple):
    """The newest that a person said on a channel for a purpose."""

    is_granted: bool
    decided_at: datetime
    has_evidence: bool


class Standing(NamedTuple):
    """How somebody stands who was asked for; without a ``person_id`` the person was erased, or never known."""

    person_id: int | None
    suppression: Suppression | None
    consent: Consent | None


class Entry(NamedTuple):
    """An address to be suppressed; without a channel or purpose it is for all of them."""

    kind: str
    value: str
    channel: str
    reason: Reason
    purpose: str = ""
    note: str = ""


class Heard(NamedTuple):
    """Somebody was heard from an address on a channel: so somebody is there."""

    kind: str
    value: str
    channel: str
    at: datetime


class Suppressed(NamedTuple):
    """A suppressed address as people see it."""

    suppression_id: int
    kind: str
    channel: str
    purpose: str
    reason: Reason
    masked: str
    note: str
    suppressed_at: datetime
    suppressed_by: str

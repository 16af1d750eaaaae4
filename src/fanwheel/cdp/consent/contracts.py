"""Consent in plain values."""

from typing import Any, Final, NamedTuple

from fanwheel.kernel.ids import HomeId

MARKETING: Final = "marketing"


class Statement(NamedTuple):
    """What an event said of consent on one channel for one purpose; ``at_us`` in epoch microseconds."""

    home_id: HomeId
    event_id: str
    channel: str
    purpose: str
    is_granted: bool
    at_us: int
    evidence: dict[str, Any]

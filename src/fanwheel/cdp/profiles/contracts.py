"""Parts of a profile; every time is in epoch microseconds."""

from typing import Any, NamedTuple

import msgspec

from fanwheel.kernel.ids import HomeId


class Touch(NamedTuple):
    """One arrival with evidence of where it came from; touches order by time."""

    at: int
    source_id: int
    domain: int
    campaign: str


class Click(NamedTuple):
    """A click id that a person came with."""

    home_id: HomeId
    kind: str
    value: str
    at_us: int


class Operated(NamedTuple):
    """A two-way contact in the private domain."""

    home_id: HomeId
    at_us: int


class Shared(NamedTuple):
    """A share, or an invite sent."""

    home_id: HomeId
    at_us: int


class Reachable(NamedTuple):
    """A statement on whether a person may be reached on a channel for marketing."""

    home_id: HomeId
    channel: str
    is_granted: bool
    at_us: int


class Part:
    """What some events of one home say; events may be taken in any order.

    ``traits`` and ``fan_channels`` hold name -> [value, time]: the newest statement of each name counts.
    """

    __slots__ = (
        "event_count", "fan_channels", "first_seen", "first_touch", "home_id", "last_seen", "last_touch",
        "operated", "shared", "traits",
    )  # fmt: skip

    def __init__(self, home_id: HomeId) -> None:
        self.home_id = home_id
        self.event_count = 0
        self.first_seen: int | None = None
        self.last_seen: int | None = None
        self.first_touch: Touch | None = None
        self.last_touch: Touch | None = None
        self.operated: int | None = None
        self.shared: int | None = None
        self.traits: dict[str, tuple[Any, int]] = {}
        self.fan_channels: dict[str, tuple[bool, int]] = {}

    def saw(self, at_us: int) -> None:
        """One more event."""
        self.event_count += 1
        if self.first_seen is None or at_us < self.first_seen:
            self.first_seen = at_us
        if self.last_seen is None or at_us > self.last_seen:
            self.last_seen = at_us

    def touched(self, touch: Touch) -> None:
        """An arrival; the first and the newest are kept."""
        if self.first_touch is None or touch < self.first_touch:
            self.first_touch = touch
        if self.last_touch is None or touch > self.last_touch:
            self.last_touch = touch

    def said(self, name: str, value: Any, at_us: int) -> None:
        """A trait."""
        known = self.traits.get(name)
        if known is None or at_us > known[1] or (at_us == known[1] and _text(value) < _text(known[0])):
            self.traits[name] = (value, at_us)

    def operated_at(self, at_us: int) -> None:
        """A two-way contact."""
        self.operated = at_us if self.operated is None else min(self.operated, at_us)

    def shared_at(self, at_us: int) -> None:
        """A share or an invite."""
        self.shared = at_us if self.shared is None else min(self.shared, at_us)

    def reachable(self, channel: str, at_us: int, *, is_granted: bool) -> None:
        """A statement on being reachable; of two at one instant the refusal counts."""
        known = self.fan_channels.get(channel)
        if known is None or at_us > known[1] or (at_us == known[1] and known[0]):
            self.fan_channels[channel] = (is_granted, at_us)


def _text(value: Any) -> bytes:
    """What decides between statements of one instant, here and in ``keep_newest``: the smaller text counts."""
    return msgspec.json.encode(value)

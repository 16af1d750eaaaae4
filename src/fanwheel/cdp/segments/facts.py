"""What is known of one person at one moment: all that a rule may ask about."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Set
from datetime import UTC, tzinfo
from itertools import accumulate
from typing import Any, Final, TypeAlias

from msgspec import Struct, field

from fanwheel.cdp.segments.metrics import Metric

# 64-bit signed integers; the class cannot be written out at run time before Python 3.12.
Column: TypeAlias = "array[int]"
_NO_NUMBERS: Final[Column] = array("q")


class Series:
    """The events of one metric: times and ids, in that order, and for a metric of a number its values.

    Parameters
    ----------
    times : epoch microseconds, ascending; equal ones in the order of ids
    ids : the low 64 bits of the events' ids, signed
    values : millionths; None for a metric that only counts
    """

    __slots__ = ("_sums", "ids", "times", "values")

    def __init__(self, times: Column, ids: Column, values: "Column | None" = None) -> None:
        self.times = times
        self.ids = ids
        self.values = values
        self._sums: list[int] | None = None

    @property
    def sums(self) -> list[int]:
        """Running totals: ``sums[j] - sums[i]`` is what the events from i to before j add up to."""
        if self._sums is None:
            self._sums = list(accumulate(self.values or _NO_NUMBERS, initial=0))
        return self._sums

    def since(self, at_us: int) -> int:
        """Where the events at ``at_us`` or later begin."""
        return bisect_left(self.times, at_us)

    def after(self, at_us: int) -> int:
        """Where the events later than ``at_us`` begin."""
        return bisect_right(self.times, at_us)

    def __len__(self) -> int:
        return len(self.times)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Series):
            return NotImplemented
        return (self.times, self.ids, self.values) == (other.times, other.ids, other.values)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Series({self.times.tolist()}, {self.ids.tolist()}, {self.values and self.values.tolist()})"


class Facts(Struct, frozen=True, kw_only=True):
    """One person, as a rule sees them.

    ``fields`` are numbers and moments by the names that the tree gives them, moments in epoch microseconds.
    ``channels`` are those on which the person may be reached for marketing. Sources are slugs, empty where there was
    no touch; domains are then ``unknown``. ``segments`` and ``lists`` are ids. ``series`` holds what the metrics
    remember, under whatever the rule was compiled to look for. ``zone`` is the workspace's.
    """

    person_id: int
    traits: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, int | None] = field(default_factory=dict)
    tags: Set[str] = frozenset()
    layers: Mapping[str, str] = field(default_factory=dict)
    channels: Set[str] = frozenset()
    first_source: str = ""
    last_source: str = ""
    first_domain: str = "unknown"
    last_domain: str = "unknown"
    is_inviter: bool = False
    is_invitee: bool = False
    segments: Set[int] = frozenset()
    lists: Set[int] = frozenset()
    series: Mapping[Metric, Series] | Mapping[int, Series] = field(default_factory=dict)
    zone: tzinfo = UTC

"""What formulas come to for one person at one instant, and when that may change by the mere passing of time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

from fanwheel.cdp.computed.formula import Formula
from fanwheel.cdp.segments.digest import join
from fanwheel.cdp.segments.facts import Series
from fanwheel.cdp.segments.metrics import Metric
from fanwheel.cdp.segments.rules import moments
from fanwheel.cdp.segments.rules.moments import NEVER
from fanwheel.cdp.segments.rules.words import Scalar

Value: TypeAlias = Scalar | list[Scalar] | None
Words = Mapping[int, Scalar]
_MILLION: Final = 1_000_000
_QUARTERS: Final = 4
_QUARTER_US: Final = 900 * moments.SECOND
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Outcome(NamedTuple):
    """What a formula comes to, None for nothing, and the next instant at which that may change with no new fact.

    ``next_us`` is in epoch microseconds, None for never. It may come early, when all stays as it is, but never late.
    """

    value: Value
    next_us: int | None


class Scene(NamedTuple):
    """The events that count: those of ``series`` from ``low`` to before ``high``; at least one."""

    series: Series
    low: int
    high: int
    words: Words
    zone: tzinfo

    @property
    def values(self) -> Sequence[int]:
        """The numbers, or the bits of words, of the events that count."""
        return (self.series.values or ())[self.low : self.high]


# What events come to, and which of them must leave the window before that changes.
_Worth = Callable[[Scene], tuple[Value, int]]


class Compiled:
    """A formula made ready to be worked out for many.

    ``keys`` are those under which a person's series are looked up, one for each selector.
    """

    __slots__ = ("_of_nothing", "_span", "_work_out", "formula", "has_words", "keys")

    def __init__(self, formula: Formula, keys: Sequence[Metric] | Sequence[int]) -> None:
        self.formula = formula
        self.keys = keys
        self.has_words = any(metric.has_words for metric in formula.metrics)
        self._work_out = _top(formula.size) if formula.of == "top" else _WORTHS[formula.of]
        self._of_nothing: Value = 0 if formula.of in _NEVER_MISSING else None
        self._span = moments.span_us(formula.window) if formula.window else None

    def evaluate(self, series: Mapping[Any, Series], words: Words, now_us: int, zone: tzinfo) -> Outcome:
        """What the formula comes to at ``now_us`` for the person of whom ``series`` are remembered."""
        known = [found for key in self.keys if (found := series.get(key)) is not None]
        if not known:
            return Outcome(self._of_nothing, None)
        whole = known[0] if len(known) == 1 else join(known)
        times, span = whole.times, self._span
        high = whole.after(now_us)
        low = 0 if span is None else whole.since(now_us - span + 1)
        next_us = times[high] if high < len(times) else NEVER
        if low >= high:
            return Outcome(self._of_nothing, None if next_us == NEVER else next_us)
        value, place = self._work_out(Scene(whole, low, high, words, zone))
        if span is not None:
            next_us = min(next_us, times[place] + span)
        return Outcome(value, None if next_us == NEVER else next_us)


def compile_formula(formula: Formula, *, numbers: Mapping[Metric, int] | None = None) -> Compiled:
    """``formula`` made ready; ``numbers`` are those under which series are kept, if not under the metrics."""
    metrics = formula.metrics
    return Compiled(formula, metrics if numbers is None else [numbers[metric] for metric in metrics])


def _count(scene: Scene) -> tuple[Value, int]:
    return scene.high - scene.low, scene.low


def _sum(scene: Scene) -> tuple[Value, int]:
    sums = scene.series.sums
    return _plain(sums[scene.high] - sums[scene.low]), scene.low


def _average(scene: Scene) -> tuple[Value, int]:
    sums, count = scene.series.sums, scene.high - scene.low
    # Halves upwards, as numbers themselves are rounded when they are remembered.
    return _plain((2 * (sums[scene.high] - sums[scene.low]) + count) // (2 * count)), scene.low


def _min(scene: Scene) -> tuple[Value, int]:
    return _extreme(scene, min(scene.values))


def _max(scene: Scene) -> tuple[Value, int]:
    return _extreme(scene, max(scene.values))


def _extreme(scene: Scene, found: int) -> tuple[Value, int]:
    """A number that stays the least or the greatest until the last event that has it leaves."""
    values, place = scene.values, scene.high - scene.low - 1
    while values[place] != found:
        place -= 1
    return _plain(found), scene.low + place


def _first_time(scene: Scene) -> tuple[Value, int]:
    return _moment(scene.series.times[scene.low]), scene.low


def _last_time(scene: Scene) -> tuple[Value, int]:
    return _moment(scene.series.times[scene.high - 1]), scene.high - 1


def _distinct(scene: Scene) -> tuple[Value, int]:
    last = {bits: place for place, bits in enumerate(scene.values, scene.low)}
    return len(last), min(last.values())


class _Standing:
    """How often something was met: ``count`` times, first and last at those places."""

    __slots__ = ("count", "first", "last")

    def __init__(self, first: int) -> None:
        self.count, self.first, self.last = 0, first, first


def _standings(keys: Sequence[int], low: int) -> dict[int, _Standing]:
    found: dict[int, _Standing] = {}
    for place, key in enumerate(keys, low):
        held = found.get(key)
        if held is None:
            held = found[key] = _Standing(place)
        held.count += 1
        held.last = place
    return found


def _ranked(scene: Scene, most: int) -> tuple[list[Scalar], int]:
    """The words met most often, and the first event of one of them: until it leaves none can pass another.

    Events that leave only ever make others rarer, so the order among these words stays.
    """
    times = scene.series.times
    words = [
        (-held.count, -times[held.last], _alphabet(word), word, held.first)
        for bits, held in _standings(scene.values, scene.low).items()
        if (word := scene.words.get(bits)) is not None
    ]
    words.sort(key=lambda each: each[:3])
    chosen = words[:most]
    return [each[3] for each in chosen], min((each[4] for each in chosen), default=scene.low)


def _most_frequent(scene: Scene) -> tuple[Value, int]:
    found, place = _ranked(scene, 1)
    return found[0] if found else None, place


def _top(most: int) -> _Worth:
    def top(scene: Scene) -> tuple[Value, int]:
        found, place = _ranked(scene, most)
        return list(found) or None, place

    return top


def _last_value(scene: Scene) -> tuple[Value, int]:
    times, place = scene.series.times, scene.high - 1
    values, latest = scene.values, times[place]
    said = []
    while place >= scene.low and times[place] == latest:
        if (word := scene.words.get(values[place - scene.low])) is not None:
            said.append(word)
        place -= 1
    return min(said, key=_alphabet, default=None), scene.high - 1


def _best_hour(scene: Scene) -> tuple[Value, int]:
    zone, times = scene.zone, scene.series.times
    hours = _standings([_hour(at, zone) for at in times[scene.low : scene.high]], scene.low)
    best = max(hours, key=lambda hour: (hours[hour].count, hours[hour].last))
    return best, hours[best].first


def _hour(at_us: int, zone: tzinfo) -> int:
    return _hour_of(at_us // _QUARTER_US, zone)


@lru_cache(maxsize=65_536)
def _hour_of(quarter: int, zone: tzinfo) -> int:
    """The hour of the day that a quarter of an hour is in: clocks differ by whole quarters since 1972."""
    try:
        return (_EPOCH + timedelta(microseconds=quarter * _QUARTER_US)).astimezone(zone).hour
    except OverflowError:  # a moment that no calendar has
        return quarter // _QUARTERS % 24


def _alphabet(word: Scalar) -> tuple[int, float, str]:
    """Where a word stands among others: false, true, numbers, texts."""
    if type(word) is str:
        return 2, 0, word
    return (0 if type(word) is bool else 1), float(word), ""


def _plain(micros: int) -> int | float:
    """A number of millionths as it is told: whole numbers without a point."""
    return micros // _MILLION if micros % _MILLION == 0 else micros / _MILLION


def _moment(at_us: int) -> str | None:
    """A moment as it is told, in UTC; None beyond the years 1 to 9999."""
    try:
        at = _EPOCH + timedelta(microseconds=at_us)
    except OverflowError:
        return None
    return at.replace(tzinfo=None).isoformat() + "Z"


_NEVER_MISSING: Final = frozenset({"count", "sum", "distinct"})
_WORTHS: Final[Mapping[str, _Worth]] = {
    "count": _count, "sum": _sum, "average": _average, "min": _min, "max": _max, "first_time": _first_time,
    "last_time": _last_time, "distinct": _distinct, "most_frequent": _most_frequent, "last_value": _last_value,
    "best_hour": _best_hour,
}  # fmt: skip

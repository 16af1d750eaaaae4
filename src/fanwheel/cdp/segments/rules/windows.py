"""What a person did of late, in a period or ever, and when that turns by the mere passing of time."""

from array import array
from collections.abc import Callable
from datetime import tzinfo
from operator import ge, gt, le, lt
from typing import Final

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.facts import Series
from fanwheel.cdp.segments.rules import moments, values
from fanwheel.cdp.segments.rules.moments import NEVER, Answer

Judge = Callable[[Series | None, int, tzinfo], Answer]
# Whether the events from one index to before another pass.
_Passes = Callable[[Series, int, int], bool]
# Whether a total of so many events passes; a test of the average asks for the total of each.
_Total = Callable[[int, int], bool]
_ORDER: Final[dict[type, Callable[[float, float], bool]]] = {
    tree.More: gt,
    tree.AtLeast: ge,
    tree.Less: lt,
    tree.AtMost: le,
}
TIMES: Final = frozenset({"first", "last"})
_NOTHING: Final = Series(array("q"), array("q"), array("q"))
# How many events that come or go are looked through for the one that turns the answer; each look at the largest and
# the smallest number reads them all.
_STEPS: Final = {"count": 64, "sum": 64, "average": 64, "largest": 8, "smallest": 8}


class Window:
    """Which events of a series count at an instant."""

    __slots__ = ("_begin", "_end", "span")

    def __init__(self, condition: tree.Event) -> None:
        period = condition.period
        self.span = moments.span_us(condition.within) if condition.within else None
        self._begin = moments.epoch_us(period.begin) if period and period.begin else None
        self._end = moments.epoch_us(period.end) if period and period.end else NEVER

    def bounds(self, series: Series, now: int) -> tuple[int, int]:
        """The index of the first event that counts, and the one after the last."""
        begin = self._begin if self.span is None else now - self.span + 1
        low = 0 if begin is None else series.since(begin)
        return low, max(low, series.since(min(self._end, now + 1)))

    def coming(self, series: Series, high: int) -> int:
        """When the next event begins to count."""
        times = series.times
        return times[high] if high < len(times) and times[high] < self._end else NEVER

    def turn(self, series: Series, low: int, high: int) -> int:
        """When the next event begins to count or ceases to."""
        coming = self.coming(series, high)
        return coming if self.span is None or low == high else min(coming, series.times[low] + self.span)

    def advance(self, series: Series, low: int, high: int, *, now: int) -> tuple[int, int]:
        """The bounds at ``now``, which is a turn seen from the bounds given."""
        times = series.times
        while high < len(times) and times[high] <= now and times[high] < self._end:
            high += 1
        if self.span is not None:
            while low < high and times[low] + self.span <= now:
                low += 1
        return low, high


def measure(condition: tree.Event, series: Series | None, now: int) -> float | None:
    """What a condition measures: a count, a number, or a moment in epoch microseconds; None if there is none."""
    known = series or _NOTHING
    low, high = Window(condition).bounds(known, now)
    if condition.measure == "count":
        return high - low
    if condition.measure == "sum":
        return (known.sums[high] - known.sums[low]) / values.MILLION
    if low == high:
        return None
    if condition.measure in TIMES:
        return known.times[low if condition.measure == "first" else high - 1]
    if condition.measure == "average":
        return (known.sums[high] - known.sums[low]) / (high - low) / values.MILLION
    some = (known.values or ())[low:high]
    return (max(some) if condition.measure == "largest" else min(some)) / values.MILLION


def compile_event(condition: tree.Event) -> Judge:
    """Whether what a series holds passes at an instant, and until when at least."""
    if condition.measure in TIMES:
        return _compile_moment(condition)
    window, passes, steps = Window(condition), _compile_passes(condition), _STEPS[condition.measure]
    of_nothing = passes(_NOTHING, 0, 0)

    def judge(series: Series | None, now: int, zone: tzinfo) -> Answer:
        if series is None:
            return of_nothing, NEVER
        low, high = window.bounds(series, now)
        holds, at = passes(series, low, high), now
        for _ in range(steps):
            at = window.turn(series, low, high)
            if at == NEVER:
                break
            low, high = window.advance(series, low, high, now=at)
            if passes(series, low, high) is not holds:
                break
        return holds, at

    return judge


def _compile_moment(condition: tree.Event) -> Judge:
    window, is_last, test = Window(condition), condition.measure == "last", condition.test
    if isinstance(test, tree.Exists | tree.Missing):
        passes: moments.MomentTest = _is_there(is_wanted=isinstance(test, tree.Exists))
    else:
        passes = moments.compile_moment_test(_time_test(test))
    of_nothing = isinstance(test, tree.Missing)

    def judge(series: Series | None, now: int, zone: tzinfo) -> Answer:
        if series is None:
            return of_nothing, NEVER
        low, high = window.bounds(series, now)
        coming = window.coming(series, high)
        if low == high:
            return of_nothing, coming
        moment = series.times[high - 1 if is_last else low]
        holds, turns = passes(moment, now, zone)
        # The one event that counts here may leave the window, or another come in.
        leaves = NEVER if window.span is None else moment + window.span
        return holds, min(turns, coming, leaves)

    return judge


def _is_there(*, is_wanted: bool) -> moments.MomentTest:
    return lambda moment, now, zone: (is_wanted, NEVER)


def _time_test(test: tree.Test) -> tree.TimeTest:
    if not isinstance(test, tree.TimeTest):  # reading refuses these
        raise TypeError(f"{type(test).__name__} is no test of a moment")
    return test


def _compile_passes(condition: tree.Event) -> _Passes:
    test = condition.test
    if isinstance(test, tree.Exists):
        return lambda series, low, high: low < high
    if isinstance(test, tree.Missing):
        return lambda series, low, high: low == high
    if condition.measure == "count":
        counts = _compile_total(test, lambda limit: limit)
        return lambda series, low, high: counts(high - low, 1)
    passes = _compile_total(test, _limit)
    if condition.measure == "sum":
        return lambda series, low, high: passes(series.sums[high] - series.sums[low], 1)
    if condition.measure == "average":
        return lambda series, low, high: low < high and passes(series.sums[high] - series.sums[low], high - low)
    pick = max if condition.measure == "largest" else min
    return lambda series, low, high: low < high and passes(pick((series.values or ())[low:high]), 1)


def _limit(value: float) -> int:
    found = values.micros(value)
    if found is None:  # reading refuses these
        raise ValueError(f"{value} is too large to compare with")
    return found


def _compile_total(test: tree.Test, limit: Callable[[float], float]) -> _Total:
    if isinstance(test, tree.Is):
        return _among([limit(_number(test.value))])
    if isinstance(test, tree.OneOf):
        return _among([limit(_number(value)) for value in test.values])
    if isinstance(test, tree.Between):
        least, most = limit(test.low), limit(test.high)
        return lambda total, share: least * share <= total <= most * share
    if not isinstance(test, tree.More | tree.AtLeast | tree.Less | tree.AtMost):  # reading refuses these
        raise TypeError(f"{type(test).__name__} is no test of a number")
    compare, bound = _ORDER[type(test)], limit(test.value)
    return lambda total, share: compare(total, bound * share)


def _among(wanted: list[float]) -> _Total:
    return lambda total, share: any(total == each * share for each in wanted)


def _number(value: tree.Scalar) -> float:
    found = values.number(value)
    if found is None:  # reading refuses these
        raise TypeError(f"{value!r} is no number")
    return found

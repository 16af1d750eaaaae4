"""What a person did of late, in a period or ever, and when that turns by the mere passing of time."""

from array import array
from collections.abc import Callable
from datetime import tzinfo
from typing import Final

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.facts import Series
from fanwheel.cdp.segments.rules import amounts, moments, values
from fanwheel.cdp.segments.rules.moments import NEVER, Answer

Judge = Callable[[Series | None, int, tzinfo], Answer]
# When the answer turns by events that leave, given which count and what the answer is.
_Fall = Callable[[Series, int, int], int]
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
        times = series.times
        last = now if now < self._end else self._end - 1
        high = len(times) if not times or times[-1] <= last else series.after(last)
        begin = self._begin if self.span is None else now - self.span + 1
        low = 0 if begin is None or not times or times[0] >= begin else series.since(begin)
        return low, max(low, high)

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
    window, passes, steps = Window(condition), amounts.compile_passes(condition), _STEPS[condition.measure]
    of_nothing, span = passes(_NOTHING, 0, 0), window.span
    fall = None if span is None else _compile_fall(condition, passes, span)

    def judge(series: Series | None, now: int, zone: tzinfo) -> Answer:
        if series is None:
            return of_nothing, NEVER
        low, high = window.bounds(series, now)
        holds, at = passes(series, low, high), now
        if high == len(series.times):
            # Nothing is to come: as good as always.
            return holds, NEVER if fall is None else fall(series, low, high)
        for _ in range(steps):
            at = window.turn(series, low, high)
            if at == NEVER:
                break
            low, high = window.advance(series, low, high, now=at)
            if passes(series, low, high) is not holds:
                break
        return holds, at

    return judge


def _compile_fall(condition: tree.Event, passes: amounts.Passes, span: int) -> _Fall:
    if condition.measure == "count":
        falls_to = amounts.compile_fall(condition.test)

        def count_falls(series: Series, low: int, high: int) -> int:
            count = falls_to(high - low)
            return NEVER if count is None else series.times[high - count - 1] + span

        return count_falls
    steps = _STEPS[condition.measure]

    def falls(series: Series, low: int, high: int) -> int:
        holds = passes(series, low, high)
        for index in range(low, min(high, low + steps)):
            if passes(series, index + 1, high) is not holds:
                return series.times[index] + span
        return NEVER if high - low <= steps else series.times[low + steps - 1] + span

    return falls


def _compile_moment(condition: tree.Event) -> Judge:
    window, is_last, test = Window(condition), condition.measure == "last", condition.test
    passes = _there if isinstance(test, tree.Exists | tree.Missing) else moments.compile_moment_test(_time_test(test))
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
        return holds is not of_nothing, min(turns, coming, leaves)

    return judge


def _there(moment: int, now: int, zone: tzinfo) -> Answer:
    return True, NEVER


def _time_test(test: tree.Test) -> tree.TimeTest:
    if not isinstance(test, tree.TimeTest):  # reading refuses these
        raise TypeError(f"{type(test).__name__} is no test of a moment")
    return test

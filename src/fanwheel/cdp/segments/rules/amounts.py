"""Tests of how many events there are, and of what their numbers come to: exact, in whole numbers."""

from collections.abc import Callable
from math import ceil, floor
from operator import ge, gt, le, lt
from typing import Final

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.facts import Series
from fanwheel.cdp.segments.rules import values

# Whether the events of a series from one index to before another pass.
Passes = Callable[[Series, int, int], bool]
# Whether a total of so many events passes: a test of the average asks for the total of each.
_Total = Callable[[float, int], bool]
_ORDER: Final[dict[type, Callable[[float, float], bool]]] = {
    tree.More: gt, tree.AtLeast: ge, tree.Less: lt, tree.AtMost: le,
}  # fmt: skip


def compile_passes(condition: tree.Event) -> Passes:
    """Whether some events pass the test of a condition that measures no moment."""
    test, measure = condition.test, condition.measure
    if isinstance(test, tree.Exists):
        return lambda series, low, high: low < high
    if isinstance(test, tree.Missing):
        return lambda series, low, high: low == high
    if measure == "count":
        counts = _compile_total(test, _limits(test))
        return lambda series, low, high: counts(high - low, 1)
    passes = _compile_total(test, [_millionths(limit) for limit in _limits(test)])
    if measure == "sum":

        def sum_passes(series: Series, low: int, high: int) -> bool:
            sums = series.sums
            return passes(sums[high] - sums[low], 1)

        return sum_passes
    if measure == "average":
        return lambda series, low, high: low < high and passes(series.sums[high] - series.sums[low], high - low)
    pick = max if measure == "largest" else min
    return lambda series, low, high: low < high and passes(pick((series.values or ())[low:high]), 1)


def compile_fall(test: tree.Test) -> Callable[[int], int | None]:
    """To which count a count must fall for its answer to turn; None if none does."""
    limits = _limits(test)
    passes = _compile_total(test, limits)
    # An answer turns just around a limit, nowhere else.
    turning = sorted({turn for limit in limits for turn in (floor(limit), ceil(limit) - 1)})[::-1]

    def fall(count: int) -> int | None:
        holds = passes(count, 1)
        for fewer in turning:
            if 0 <= fewer < count and passes(fewer, 1) is not holds:
                return fewer
        return None

    return fall


def _compile_total(test: tree.Test, limits: list[float]) -> _Total:
    if isinstance(test, tree.Is | tree.OneOf):
        return lambda total, share: any(total == limit * share for limit in limits)
    if isinstance(test, tree.Between):
        least, most = limits
        return lambda total, share: least * share <= total <= most * share
    compare, (bound,) = _ORDER[type(test)], limits
    return lambda total, share: compare(total, bound * share)


def _limits(test: tree.Test) -> list[float]:
    """The numbers that a test compares with."""
    if isinstance(test, tree.Is | tree.OneOf):
        wanted = [test.value] if isinstance(test, tree.Is) else test.values
        return [exact for value in wanted if (exact := values.number(value)) is not None]
    if isinstance(test, tree.Between):
        return [test.low, test.high]
    if isinstance(test, tree.More | tree.AtLeast | tree.Less | tree.AtMost):
        return [test.value]
    raise TypeError(f"{type(test).__name__} is no test of a number")  # reading refuses these


def _millionths(value: float) -> int:
    found = values.micros(value)
    if found is None:  # reading refuses these
        raise ValueError(f"{value} is too large to compare with")
    return found

"""What a value of JSON says, and which tests it passes."""

import math
from collections.abc import Callable, Iterable
from operator import ge, gt, le, lt
from typing import Any, Final

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.rules import moments

Check = Callable[[Any], bool]
Compare = Callable[[float, float], bool]
MILLION: Final = 1e6
# Above that, in either direction, a millionth does not fit into 64 bits: an event of such a number counts as without.
LARGEST: Final = 9e12
_ORDER: Final[dict[type, Compare]] = {tree.More: gt, tree.AtLeast: ge, tree.Less: lt, tree.AtMost: le}


def number(value: Any) -> float | None:
    """``value`` as a number of 64 bits if it is one in JSON; what is too large for that is infinite."""
    if type(value) is float:
        return value
    if type(value) is not int:
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def micros(value: Any) -> int | None:
    """The number in millionths, halves upwards; None for anything else or a number beyond 9,000,000,000,000."""
    exact = number(value)
    if exact is None or not -LARGEST <= exact <= LARGEST:
        return None
    return math.floor(exact * MILLION + 0.5)


def compile_check(test: tree.PropertyTest) -> Check:
    """Whether a value passes a test that does not ask for the time of day."""
    if isinstance(test, tree.Exists):
        return _exists
    if isinstance(test, tree.Missing):
        return _is_missing
    if isinstance(test, tree.Is):
        return _one_of([test.value])
    if isinstance(test, tree.OneOf):
        return _one_of(test.values)
    if isinstance(test, tree.Contains):
        return _contains(test.value)
    if isinstance(test, tree.StartsWith):
        begin = test.value
        return lambda value: type(value) is str and value.startswith(begin)
    if isinstance(test, tree.Before | tree.After):
        return _at(test)
    return _number(test)


def _exists(value: Any) -> bool:
    return value is not None


def _is_missing(value: Any) -> bool:
    return value is None


def _one_of(wanted: Iterable[tree.Scalar]) -> Check:
    # Python holds 1 and true to be equal, JSON does not.
    kept = list(wanted)
    texts = frozenset(value for value in kept if type(value) is str)
    flags = frozenset(value for value in kept if type(value) is bool)
    numbers = frozenset(exact for value in kept if (exact := number(value)) is not None)

    def check(value: Any) -> bool:
        if type(value) is str:
            return value in texts
        if type(value) is bool:
            return value in flags
        exact = number(value)
        return exact is not None and exact in numbers

    return check


def _contains(wanted: str) -> Check:
    def check(value: Any) -> bool:
        if type(value) is str:
            return wanted in value
        return isinstance(value, list) and any(type(item) is str and item == wanted for item in value)

    return check


def _at(test: tree.Before | tree.After) -> Check:
    limit, is_before = moments.epoch_us(test.at), isinstance(test, tree.Before)

    def check(value: Any) -> bool:
        moment = moments.read(value)
        return moment is not None and (moment < limit) is is_before

    return check


def _number(test: tree.More | tree.AtLeast | tree.Less | tree.AtMost | tree.Between) -> Check:
    if isinstance(test, tree.Between):
        low, high = test.low, test.high

        def between(value: Any) -> bool:
            exact = number(value)
            return exact is not None and low <= exact <= high

        return between
    compare, limit = _ORDER[type(test)], test.value

    def check(value: Any) -> bool:
        exact = number(value)
        return exact is not None and compare(exact, limit)

    return check

"""Whether the parts of one condition fit together, where their form alone does not tell."""

from collections.abc import Iterable
from typing import Final

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.errors import BadSegmentError
from fanwheel.cdp.segments.rules.leaves import MOMENT_FIELDS
from fanwheel.cdp.segments.rules.values import LARGEST, number

_WITH_NUMBER: Final = frozenset({"sum", "average", "largest", "smallest"})
_MOMENTS: Final = frozenset({"first", "last"})
_NEVER_MISSING: Final = frozenset({"count", "sum"})
_NUMBER_TESTS: Final = "is, one_of, more, at_least, less, at_most, between"
_TIME_TESTS: Final = "before, after, within_last, longer_ago, exactly_ago, within_next, anniversary"


def require_fit(condition: tree.Condition, path: str) -> None:
    """Refuse a condition whose parts contradict each other."""
    match condition:
        case tree.Trait(test=test):
            _require_order(test, f"{path}.test")
        case tree.Field(name=name, test=test):
            _require_field(name, test, f"{path}.test")
        case tree.Event():
            _require_event(condition, path)
        case tree.Sequence(steps=steps):
            for index, step in enumerate(steps):
                _require_paths(step, f"{path}.steps[{index}]")
        case tree.Segment(segment_id=number_) | tree.Listed(list_id=number_) if number_ < 1:
            raise BadSegmentError(f"{number_} is no id.", hint="Ids are whole numbers from 1 on.", path=path)
        case _:
            pass


def filters_in(condition: tree.Condition) -> int:
    """How many filters of properties a condition has."""
    events = [condition.event] if isinstance(condition, tree.Event) else []
    events += condition.steps if isinstance(condition, tree.Sequence) else []
    return sum(len(each.where) if isinstance(each, tree.Product) else 1 for event in events for each in event.where)


def _require_field(name: str, test: tree.Test, path: str) -> None:
    if name in MOMENT_FIELDS:
        if not isinstance(test, tree.Exists | tree.Missing):
            _require_moment(test, path, of=f"“{name}”")
    else:
        _require_number(test, path, of=f"“{name}”")


def _require_event(condition: tree.Event, path: str) -> None:
    measure, of, test = condition.measure, condition.of, condition.test
    if measure in _WITH_NUMBER and of is None:
        raise BadSegmentError(
            f"“of” is missing: the {measure} is of the numbers at a path.",
            hint="Add “of” with the path of the property, such as “total”.",
            path=path,
        )
    if measure not in _WITH_NUMBER and of is not None:
        raise BadSegmentError(
            f"“of” has no meaning with the measure “{measure}”.",
            hint="Take “of” out, or measure sum, average, largest or smallest.",
            path=f"{path}.of",
        )
    if of is not None:
        _require_path(of, f"{path}.of")
    _require_window(condition, path)
    _require_paths(condition.event, f"{path}.event")
    if isinstance(test, tree.Exists | tree.Missing):
        if measure in _NEVER_MISSING:
            raise BadSegmentError(
                f"A {measure} is never missing: of nothing it is 0.",
                hint="Ask whether it is at_least 1, or at_most 0.",
                path=f"{path}.test",
            )
    elif measure in _MOMENTS:
        _require_moment(test, f"{path}.test", of=f"the measure “{measure}”")
    else:
        _require_number(test, f"{path}.test", of=f"the measure “{measure}”", is_limited=measure in _WITH_NUMBER)


def _require_window(condition: tree.Event, path: str) -> None:
    period = condition.period
    if period is None:
        return
    if condition.within is not None:
        raise BadSegmentError(
            "“within” and “period” stand together.",
            hint="Keep “within” for the last days, or “period” for fixed dates.",
            path=f"{path}.period",
        )
    if period.begin is None and period.end is None:
        raise BadSegmentError(
            "The period has neither begin nor end.", hint="Add one of them, or take it out.", path=f"{path}.period"
        )
    if period.begin is not None and period.end is not None and period.begin >= period.end:
        raise BadSegmentError(
            "The period ends before it begins.", hint="Put the earlier moment into “begin”.", path=f"{path}.period"
        )


def _require_paths(event: tree.Selector, path: str) -> None:
    for index, each in enumerate(event.where):
        here = f"{path}.where[{index}]"
        inner = (
            [(f"{here}.where[{number_}]", part) for number_, part in enumerate(each.where)]
            if isinstance(each, tree.Product)
            else [(here, each)]
        )
        for place, wanted in inner:
            _require_path(wanted.path, f"{place}.path")
            _require_order(wanted.test, f"{place}.test")


def _require_path(text: str, path: str) -> None:
    if not all(text.split(".")):
        raise BadSegmentError(
            f"“{text}” leads nowhere: a name between its dots is empty.",
            hint="Write names with one dot between them, such as “shipping.city”.",
            path=path,
        )
    if any(letter < " " or letter in "\"'\\" for letter in text):
        raise BadSegmentError(
            f"“{text}” has a quote, a backslash or a control character.",
            hint="Send the property under a plain name and ask for that.",
            path=path,
        )


def _require_moment(test: tree.Test, path: str, *, of: str) -> None:
    if not isinstance(test, tree.TimeTest):
        raise BadSegmentError(
            f"The test does not fit: {of} is a moment.", hint=f"Use one of: {_TIME_TESTS}.", path=path
        )


def _require_number(test: tree.Test, path: str, *, of: str, is_limited: bool = False) -> None:
    if not isinstance(test, tree.NumberTest) or None in (numbers := [number(each) for each in _compared(test)]):
        raise BadSegmentError(
            f"The test does not fit: {of} is a number.", hint=f"Compare with numbers by: {_NUMBER_TESTS}.", path=path
        )
    if is_limited and any(abs(each or 0) > LARGEST for each in numbers):
        raise BadSegmentError(
            "The number to compare with is too large.", hint=f"Stay within ±{LARGEST:,.0f}.", path=path
        )
    _require_order(test, path)


def _compared(test: tree.NumberTest) -> Iterable[tree.Scalar]:
    if isinstance(test, tree.OneOf):
        return test.values
    return (test.low, test.high) if isinstance(test, tree.Between) else (test.value,)


def _require_order(test: tree.Test, path: str) -> None:
    if isinstance(test, tree.Between) and test.low > test.high:
        raise BadSegmentError(
            f"Nothing is between {test.low:g} and {test.high:g}.", hint="Put the smaller into “low”.", path=path
        )

"""Conditions of a rule, checked once and turned into fast tests."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

from fanwheel.cdp.sources.contracts import OPS, Condition, Op
from fanwheel.cdp.sources.errors import BadRuleError

_FIELDS: Final = (
    "utm_source utm_medium utm_campaign utm_term utm_content referrer referrer_host url url_host url_path "
    "channel source link"
)
FIELDS: Final = frozenset(_FIELDS.split())
MAX_CONDITIONS: Final = 10
MAX_VALUES: Final = 200
MAX_PATTERN: Final = 200
# Python's regular expressions backtrack: a short text and few repeats keep the worst case in milliseconds.
MAX_REGEX_TEXT: Final = 256
MAX_REPEATS: Final = 2

Test = Callable[[Mapping[str, str]], bool]


def parse_conditions(raw: Sequence[Mapping[str, object]]) -> tuple[Condition, ...]:
    """Conditions from JSON, checked.

    Raises
    ------
    BadRuleError
        If there are none or too many, or a field, operator, value or pattern cannot be used.
    """
    if not 0 < len(raw) <= MAX_CONDITIONS:
        raise BadRuleError(f"A rule needs 1 to {MAX_CONDITIONS} conditions.")
    return tuple(_parse(item) for item in raw)


def to_json(conditions: Sequence[Condition]) -> list[dict[str, object]]:
    """Conditions in the form in which they are stored and shown."""
    return [_to_json(condition) for condition in conditions]


def compile_test(conditions: Sequence[Condition]) -> Test:
    """A function that tells whether every condition holds for some signals."""
    tests = [_test(condition) for condition in conditions]
    if len(tests) == 1:
        return tests[0]
    return lambda signals: all(test(signals) for test in tests)


def _parse(raw: Mapping[str, object]) -> Condition:
    field, op, value = str(raw.get("field", "")), str(raw.get("op", "")), raw.get("value")
    prefix = field.partition(".")[0]
    if field not in FIELDS and not (prefix in {"click_id", "query"} and len(field) > len(prefix) + 1):
        raise BadRuleError(
            f"“{field}” is not a field of a rule.",
            hint=f"Use one of {', '.join(sorted(FIELDS))}, click_id.<kind> or query.<parameter>.",
        )
    if op not in OPS:
        raise BadRuleError(f"“{op}” is not an operator of a rule.", hint=f"Use one of {', '.join(OPS)}.")
    values = _values(value)
    if op == "present":
        return Condition(field, "present")
    most = MAX_VALUES if op in {"one_of", "domain"} else 1
    if not values or len(values) > most:
        raise BadRuleError(f"The condition on {field} needs {'values' if op == 'one_of' else 'one value'}.")
    if op == "regex":
        _check_pattern(values[0])
        return Condition(field, "regex", values)
    return Condition(field, cast(Op, op), tuple(text.lower() for text in values))


def _values(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, list | tuple) and all(isinstance(item, str) and item for item in value):
        return tuple(value)
    return ()


def _to_json(condition: Condition) -> dict[str, object]:
    base: dict[str, object] = {"field": condition.field, "op": condition.op}
    if condition.op == "present":
        return base
    several = condition.op in {"one_of", "domain"}
    return base | {"value": list(condition.value) if several else condition.value[0]}


def _check_pattern(pattern: str) -> None:
    """Refuse patterns that could take more than a moment: quantified groups, many repeats, back-references."""
    bare = re.sub(r"\[\^?\]?(?:\\.|[^\]\\])*\]", "x", re.sub(r"\\[^1-9]", "x", pattern))
    quantified_group = re.search(r"\)[*+{]", bare)
    back_reference = re.search(r"\\[1-9]|\(\?P=", bare)
    repeats = len(re.findall(r"[*+]|\{\d*,?\d*\}", bare))
    if len(pattern) > MAX_PATTERN or quantified_group or back_reference or repeats > MAX_REPEATS:
        raise BadRuleError(
            f"The pattern “{pattern[:60]}” could take too long.",
            hint=f"Use at most {MAX_PATTERN} characters, {MAX_REPEATS} repeats, and no repeated group.",
        )
    try:
        re.compile(pattern)
    except re.error as error:
        raise BadRuleError(f"The pattern “{pattern[:60]}” is not a regular expression: {error}.") from error


def _test(condition: Condition) -> Test:
    field, op, values = condition
    first = values[0] if values else ""
    if op == "present":
        return lambda signals: field in signals
    if op == "equals":
        return lambda signals: signals.get(field, "").lower() == first
    if op == "one_of":
        wanted = frozenset(values)
        return lambda signals: signals.get(field, "").lower() in wanted
    if op == "domain":
        exact, below = frozenset(values), tuple(f".{value}" for value in values)
        return lambda signals: (host := signals.get(field, "")) in exact or host.endswith(below)
    return _text_test(field, op, first)


def _text_test(field: str, op: Op, value: str) -> Test:
    if op == "prefix":
        return lambda signals: signals.get(field, "").lower().startswith(value)
    if op == "suffix":
        return lambda signals: signals.get(field, "").lower().endswith(value)
    if op == "contains":
        return lambda signals: value in signals.get(field, "").lower()
    search = re.compile(value, re.IGNORECASE).search
    return lambda signals: search(signals.get(field, "")[:MAX_REGEX_TEXT]) is not None

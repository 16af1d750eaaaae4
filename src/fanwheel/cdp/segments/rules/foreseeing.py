"""What can be said of a rule before it meets anybody: that it takes everybody in, or nobody."""

from typing import Final, Literal

import msgspec

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.rules.walking import parts

Code = Literal["everybody", "nobody", "part_of_everybody", "part_of_nobody"]
_COUNTS: Final = frozenset({"event_count", "order_count"})
_MESSAGES: Final[dict[Code, str]] = {
    "everybody": "The rule selects everybody.",
    "nobody": "The rule selects nobody.",
    "part_of_everybody": "This condition holds of everybody.",
    "part_of_nobody": "This condition holds of nobody.",
}


class Caution(msgspec.Struct, frozen=True, kw_only=True):
    """Something odd at a path of a rule; ``code`` is for programs."""

    code: Code
    path: str
    message: str


def foresee(rule: tree.Rule) -> list[Caution]:
    """Warnings of the whole rule or else of its parts, the outermost that are the same for all people."""
    whole = _sure(rule.condition)
    if whole is not None:
        return [_warning("everybody" if whole else "nobody", "$.condition")]
    found, waiting = [], parts(rule.condition, "$.condition")
    while waiting:
        path, condition = waiting.pop(0)
        sure = _sure(condition)
        if sure is None:
            waiting += parts(condition, path)
        else:
            found.append(_warning("part_of_everybody" if sure else "part_of_nobody", path))
    return found


def _warning(code: Code, path: str) -> Caution:
    return Caution(code=code, path=path, message=_MESSAGES[code])


def _sure(condition: tree.Condition) -> bool | None:
    """What a condition comes to whoever is asked; None if it depends."""
    if isinstance(condition, tree.Not):
        inner = _sure(condition.condition)
        return None if inner is None else not inner
    if isinstance(condition, tree.All | tree.Any):
        return _sure_group(condition)
    if isinstance(condition, tree.Sample) and condition.percent in {0, 100}:
        return condition.percent > 0
    if isinstance(condition, tree.Event) and condition.measure == "count":
        return _sure_count(condition.test)
    if isinstance(condition, tree.Field) and condition.name in _COUNTS:
        return _sure_count(condition.test)
    return None


def _sure_group(group: tree.All | tree.Any) -> bool | None:
    wanted = isinstance(group, tree.All)
    known = {_sure(part) for part in group.conditions}
    if (not wanted) in known:
        return not wanted
    # Of a condition and its opposite one holds of everybody, and both of nobody.
    asked = {msgspec.json.encode(part) for part in group.conditions}
    if any(isinstance(part, tree.Not) and msgspec.json.encode(part.condition) in asked for part in group.conditions):
        return not wanted
    return None if None in known else wanted


def _sure_count(test: tree.Test) -> bool | None:
    """Counts are whole numbers from 0 on."""
    if isinstance(test, tree.AtLeast):
        return True if test.value <= 0 else None
    if isinstance(test, tree.More):
        return True if test.value < 0 else None
    if isinstance(test, tree.Less):
        return False if test.value <= 0 else None
    if isinstance(test, tree.AtMost):
        return False if test.value < 0 else None
    return None

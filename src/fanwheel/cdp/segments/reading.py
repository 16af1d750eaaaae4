"""Reading a rule as somebody wrote it: what cannot be meant is refused, with where it stands and what to do."""

import math
from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.errors import BadSegmentError
from fanwheel.cdp.segments.rules import faults, fitting
from fanwheel.cdp.segments.rules.foreseeing import Caution, foresee
from fanwheel.cdp.segments.rules.walking import walk

MAX_NODES: Final = 500
MAX_DEPTH: Final = 32
MAX_BYTES: Final = 64 * 1024
# Of any JSON: far more than a rule within the limits has, and few enough to go through.
_MAX_VALUES: Final = 50_000
_MAX_LEVELS: Final = 2 * MAX_DEPTH + 16
_SMALLER: Final = "Put parts of it into segments of their own and mention those, or put long lists of people on a list."


def read_rule(raw: bytes | str | Mapping[str, Any]) -> tree.Rule:
    """The rule that some JSON is; raises ``BadSegmentError`` that names the path and the remedy."""
    if isinstance(raw, Mapping):
        plain: Any = raw
    else:
        size = len(raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogatepass"))
        if size > MAX_BYTES:
            raise _too_large(size)
        plain = _decode(raw)
    _look_through(plain)
    try:
        rule = msgspec.convert(plain, tree.Rule)
    except msgspec.ValidationError as error:
        raise faults.explain(plain, error) from None
    _count(rule)
    written = len(msgspec.json.encode(rule))
    if written > MAX_BYTES:
        raise _too_large(written)
    for path, condition in walk(rule.condition):
        fitting.require_fit(condition, path)
    return rule


def warnings(rule: tree.Rule) -> list[Caution]:
    """What is odd about a rule that can be read, though it may be meant: that it selects everybody, or nobody."""
    return foresee(rule)


def mentioned_segments(rule: tree.Rule) -> dict[int, str]:
    """The other segments that a rule mentions, each with the path where it does first."""
    found: dict[int, str] = {}
    for path, condition in walk(rule.condition):
        if isinstance(condition, tree.Segment):
            found.setdefault(condition.segment_id, path)
    return found


def mentioned_lists(rule: tree.Rule) -> dict[int, str]:
    """The lists that a rule mentions, each with the path where it does first."""
    found: dict[int, str] = {}
    for path, condition in walk(rule.condition):
        if isinstance(condition, tree.Listed):
            found.setdefault(condition.list_id, path)
    return found


def require_known(
    rule: tree.Rule, *, segments: Collection[int], lists: Collection[int], layers: Mapping[str, Collection[str]]
) -> None:
    """Refuse a rule that mentions a segment, a list, a layer or a class that is not there.

    ``layers`` are their classes by key; one without any may have whatever class.
    """
    for list_id, path in mentioned_lists(rule).items():
        if list_id not in lists:
            raise BadSegmentError(f"There is no list {list_id}.", hint="Choose one that exists.", path=path)
    for segment_id, path in mentioned_segments(rule).items():
        if segment_id not in segments:
            raise BadSegmentError(f"There is no segment {segment_id}.", hint="Choose one that exists.", path=path)
    for path, condition in walk(rule.condition):
        if isinstance(condition, tree.Layer):
            _require_known_classes(condition, path, layers)


def _require_known_classes(condition: tree.Layer, path: str, layers: Mapping[str, Collection[str]]) -> None:
    name = condition.layer
    if name not in layers:
        raise BadSegmentError(
            f"There is no layer “{name}”.", hint=f"Known are: {', '.join(layers)}.", path=f"{path}.layer"
        )
    strange = [each for each in condition.classes if layers[name] and each not in layers[name]]
    if strange:
        raise BadSegmentError(
            f"The layer “{name}” has no class “{strange[0]}”.",
            hint=f"Known are: {', '.join(layers[name])}.",
            path=f"{path}.classes",
        )


def _decode(raw: bytes | str) -> Any:
    try:
        return msgspec.json.decode(raw)
    except RecursionError:
        raise _too_deep("$") from None
    except (msgspec.DecodeError, UnicodeError) as error:
        reason = str(error).split(" (byte")[0].split(" - at")[0]
        raise BadSegmentError(f"The rule is not JSON: {reason}.", hint="Send an object of JSON in UTF-8.") from None


def _look_through(plain: Any) -> None:
    """Refuse what is too deep or too much to be converted, and texts that cannot be stored."""
    waiting, seen = [(plain, "$", 0)], 0
    while waiting:
        value, path, level = waiting.pop()
        seen += 1
        if level > _MAX_LEVELS:
            raise _too_deep(path)
        if seen > _MAX_VALUES:
            raise BadSegmentError(f"The rule has more than {MAX_NODES} conditions.", hint=_SMALLER)
        if isinstance(value, Mapping):
            waiting += [(inner, f"{path}.{name}", level + 1) for name, inner in value.items()]
        elif isinstance(value, list | tuple):
            waiting += [(inner, f"{path}[{index}]", level + 1) for index, inner in enumerate(value)]
        else:
            _require_storable(value, path)


def _require_storable(value: Any, path: str) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise BadSegmentError(f"{value} is not a number of JSON.", hint="Write a number such as 12.5.", path=path)
    if isinstance(value, str) and ("\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value)):
        raise BadSegmentError(
            "The text has a character that cannot be stored: U+0000 or half a pair.",
            hint="Take it out of the text.",
            path=path,
        )


def _count(rule: tree.Rule) -> None:
    nodes = 0
    for path, condition in walk(rule.condition):
        nodes += 1 + fitting.filters_in(condition)
        if nodes > MAX_NODES:
            raise BadSegmentError(
                f"The rule has more than {MAX_NODES} conditions and filters.", hint=_SMALLER, path=path
            )
        if path.count(".condition") > MAX_DEPTH:
            raise _too_deep(path)


def _too_large(size: int) -> BadSegmentError:
    return BadSegmentError(
        f"The rule is {math.ceil(size / 1024)} KiB long; at most {MAX_BYTES // 1024} KiB are taken.", hint=_SMALLER
    )


def _too_deep(path: str) -> BadSegmentError:
    # The path to such a depth would fill the screen.
    return BadSegmentError(
        f"Conditions are nested deeper than {MAX_DEPTH} levels.",
        hint="Take out groups of a single condition, or put inner ones into a segment of their own and mention it.",
        path=path if len(path) <= 200 else f"{path[:200]}…",
    )

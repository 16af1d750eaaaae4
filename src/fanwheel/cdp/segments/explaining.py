"""Why somebody is in a segment, or not: every condition with what it found, and which of them decided."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.evaluator import compile_condition
from fanwheel.cdp.segments.facts import Facts
from fanwheel.cdp.segments.metrics import Metric, metrics_of_condition
from fanwheel.cdp.segments.rules import leaves, windows
from fanwheel.cdp.segments.rules.chains import Chain
from fanwheel.cdp.segments.rules.moments import NEVER
from fanwheel.cdp.segments.rules.walking import parts

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Explained(Struct, frozen=True, kw_only=True):
    """A condition as it is for one person.

    ``actual`` is what the person has where the condition looks: a value, a number, a moment, the channels; None where
    there is nothing, and for groups. With ``decided`` the whole would, or might, be otherwise without this one: all
    parts of an ``all`` that holds, those that fail of one that does not, and the other way round for ``any``.
    ``until`` is when the condition may turn by the mere passing of time.
    """

    path: str
    type: str
    holds: bool
    decided: bool
    actual: Any = None
    until: datetime | None = None
    parts: tuple["Explained", ...] = ()


class _Judged(Struct):
    path: str
    condition: tree.Condition
    holds: bool
    turns: int
    parts: list["_Judged"]


def explain(rule: tree.Rule, facts: Facts, now_us: int, *, numbers: Mapping[Metric, int] | None = None) -> Explained:
    """The tree of ``rule`` as it is for the person of ``facts``; ``numbers`` as for ``compile_rule``."""
    look = _looker(facts, now_us, numbers)
    judged = _judge("$.condition", rule.condition, lambda each: compile_condition(each, numbers=numbers)(facts, now_us))
    return _explained(judged, look, is_decided=True)


def _judge(path: str, condition: tree.Condition, answer: Callable[[tree.Condition], tuple[bool, int]]) -> _Judged:
    inner = [_judge(place, part, answer) for place, part in parts(condition, path)]
    holds, turns = answer(condition)
    return _Judged(path, condition, holds, turns, inner)


def _explained(judged: _Judged, look: Callable[[tree.Condition], Any], *, is_decided: bool) -> Explained:
    # Of a group the parts decide that stand where the whole does; of "not" the one that stands against it.
    is_not = isinstance(judged.condition, tree.Not)
    inner = tuple(
        _explained(part, look, is_decided=is_decided and (is_not or part.holds is judged.holds))
        for part in judged.parts
    )
    return Explained(
        path=judged.path,
        type=str(judged.condition.__struct_config__.tag),
        holds=judged.holds,
        decided=is_decided,
        actual=None if inner else look(judged.condition),
        until=None if judged.turns >= NEVER else _moment(judged.turns),
        parts=inner,
    )


def _looker(facts: Facts, now: int, numbers: Mapping[Metric, int] | None) -> Callable[[tree.Condition], Any]:
    """What the person has where a condition looks."""
    series: Mapping[Any, Any] = facts.series

    def look(condition: tree.Condition) -> Any:
        if not isinstance(condition, tree.Event | tree.Sequence):
            return _known(condition, facts)
        metrics = metrics_of_condition(condition)
        found = [series.get(metric if numbers is None else numbers[metric]) for metric in metrics]
        if isinstance(condition, tree.Sequence):
            ended = Chain(condition).latest(found, now)
            return None if ended is None else _moment(ended)
        value = windows.measure(condition, found[0], now)
        return _moment(int(value)) if condition.measure in windows.TIMES and value is not None else value

    return look


def _known(condition: tree.Condition, facts: Facts) -> Any:
    match condition:
        case tree.Trait(name=name):
            return facts.traits.get(name)
        case tree.Field(name=field):
            value = facts.fields.get(field)
            return _moment(value) if value is not None and field in leaves.MOMENT_FIELDS else value
        case tree.Layer(layer=layer):
            return facts.layers.get(layer)
        case tree.Reachable():
            return sorted(facts.channels)
        case tree.Source():
            return {"first": facts.first_source, "last": facts.last_source}
        case tree.Domain():
            return {"first": facts.first_domain, "last": facts.last_domain}
        case tree.Sample(salt=salt):
            return leaves.share_of(facts.person_id, salt) / (leaves.SHARES / 100)
        case _:
            return None


def _moment(at_us: int) -> datetime | None:
    try:
        return _EPOCH + timedelta(microseconds=at_us)
    except OverflowError:
        return None

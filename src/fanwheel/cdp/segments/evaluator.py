"""Judging one person by a rule, from what is known of them: the live half of the two compilers."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.facts import Facts
from fanwheel.cdp.segments.metrics import Metric, metrics_of_condition
from fanwheel.cdp.segments.rules import leaves
from fanwheel.cdp.segments.rules.moments import NEVER, Answer
from fanwheel.cdp.segments.rules.walking import walk

Judge = Callable[[Facts, int], Answer]
_LONG_US: Final = 3_600_000_000


class Holding(NamedTuple):
    """Whether a rule holds of a person, and the next instant at which that may change with no new fact.

    ``next_us`` is in epoch microseconds. It may come early, when all stays as it is, but never late.
    """

    holds: bool
    next_us: int | None


class Compiled:
    """A rule made ready to judge many.

    ``keys`` name what it mentions, so that it need be asked again only when one of them changes: "trait:city",
    "field:order_count", "tag:vip", "layer:stage", "reachable", "touch", "referral", "segment:3", "list:4", metrics.
    """

    __slots__ = ("_judge", "keys", "rule")

    def __init__(self, rule: tree.Rule, judge: Judge) -> None:
        self.rule = rule
        self.keys: frozenset[str | Metric] = frozenset(
            key for _, condition in walk(rule.condition) for key in keys_of(condition)
        )
        self._judge = judge

    def evaluate(self, facts: Facts, now_us: int) -> Holding:
        """Whether the person of ``facts`` is in at ``now_us``, in epoch microseconds."""
        holds, turns = self._judge(facts, now_us)
        return Holding(holds, None if turns >= NEVER else turns)


def compile_rule(rule: tree.Rule, *, numbers: Mapping[Metric, int] | None = None) -> Compiled:
    """``rule`` made ready; ``numbers`` are those under which facts keep their series, if not under the metrics."""
    return Compiled(rule, compile_condition(rule.condition, numbers=numbers))


def compile_condition(condition: tree.Condition, *, numbers: Mapping[Metric, int] | None = None) -> Judge:
    """One condition made ready."""
    if isinstance(condition, tree.All | tree.Any):
        judges = [compile_condition(part, numbers=numbers) for part in condition.conditions]
        return _all_of(judges, unless=isinstance(condition, tree.Any))
    if isinstance(condition, tree.Not):
        return _none_of(compile_condition(condition.condition, numbers=numbers))
    return leaves.compile_leaf(condition, numbers)


def keys_of(condition: tree.Condition) -> list[str | Metric]:
    """What one condition itself mentions."""
    return [*leaves.words_of(condition), *metrics_of_condition(condition)]


def _none_of(judge: Judge) -> Judge:
    def negated(facts: Facts, now: int) -> Answer:
        holds, turns = judge(facts, now)
        return not holds, turns

    return negated


def _all_of(judges: list[Judge], *, unless: bool) -> Judge:
    """All of them, or with ``unless`` any: the same with true and false exchanged.

    While one part stands against it the whole cannot turn, so of those that do the one that does longest counts. One
    that does for long is enough: to ask the others would cost more, event by event, than to be asked again then.
    """

    def judged(facts: Facts, now: int) -> Answer:
        earliest, longest = NEVER, -1
        for judge in judges:
            holds, turns = judge(facts, now)
            if holds is unless:
                if turns - now > _LONG_US:
                    return unless, turns
                longest = max(longest, turns)
            elif turns < earliest:
                earliest = turns
        return (not unless, earliest) if longest < 0 else (unless, longest)

    return judged

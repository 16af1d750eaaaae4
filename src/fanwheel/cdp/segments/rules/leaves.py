"""Judging a person by one condition that has no others inside."""

from collections.abc import Callable, Mapping
from hashlib import md5
from typing import Any, Final

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.facts import Facts
from fanwheel.cdp.segments.metrics import Metric, metrics_of_condition
from fanwheel.cdp.segments.rules import moments, values, windows
from fanwheel.cdp.segments.rules.chains import Chain
from fanwheel.cdp.segments.rules.moments import NEVER, Answer

Judge = Callable[[Facts, int], Answer]
_Claim = Callable[[Facts], bool]
_RELATIVE: Final = (tree.WithinLast, tree.LongerAgo, tree.ExactlyAgo, tree.WithinNext, tree.Anniversary)
MOMENT_FIELDS: Final = frozenset(
    {
        "first_seen_at", "last_seen_at", "introduced_at", "operated_at", "converted_at", "shared_at",
        "repurchased_at", "first_touch_at", "last_touch_at",
    }
)  # fmt: skip
SHARES: Final = 10_000


def compile_leaf(condition: tree.Condition, numbers: Mapping[Metric, int] | None) -> Judge:
    """``condition`` made ready; ``numbers`` are those under which facts keep their series, if not under the metrics."""
    if isinstance(condition, tree.Trait):
        return _trait(condition)
    if isinstance(condition, tree.Field):
        return _field(condition)
    if isinstance(condition, tree.Event | tree.Sequence):
        metrics = list(metrics_of_condition(condition))
        return _events(condition, metrics if numbers is None else [numbers[metric] for metric in metrics])
    return _steady(_claim(condition))


def words_of(condition: tree.Condition) -> list[str]:
    """What a condition mentions of a person, but for events."""
    match condition:
        case tree.Trait(name=name):
            return [f"trait:{name}"]
        case tree.Field(name=field):
            return [f"field:{field}"]
        case tree.Tag(tag=tag):
            return [f"tag:{tag}"]
        case tree.Layer(layer=layer):
            return [f"layer:{layer}"]
        case tree.Reachable():
            return ["reachable"]
        case tree.Source() | tree.Domain():
            return ["touch"]
        case tree.Referral():
            return ["referral"]
        case tree.Segment(segment_id=segment_id):
            return [f"segment:{segment_id}"]
        case tree.Listed(list_id=list_id):
            return [f"list:{list_id}"]
        case _:
            return []


def share_of(person_id: int, salt: str) -> int:
    """Which of 10,000 equal shares of everybody a person is in."""
    digest = md5(f"{salt}:{person_id}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) % SHARES


def _steady(claim: _Claim) -> Judge:
    return lambda facts, now: (claim(facts), NEVER)


def _trait(condition: tree.Trait) -> Judge:
    name, test = condition.name, condition.test
    if isinstance(test, _RELATIVE):
        passes = moments.compile_text_test(test)
        return lambda facts, now: passes(facts.traits.get(name), now, facts.zone)
    check = values.compile_check(test)
    return lambda facts, now: (check(facts.traits.get(name)), NEVER)


def _field(condition: tree.Field) -> Judge:
    name, test = condition.name, condition.test
    if isinstance(test, tree.TimeTest):
        passes = moments.compile_moment_test(test)

        def judge(facts: Facts, now: int) -> Answer:
            moment = facts.fields.get(name)
            return (False, NEVER) if moment is None else passes(moment, now, facts.zone)

        return judge
    check = values.compile_check(test)
    return lambda facts, now: (check(facts.fields.get(name)), NEVER)


def _events(condition: tree.Event | tree.Sequence, keys: list[Any]) -> Judge:
    if isinstance(condition, tree.Sequence):
        chain = Chain(condition)
        return lambda facts, now: chain.judge([facts.series.get(key) for key in keys], now)
    judge, key = windows.compile_event(condition), keys[0]
    return lambda facts, now: judge(facts.series.get(key), now, facts.zone)


def _claim(condition: tree.Condition) -> _Claim:
    match condition:
        case tree.Tag(tag=tag):
            return lambda facts: tag in facts.tags
        case tree.Layer(layer=layer, classes=classes):
            wanted = frozenset(classes)
            return lambda facts: facts.layers.get(layer) in wanted
        case tree.Reachable(channel="any"):
            return lambda facts: bool(facts.channels)
        case tree.Reachable(channel=channel):
            return lambda facts: channel in facts.channels
        case tree.Referral(role="inviter"):
            return lambda facts: facts.is_inviter
        case tree.Referral():
            return lambda facts: facts.is_invitee
        case tree.Segment(segment_id=segment_id):
            return lambda facts: segment_id in facts.segments
        case tree.Listed(list_id=list_id):
            return lambda facts: list_id in facts.lists
        case tree.Sample(percent=percent, salt=salt):
            limit = percent * (SHARES / 100)
            return lambda facts: share_of(facts.person_id, salt) < limit
        case _:
            return _touch(condition)


def _touch(condition: tree.Condition) -> _Claim:
    if isinstance(condition, tree.Source):
        wanted, first, last = frozenset(condition.sources), "first_source", "last_source"
    else:
        assert isinstance(condition, tree.Domain)
        wanted, first, last = frozenset([condition.domain]), "first_domain", "last_domain"
    names = {"first": [first], "last": [last], "any": [first, last]}[condition.touch]
    return lambda facts: any(getattr(facts, name) in wanted for name in names)

"""A rule need be asked again only when something changes that its keys name."""

from random import Random
from typing import Any

import pytest
from tests.support import segments_random as chance
from tests.support.segments_facts import facts_of, remember

from fanwheel.cdp.segments import digest, evaluator, metrics, reading

WHOLE = {
    "reachable": ["channels"],
    "touch": ["first_source", "last_source", "first_domain", "last_domain"],
    "referral": ["is_inviter", "is_invitee"],
}
MAPS = {"trait": "traits", "field": "fields", "layer": "layers"}
SETS = {"tag": "tags", "segment": "segments", "list": "lists"}


def mixed(one: dict[str, Any], other: dict[str, Any], keys: set[Any]) -> dict[str, Any]:
    """``one`` in all that the keys name, ``other`` in the rest."""
    result = dict(one)
    for key, names in WHOLE.items():
        result |= {} if key in keys else {name: other[name] for name in names}
    for word, name in MAPS.items():
        named = {each.partition(":")[2] for each in keys if str(each).startswith(f"{word}:")}
        result[name] = {k: v for k, v in one[name].items() if k in named} | {
            k: v for k, v in other[name].items() if k not in named
        }
    for word, name in SETS.items():
        named = {each.partition(":")[2] for each in keys if str(each).startswith(f"{word}:")}
        result[name] = [v for v in one[name] if str(v) in named] + [v for v in other[name] if str(v) not in named]
    return result


@pytest.mark.parametrize("seed", range(60))
def test_nothing_changes_but_by_what_the_keys_name(seed: int) -> None:
    rng = Random(seed)
    for _ in range(20):
        rule = reading.read_rule(chance.random_rule(rng, depth=2))
        numbers = {metric: number for number, metric in enumerate(metrics.metrics_of(rule))}
        compiled = evaluator.compile_rule(rule, numbers=numbers)
        events = [chance.an_event(rng, 1) for _ in range(6)]
        matcher = metrics.Matcher({number: metric for metric, number in numbers.items()})
        packed = [digest.add(digest.EMPTY, remember(events, matcher))]
        one, other = chance.random_person(rng, 1), chance.random_person(rng, 1)

        hybrid = mixed(one, other, {key for key in compiled.keys if isinstance(key, str)})

        expected = compiled.evaluate(facts_of(one, packed), chance.NOON)
        assert compiled.evaluate(facts_of(hybrid, packed), chance.NOON) == expected, (rule, compiled.keys)
        assert {key for key in compiled.keys if isinstance(key, metrics.Metric)} == numbers.keys()


def test_the_keys_are_spelled_as_changes_are() -> None:
    conditions = [
        {"type": "trait", "name": "city", "test": {"op": "exists"}},
        {"type": "field", "name": "order_count", "test": {"op": "is", "value": 1}},
        {"type": "tag", "tag": "vip"},
        {"type": "layer", "layer": "stage", "classes": ["operate"]},
        {"type": "reachable"},
        {"type": "source", "sources": ["ads"]},
        {"type": "domain", "domain": "public"},
        {"type": "referral", "role": "inviter"},
        {"type": "segment", "segment_id": 3},
        {"type": "not", "condition": {"type": "list", "list_id": 4}},
        {"type": "sample", "percent": 10},
    ]
    rule = reading.read_rule({"condition": {"type": "any", "conditions": conditions}})

    assert evaluator.compile_rule(rule).keys == {
        "trait:city", "field:order_count", "tag:vip", "layer:stage", "reachable", "touch", "referral", "segment:3",
        "list:4",
    }  # fmt: skip

from array import array
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from tests.support import segments_random as chance
from tests.support.segments_facts import facts_of, remember

from fanwheel.cdp.segments import digest
from fanwheel.cdp.segments.evaluator import compile_rule
from fanwheel.cdp.segments.explaining import Explained, explain
from fanwheel.cdp.segments.facts import Facts, Series
from fanwheel.cdp.segments.metrics import Matcher, metrics_of
from fanwheel.cdp.segments.reading import read_rule

HOUR = 3_600_000_000
TEN, NOON = datetime(2026, 3, 1, 10, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC)
NOW = int(NOON.timestamp()) * 1_000_000
VIP, STAFF = {"type": "tag", "tag": "vip"}, {"type": "tag", "tag": "staff"}
DAY = {"amount": 1, "unit": "days"}


def group(kind: str, *conditions: Any) -> dict[str, Any]:
    return {"type": kind, "conditions": list(conditions)}


def explained(condition: dict[str, Any], **known: Any) -> Explained:
    return explain(read_rule({"condition": condition}), Facts(person_id=1, **known), NOW)


def deciding(one: Explained) -> set[str]:
    """The paths of all conditions without others inside that decided."""
    inner = set().union(*map(deciding, one.parts)) if one.parts else set()
    return inner or ({one.path.removeprefix("$.condition")} if one.decided else set())


@pytest.mark.parametrize(
    ("condition", "holds", "paths"),
    [
        (group("all", VIP, STAFF), False, {".conditions[1]"}),
        (group("all", VIP, VIP), True, {".conditions[0]", ".conditions[1]"}),
        (group("any", VIP, STAFF), True, {".conditions[0]"}),
        (group("any", STAFF, STAFF), False, {".conditions[0]", ".conditions[1]"}),
        ({"type": "not", "condition": group("all", VIP, STAFF)}, True, {".condition.conditions[1]"}),
        (group("all", VIP, {"type": "not", "condition": VIP}), False, {".conditions[1].condition"}),
        (group("any", STAFF, group("all", VIP, STAFF)), False, {".conditions[0]", ".conditions[1].conditions[1]"}),
        (group("any"), False, {""}),
    ],
)
def test_the_conditions_that_decide_are_named(condition: dict[str, Any], holds: bool, paths: set[str]) -> None:
    why = explained(condition, tags={"vip"})

    assert why.holds is holds
    assert deciding(why) == paths


def buys(**more: Any) -> dict[str, Any]:
    return {"type": "event", "event": {"name": "Buy"}, "test": {"op": "at_least", "value": 1}} | more


@pytest.mark.parametrize(
    ("condition", "actual"),
    [
        ({"type": "trait", "name": "city", "test": {"op": "exists"}}, "Paris"),
        ({"type": "trait", "name": "age", "test": {"op": "exists"}}, None),
        ({"type": "field", "name": "order_count", "test": {"op": "is", "value": 1}}, 3),
        ({"type": "field", "name": "last_seen_at", "test": {"op": "exists"}}, TEN),
        ({"type": "field", "name": "shared_at", "test": {"op": "exists"}}, None),
        ({"type": "layer", "layer": "stage", "classes": ["convert"]}, "operate"),
        ({"type": "reachable"}, ["email", "sms"]),
        ({"type": "source", "sources": ["ads"]}, {"first": "search", "last": ""}),
        ({"type": "domain", "domain": "public"}, {"first": "unknown", "last": "unknown"}),
        ({"type": "sample", "percent": 50}, 60.76),  # md5(":1") begins with 3558193c, modulo 10,000 is 6076
        (VIP, None),
        (buys(), 2),
        (buys(within={"amount": 1, "unit": "hours"}), 0),
        (buys(measure="sum", of="total"), 4.0),
        (buys(measure="average", of="total"), 2.0),
        (buys(measure="largest", of="total"), 2.5),
        (buys(measure="smallest", of="total"), 1.5),
        (buys(measure="smallest", of="total", within={"amount": 1, "unit": "hours"}), None),
        (buys(measure="last", test={"op": "exists"}), TEN),
        (buys(measure="first", test={"op": "exists"}), datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ({"type": "sequence", "steps": [{"name": "Buy"}] * 2, "within": DAY}, TEN),
        ({"type": "sequence", "steps": [{"name": "Buy"}] * 2, "within": {"amount": 1, "unit": "hours"}}, None),
    ],
)  # fmt: skip
def test_what_a_condition_found_is_shown(condition: dict[str, Any], actual: Any) -> None:
    times = array("q", [NOW - 4 * HOUR, NOW - 2 * HOUR, NOW + HOUR])
    series = Series(times, array("q", [1, 2, 3]), array("q", [1_500_000, 2_500_000, 9_000_000]))
    rule = read_rule({"condition": condition})
    known = Facts(
        person_id=1,
        traits={"city": "Paris"},
        fields={"order_count": 3, "last_seen_at": NOW - 2 * HOUR, "shared_at": None},
        layers={"stage": "operate"},
        channels={"sms", "email"},
        first_source="search",
        series=dict.fromkeys(metrics_of(rule), series),
    )

    assert explain(rule, known, NOW).actual == actual


def test_when_a_condition_turns_by_itself_is_shown() -> None:
    recent = {"type": "field", "name": "last_seen_at", "test": {"op": "within_last", "span": DAY}}

    why = explained(group("all", recent, VIP), fields={"last_seen_at": NOW - 2 * HOUR}, tags={"vip"})

    assert why.until == why.parts[0].until == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert why.parts[1].until is None


@pytest.mark.parametrize("seed", range(20))
def test_an_explanation_says_what_the_evaluator_says(seed: int) -> None:
    rng = Random(seed)
    world = chance.random_world(rng, homes=2)
    for _ in range(10):
        rule = read_rule(chance.random_rule(rng))
        numbers = {metric: number for number, metric in enumerate(metrics_of(rule))}
        packed = digest.add(
            digest.EMPTY, remember(world.events, Matcher({number: metric for metric, number in numbers.items()}))
        )
        facts = facts_of(world.person(world.steps[0][0]), [packed])

        why = explain(rule, facts, chance.NOON, numbers=numbers)

        assert why.holds is compile_rule(rule, numbers=numbers).evaluate(facts, chance.NOON).holds
        assert deciding(why)

"""Formulas come to what a plain reading of them says, whatever events come in whatever order."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.computed_reference import come_to

from fanwheel.cdp.computed import read_formula
from fanwheel.cdp.computed.aggregates import compile_formula
from fanwheel.cdp.segments import digest
from fanwheel.cdp.segments.live.taking import Heard
from fanwheel.cdp.segments.metrics import Matcher

SECOND = 1_000_000
BEGIN = int(datetime(2026, 3, 28, 20, tzinfo=UTC).timestamp()) * SECOND  # clocks go forward in Berlin that night
BERLIN = ZoneInfo("Europe/Berlin")
NAMES = ("Bought", "Looked", "Left")
AGGREGATES: dict[str, dict[str, Any]] = {
    "count": {}, "sum": {"path": "total"}, "average": {"path": "total"}, "min": {"path": "total"},
    "max": {"path": "total"}, "first_time": {}, "last_time": {}, "distinct": {"path": "topic"},
    "most_frequent": {"path": "products.category"}, "top": {"path": "topic", "limit": 2}, "best_hour": {},
    "last_value": {"path": "products.category"},
}  # fmt: skip

words = st.one_of(
    st.sampled_from(["tea", " tea ", "Tea", "hat", "", "x" * 300]), st.sampled_from([1, 1.0, True, 0, False, 2.5, None])
)
numbers = st.one_of(st.sampled_from([0, 1, -2, 12.9, 0.1234565, 1e30, "12", None, True]), st.integers(-5, 5))
products = st.one_of(
    st.lists(st.one_of(st.fixed_dictionaries({"category": words}), st.just("none")), max_size=3), st.just("none")
)
properties = st.fixed_dictionaries(
    {}, optional={"total": numbers, "topic": st.one_of(words, st.lists(words, max_size=3)), "products": products,
                  "category": words, "city": st.sampled_from(["Paris", "Rome"])}
)  # fmt: skip
# Few seconds and many hours: events of one instant, of one second's distance, and far apart.
moments = st.builds(
    lambda hours, micros: BEGIN + hours * 3_600 * SECOND + micros, st.integers(0, 12), st.integers(0, 2)
)
happenings = st.fixed_dictionaries({"name": st.sampled_from(NAMES), "at_us": moments, "properties": properties})


@st.composite
def formulas(draw: st.DrawFn) -> dict[str, Any]:
    of = draw(st.sampled_from(sorted(AGGREGATES)))
    where = [{"type": "property", "path": "city", "test": {"op": "is", "value": "Paris"}}]
    selectors = [{"name": draw(st.sampled_from(NAMES)), **({"where": where} if draw(st.booleans()) else {})}]
    if draw(st.booleans()):
        selectors.append({"name": draw(st.sampled_from(NAMES))})
    which = {"events": selectors} if len(selectors) > 1 else {"event": selectors[0]}
    window = {"window": {"amount": draw(st.integers(1, 5)), "unit": "hours"}} if draw(st.booleans()) else {}
    return {"of": of, **which, **AGGREGATES[of], **window}


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[tuple[int, dict[str, Any]]]]:
    """Events, and the order in which homes hear of them: some late, some twice."""
    told = [{"id": number + 1, **each} for number, each in enumerate(draw(st.lists(happenings, max_size=12)))]
    homes = {event["id"]: draw(st.integers(1, 2)) for event in told}
    deliveries = draw(st.permutations([*told, *draw(st.lists(st.sampled_from(told), max_size=4))])) if told else []
    return told, [(homes[event["id"]], event) for event in deliveries]


def remembered(formula: Any, deliveries: list[tuple[int, dict[str, Any]]]) -> tuple[dict[int, Any], dict[int, Any]]:
    """The series and the words of a person of two homes, to whom events came one by one."""
    matcher = Matcher(dict(enumerate(formula.metrics)))
    packed, known = {1: digest.EMPTY, 2: digest.EMPTY}, dict[int, Any]()
    for home, event in deliveries:
        heard = Heard()
        heard.add(matcher.read(1, event["name"], json.dumps(event["properties"])), event["at_us"], event["id"])
        packed[home] = digest.add(packed[home], heard.events)
        known |= heard.words
    return digest.merge(packed.values()), known


@settings(max_examples=400, deadline=None, derandomize=True)
@given(written=formulas(), history=histories(), after=st.integers(0, 20), zone=st.sampled_from([UTC, BERLIN]))
def test_a_formula_comes_to_what_it_says_and_stays_until_its_next_turn(
    written: dict[str, Any], history: Any, after: int, zone: Any
) -> None:
    told, deliveries = history
    formula = read_formula(written)
    compiled = compile_formula(formula, numbers={metric: number for number, metric in enumerate(formula.metrics)})
    series, known = remembered(formula, deliveries)

    instants = {BEGIN + after * 3_600 * SECOND, *(event["at_us"] for event in told)}
    for now_us in sorted({at + step for at in instants for step in (-1, 0, 5 * 3_600 * SECOND)}):
        value, next_us = compiled.evaluate(series, known, now_us, zone)
        wanted = come_to(written, told, now_us, zone)
        assert json.dumps(value) == json.dumps(wanted), (written, now_us)
        if next_us is None:
            assert json.dumps(come_to(written, told, 1 << 52, zone)) == json.dumps(wanted)
        else:
            assert next_us > now_us
            assert json.dumps(come_to(written, told, next_us - 1, zone)) == json.dumps(wanted)


@pytest.mark.parametrize(
    ("of", "turns"),
    [("most_frequent", 7 + 60), ("top", 3 + 60), ("distinct", 5 + 60), ("last_value", 9 + 60), ("max", 9 + 60)],
)
def test_events_that_change_nothing_by_leaving_are_not_waited_for(of: str, turns: int) -> None:
    # hat at 3, bag at 5, tea at 7, hat at 8 (late), tea twice more at 9; the numbers grow.
    said = [(3, "hat"), (5, "bag"), (7, "tea"), (8, "hat"), (9, "tea")]
    told = [
        {"id": number, "name": "Bought", "at_us": at * SECOND, "properties": {"topic": word, "total": at}}
        for number, (at, word) in enumerate([*said, (9, "tea")], 1)
    ]
    window = {"amount": 60, "unit": "seconds"}
    path = "total" if of == "max" else "topic"
    limit = {"limit": 2} if of == "top" else {}
    formula = read_formula({"of": of, "event": {"name": "Bought"}, "path": path, "window": window, **limit})
    compiled = compile_formula(formula, numbers={formula.metrics[0]: 0})
    series, known = remembered(formula, [(1, event) for event in told])

    assert compiled.evaluate(series, known, 10 * SECOND, UTC).next_us == turns * SECOND

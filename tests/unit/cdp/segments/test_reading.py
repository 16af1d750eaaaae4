import json
from random import Random
from typing import Any

import msgspec
import pytest
from tests.support import segments_random as chance

from fanwheel.cdp.segments import reading
from fanwheel.cdp.segments.errors import BadSegmentError

TAG = {"type": "tag", "tag": "vip"}
DAY = {"amount": 1, "unit": "days"}
ONCE = {"op": "at_least", "value": 1}
INNER = ".conditions[1].conditions[0]"
DATE = "2026-01-02"
ODD: list[Any] = [None, True, 3, -1.5, "x", "", [], {}, [[]], {"type": "nothing"}, {"op": "more"}, 2**70, "a\0b"]


def bought(**more: Any) -> dict[str, Any]:
    return {"type": "event", "event": {"name": "Buy"}, "test": ONCE} | more


def filtered(path: str, test: Any) -> dict[str, Any]:
    return bought(event={"name": "Buy", "where": [{"type": "property", "path": path, "test": test}]})


def trait(**test: Any) -> dict[str, Any]:
    return {"type": "trait", "name": "x", "test": test}


def refusal(condition: Any) -> BadSegmentError:
    with pytest.raises(BadSegmentError) as caught:
        reading.read_rule({"condition": condition})
    return caught.value


@pytest.mark.parametrize(
    ("condition", "path", "said"),
    [
        ({"type": "tagg", "tag": "vip"}, ".type", "no condition “tagg”"),
        (TAG | {"color": "red"}, "", "no field “color”"),
        ({"type": "tag"}, "", "“tag” is missing"),
        ({"type": "tag", "tag": 3}, ".tag", "Here belongs a text, not a whole number"),
        ({"type": "all", "conditions": [TAG, TAG | {"type": "x"}]}, ".conditions[1].type", "no condition “x”"),
        ({"type": "all", "conditions": [TAG, {"type": "any", "conditions": [3]}]}, INNER, "an object"),
        ({"type": "not", "condition": [TAG]}, ".condition", "an object, not a list"),
        (trait(op="like", value="y"), ".test.op", "no test “like”"),
        (trait(op="before", at="2026-01-01T00:00:00"), ".test.at", "with a zone"),
        (trait(op="before", at="2026-01-01T00:00:60Z"), ".test.at", "no moment"),
        (trait(op="one_of", values=["a", None]), ".test.values[1]", "not null"),
        (trait(op="between", low=2, high=1), ".test", "between 2 and 1"),
        ({"type": "field", "name": "age", "test": ONCE}, ".name", "“age” cannot stand here"),
        ({"type": "field", "name": "order_count", "test": {"op": "is", "value": "3"}}, ".test", "is a number"),
        ({"type": "field", "name": "order_count", "test": {"op": "is", "value": True}}, ".test", "is a number"),
        ({"type": "field", "name": "order_count", "test": {"op": "missing"}}, ".test", "is a number"),
        ({"type": "field", "name": "first_seen_at", "test": ONCE}, ".test", "is a moment"),
        (bought(within=DAY | {"unit": "months"}), ".within.unit", "“months” cannot stand here"),
        (bought(within=DAY | {"amount": 0}), ".within.amount", "a whole number >= 1"),
        (bought(within=DAY, period={"begin": "2026-01-01T00:00:00Z"}), ".period", "stand together"),
        (bought(period={}), ".period", "neither begin nor end"),
        (bought(period={"begin": f"{DATE}T00:00:00Z", "end": f"{DATE}T01:00:00+01:00"}), ".period", "ends before"),
        (bought(of="total"), ".of", "no meaning"),
        (bought(measure="sum"), "", "“of” is missing"),
        (bought(measure="sum", of="total", test={"op": "more", "value": 1e13}), ".test", "too large"),
        (bought(measure="sum", of="total", test={"op": "exists"}), ".test", "never missing"),
        (bought(measure="last", test=ONCE), ".test", "is a moment"),
        (bought(test={"op": "within_last", "span": DAY}), ".test", "is a number"),
        (bought(test={"op": "more", "value": "3"}), ".test.value", "a number, not a text"),
        (filtered("a..b", {"op": "exists"}), ".event.where[0].path", "leads nowhere"),
        (filtered("it's", {"op": "exists"}), ".event.where[0].path", "a quote"),
        (filtered("at", {"op": "within_last", "span": DAY}), ".event.where[0].test.op", "cannot be tested"),
        (filtered("n", {"op": "between", "low": 2, "high": 1}), ".event.where[0].test", "between 2 and 1"),
        ({"type": "sequence", "steps": [{"name": "a"}], "within": DAY}, ".steps", "length >= 2"),
        ({"type": "sequence", "steps": [{"name": "a"}, {"name": ""}], "within": DAY}, ".steps[1].name", "length >= 1"),
        ({"type": "sample", "percent": 100.5}, ".percent", "<= 100"),
        ({"type": "segment", "segment_id": 0}, "", "no id"),
        ({"type": "tag", "tag": "a\0b"}, ".tag", "cannot be stored"),
        (trait(op="more", value=float("inf")), ".test.value", "not a number of JSON"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_path_and_remedy(condition: Any, path: str, said: str) -> None:
    error = refusal(condition)

    assert said in error.message
    assert error.path == f"$.condition{path}"
    assert error.hint


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"{}", "“condition” is missing"),
        (b"[]", "an object, not a list"),
        (b'{"version": 2, "condition": {"type": "tag", "tag": "vip"}}', "“2” cannot stand here"),
        (b'{"condition":' + b'{"type":"not","condition":' * 2_000, "deeper than 32"),
        (b'{"condition":' * 100_000, "KiB"),
        (json.dumps({"condition": {"type": "any", "conditions": [TAG] * 10_000}}).encode(), "KiB"),
        (json.dumps({"condition": {"type": "any", "conditions": [TAG] * 501}}).encode(), "more than 500"),
    ],
)
def test_no_text_is_too_large_or_too_deep_to_be_answered(raw: bytes, said: str) -> None:
    with pytest.raises(BadSegmentError) as caught:
        reading.read_rule(raw)

    assert said in caught.value.message
    assert caught.value.hint


def test_objects_are_refused_for_depth_and_number_as_texts_are() -> None:
    deep: dict[str, Any] = TAG
    for _ in range(100_000):
        deep = {"type": "not", "condition": deep}

    assert "deeper than 32" in refusal(deep).message
    assert "more than 500" in refusal({"type": "any", "conditions": [TAG] * 10_000}).message


def test_a_rule_at_the_limits_is_read() -> None:
    deep: dict[str, Any] = {"type": "any", "conditions": [TAG] * (reading.MAX_NODES - 31)}
    for _ in range(reading.MAX_DEPTH - 2):
        deep = {"type": "not", "condition": deep}

    rule = reading.read_rule({"condition": deep})

    assert reading.read_rule(msgspec.json.encode(rule)) == rule
    assert "deeper" in refusal({"type": "not", "condition": deep}).message


def test_the_largest_number_that_events_may_have_can_be_compared_with() -> None:
    limits = {"op": "between", "low": -9e12, "high": 9e12}

    reading.read_rule({"condition": bought(measure="sum", of="total", test=limits)})
    assert "too large" in refusal(bought(measure="sum", of="total", test=limits | {"low": -9.1e12})).message


def test_whatever_is_odd_in_a_rule_is_refused_at_a_path_that_is_there() -> None:
    rng = Random(5)

    errors: list[tuple[Any, BadSegmentError]] = []
    for _ in range(1_000):
        rule = chance.random_rule(rng, depth=3)
        holder, key = rng.choice(list(_places(rule)))
        holder[key] = rng.choice(ODD)
        try:
            reading.read_rule(rule if rng.random() < 0.5 else json.dumps(rule))
        except BadSegmentError as error:
            errors.append((rule, error))

    assert len(errors) > 700
    assert [error.path for rule, error in errors if not error.hint or not _is_there(rule, error.path)] == []


def _places(node: Any) -> Any:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield node, key
        yield from _places(value)


def _is_there(rule: Any, path: str) -> bool:
    for step in path.replace("[", ".[").split(".")[1:]:
        if step[0] == "[":
            rule = rule[int(step[1:-1])]
        elif step in rule:
            rule = rule[step]
        else:
            return False
    return True


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        (TAG, []),
        ({"type": "all", "conditions": []}, ["everybody"]),
        ({"type": "any", "conditions": []}, ["nobody"]),
        ({"type": "not", "condition": {"type": "any", "conditions": []}}, ["everybody"]),
        ({"type": "any", "conditions": [TAG, {"type": "sample", "percent": 100}]}, ["everybody"]),
        ({"type": "all", "conditions": [TAG, {"type": "sample", "percent": 0}]}, ["nobody"]),
        (bought(test={"op": "at_least", "value": 0}), ["everybody"]),
        (bought(test={"op": "less", "value": 0}), ["nobody"]),
        (bought(test={"op": "more", "value": -1}), ["everybody"]),
        (bought(test={"op": "more", "value": 0}), []),
        (bought(test={"op": "at_least", "value": 0.5}), []),
        (bought(test={"op": "less", "value": 0.5}), []),
        (bought(test={"op": "at_most", "value": 0}), []),
        (bought(test={"op": "at_most", "value": -0.5}), ["nobody"]),
        ({"type": "field", "name": "order_count", "test": {"op": "at_least", "value": 0}}, ["everybody"]),
        ({"type": "field", "name": "revenue_minor", "test": {"op": "at_least", "value": 0}}, []),
        ({"type": "sample", "percent": 50}, []),
        ({"type": "any", "conditions": [TAG, {"type": "not", "condition": TAG}]}, ["everybody"]),
        ({"type": "all", "conditions": [TAG, {"type": "not", "condition": TAG}]}, ["nobody"]),
        ({"type": "any", "conditions": [TAG, {"type": "any", "conditions": []}]}, ["part_of_nobody"]),
        ({"type": "all", "conditions": [TAG, {"type": "all", "conditions": []}]}, ["part_of_everybody"]),
    ],
)
def test_a_rule_for_everybody_or_nobody_is_read_but_warned_of(condition: Any, codes: list[str]) -> None:
    rule = reading.read_rule({"condition": condition})

    assert [warning.code for warning in reading.warnings(rule)] == codes


def test_a_rule_that_mentions_what_is_not_there_is_refused_with_the_place() -> None:
    listed = {"type": "list", "list_id": 7}
    others = [{"type": "segment", "segment_id": number} for number in (2, 3)]
    rule = reading.read_rule({"condition": {"type": "any", "conditions": [*others, listed]}})

    reading.require_known(rule, segments=[2, 3], lists=[7], layers={})
    with pytest.raises(BadSegmentError, match="There is no list 7"):
        reading.require_known(rule, segments=[2, 3], lists=[8], layers={})
    with pytest.raises(BadSegmentError, match="There is no segment 3") as caught:
        reading.require_known(rule, segments=[2], lists=[7], layers={})
    assert caught.value.path == "$.condition.conditions[1]"


@pytest.mark.parametrize(
    ("layer", "classes", "said"),
    [
        ("level", ["gold"], None),
        ("open", ["whatever"], None),  # a trait decides it, so any class may come
        ("lvel", ["gold"], "There is no layer “lvel”. | Known are: level, open. | $.condition.layer"),
        ("level", ["gold", "glod"],
         "The layer “level” has no class “glod”. | Known are: plain, gold. | $.condition.classes"),
    ],
)  # fmt: skip
def test_a_rule_on_a_layer_or_class_that_is_not_there_is_refused(
    layer: str, classes: list[str], said: str | None
) -> None:
    rule = reading.read_rule({"condition": {"type": "layer", "layer": layer, "classes": classes}})
    layers: dict[str, list[str]] = {"level": ["plain", "gold"], "open": []}

    try:
        reading.require_known(rule, segments=[], lists=[], layers=layers)
        answer = None
    except BadSegmentError as error:
        answer = f"{error.message} | {error.hint} | {error.path}"

    assert answer == said

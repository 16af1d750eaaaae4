from typing import Any

import pytest

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.metrics import Matcher, Metric, metrics_of
from fanwheel.cdp.segments.reading import read_rule

TRACK, PAGE = 1, 3


def metric(*, name: str = "Buy", of: str | None = None, kind: str = "track", where: Any = ()) -> Metric:
    return Metric.read({"event": {"name": name, "kind": kind, "where": where}, "of": of})


def is_(path: str, value: Any) -> dict[str, Any]:
    return {"type": "property", "path": path, "test": {"op": "is", "value": value}}


def matches(where: Any, properties: str) -> bool:
    return bool(Matcher({1: metric(where=where)}).read(TRACK, "Buy", properties))


def test_an_event_is_for_the_metrics_of_its_kind_and_name_whose_filters_pass() -> None:
    matcher = Matcher(
        {
            1: metric(),
            2: metric(where=[is_("city", "Paris")]),
            3: metric(where=[is_("city", "Rome")]),
            4: metric(kind="page"),
            5: metric(name="View"),
            6: metric(where=[is_("city", "Paris")], of="total"),
        }
    )

    assert matcher.read(TRACK, "Buy", '{"city": "Paris", "total": 12.9}') == [(1, None), (2, None), (6, 12_900_000)]
    assert matcher.read(PAGE, "Buy", "{}") == [(4, None)]
    assert matcher.read(TRACK, "Sold", "{}") == []
    assert matcher.names == {(TRACK, "Buy"), (PAGE, "Buy"), (TRACK, "View")}


def test_properties_are_read_only_where_they_matter() -> None:
    matcher = Matcher({1: metric(), 2: metric(name="View"), 3: metric(name="View", of="price")})

    assert [matcher.needs_properties(TRACK, name) for name in ("Buy", "View", "Sold")] == [False, True, False]
    assert matcher.read(TRACK, "Buy", "") == [(1, None)]


@pytest.mark.parametrize(
    ("value", "micros"),
    [
        ("12.9", 12_900_000),
        ("1.005", 1_005_000),
        ("0.1234565", 123_457),  # halves go upwards
        ("-0.1234565", -123_456),
        ("0.0000004", 0),
        ("9e12", 9 * 10**18),
        ("-9000000000000", -9 * 10**18),
        ("9000000000000.1", None),  # beyond what 64 bits of millionths hold
        ("1e400", None),
        ("1" + "0" * 400, None),
        ("1" + "0" * 5_000, None),
        ('"12.9"', None),
        ("true", None),
        ("null", None),
        ("[12.9]", None),
    ],
)
def test_the_number_of_an_event_is_read_to_six_decimals(value: str, micros: int | None) -> None:
    read = Matcher({1: metric(of="total")}).read(TRACK, "Buy", f'{{"total": {value}}}')

    assert read == ([] if micros is None else [(1, micros)])


@pytest.mark.parametrize(
    ("test", "value", "passes"),
    [
        ({"op": "is", "value": 1}, "1.0", True),
        ({"op": "is", "value": 1}, "true", False),
        ({"op": "is", "value": True}, "1", False),
        ({"op": "is", "value": True}, "true", True),
        ({"op": "one_of", "values": [1, "1"]}, '"1"', True),
        ({"op": "one_of", "values": [2, True]}, "1", False),
        ({"op": "is", "value": 9007199254740993}, "9007199254740992", True),  # the same to 64 bits
        ({"op": "more", "value": 1e300}, "1e400", True),
        ({"op": "less", "value": 0}, "-1" + "0" * 400, True),
        ({"op": "at_least", "value": 3}, '"3"', False),
        ({"op": "exists"}, '""', True),
        ({"op": "exists"}, "null", False),
        ({"op": "missing"}, "null", True),
        ({"op": "missing"}, "[]", False),
        ({"op": "contains", "value": "ari"}, '"Paris"', True),
        ({"op": "contains", "value": "ari"}, '["Paris"]', False),
        ({"op": "contains", "value": "Paris"}, '["Paris", 3]', True),
        ({"op": "contains", "value": "3"}, "[3]", False),
        ({"op": "starts_with", "value": "巴"}, '"\\u5df4\\u9ece"', True),
        ({"op": "is", "value": "e\u0301"}, '"é"', False),
        ({"op": "before", "at": "2026-03-01T00:00:00Z"}, '"2026-03-01T00:59:59.999999+01:00"', True),
        ({"op": "before", "at": "2026-03-01T00:00:00Z"}, '"2026-03-01"', False),
        ({"op": "after", "at": "2026-03-01T00:00:00Z"}, '"2026-03-01"', True),
        ({"op": "after", "at": "2026-03-01T00:00:00Z"}, "1900000000", False),
    ],
)
def test_a_property_passes_or_not(test: dict[str, Any], value: str, passes: bool) -> None:
    where = [{"type": "property", "path": "a.b", "test": test}]

    assert matches(where, f'{{"a": {{"b": {value}}}}}') is passes


@pytest.mark.parametrize(
    ("properties", "passes"),
    [
        ('{"products": [{"sku": "tea", "n": 2}, {"sku": "cup", "n": 1}]}', False),  # not both of one product
        ('{"products": [{"sku": "cup", "n": 1}, {"sku": "tea", "n": 1}]}', True),
        ('{"products": ["tea", null, {"sku": "tea", "n": 1}]}', True),
        ('{"products": [], "sku": "tea", "n": 1}', False),
        ('{"products": null, "sku": "tea", "n": 1}', True),
        ('{"products": {"sku": "cup"}, "sku": "tea", "n": 1}', True),
        ('{"sku": "tea"}', False),
    ],
)
def test_one_product_must_pass_every_test(properties: str, passes: bool) -> None:
    assert matches([{"type": "product", "where": [is_("sku", "tea"), is_("n", 1)]}], properties) is passes


@pytest.mark.parametrize(
    "properties", ["", "no JSON", "[]", "null", '{"a": {"b": "x"}', '{"a": [{"b": 1}]}', '{"a.b": 1}']
)
def test_what_cannot_be_read_has_no_properties(properties: str) -> None:
    assert not matches([is_("a.b", 1)], properties)


def test_a_metric_is_the_same_whatever_the_window_and_the_threshold() -> None:
    def bought(**more: Any) -> Any:
        return {"type": "event", "event": {"name": "Buy"}, "test": {"op": "at_least", "value": 1}} | more

    several = [bought(), bought(within={"amount": 1, "unit": "days"}), bought(measure="last", test={"op": "exists"})]
    steps = {"type": "sequence", "steps": [{"name": "Buy"}, {"name": "View"}], "within": {"amount": 1, "unit": "days"}}
    rule = read_rule({"condition": {"type": "any", "conditions": [*several, {"type": "not", "condition": steps}]}})

    assert metrics_of(rule) == {metric(), metric(name="View")}
    assert metrics_of(rule) != {metric(), metric(name="View", of="price")}


def test_a_metric_keeps_its_key_when_it_is_stored() -> None:
    known = metric(where=[is_("flag", True)], of="total")

    assert Metric.read(known.spec.decode()) == known
    assert Metric.read(known.spec).key == known.key
    assert known.key.hex == "b843ee4867cbbf460b652dacd6796e71"


def test_true_and_one_make_two_metrics() -> None:
    flag, number = metric(where=[is_("flag", True)]), metric(where=[is_("flag", 1)])

    assert isinstance(flag.event, tree.Selector)
    assert flag != number
    assert flag.key != number.key

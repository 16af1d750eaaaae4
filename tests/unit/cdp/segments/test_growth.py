"""Whoever has only done more of the same is left alone where that cannot move them."""

from typing import Any

import pytest

from fanwheel.cdp.segments.live.book import LATER, Book
from fanwheel.cdp.segments.live.contracts import RuleRow
from fanwheel.cdp.segments.live.growth import Growth
from fanwheel.cdp.segments.live.repository import Stand
from fanwheel.cdp.segments.metrics import metrics_of
from fanwheel.cdp.segments.reading import read_rule

WEEK = {"amount": 7, "unit": "days"}


def did(op: str = "at_least", value: float = 2, name: str = "Bought", **more: Any) -> dict[str, Any]:
    return {"type": "event", "event": {"name": name}, "test": {"op": op, "value": value}, **more}


def field(name: str, **test: Any) -> dict[str, Any]:
    return {"type": "field", "name": name, "test": test}


def both(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"type": "all", "conditions": list(conditions)}


def without(condition: dict[str, Any]) -> dict[str, Any]:
    return {"type": "not", "condition": condition}


AWAY = field("last_seen_at", op="longer_ago", span=WEEK)
STEPS = {"type": "sequence", "steps": [{"name": "Looked"}, {"name": "Bought"}], "within": WEEK}


def is_left(condition: dict[str, Any], *, is_in: bool, grew: str = "Bought", stamp: bytes | None = None) -> bool:
    rule = read_rule({"version": 1, "condition": condition})
    metrics = {metric: number for number, metric in enumerate(sorted(metrics_of(rule), key=lambda each: each.spec), 1)}
    told = {"version": 1, "condition": condition}
    book = Book([RuleRow(5, "live", told, told)], metrics)
    grown = [number for metric, number in metrics.items() if metric.event.name == grew]
    return Growth(book, metrics).leaves(
        Stand([5] if is_in else [], book.stamp if stamp is None else stamp), (*LATER, *grown)
    )


@pytest.mark.parametrize(
    ("condition", "inside", "outside"),
    [
        (did(), True, False),
        (did(within=WEEK), True, False),
        (did("more", 1), True, False),
        (did("at_most"), False, True),
        (did("less"), False, True),
        (without(did()), False, True),
        (without(without(did())), True, False),
        (did("is", 2), False, False),
        (did() | {"test": {"op": "between", "low": 1, "high": 2}}, False, False),
        (did(measure="sum", of="total"), False, False),  # numbers may be below zero
        (did(measure="last") | {"test": {"op": "longer_ago", "span": WEEK}}, False, False),
        (STEPS, False, False),
        (AWAY, False, True),
        (field("last_seen_at", op="within_last", span=WEEK), False, False),  # the newest may be yet to come
        (field("last_seen_at", op="after", at="2026-01-01T00:00:00Z"), True, False),
        (field("event_count", op="at_most", value=9), False, True),
        (field("order_count", op="is", value=1), True, True),  # orders are never merely seen
        (both(did(), {"type": "tag", "tag": "vip"}), True, False),
        (both(did(), AWAY), False, False),
        (both(did(name="Looked"), without(did())), False, True),
    ],
)
def test_what_growth_cannot_turn_is_left_as_it_is(condition: dict[str, Any], inside: bool, outside: bool) -> None:
    assert (is_left(condition, is_in=True), is_left(condition, is_in=False)) == (inside, outside)


def test_other_events_do_not_matter() -> None:
    assert is_left(did(), is_in=False, grew="Looked")


def test_whoever_was_judged_by_other_rules_is_judged_again() -> None:
    assert not is_left(did(), is_in=True, stamp=b"")

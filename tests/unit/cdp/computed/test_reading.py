"""Formulas are read as they are written; what cannot be meant is refused with the place and a remedy."""

import re
from pathlib import Path
from typing import Any

import pytest

from fanwheel.cdp.computed import TEMPLATES, BadFormulaError, Template, formula_json, read_formula, type_of
from fanwheel.cdp.computed.formula import AGGREGATES

PAGE = Path(__file__).parents[4] / "docs/reference/computed-traits.md"
BOUGHT = {"name": "Bought"}
COUNT = {"of": "count", "event": BOUGHT}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_every_template_is_a_formula_of_its_type(template: Template) -> None:
    formula = read_formula(template.formula)

    assert type_of(formula) == template.type
    assert read_formula(formula_json(formula)) == formula


def test_what_is_stored_says_its_version_and_is_written_alike() -> None:
    one = read_formula({"window": {"unit": "days", "amount": 3}, "event": BOUGHT, "of": "count"})
    other = read_formula(
        b'{"of": "count", "version": 1, "event": {"name": "Bought"}, "window": {"amount": 3, "unit": "days"}}'
    )

    assert formula_json(one) == formula_json(other)
    assert '"version":1' in formula_json(one)


def test_metrics_of_numbers_are_shared_with_rules_and_those_of_words_are_not() -> None:
    summed = read_formula({"of": "sum", "event": BOUGHT, "path": "total"})
    largest = read_formula({"of": "max", "event": BOUGHT, "path": "total", "window": {"amount": 1, "unit": "weeks"}})
    told = read_formula({"of": "distinct", "event": BOUGHT, "path": "total"})

    assert summed.metrics == largest.metrics
    assert summed.metrics != told.metrics
    assert summed.metrics[0].spec == b'{"event":{"name":"Bought"},"of":"total"}'


@pytest.mark.parametrize(
    ("formula", "path", "said"),
    [
        (b"{", "$", "not JSON"),
        (b"[]", "$", "object"),
        ({}, "$.of", "missing"),
        ({"of": "median", "event": BOUGHT}, "$.of", "median"),
        ({"of": "count"}, "$.event", "which events"),
        ({"of": "count", "events": []}, "$.event", "which events"),
        ({"of": "count", "event": BOUGHT, "events": [BOUGHT]}, "$.events", "together"),
        ({"of": "count", "events": [BOUGHT] * 11}, "$.events", "up to 10"),
        ({"of": "count", "events": [BOUGHT, {"title": "x"}]}, "$.events[1]", "title"),
        (COUNT | {"event": {"name": "Bought", "kind": "click"}}, "$.event.kind", "click"),
        (
            COUNT | {"event": {"name": "B", "where": [{"type": "property", "path": "a", "test": {"op": "near"}}]}},
            "$.event.where[0].test.op",
            "near",
        ),
        (COUNT | {"per": "day"}, "$.per", "no field"),
        (COUNT | {"path": "total"}, "$.path", "no meaning"),
        (COUNT | {"limit": 3}, "$.limit", "no meaning"),
        ({"of": "sum", "event": BOUGHT}, "$.path", "missing"),
        ({"of": "sum", "event": BOUGHT, "path": "products.price"}, "$.path", "single products"),
        ({"of": "distinct", "event": BOUGHT, "path": "a..b"}, "$.path", "leads nowhere"),
        ({"of": "top", "event": BOUGHT, "path": "topic", "limit": 0}, "$.limit", "1 to 20"),
        (COUNT | {"window": {"amount": 0, "unit": "days"}}, "$.window.amount", "no span"),
        (COUNT | {"window": "30d"}, "$.window", "no span"),
        (COUNT | {"version": 2}, "$.version", "not known"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place_and_a_remedy(formula: Any, path: str, said: str) -> None:
    with pytest.raises(BadFormulaError) as refused:
        read_formula(formula)

    assert refused.value.path == path
    assert said in refused.value.message
    assert refused.value.hint


def test_every_example_of_the_page_is_a_formula_and_every_aggregate_is_on_it() -> None:
    page = PAGE.read_text()
    examples = re.findall(r"```json\n(.*?)```", page, re.DOTALL)

    assert len([read_formula(example) for example in examples]) >= 6
    assert [of for of in AGGREGATES if f"`{of}`" not in page] == []

"""Macros expand the same way whatever stands around them, and nothing else in a statement changes."""

import re
from pathlib import Path

import pytest

from fanwheel.infra.engine.dialect import DUCKDB, MACROS, SPARK
from fanwheel.infra.engine.errors import BadStatementError


@pytest.mark.parametrize(
    ("sql", "duckdb", "spark"),
    [
        ("SELECT 1", "SELECT 1", "SELECT 1"),
        ("SELECT %(a)s + %(b)s", "SELECT $a + $b", "SELECT :a + :b"),
        ("SELECT @epoch_us(t)", "SELECT epoch_us(t)", "SELECT unix_micros(t)"),
        ("@int_div(f(a, b), 2)", "(f(a, b) // 2)", "(f(a, b) div 2)"),  # commas inside a call are its own
        ("@int_div(@epoch_us(t), %(n)s)", "(epoch_us(t) // $n)", "(unix_micros(t) div :n)"),
        ("@arg_min(a, t, (i))", "arg_min_null(a, row(t, (i)))", "min_by(a, struct(t, (i)))"),
        ("SELECT '@day(%(x)s, )' AS \"@day(\"", "SELECT '@day(%(x)s, )' AS \"@day(\"", None),  # text stays text
        ("SELECT 'it''s' -- @nothing( here\n, 2", "SELECT 'it''s' \n, 2", None),
        ("@join_list(x, ', (')", "array_to_string(x, ', (')", "array_join(x, ', (')"),
        ("@json_text(j, 'a b')", "json_extract_string(j, '$.\"a b\"')", "get_json_object(j, '$[\\'a b\\']')"),
    ],
)
def test_a_statement_expands(sql: str, duckdb: str, spark: str | None) -> None:
    assert DUCKDB.render(sql).text == duckdb
    assert SPARK.render(sql).text == (duckdb if spark is None else spark)


def test_the_names_of_parameters_are_told() -> None:
    rendered = DUCKDB.render("SELECT @day(t, %(zone)s) FROM x WHERE n > %(n)s -- %(comment)s")

    assert rendered.names == {"zone", "n"}


@pytest.mark.parametrize(
    "sql",
    [
        "@no_such_macro(1)",
        "@int_div(1)",
        "@int_div(1, 2, 3)",
        "@int_div(1, )",
        "@arg_min(a)",
        "@int_div(1, 2",
        "SELECT (1",
        "SELECT 1)",
        "@json_text(j, key)",  # a key is a literal, so that no column can smuggle in a path
        "@json_text(j, 'a\"]')",
    ],
)
def test_a_wrong_statement_is_refused(sql: str) -> None:
    with pytest.raises(BadStatementError):
        DUCKDB.render(sql)


def test_every_macro_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/dialect.md").read_text(encoding="utf-8")

    assert {found[1] for found in re.finditer(r"^\| `@(\w+)\(", page, re.MULTILINE)} == MACROS

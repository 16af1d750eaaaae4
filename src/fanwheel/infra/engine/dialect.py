"""The few places where DuckDB and Spark spell the same thing differently, as macros.

A statement is written once in the SQL that both engines share. Where they differ it calls
a macro, ``@day(occurred_at, %(zone)s)``, and names its parameters ``%(zone)s``. Expansion
knows strings, comments and nested calls; it never sees a value, so it cannot be injected into.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from fanwheel.infra.engine.errors import BadStatementError

_TOKEN: Final = re.compile(
    r"(?P<comment>--[^\n]*)|(?P<text>'(?:[^']|'')*')|(?P<quoted>\"[^\"]*\")"
    r"|@(?P<macro>\w+)\(|%\((?P<param>\w+)\)s|(?P<open>\()|(?P<close>\))|(?P<comma>,)"
)
_KEY: Final = re.compile(r"'[\w ]+'")

# How many arguments (a negative number: at least so many), DuckDB's form, Spark's form. In a form {0} and {1} are
# the arguments, {rest} all but the first, {key} the second as a JSON path.
_MACROS: Final[Mapping[str, tuple[int, str, str]]] = MappingProxyType(
    {
        "json_text": (2, "json_extract_string({0}, {key})", "get_json_object({0}, {key})"),
        "json_number": (
            2,
            "TRY_CAST(json_extract_string({0}, {key}) AS DOUBLE)",
            "TRY_CAST(get_json_object({0}, {key}) AS DOUBLE)",
        ),
        "day": (2, "CAST(timezone({1}, {0}) AS DATE)", "CAST(from_utc_timestamp({0}, {1}) AS DATE)"),
        "epoch_us": (1, "epoch_us({0})", "unix_micros({0})"),
        "days_between": (2, "date_diff('day', {0}, {1})", "date_diff({1}, {0})"),
        "month_start": (1, "CAST(date_trunc('month', {0}) AS DATE)", "trunc({0}, 'MM')"),
        "week_start": (1, "CAST(date_trunc('week', {0}) AS DATE)", "trunc({0}, 'WEEK')"),
        "date_text": (1, "strftime({0}, '%Y-%m-%d')", "date_format({0}, 'yyyy-MM-dd')"),
        "arg_min": (-2, "arg_min_null({0}, row({rest}))", "min_by({0}, struct({rest}))"),
        "arg_max": (-2, "arg_max_null({0}, row({rest}))", "max_by({0}, struct({rest}))"),
        "list_by": (
            2,
            "list({0} ORDER BY {1} NULLS FIRST, {0} NULLS FIRST)",
            "transform(array_sort(collect_list(struct({1} AS k, {0} AS v))), pair -> pair.v)",
        ),
        "join_list": (2, "array_to_string({0}, {1})", "array_join({0}, {1})"),
        "explode": (1, "unnest({0})", "explode({0})"),
        "quantile": (2, "quantile_cont({0}, {1})", "percentile({0}, {1})"),
        "int_div": (2, "({0} // {1})", "({0} div {1})"),
        "lag_known": (1, "lag({0} IGNORE NULLS)", "lag({0}) IGNORE NULLS"),
        "last_known": (1, "last_value({0} IGNORE NULLS)", "last_value({0}) IGNORE NULLS"),
        "matches": (2, "regexp_matches({0}, {1})", "({0} RLIKE {1})"),
        # A value of JSON: Spark keeps it parsed, DuckDB as its text. null is NULL in Spark, and only "is_known" tells.
        "json_value": (1, "{0}", "try_parse_json({0})"),
        "is_known": (1, "({0} IS NOT NULL AND {0} <> 'null')", "({0} IS NOT NULL)"),
        "json_at": (
            2,
            "TRY(json_extract({0}, {1}))",
            "CASE WHEN schema_of_variant(try_variant_get({0}, {1}, 'variant')) <> 'VOID'"
            " THEN try_variant_get({0}, {1}, 'variant') END",
        ),
        "text_of": (
            1,
            "CASE WHEN starts_with({0}, '\"') THEN json_extract_string({0}, '$') END",
            "CASE WHEN schema_of_variant({0}) = 'STRING' THEN CAST({0} AS STRING) END",
        ),
        # Both sides are written by the same hand, so that equal texts are equal JSON; cheaper than reading one of them.
        "is_text": (
            2,
            "({0} = CAST(to_json({1}) AS VARCHAR))",
            "(schema_of_variant({0}) = 'STRING' AND CAST({0} AS STRING) = {1})",
        ),
        "number_of": (
            1,
            "TRY_CAST(CAST({0} AS VARCHAR) AS DOUBLE)",
            "CASE WHEN schema_of_variant({0}) RLIKE '^(BIGINT|DECIMAL|DOUBLE|FLOAT)' THEN TRY_CAST({0} AS DOUBLE) END",
        ),
        "flag_of": (
            1,
            "CASE CAST({0} AS VARCHAR) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END",
            "CASE WHEN schema_of_variant({0}) = 'BOOLEAN' THEN CAST({0} AS BOOLEAN) END",
        ),
        "texts_of": (
            1,
            "CASE WHEN starts_with({0}, '[') THEN list_transform(list_filter(json_extract({0}, '$[*]'),"
            " lambda item: starts_with(item, '\"')), lambda item: json_extract_string(item, '$')) END",
            "CASE WHEN schema_of_variant({0}) LIKE 'ARRAY%' THEN transform(filter(CAST({0} AS ARRAY<VARIANT>),"
            " item -> schema_of_variant(item) = 'STRING'), item -> CAST(item AS STRING)) END",
        ),
        # Whether a condition on "item" holds of one of the products: of objects in the list, or of all there is.
        "any_product": (
            2,
            "len(list_filter(CASE WHEN TRY(json_type({0}, '$.products')) = 'ARRAY'"
            " THEN json_extract({0}, '$.products[*]') ELSE [CAST({0} AS JSON)] END,"
            " lambda item: starts_with(item, '{{') AND {1})) > 0",
            "exists(CASE WHEN schema_of_variant(try_variant_get({0}, '$.products', 'variant')) LIKE 'ARRAY%'"
            " THEN try_variant_get({0}, '$.products', 'array<variant>') ELSE array({0}) END,"
            " item -> schema_of_variant(item) LIKE 'OBJECT%' AND coalesce({1}, FALSE))",
        ),
        "instant": (1, "TRY_CAST({0} AS TIMESTAMPTZ)", "TRY_CAST({0} AS TIMESTAMP)"),
        "from_epoch_us": (1, "make_timestamptz({0})", "timestamp_micros({0})"),
        "begins": (2, "starts_with({0}, {1})", "startswith({0}, {1})"),
        "has": (2, "list_contains({0}, {1})", "array_contains({0}, {1})"),
        "place_in": (2, "list_position({0}, {1})", "CAST(nullif(array_position({0}, {1}), 0) AS INT)"),
        "item": (2, "list_extract({0}, {1})", "element_at({0}, {1})"),
        "hex_number": (1, "CAST(concat('0x', {0}) AS BIGINT)", "CAST(conv({0}, 16, 10) AS BIGINT)"),
    }
)
MACROS: Final = frozenset(_MACROS)
_SPARK_COLUMN: Final = 2


@dataclass(frozen=True, slots=True)
class Rendered:
    """A statement in one engine's words, with the names of the parameters it uses."""

    text: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one engine spells macros and parameters."""

    name: str
    column: int
    parameter: str

    def path(self, steps: Sequence[str]) -> str:
        """What ``json_at`` takes as the path through these keys of objects; always a parameter, never text."""
        if self.column == _SPARK_COLUMN:
            return "$" + "".join("['" + step.replace("'", "\\'") + "']" for step in steps)
        if any(step == "" or "*" in step for step in steps):
            # In a path these have a meaning of their own; in a pointer they have not.
            return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
        return "$" + "".join('."' + step.replace("\\", "\\\\").replace('"', '\\"') + '"' for step in steps)

    def render(self, sql: str) -> Rendered:
        """``sql`` in this engine's words; raises ``BadStatementError`` for an unknown macro or wrong arguments."""
        return _render(self, sql)


DUCKDB: Final = Dialect("duckdb", 1, "$")
SPARK: Final = Dialect("spark", _SPARK_COLUMN, ":")


@lru_cache(maxsize=256)
def _render(dialect: Dialect, sql: str) -> Rendered:
    names: set[str] = set()
    text, end = _expand(dialect, sql, 0, names)
    if end != len(sql):
        raise BadStatementError(f"Unbalanced parenthesis at character {end}.")
    return Rendered(text[0], frozenset(names))


def _expand(dialect: Dialect, sql: str, start: int, names: set[str], *, call: bool = False) -> tuple[list[str], int]:
    """Expand until the closing parenthesis that ends ``call``, or to the end; return the arguments and where."""
    args, here, depth = [""], start, 0
    while token := _TOKEN.search(sql, here):
        args[-1] += sql[here : token.start()]
        here = token.end()
        kind = token.lastgroup
        if kind == "macro":
            inner, here = _expand(dialect, sql, here, names, call=True)
            args[-1] += _apply(dialect, token["macro"], inner)
            continue
        if kind == "param":
            names.add(token["param"])
            args[-1] += dialect.parameter + token["param"]
            continue
        if kind == "close" and depth == 0:
            if not call:
                raise BadStatementError(f"Unbalanced parenthesis at character {token.start()}.")
            return args, here
        depth += {"open": 1, "close": -1}.get(kind or "", 0)
        if kind == "comma" and call and depth == 0:
            args.append("")
        elif kind != "comment":
            args[-1] += token[0]
    if call or depth:
        raise BadStatementError("A parenthesis is not closed.")
    args[-1] += sql[here:]
    return args, len(sql)


def _apply(dialect: Dialect, name: str, raw: Sequence[str]) -> str:
    if name not in _MACROS:
        raise BadStatementError(f"@{name} is not a macro.", hint=f"Known: {', '.join(sorted(_MACROS))}.")
    args = [arg.strip() for arg in raw]
    wanted, *forms = _MACROS[name]
    if "" in args or (len(args) != wanted if wanted > 0 else len(args) < -wanted):
        raise BadStatementError(f"@{name} takes {abs(wanted)} arguments{' or more' if wanted < 0 else ''}.")
    key = ""
    if "{key}" in forms[0]:
        if not _KEY.fullmatch(args[1]):
            raise BadStatementError(f"@{name} takes a plain quoted key, not {args[1]}.")
        key = _path(dialect, args[1])
    return forms[dialect.column - 1].format(*args, key=key, rest=", ".join(args[1:]))


def _path(dialect: Dialect, key: str) -> str:
    name = key.strip("'")
    return f"'$.\"{name}\"'" if dialect.column == 1 else f"'$[\\'{name}\\']'"

"""Which events belong to which metrics, as the beginning of a statement: one scan for all of them.

Only events of the names that are asked for are read. What their filters ask of properties is taken out of the JSON
once for each path, and of events of that name alone.
"""

from collections.abc import Sequence
from typing import Final

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic import values
from fanwheel.cdp.segments.analytic.params import Params, either, listed
from fanwheel.cdp.segments.analytic.values import Place
from fanwheel.cdp.segments.metrics import KIND_NUMBERS, Metric
from fanwheel.cdp.segments.rules.filters import split_path

_PROPERTIES: Final = "@json_value(properties)"
_Named = tuple[str, str]  # kind and name


class Selection:
    """Metrics as columns: ``e<n>`` is TRUE of the events of metric n, ``n<n>`` is the number it reads, in millionths.

    ``at_us`` is when an event occurred, ``past_us`` the same or NULL if that is yet to come.

    Parameters
    ----------
    since_us : events that occurred before it may be left out; None to read all
    also : columns of events that are handed on as they are
    """

    def __init__(
        self, metrics: Sequence[Metric], params: Params, place: Place, *, since_us: int | None, also: Sequence[str] = ()
    ) -> None:
        self._params = params
        self._place = place
        self._since_us = since_us
        self._also = list(also)
        self._taken: dict[str, str] = {}
        self._numbers = {metric: number for number, metric in enumerate(dict.fromkeys(metrics))}
        self._is_one_name = len({(metric.event.kind, metric.event.name) for metric in self._numbers}) == 1
        self._met = [column for metric in self._numbers for column in self._columns(metric)]

    def event(self, metric: Metric) -> str:
        """What is TRUE of a metric's events: a column, or just that if there are no others."""
        if self._is_one_name and not metric.event.where and metric.of is None:
            return "TRUE"
        return f"e{self._numbers[metric]}"

    def number(self, metric: Metric) -> str:
        """The column of the numbers that a metric reads."""
        return f"n{self._numbers[metric]}"

    def tables(self) -> list[str]:
        """The tables ``named``, ``said`` and ``met``, the last with the columns, to begin a WITH."""
        said = [f"{expression} AS {column}" for expression, column in self._taken.items()]
        person = "coalesce(person_map.person_id, named.home_id) AS person_id"
        past = f"CASE WHEN at_us <= {self._params.add(self._place.now)} THEN at_us END AS past_us"
        return [
            "named AS (" + self._named() + ")",
            "said AS (\nSELECT " + listed([person, "named.home_id", "at_us", past, "kind", "name", *self._also, *said])
            + "\n  FROM named\n  LEFT JOIN person_map ON person_map.home_id = named.home_id\n)",
            "met AS (\nSELECT " + listed(["person_id", "home_id", "at_us", "past_us", *self._also, *self._met])
            + "\n  FROM said\n)",
        ]  # fmt: skip

    def _named(self) -> str:
        """The events of the names that are asked for; properties are read only where some filter looks at them."""
        looks: dict[_Named, bool] = {}
        for metric in self._numbers:
            named = (metric.event.kind, metric.event.name)
            looks[named] = looks.get(named, False) or bool(metric.event.where) or metric.of is not None
        scans = []
        for is_looked_at, properties in ((False, "CAST(NULL AS STRING) AS properties"), (True, "properties")):
            if names := [named for named, looked in looks.items() if looked is is_looked_at]:
                columns = ["home_id", "@epoch_us(occurred_at) AS at_us", "kind", "name", *self._also, properties]
                rows = [
                    "",
                    "SELECT " + listed(columns),
                    f"  FROM {self._place.events}",
                    f" WHERE {self._where(names)}",
                    "",
                ]
                scans.append("\n".join(rows))
        return "UNION ALL".join(scans)

    def _where(self, names: Sequence[_Named]) -> str:
        kinds: dict[str, list[str]] = {}
        for kind, name in names:
            kinds.setdefault(kind, []).append(self._params.add(name))
        of_kinds = [f"kind = {KIND_NUMBERS[kind]} AND name IN ({', '.join(held)})" for kind, held in kinds.items()]
        where = either([f"({each})" for each in of_kinds] if len(of_kinds) > 1 else of_kinds, "OR")
        if self._since_us is None:
            return where
        return f"{where}\n   AND occurred_at >= @from_epoch_us({self._params.add(self._since_us)})"

    def _columns(self, metric: Metric) -> list[str]:
        """What ``met`` has of a metric."""
        passes = [self._passes(metric.event, wanted) for wanted in metric.event.where]
        columns = []
        if metric.of is not None:
            number = values.micros(f"@number_of({self._take(metric.event, split_path(metric.of))})")
            columns.append(f"{number} AS n{self._numbers[metric]}")
            passes.append(f"{number} IS NOT NULL")
        found = either(passes, "AND") if passes else "TRUE"
        return [*columns, f"{self._of(metric.event, found)} AS e{self._numbers[metric]}"]

    def _passes(self, event: tree.Selector, wanted: tree.Property | tree.Product) -> str:
        if isinstance(wanted, tree.Property):
            return values.of_json(wanted.test, self._take(event, split_path(wanted.path)), self._params)
        tests = [
            values.of_json(each.test, f"@json_at(item, {self._path(each.path)})", self._params) for each in wanted.where
        ]
        return self._put(event, f"@any_product({_PROPERTIES}, {either(tests, 'AND')})")

    def _take(self, event: tree.Selector, steps: Sequence[str]) -> str:
        """The column of what the events of a name have at a path."""
        return self._put(event, f"@json_at({_PROPERTIES}, {self._params.add_path(steps)})")

    def _put(self, event: tree.Selector, expression: str) -> str:
        return self._taken.setdefault(self._of(event, expression), f"j{len(self._taken)}")

    def _path(self, path: str) -> str:
        return self._params.add_path(split_path(path))

    def _of(self, event: tree.Selector, expression: str) -> str:
        """``expression`` for events of one name alone."""
        if self._is_one_name:
            return expression
        # A CASE is worked out for its own rows, a conjunction for all.
        name = self._params.add(event.name)
        return f"CASE WHEN kind = {KIND_NUMBERS[event.kind]} AND name = {name} THEN {expression} END"

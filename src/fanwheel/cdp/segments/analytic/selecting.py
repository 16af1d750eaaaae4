"""Which events belong to which metrics, as a statement: one scan for all of them.

Only events of the names that are asked for are read. What their filters ask of properties is taken out of the JSON
once for each path, and of events of that name alone. Events of different names never meet, so they share columns.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic import values
from fanwheel.cdp.segments.analytic.params import Params, either, select
from fanwheel.cdp.segments.analytic.values import Place
from fanwheel.cdp.segments.metrics import KIND_NUMBERS, Metric
from fanwheel.cdp.segments.rules.filters import split_path

_PROPERTIES: Final = "@json_value(properties)"
_FEW: Final = 5
_Named = tuple[int, str]  # the number of a kind, and a name
_Columns = dict[_Named, dict[str, int]]  # expressions with their places among those of events of one name


class Selection:
    """Metrics as columns: which events they take, and the numbers that they read, in millionths.

    ``number`` tells the names apart, ``at_us`` is when an event occurred.

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
        every = list(dict.fromkeys(metrics))
        self._names = {name: number for number, name in enumerate(sorted(set(map(named, every))), 1)}
        self._taken: _Columns = {name: {} for name in self._names}
        self._bought: _Columns = {name: {} for name in self._names}
        self._passed: _Columns = {name: {} for name in self._names}
        self._read: _Columns = {name: {} for name in self._names}
        self._told = {metric: self._tell(metric) for metric in every}

    def name(self, metric: Metric) -> int:
        """The number of a metric's name among events."""
        return self._names[named(metric)]

    def event(self, metric: Metric, *, is_named: bool = False) -> str:
        """What is TRUE of a metric's events, and FALSE or NULL of others; ``is_named`` if all are of its name."""
        passed, read = self._told[metric]
        parts = [] if is_named else [f"number = {self.name(metric)}"]
        parts += [passed] if passed else []
        parts += [f"{read} IS NOT NULL"] if read else []
        return either(parts, "AND") if parts else "TRUE"

    def number(self, metric: Metric) -> str:
        """The column of the numbers that a metric reads; of its own events alone."""
        return self._told[metric][1] or "NULL"

    @property
    def taken(self) -> list[str]:
        """The columns with what filters and numbers need of events' properties, each with what it is."""
        names = list(self._names)
        return [*self._merged(self._taken, "j", names), *self._merged(self._bought, "p", names)]

    def columns(self, numbers: Collection[int]) -> list[str]:
        """What metrics of some names need beside ``number``, each with what it is in terms of ``taken``."""
        names = [name for name, number in self._names.items() if number in numbers]
        return [*self._merged(self._passed, "e", names), *self._merged(self._read, "n", names)]

    def said(self, *, events: str | None = None, where: str = "", homes: str = "person_map") -> list[str]:
        """The tables ``named`` and ``said``, the last with what is taken of events, to begin a WITH.

        ``where`` says which of ``events`` are read; ``homes`` has the persons to whom homes belong, if these are not
        what they are called; ``is_moved`` says that there is one.
        """
        person = f"coalesce({homes}.person_id, named.home_id) AS person_id"
        moved = f"{homes}.person_id IS NOT NULL AS is_moved"
        kept = [person, moved, "named.home_id", "at_us", "number", *self._also, *self.taken]
        return [
            "named AS (\n" + self._scan(events or self._place.events, where) + "\n)",
            "said AS (\n" + select(kept, f"named\n  LEFT JOIN {homes} ON {homes}.home_id = named.home_id") + "\n)",
        ]

    def tables(self) -> list[str]:
        """The tables ``named``, ``said`` and ``met``, the last with the columns of all metrics, to begin a WITH."""
        kept = ["person_id", "home_id", "at_us", "number", *self._also, *self.columns(self._names.values())]
        return [*self.said(), "met AS (\n" + select(kept, "said") + "\n)"]

    @property
    def _looks(self) -> bool:
        """Whether any metric looks at what events say."""
        return any([*self._taken.values(), *self._bought.values()])

    def _scan(self, events: str, where: str) -> str:
        """The events of the names that are asked for; properties are read only where some filter looks at them."""
        properties = ["properties"] if self._looks else []
        columns = ["home_id", "@epoch_us(occurred_at) AS at_us", f"{self._numbering()} AS number"]
        conditions = [self._asked(), *([where] if where else [])]
        if self._since_us is not None:
            conditions.append(f"occurred_at >= @from_epoch_us({self._params.add(self._since_us)})")
        return select([*columns, *self._also, *properties], events, *conditions)

    def _asked(self) -> str:
        """Whether an event is of a name that is asked for."""
        parts = [f"kind = {kind} AND {self._is_one_of(names)}" for kind, names in self._kinds().items()]
        return parts[0] if len(parts) == 1 else either([f"({part})" for part in parts], "OR")

    def _is_one_of(self, names: Sequence[str]) -> str:
        if len(names) <= _FEW:
            return f"name IN ({', '.join(self._params.add(name) for name in names)})"
        # DuckDB joins with a longer list of names row by row, but asks a function once for each name that there is.
        return f"@has({self._params.add_list(names)}, name)"

    def _numbering(self) -> str:
        """The number of an event's name."""
        places: dict[int, str] = {}
        begin = 0
        for kind, names in self._kinds().items():
            places[kind] = f"@place_in({self._params.add_list(names)}, name) + {begin}"
            begin += len(names)
        cases = " ".join(f"WHEN {kind} THEN {place}" for kind, place in places.items())
        number = f"CASE kind {cases} END" if len(places) > 1 else " ".join(places.values())
        return f"CAST({number} AS SMALLINT)"

    def _kinds(self) -> Mapping[int, list[str]]:
        """The names of each kind, in the order of their numbers."""
        kinds: dict[int, list[str]] = {}
        for kind, name in self._names:
            kinds.setdefault(kind, []).append(name)
        return kinds

    def _tell(self, metric: Metric) -> tuple[str | None, str | None]:
        """The column of whether events of a metric's name pass its filters, and that of its numbers; None without."""
        name, passed, read = named(metric), None, None
        if metric.event.where:
            tests = [self._passes(metric.event, wanted) for wanted in metric.event.where]
            passed = _place(self._passed[name], either(tests, "AND"), "e")
        if metric.of is not None:
            value = self._take(metric.event, split_path(metric.of))
            read = _place(self._read[name], values.micros(f"@number_of({value})"), "n")
        return passed, read

    def _passes(self, event: tree.Selector, wanted: tree.Property | tree.Product) -> str:
        if isinstance(wanted, tree.Property):
            return values.of_json(wanted.test, self._take(event, split_path(wanted.path)), self._params)
        tests = [
            values.of_json(each.test, f"@json_at(item, {self._path(each.path)})", self._params) for each in wanted.where
        ]
        holds = f"@any_product({_PROPERTIES}, {either(tests, 'AND')})"
        return _place(self._bought[named(event)], holds, "p")

    def _take(self, event: tree.Selector, steps: Sequence[str]) -> str:
        """The column of what the events of a name have at a path."""
        return _place(self._taken[named(event)], f"@json_at({_PROPERTIES}, {self._params.add_path(steps)})", "j")

    def _path(self, path: str) -> str:
        return self._params.add_path(split_path(path))

    def _merged(self, columns: _Columns, letter: str, names: Sequence[_Named]) -> list[str]:
        """The columns of some names: each is worked out for events of its own name alone."""
        if len(names) == 1:
            return [f"{what} AS {letter}{place}" for what, place in columns[names[0]].items()]
        cases: dict[int, list[str]] = {}
        for name in names:
            for what, place in columns[name].items():
                # A CASE is worked out for its own rows, a conjunction for all.
                cases.setdefault(place, []).append(f"WHEN {self._names[name]} THEN {what}")
        return [f"CASE number {' '.join(whens)} END AS {letter}{place}" for place, whens in sorted(cases.items())]


def named(event: tree.Selector | Metric) -> _Named:
    """The kind and name of an event."""
    selector = event.event if isinstance(event, Metric) else event
    return KIND_NUMBERS[selector.kind], selector.name


def _place(held: dict[str, int], expression: str, letter: str) -> str:
    return f"{letter}{held.setdefault(expression, len(held))}"

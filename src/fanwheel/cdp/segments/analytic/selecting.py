"""Which events belong to which metrics, as the beginning of a statement: one scan for all of them.

Only events of the names that are asked for are read. What their filters ask of properties is taken out of the JSON
once for each path, and of events of that name alone.
"""

from collections.abc import Sequence
from typing import Final

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic import values
from fanwheel.cdp.segments.analytic.params import Params, either, listed
from fanwheel.cdp.segments.metrics import KIND_NUMBERS, Metric
from fanwheel.cdp.segments.rules.filters import split_path

_NO_PROPERTIES: Final = "CAST(NULL AS STRING) AS properties"


class Selection:
    """Metrics as columns: ``e<n>`` is TRUE of the events of metric n, ``n<n>`` is the number it reads, in millionths."""

    def __init__(self, metrics: Sequence[Metric], params: Params, *, since_us: int | None) -> None:
        self.metrics = list(dict.fromkeys(metrics))
        self._params = params
        self._since_us = since_us
        self._number_of = {metric: number for number, metric in enumerate(self.metrics)}
        # What is taken out of the properties of one kind and name: expression by column.
        self._taken: dict[str, str] = {}

    def event(self, metric: Metric) -> str:
        """The column that is TRUE of a metric's events."""
        return f"e{self._number_of[metric]}"

    def number(self, metric: Metric) -> str:
        """The column of the numbers that a metric reads."""
        return f"n{self._number_of[metric]}"

    def tables(self, *, also: Sequence[str] = ()) -> list[str]:
        """The tables ``named``, ``said`` and ``met`` to begin a WITH; ``met`` has the columns and those of ``also``."""
        met = [column for metric in self.metrics for column in self._columns(metric)]
        said = [f"{self._when(group)} {taken} END AS {name}" for name, (group, taken) in self._said.items()]
        return [
            f"named AS (\n    {self._named()}\n)",
            "said AS (\n    SELECT "
            + listed(["coalesce(person_map.person_id, named.home_id) AS person_id", "at_us", "kind", "name", *also, *said])
            + "\n      FROM named\n      LEFT JOIN person_map ON person_map.home_id = named.home_id\n)",
            "met AS (\n    SELECT " + listed(["person_id", "at_us", *also, *met]) + "\n      FROM said\n)",
        ]

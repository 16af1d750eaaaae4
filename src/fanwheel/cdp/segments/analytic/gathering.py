"""The events that conditions ask for, read once for all of them into the table ``asked``."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from fanwheel.cdp.segments.analytic.params import Params, select
from fanwheel.cdp.segments.analytic.selecting import Selection
from fanwheel.cdp.segments.analytic.values import Place
from fanwheel.cdp.segments.metrics import Metric
from fanwheel.cdp.segments.rules.moments import NEVER

Since = tuple[Metric, int | None]  # a metric, and when its first event may be, in epoch microseconds; None for any time
_KEPT: Final = ("person_id", "is_moved", "at_us", "number")


class Gathering:
    """What ``asked`` holds: of which name each event is, and what metrics ask of it."""

    def __init__(self, wanted: Iterable[Since], params: Params, place: Place) -> None:
        begins: dict[Metric, int] = {}
        for metric, since in wanted:
            begin = -NEVER if since is None else since
            begins[metric] = min(begins.get(metric, begin), begin)
        first = min(begins.values())
        self.params = params
        self.selection = Selection(list(begins), params, place, since_us=first if first > -NEVER else None)
        self._begins = self._by_name(begins)

    def whole(self) -> str:
        """The statement whose rows are ``asked`` of everybody."""
        return self._sql(self.selection.said(), "FALSE AS is_moved")

    def part(self, buckets: Sequence[int]) -> str:
        """The statement whose rows are those of some of the lake's buckets."""
        where = f"bucket IN ({', '.join(map(str, buckets))})"
        return self._sql(self.selection.said(events="event_part", where=where, homes="joined_home"), "is_moved")

    def _sql(self, tables: Sequence[str], is_moved: str) -> str:
        columns = [is_moved if column == "is_moved" else column for column in self.columns]
        where = []
        if len(set(self._begins)) > 1:
            # No condition asks for what is earlier, though one on another name may.
            where.append(f"at_us >= @item({self.params.add_list(self._begins)}, number)")
        return "WITH " + ", ".join(tables) + "\n" + select(columns, "said", *where)

    @property
    def columns(self) -> list[str]:
        """The columns of ``asked``; ``is_moved`` says that the event's person has several homes."""
        return [*_KEPT, *(column.rsplit(" AS ", 1)[1] for column in self.selection.taken)]

    def _by_name(self, begins: Mapping[Metric, int]) -> list[int]:
        """Since when events of each name matter, in the order of the names' numbers."""
        found: dict[int, int] = {}
        for metric, begin in begins.items():
            number = self.selection.name(metric)
            found[number] = min(found.get(number, begin), begin)
        return [found[number] for number in sorted(found)]


class Look:
    """What one statement sees of ``asked``: the events of its metrics' names, as the table ``met``.

    ``past_us`` is when an event occurred, or NULL if that is yet to come.
    """

    def __init__(self, selection: Selection, metrics: Sequence[Metric], params: Params, place: Place) -> None:
        self._selection = selection
        self._numbers = sorted({selection.name(metric) for metric in metrics})
        self._now = params.add(place.now)

    def event(self, metric: Metric) -> str:
        """What is TRUE of a metric's events."""
        return self._selection.event(metric, is_named=len(self._numbers) == 1)

    def number(self, metric: Metric) -> str:
        """The column of the numbers that a metric reads; of its own events alone."""
        return self._selection.number(metric)

    @property
    def table(self) -> str:
        """The table, to begin a WITH."""
        past = f"CASE WHEN at_us <= {self._now} THEN at_us END AS past_us"
        columns = ["person_id", "at_us", past, "number", *self._selection.columns(self._numbers)]
        numbers = f"number IN ({', '.join(map(str, self._numbers))})"
        return "met AS (\n" + select(columns, "asked", numbers, "NOT is_moved") + "\n)"

"""What people did or did not do, counted and summed for any number of conditions in one scan of the events."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic import values
from fanwheel.cdp.segments.analytic.gathering import Look
from fanwheel.cdp.segments.analytic.params import Params, either, listed
from fanwheel.cdp.segments.analytic.selecting import Selection
from fanwheel.cdp.segments.analytic.values import Moment, Place, Turning
from fanwheel.cdp.segments.metrics import Metric
from fanwheel.cdp.segments.rules import moments
from fanwheel.cdp.segments.rules import values as scalars

_ORDER: Final = {tree.More: ">", tree.AtLeast: ">=", tree.Less: "<", tree.AtMost: "<="}


@dataclass(frozen=True, slots=True)
class Window:
    """Which events of a metric count: those from ``begin`` to before ``end``, in epoch microseconds."""

    metric: Metric
    begin: int | None
    end: int
    span: int | None

    @staticmethod
    def of(condition: tree.Event, now: int) -> "Window":
        """The window of a condition as it is now."""
        period = condition.period
        span = moments.span_us(condition.within) if condition.within else None
        begin = moments.epoch_us(period.begin) if period and period.begin else None
        end = moments.epoch_us(period.end) if period and period.end else moments.NEVER
        if span is not None:
            begin = max(now - span + 1, begin or -moments.NEVER)
        return Window(Metric(event=condition.event, of=condition.of), begin, min(end, now + 1), span)


class Counting:
    """One statement for many conditions on events."""

    def __init__(self, conditions: Sequence[tree.Event], params: Params, place: Place, *, selection: Selection) -> None:
        self._params = params
        self._place = place
        self._facts: dict[str, str] = {}
        windows = [Window.of(condition, place.now) for condition in conditions]
        self._look = Look(selection, [window.metric for window in windows], params, place)
        # An event yet to come may change anything; the first of them is soon enough.
        self._coming = self._fact("min(CASE WHEN past_us IS NULL THEN at_us END)")
        self._turnings = [self._turning(*pair) for pair in zip(conditions, windows, strict=True)]

    @property
    def sql(self) -> str:
        """The statement: a row for each person of whom anything is known."""
        holds = [f"coalesce({each.holds}, FALSE) AS l{number}" for number, each in enumerate(self._turnings)]
        due = [self._coming, *dict.fromkeys(each.due for each in self._turnings if each.due), "NULL"]
        facts = [f"{expression} AS {column}" for expression, column in self._facts.items()]
        fact = "fact AS (\nSELECT " + listed(["person_id", *facts]) + "\n  FROM met\n GROUP BY person_id\n)"
        tables = ", ".join([self._look.table, fact])
        return (
            f"WITH {tables}\nSELECT "
            + listed(["person_id", *holds, f"least({listed(due)}) AS due_us"])
            + "\n  FROM fact"
        )

    def _fact(self, expression: str) -> str:
        return self._facts.setdefault(expression, f"f{len(self._facts)}")

    def _turning(self, condition: tree.Event, window: Window) -> Turning:
        test = condition.test
        if _fewest(condition) == 1 or isinstance(test, tree.Exists | tree.Missing):
            # Only whether there is any matters, so the last tells all.
            last = self._last(window)
            is_wanted = isinstance(test, tree.AtLeast | tree.More | tree.Exists)
            due = None if window.span is None else f"{last} + {self._params.add(window.span)}"
            return Turning(f"{last} IS NOT NULL" if is_wanted else f"{last} IS NULL", due)
        if condition.measure in {"first", "last"}:
            return self._moment(condition, window)
        inside = self._inside(window)
        count = self._fact(f"count(CASE WHEN {inside} THEN 1 END)")
        holds = self._passes(condition, window.metric, inside, count)
        return Turning(holds, self._leaving(condition, window, count))

    def _inside(self, window: Window) -> str:
        """Whether an event counts."""
        parts = [self._look.event(window.metric)]
        if window.begin is not None:
            parts.append(f"past_us >= {self._params.add(window.begin)}")
        if window.end <= self._place.now:
            parts.append(f"past_us < {self._params.add(window.end)}")
        parts = [part for part in parts if part != "TRUE"]
        return " AND ".join(parts if any("past_us" in part for part in parts) else [*parts, "past_us IS NOT NULL"])

    def _first(self, window: Window) -> str:
        """The first moment that counts."""
        return self._fact(f"min(CASE WHEN {self._inside(window)} THEN past_us END)")

    def _last(self, window: Window) -> str:
        """The last moment that counts; windows that end now share it."""
        if window.end <= self._place.now or window.begin is None:
            return self._fact(f"max(CASE WHEN {self._inside(window)} THEN past_us END)")
        last = self._last(replace(window, begin=None))
        return f"CASE WHEN {last} >= {self._params.add(window.begin)} THEN {last} END"

    def _moment(self, condition: tree.Event, window: Window) -> Turning:
        us = self._last(window) if condition.measure == "last" else self._first(window)
        moment: Moment = values.epoch_moment(us, self._params, zone=self._place.zone_name)
        holds, due = values.of_moment(condition.test, moment, self._params, self._place)
        if window.span is None:
            return Turning(holds, due)
        # The one event that counts here may leave the window.
        leaves = f"{us} + {self._params.add(window.span)}"
        return Turning(holds, f"least({leaves}, {due})" if due else leaves)

    def _passes(self, condition: tree.Event, metric: Metric, inside: str, count: str) -> str:
        """Whether the events that count pass."""
        test = condition.test
        if condition.measure == "count":
            return values.of_number(test, count, self._params)
        number = self._look.number(metric)
        if condition.measure in {"largest", "smallest"}:
            pick = "max" if condition.measure == "largest" else "min"
            return self._total(test, self._fact(f"{pick}(CASE WHEN {inside} THEN {number} END)"), "1")
        # So many may be added up that a whole number of 64 bits is too small.
        total = self._fact(f"sum(CASE WHEN {inside} THEN CAST({number} AS DECIMAL(38, 0)) END)")
        if condition.measure == "sum":
            return self._total(test, f"coalesce({total}, 0)", "1")
        return self._total(test, total, f"nullif({count}, 0)")

    def _total(self, test: tree.Test, total: str, share: str) -> str:
        """Whether a total in millionths passes a test of what one of ``share`` equal shares is."""

        def times(limit: float) -> str:
            bound = scalars.micros(limit)
            if bound is None:
                raise ValueError(f"{limit} is too large to compare with")
            placed = self._params.add(bound)
            return placed if share == "1" else f"CAST({placed} AS DECIMAL(20, 0)) * {share}"

        if isinstance(test, tree.Between):
            return f"({total} >= {times(test.low)} AND {total} <= {times(test.high)})"
        if isinstance(test, tree.More | tree.AtLeast | tree.Less | tree.AtMost):
            return f"{total} {_ORDER[type(test)]} {times(test.value)}"
        wanted = (
            [test.value] if isinstance(test, tree.Is) else list(test.values) if isinstance(test, tree.OneOf) else []
        )
        numbers = [exact for value in wanted if (exact := scalars.number(value)) is not None]
        return either([f"{total} = {times(exact)}" for exact in numbers] or ["FALSE"], "OR")

    def _leaving(self, condition: tree.Event, window: Window, count: str) -> str | None:
        """The first instant at which an event that leaves the window may turn the answer."""
        if window.span is None:
            return None
        leaves = f"{self._first(window)} + {self._params.add(window.span)}"
        fewest = _fewest(condition)
        return leaves if fewest is None else f"CASE WHEN {count} >= {self._params.add(fewest)} THEN {leaves} END"


def _fewest(condition: tree.Event) -> float | None:
    """The count that divides those who pass from those who do not, if there is only one such."""
    if condition.measure != "count":
        return None
    match condition.test:
        case tree.AtLeast(value=value) | tree.Less(value=value):
            return float(-(-value // 1))
        case tree.More(value=value) | tree.AtMost(value=value):
            return float(value // 1 + 1)
        case _:
            return None

"""An order log as one row a person: how often, how lately, for how long, at what value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.frames import Column, Vector
from fanwheel.measure.results import Result

Unit = Literal["D", "W"]
Day = date | datetime | str
_DAYS: Final[Mapping[str, float]] = {"D": 1.0, "W": 7.0}
_DAY_US: Final = 86_400_000_000


@dataclass(frozen=True, kw_only=True)
class Summary(Result):
    """One row a person: what the models need to know of an order log."""

    person: Column
    frequency: Vector
    recency: Vector
    age: Vector
    mean_value: Vector
    unit: Unit

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("person", "frequency", "recency", "age", "mean_value")
        return {name: getattr(self, name) for name in names}

    def _title(self) -> str:
        return f"{len(self.person):,} people, {int(self.frequency.sum()):,} repeat purchases"

    def _draw(self, axes: Any) -> None:
        shown = np.minimum(self.frequency, 20).astype(np.int64)
        counts = np.bincount(shown, minlength=21)
        axes.bar(range(21), counts)
        axes.set_xlabel("repeat purchases (20 and more together)")
        axes.set_ylabel("people")


@dataclass(frozen=True, slots=True)
class PurchaseDays:
    """The distinct days on which each person bought, sorted by person and day, and what they spent."""

    people: Column
    person: NDArray[np.intp]
    day: NDArray[np.int64]
    value: Vector
    backend: str


def summarize(orders: Any, *, until: Day, unit: Unit = "D") -> Summary:
    """Summarize an order log up to a day as frequency, recency, age and mean value of each person.

    Parameters
    ----------
    orders : dataframe
        One row an order: ``person``, ``at`` (date, or instant in UTC), ``value`` (>= 0); ``currency`` optionally.
    until : date, datetime or ISO string
        The last day counted. Later orders are left out, so that a calibration period can be cut off.
    unit : 'D' or 'W'
        Whether recency and age are in days or in weeks.

    Returns
    -------
    Summary
        ``frequency``: days with a purchase after the first one. ``recency``: from the first to the last purchase.
        ``age``: from the first purchase to ``until``. ``mean_value``: mean spend on the repeat days, 0 where none.
        People whose first order is after ``until`` are not in it.

    Raises
    ------
    BadDataError
        If a value is missing or negative, a moment is missing, currencies are mixed, or the unit is unknown.
    NotEnoughDataError
        If there is no order up to ``until``.

    Notes
    -----
    Orders of one person on one UTC day count as one purchase, since the models assume that purchases are apart.

    Source: Fader & Hardie (2008), "Computing P(alive) using the BG/NBD model", note 021, for the definitions.
    """
    return from_days(purchase_days(orders), until=day_of(until), unit=unit)


def day_of(moment: Day) -> int:
    """The UTC day that a date, an instant or its ISO form falls on, counted from 1970."""
    try:
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
        stamp = np.datetime64(moment, "D")
    except (TypeError, ValueError) as error:
        raise BadDataError(f"{moment!r} is not a date.", hint="Use a date or text such as 2026-03-01.") from error
    return int(stamp.astype(np.int64))


def purchase_days(orders: Any) -> PurchaseDays:
    """Read and check an order log, and put together what a person bought on one day."""
    frame = frames.read(orders, ["person", "at", "value"], optional=["currency"], table="orders")
    if frame.rows == 0:
        raise NotEnoughDataError(
            "The orders have no rows.", hint="One order is the least; repeat purchases are better."
        )
    if "currency" in frame:
        currencies = {str(code) for code in frame["currency"].tolist()}
        if len(currencies) > 1:
            raise BadDataError(
                f"orders are in {', '.join(sorted(currencies))}.", hint="Convert their values to one currency first."
            )
    value = frames.numbers(frame, "value", table="orders", at_least=0)
    day = frames.moments(frame, "at", table="orders") // _DAY_US
    missing = frame["person"]
    if missing.dtype.kind in "Of":
        named = np.array([item is not None and item == item for item in missing.tolist()])
        frames.require(named, table="orders", problem="“person” is missing", hint="Drop orders of nobody.")
    people, person = frames.codes(frame["person"])
    first, width = int(day.min()), int(day.max()) - int(day.min()) + 1
    # Values are sorted too, so that the order of rows cannot change the last bit of a sum.
    order = np.lexsort((value, person * width + (day - first)))
    key = (person * width + (day - first))[order]
    starts = np.flatnonzero(np.diff(key, prepend=key[0] - 1))
    who, day = np.divmod(key[starts], width)
    return PurchaseDays(people, who, day + first, np.add.reduceat(value[order], starts), frame.backend)


def from_days(days: PurchaseDays, *, until: int, unit: Unit) -> Summary:
    """The summary of purchase days up to one, that day included."""
    if unit not in _DAYS:
        raise BadDataError(f"The unit {unit!r} is unknown.", hint="Use 'D' for days or 'W' for weeks.")
    past = days.day <= until
    person, day, value = days.person[past], days.day[past], days.value[past]
    if len(person) == 0:
        raise NotEnoughDataError("There is no order up to that day.", hint="Choose a later day.")
    starts = np.flatnonzero(np.diff(person, prepend=-1))
    bought = np.diff(starts, append=len(person))
    first, last = day[starts], day[starts + bought - 1]
    repeats = value.copy()
    repeats[starts] = 0.0
    frequency = (bought - 1).astype(np.float64)
    length = _DAYS[unit]
    return Summary(
        person=days.people[person[starts]],
        frequency=frequency,
        recency=(last - first) / length,
        age=(until - first) / length,
        mean_value=np.add.reduceat(repeats, starts) / np.maximum(frequency, 1),
        unit=unit,
        backend=days.backend,
    )

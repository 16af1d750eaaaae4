"""Cohort curves: of the people who first bought in one period, how many bought again in each period after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.frames import Vector
from fanwheel.measure.results import Result
from fanwheel.measure.retention import purchases
from fanwheel.measure.retention.purchases import Ints, Purchases

Grain = Literal["week", "month"]
_MONDAY: Final = 3  # 1 January 1970 was a Thursday, three days after a Monday


@dataclass(frozen=True, kw_only=True)
class Cohorts(Result):
    """One row per cohort and whole period since; ``lower`` and ``upper`` bound the share that returns.

    ``curve`` and its bounds hold the share over all cohorts that were observed for so long.
    """

    grain: Grain
    cohort: NDArray[np.datetime64]
    period: Ints
    people: Ints
    returned: Ints
    share: Vector
    lower: Vector
    upper: Vector
    curve: Vector
    curve_lower: Vector
    curve_upper: Vector

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("cohort", "period", "people", "returned", "share", "lower", "upper")
        return {name: getattr(self, name) for name in names}

    def _draw(self, axes: Any) -> None:
        since = np.arange(len(self.curve))
        axes.fill_between(since, self.curve_lower, self.curve_upper, alpha=0.2)
        axes.plot(since, self.curve)
        axes.set_xlabel(f"{self.grain}s since the first purchase")
        axes.set_ylabel("share who bought")

    def _title(self) -> str:
        return f"Cohorts by {self.grain} of the first purchase"


def cohort_curves(
    orders: Any, *, grain: Grain = "month", as_of: datetime | None = None, confidence: float = 0.95
) -> Cohorts:
    """How many people of each cohort bought again in the first, second, … period after that of their first purchase.

    Parameters
    ----------
    orders : dataframe
        ``person``, ``at`` (UTC); one row per order.
    grain : "week" or "month"
        The length of a period; weeks begin on Monday.
    as_of : datetime, optional
        Until when orders are known; the day of the last order by default.
    confidence : float
        Coverage of the intervals, above 0 and below 1.

    Returns
    -------
    Cohorts
        Shares of the cohort's people, 0 to 1; period 0 is the cohort's own and its share 1. A period that is not
        over at ``as_of`` is left out, the cohort of the current period with it.

    Raises
    ------
    NotEnoughDataError
        If no period is over.
    BadDataError
        If orders are bad; see the message.

    Notes
    -----
    Wilson's interval: (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n). Period 0 has the interval (1, 1).

    Source: Wilson (1927), J. American Statistical Association 22, 209-212.
    """
    if grain not in ("week", "month") or not 0 < confidence < 1:
        raise BadDataError("grain is week or month and confidence between 0 and 1.", hint="month and 0.95 are usual.")
    return _curves(purchases.read(orders, as_of), grain, confidence)


def _curves(bought: Purchases, grain: Grain, confidence: float) -> Cohorts:
    place = _places(bought.day, grain)
    open_place = int(_places(np.array([bought.until + 1]), grain)[0])  # the period in which the next day lies
    born = place[bought.first]
    if born.min() >= open_place:
        raise NotEnoughDataError(f"No {grain} is over yet; at least 1 whole {grain} of orders is needed.")
    sizes, table = _count(born, place, bought.person, open_place=open_place)
    cohort, period = np.nonzero(np.arange(table.shape[1]) < open_place - sizes[:, :1])
    people, returned = sizes[cohort, 1], table[cohort, period]
    lower, upper = _wilson(returned, people, confidence)
    whole, again = np.bincount(period, people).astype(np.int64), np.bincount(period, returned).astype(np.int64)
    curve_lower, curve_upper = _wilson(again, whole, confidence)
    curve_lower[0] = 1.0
    return Cohorts(
        grain=grain,
        cohort=_starts(sizes[cohort, 0], grain),
        period=period,
        people=people,
        returned=returned,
        share=returned / people,
        lower=np.where(period == 0, 1.0, lower),
        upper=upper,
        curve=again / whole,
        curve_lower=curve_lower,
        curve_upper=curve_upper,
        backend=bought.backend,
    )


def _count(born: Ints, place: Ints, person: Ints, *, open_place: int) -> tuple[Ints, Ints]:
    """Each cohort's period and people, and its people who bought in each period since."""
    first, size = np.unique(born[born < open_place], return_counts=True)
    since = place - born[person]
    # Days stand in order, so a person's purchases of one period are neighbors.
    once = np.append(True, (person[1:] != person[:-1]) | (place[1:] != place[:-1])) & (place < open_place)
    table = np.zeros((len(first), open_place - int(first[0])), np.int64)
    np.add.at(table, (np.searchsorted(first, born[person[once]]), since[once]), 1)
    return np.stack([first, size], axis=1), table


def _places(days: Ints, grain: Grain) -> Ints:
    """The number of the period in which each day lies."""
    if grain == "week":
        return (days + _MONDAY) // 7
    return purchases.dates(days).astype("datetime64[M]").astype(np.int64)


def _starts(places: Ints, grain: Grain) -> NDArray[np.datetime64]:
    """The first day of each period."""
    if grain == "week":
        return purchases.dates(places * 7 - _MONDAY)
    return places.astype("datetime64[M]").astype("datetime64[D]")


def _wilson(hits: Ints, tries: Ints, confidence: float) -> tuple[Vector, Vector]:
    z = float(special.ndtri(0.5 + confidence / 2))
    share = hits / tries
    middle = share + z * z / (2 * tries)
    half = z * np.sqrt(share * (1 - share) / tries + z * z / (4.0 * tries * tries))
    scale = 1 + z * z / tries
    lower = np.where(hits == 0, 0.0, (middle - half) / scale)
    upper = np.where(hits == tries, 1.0, (middle + half) / scale)
    return lower, upper

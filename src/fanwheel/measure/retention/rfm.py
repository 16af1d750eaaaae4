"""RFM: scores for recency, frequency and monetary value, and the tier that they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Vector
from fanwheel.measure.results import Result
from fanwheel.measure.retention import purchases
from fanwheel.measure.retention.purchases import Ints, Purchases

_LOW, _HIGH = 0.4, 0.6
# By frequency (columns: low, middle, high) for each recency (rows: long ago, a while ago, lately).
TIERS: Final = (
    ("lost", "at risk", "cannot lose"),
    ("promising", "needs attention", "loyal"),
    ("new", "potential loyal", "champion"),
)


@dataclass(frozen=True, kw_only=True)
class Rfm(Result):
    """One row per person: recency in days, frequency in purchases, monetary value in total, their scores, the tier."""

    grid: int
    person: Sequence[Any]
    recency_days: Ints
    frequency: Ints
    monetary: Vector
    r: Ints
    f: Ints
    m: Ints
    tier: tuple[str, ...]

    def cells(self) -> Mapping[str, Sequence[Any]]:
        """How many people, and how much they spent, for each pair of scores that occurs: r, f, people, monetary."""
        key = self.r * (self.grid + 1) + self.f
        cell, place = np.unique(key, return_inverse=True)
        return {
            "r": (cell // (self.grid + 1)).tolist(),
            "f": (cell % (self.grid + 1)).tolist(),
            "people": np.bincount(place).tolist(),
            "monetary": np.bincount(place, self.monetary).tolist(),
        }

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("person", "recency_days", "frequency", "monetary", "r", "f", "m", "tier")
        return {name: getattr(self, name) for name in names}

    def _draw(self, axes: Any) -> None:
        count = np.zeros((self.grid, self.grid))
        np.add.at(count, (self.r - 1, self.f - 1), 1)
        axes.imshow(count, origin="lower", extent=(0.5, self.grid + 0.5, 0.5, self.grid + 0.5))
        axes.set_xlabel("frequency score")
        axes.set_ylabel("recency score")

    def _title(self) -> str:
        return "People by recency and frequency"


def rfm(orders: Any, *, as_of: datetime | None = None, grid: int = 5) -> Rfm:
    """Each person's scores for recency, frequency and monetary value, and their tier.

    Parameters
    ----------
    orders : dataframe
        ``person``, ``at`` (UTC), ``value`` (>= 0, one currency); orders of one person and day are one purchase.
    as_of : datetime, optional
        The day from which recency counts; the day of the last order by default.
    grid : int
        The highest score, 2 to 10.

    Returns
    -------
    Rfm
        Scores from 1 to ``grid``, the higher the better.

    Raises
    ------
    BadDataError
        If orders are bad or the grid is too small or too large.

    Notes
    -----
    score = 1 + floor(grid * share of people who are worse), so equal people have equal scores, whatever the order of
    rows, and a score of 5 of 5 means better than at least 80 % of all. Tiers read recency and frequency: a score is
    low up to 0.4 and high from above 0.6 of the way from 1 to ``grid``.

    Source: Hughes (1994), Strategic Database Marketing; scores by strict ranks are ours, because quantile groups cut
    through equal people.
    """
    if not 2 <= grid <= 10:
        raise BadDataError("grid must be from 2 to 10.", hint="5 is usual.")
    return _scored(purchases.read(orders, as_of, value=True), grid)


def _scored(bought: Purchases, grid: int) -> Rfm:
    recency = bought.until - bought.day[bought.last]
    frequency = bought.last - bought.first + 1
    assert bought.value is not None
    monetary = np.add.reduceat(bought.value, bought.first)
    r, f, m = (_score(better, grid) for better in (-recency, frequency, monetary))
    band = [np.searchsorted([_LOW, _HIGH], (score - 1) / (grid - 1)) for score in (r, f)]
    return Rfm(
        grid=grid,
        person=bought.people,
        recency_days=recency,
        frequency=frequency,
        monetary=monetary,
        r=r,
        f=f,
        m=m,
        tier=tuple(TIERS[row][column] for row, column in zip(*(place.tolist() for place in band), strict=True)),
        backend=bought.backend,
    )


def _score(better: NDArray[Any], grid: int) -> Ints:
    worse = np.searchsorted(np.sort(better), better)
    score: Ints = 1 + grid * worse // len(better)
    return score

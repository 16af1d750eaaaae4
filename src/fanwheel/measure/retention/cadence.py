"""Replenishment cadence: when each person's next purchase is due, from their own rhythm and everybody's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.frames import Vector
from fanwheel.measure.results import Result
from fanwheel.measure.retention import purchases
from fanwheel.measure.retention.purchases import Ints, Purchases

_LONGEST_DAYS: Final = 36_500.0


@dataclass(frozen=True, kw_only=True)
class Cadence(Result):
    """One row per person: the usual days between purchases and the next one's due date.

    ``own_weight`` is how much the person's own intervals count against the population's, 0 to 1. ``is_overdue`` says
    that even the latest date has passed. ``typical_days`` is the population's interval; ``spread_between`` and
    ``spread_within`` are standard deviations of its logarithm between people and within one.
    """

    person: Sequence[Any]
    purchases: Ints
    last_on: NDArray[np.datetime64]
    interval_days: Vector
    own_weight: Vector
    due_on: NDArray[np.datetime64]
    earliest_on: NDArray[np.datetime64]
    latest_on: NDArray[np.datetime64]
    is_overdue: NDArray[np.bool_]
    typical_days: float
    spread_between: float
    spread_within: float

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("person", "purchases", "last_on", "interval_days", "own_weight", "due_on", "earliest_on", "latest_on")
        return {name: getattr(self, name) for name in (*names, "is_overdue")}

    def _draw(self, axes: Any) -> None:
        axes.hist(self.interval_days, bins=40)
        axes.set_xlabel("days between purchases")
        axes.set_ylabel("people")

    def _title(self) -> str:
        return f"Next purchase due (population: every {self.typical_days:.3g} days)"


@dataclass(frozen=True, kw_only=True)
class _Rhythm:
    """The population's logarithmic intervals: mean, variances between and within people, degrees of freedom."""

    mean: float
    between: float
    within: float
    freedom: float


def replenishment_cadence(orders: Any, *, as_of: datetime | None = None, confidence: float = 0.8) -> Cadence:
    """When each person's next purchase is due, their own intervals shrunk to the population's.

    Parameters
    ----------
    orders : dataframe
        ``person``, ``at`` (UTC); orders of one person and day (UTC) are one purchase.
    as_of : datetime, optional
        Until when orders are known; the day of the last order by default.
    confidence : float
        How many of 100 next purchases should fall between ``earliest_on`` and ``latest_on``, as a fraction.

    Returns
    -------
    Cadence
        One row per person; a person with one purchase gets the population's interval.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than 3 intervals in all.
    BadDataError
        If orders are bad.

    Notes
    -----
    log interval = m_i + e with m_i ~ N(m, between) and e ~ N(0, within); variances by the analysis of variance, m
    weighted by precision. A person with n intervals of mean y is expected at m + w (y - m), w = between / (between +
    within / n), and the next interval has the variance (1 - w) between + within; limits by Student's t. It speaks of
    people who do come back: whoever has left is overdue for ever, and intervals still open are not counted, which
    makes the population's rhythm look somewhat faster than it is.

    Source: shrinkage as in Morris (1983), J. American Statistical Association 78, 47-55; variances as in Searle,
    Casella & McCulloch (1992), Variance Components, ch. 3.
    """
    if not 0 < confidence < 1:
        raise BadDataError("confidence must be between 0 and 1.", hint="0.8 is usual.")
    return _expect(purchases.read(orders, as_of), confidence)


def _expect(bought: Purchases, confidence: float) -> Cadence:
    many = len(bought.people)
    same = bought.person[1:] == bought.person[:-1]
    logs, owner = np.log((bought.day[1:] - bought.day[:-1])[same]), bought.person[1:][same]
    count = np.bincount(owner, minlength=many)
    means = np.bincount(owner, logs, many) / np.maximum(count, 1)
    rhythm, doubts = _rhythm(logs, owner, count=count, means=means)
    own = rhythm.between * count
    total = own + rhythm.within
    weight = np.divide(own, total, out=np.zeros(many), where=total > 0)
    expected = rhythm.mean + weight * (means - rhythm.mean)
    spread = np.sqrt((1 - weight) * rhythm.between + rhythm.within)
    reach = float(special.stdtrit(rhythm.freedom, 0.5 + confidence / 2)) * spread
    return _dated(bought, rhythm, weight=weight, expected=expected, reach=reach, doubts=doubts)


def _dated(
    bought: Purchases, rhythm: _Rhythm, *, weight: Vector, expected: Vector, reach: Vector, doubts: tuple[str, ...]
) -> Cadence:
    last = bought.day[bought.last]
    usual, early, late = (
        np.minimum(np.exp(np.minimum(log, 50.0)), _LONGEST_DAYS)
        for log in (expected, expected - reach, expected + reach)
    )
    latest = last + np.ceil(late).astype(np.int64)
    return Cadence(
        person=bought.people,
        purchases=bought.last - bought.first + 1,
        last_on=purchases.dates(last),
        interval_days=usual,
        own_weight=weight,
        due_on=purchases.dates(last + np.rint(usual).astype(np.int64)),
        earliest_on=purchases.dates(last + np.floor(early).astype(np.int64)),
        latest_on=purchases.dates(latest),
        is_overdue=latest < bought.until,
        typical_days=float(np.exp(rhythm.mean)),
        spread_between=float(np.sqrt(rhythm.between)),
        spread_within=float(np.sqrt(rhythm.within)),
        not_identified=doubts,
        backend=bought.backend,
    )


def _rhythm(logs: Vector, owner: Ints, *, count: Ints, means: Vector) -> tuple[_Rhythm, tuple[str, ...]]:
    intervals, groups = len(logs), int(np.count_nonzero(count))
    if intervals < 3:
        raise NotEnoughDataError(
            f"There are {intervals} intervals between purchases; at least 3 are needed.", hint="Wait, or look further."
        )
    grand = float(logs.mean())
    if groups in (1, intervals):
        # Everybody has one interval, or one person has all: one spread cannot be told from the other.
        within = float(logs.var(ddof=1))
        rhythm = _Rhythm(mean=grand, between=0.0, within=within, freedom=intervals - 1)
        return rhythm, (
            "How much people differ from one another; somebody with two intervals, and a second person, would tell. "
            "Everybody gets the population's interval.",
        )
    within = float(((logs - means[owner]) ** 2).sum()) / (intervals - groups)
    among = float((count * (means - grand) ** 2).sum())
    size = (intervals - float((count.astype(np.float64) ** 2).sum()) / intervals) / (groups - 1)
    between = max((among / (groups - 1) - within) / size, 0.0)
    has = count > 0
    spread = between + within / count[has]
    precision = 1 / spread if (spread > 0).all() else np.ones(groups)
    mean = float((precision * means[has]).sum() / precision.sum())
    return _Rhythm(mean=mean, between=between, within=within, freedom=intervals - groups), ()

"""Kaplan-Meier: what share of people has not bought again after each number of days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from scipy import special

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.frames import Vector
from fanwheel.measure.results import Result
from fanwheel.measure.retention import purchases
from fanwheel.measure.retention.purchases import Ints


@dataclass(frozen=True, kw_only=True)
class Survival(Result):
    """One row per day on which somebody bought: ``survival`` is the share who had not by its end."""

    days: Vector
    at_risk: Ints
    events: Ints
    survival: Vector
    std_error: Vector
    lower: Vector
    upper: Vector
    median_days: float | None
    median_lower: float | None
    median_upper: float | None
    people: int
    still_waiting: int

    def bought_within(self, days: float) -> tuple[float, float, float]:
        """The share who buy within so many days, and its interval; up to the last row it does not change further."""
        row = int(np.searchsorted(self.days, days, side="right")) - 1
        if row < 0:
            return 0.0, 0.0, 0.0
        return 1 - float(self.survival[row]), 1 - float(self.upper[row]), 1 - float(self.lower[row])

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("days", "at_risk", "events", "survival", "std_error", "lower", "upper")
        return {name: getattr(self, name) for name in names}

    def _draw(self, axes: Any) -> None:
        axes.fill_between(self.days, self.lower, self.upper, step="post", alpha=0.2)
        axes.step(self.days, self.survival, where="post")
        axes.set_ylim(0, 1)
        axes.set_xlabel("days")
        axes.set_ylabel("share who have not bought again")

    def _title(self) -> str:
        return "Time to the next purchase"


def kaplan_meier(durations: Any, *, confidence: float = 0.95) -> Survival:
    """The share still waiting after each time, from people some of whom were not watched to the end.

    Parameters
    ----------
    durations : dataframe
        ``days``: how long each person was watched, >= 0; ``observed``: 1 where the wait ended, 0 where watching did.
    confidence : float
        Coverage of the intervals, above 0 and below 1.

    Returns
    -------
    Survival
        One row per distinct time at which a wait ended. The median is the first time at which at most half still
        wait; None where it does not come so far.

    Raises
    ------
    NotEnoughDataError
        If nobody's wait ended.
    BadDataError
        If a duration is negative or missing, or ``observed`` is neither 0 nor 1.

    Notes
    -----
    S(t) = product over times up to t of (1 - d/n). Greenwood: Var S = S² sum d / (n (n - d)). The interval is
    S^exp(± z sqrt(sum d / (n (n - d))) / ln S), which stays within 0 and 1. Where the last people at risk all buy,
    S is 0 and has no variance: the upper limit is then that of the row before, which ``not_identified`` says.

    Source: Kaplan & Meier (1958), J. American Statistical Association 53, 457-481; Greenwood (1926); log-log:
    Kalbfleisch & Prentice (1980), The Statistical Analysis of Failure Time Data.
    """
    frame = frames.read(durations, ("days", "observed"), table="durations")
    days = frames.numbers(frame, "days", table="durations", at_least=0)
    observed = frames.numbers(frame, "observed", table="durations")
    frames.require(
        (observed == 0) | (observed == 1), table="durations", problem="“observed” is neither 0 nor 1", hint="Use 0, 1."
    )
    return _estimate(days, observed == 1, confidence, backend=frame.backend)


def time_to_repurchase(
    orders: Any, *, after: int = 1, as_of: datetime | None = None, confidence: float = 0.95
) -> Survival:
    """How long people take from one purchase to the next, those who have not come back yet included.

    Parameters
    ----------
    orders : dataframe
        ``person``, ``at`` (UTC); orders of one person and day (UTC) are one purchase.
    after : int
        From which purchase: 1 asks for the time from the first to the second.
    as_of : datetime, optional
        Until when orders are known; the day of the last order by default.
    confidence : float
        Coverage of the intervals, above 0 and below 1.

    Returns
    -------
    Survival
        In days, over people with at least ``after`` purchases.

    Raises
    ------
    NotEnoughDataError
        If nobody bought again.
    BadDataError
        If orders are bad, or ``after`` is below 1.

    Notes
    -----
    Somebody who has not bought again by ``as_of`` is watched until then: left out, everybody would seem to come back.
    For the estimate see ``kaplan_meier``.

    Source: Kaplan & Meier (1958), J. American Statistical Association 53, 457-481.
    """
    if after < 1:
        raise BadDataError("after counts purchases from 1.", hint="1 asks for the time from the first to the second.")
    bought = purchases.read(orders, as_of)
    start = bought.first + after - 1
    start = start[start <= bought.last]
    following = np.minimum(start + 1, len(bought.day) - 1)
    again = (start + 1 < len(bought.day)) & (bought.person[following] == bought.person[start])
    end = np.where(again, bought.day[following], bought.until)
    return _estimate((end - bought.day[start]).astype(np.float64), again, confidence, backend=bought.backend)


def _estimate(days: Vector, observed: Any, confidence: float, *, backend: str) -> Survival:
    if not 0 < confidence < 1:
        raise BadDataError("confidence must be between 0 and 1.", hint="0.95 is usual.")
    if not observed.any():
        raise NotEnoughDataError(
            f"None of {len(days)} people has bought again; at least 1 who did is needed.", hint="Wait, or look further."
        )
    times, place = np.unique(days, return_inverse=True)
    events = np.bincount(place, observed).astype(np.int64)
    at_risk = len(days) - np.concatenate([[0], np.cumsum(np.bincount(place))[:-1]])
    kept = events > 0
    times, events, at_risk = times[kept], events[kept], at_risk[kept]
    survival: Vector = np.cumprod(1 - events / at_risk).astype(np.float64)
    left = np.maximum(at_risk - events, 1)  # where nobody is left S is 0, and what stands here plays no part
    spread: Vector = np.sqrt(np.cumsum(events / (at_risk * left))).astype(np.float64)
    lower, upper = _log_log(survival, spread, confidence)
    return Survival(
        days=times,
        at_risk=at_risk,
        events=events,
        survival=survival,
        std_error=survival * spread,
        lower=lower,
        upper=upper,
        median_days=_first_below(times, survival),
        median_lower=_first_below(times, lower),
        median_upper=_first_below(times, upper),
        people=len(days),
        still_waiting=int(np.count_nonzero(~observed)),
        not_identified=_doubts(times, survival),
        backend=backend,
    )


def _log_log(survival: Vector, spread: Vector, confidence: float) -> tuple[Vector, Vector]:
    z = float(special.ndtri(0.5 + confidence / 2))
    log = np.log(np.where(survival > 0, survival, 0.5))
    width = z * spread / log
    # width is negative: S^exp(-width) is the lower limit.
    lower, upper = (np.exp(log * np.exp(np.clip(power, -700, 700))) for power in (-width, width))
    over = survival <= 0
    if over.any():
        before = upper[-2] if len(upper) > 1 else 1.0
        lower, upper = np.where(over, 0.0, lower), np.where(over, before, upper)
    return lower, upper


def _first_below(times: Vector, curve: Vector) -> float | None:
    below = np.flatnonzero(curve <= 0.5)
    return float(times[below[0]]) if len(below) else None


def _doubts(times: Vector, survival: Vector) -> tuple[str, ...]:
    doubts = []
    if survival[-1] > 0.5:
        doubts.append(f"The median: after {times[-1]:g} days {survival[-1]:.0%} still wait; a longer time may tell.")
    if survival[-1] == 0:
        doubts.append(
            "The last row's variance: all who were still watched bought then; its upper limit is carried over."
        )
    return tuple(doubts)

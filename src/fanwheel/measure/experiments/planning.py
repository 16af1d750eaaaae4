"""Before a test: how many people it needs, how long it takes, what it costs, and what it can see at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from fanwheel.measure.errors import BadDataError
from fanwheel.measure.experiments import kernels
from fanwheel.measure.experiments.intervals import Alternative
from fanwheel.measure.results import Result


@dataclass(frozen=True, kw_only=True)
class Plan(Result):
    """A test before it runs.

    ``people`` are those of both arms, ``held_out`` those who get nothing, ``lift`` the smallest relative effect that
    is found with probability ``power``, and ``half_width`` that of the interval of the lift at the end. ``days`` is
    None without ``people_per_day``. ``lost_revenue`` is what holding out forgoes if the treatment works as supposed,
    ``saved_spend`` what it does not cost; None where the value or the cost of a person was not given.
    """

    lift: float
    people: int
    treated: int
    held_out: int
    days: int | None
    half_width: float
    lost_revenue: float | None
    saved_spend: float | None
    cv: float
    holdout: float
    alpha: float
    power: float
    is_sequential: bool

    @property
    def cost(self) -> float | None:
        """What the holdout costs on balance: forgone revenue less saved spend, as far as both are known."""
        if self.lost_revenue is None and self.saved_spend is None:
            return None
        return (self.lost_revenue or 0.0) - (self.saved_spend or 0.0)

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        names = ("lift", "people", "treated", "held_out", "days", "half_width", "lost_revenue", "saved_spend", "cost")
        return {name: [getattr(self, name)] for name in names}

    def _draw(self, axes: Any) -> None:
        reach = self.lift * np.sqrt(float(self.people))
        people = np.geomspace(max(self.people / 20.0, 4.0), self.people * 20.0, 100)
        axes.plot(people, reach / np.sqrt(people))
        axes.plot([self.people], [self.lift], "o")
        axes.set(xscale="log", yscale="log", xlabel="people", ylabel="smallest lift that is found")

    def _title(self) -> str:
        return f"A lift of {self.lift:.3g} is found with probability {self.power:.0%} among {self.people:,} people"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Design:
    """What both directions share."""

    cv: float
    holdout: float
    alpha: float
    power: float
    alternative: Alternative
    sequential: bool
    variance_reduction: float

    def __post_init__(self) -> None:
        _demand(np.isfinite(self.cv) and self.cv > 0, "cv", self.cv, "Give sd / mean of one person's outcome.")
        _demand(0 < self.holdout < 1, "holdout", self.holdout, "Give the share held out, as 0.1.")
        _demand(0 < self.alpha < 0.5, "alpha", self.alpha, "Give a chance below one half, as 0.05.")
        _demand(self.alpha < self.power < 1, "power", self.power, "Give a probability above alpha, as 0.8.")
        _demand(0 <= self.variance_reduction < 1, "variance_reduction", self.variance_reduction, "Give 1 - se²/se².")
        _demand(self.alternative in ("two-sided", "greater", "less"), "alternative", self.alternative, "“two-sided”?")

    @property
    def reach(self) -> float:
        """Standard errors from zero to the edge of the interval at the planned end."""
        sides = 2 if self.alternative == "two-sided" else 1
        if self.sequential:
            width = kernels.confidence_sequence_half_width(1.0, 1.0, planned_n=1.0, alpha=self.alpha, sides=sides)
            return float(width)
        return float(special.ndtri(1.0 - self.alpha / sides))

    @property
    def spread(self) -> float:
        """The standard error of the lift times the root of the number of people."""
        left = np.sqrt(1.0 - self.variance_reduction)
        return float(self.cv * left / np.sqrt(self.holdout * (1.0 - self.holdout)))

    @property
    def deviates(self) -> float:
        """Standard errors that an effect must be away from zero to be found with the power asked for."""
        return self.reach + float(special.ndtri(self.power))


def power(
    *,
    lift: float,
    cv: float,
    holdout: float = 0.1,
    alpha: float = 0.05,
    power: float = 0.8,
    alternative: Alternative = "two-sided",
    sequential: bool = False,
    variance_reduction: float = 0.0,
    people_per_day: float | None = None,
    audience: float | None = None,
    value_per_person: float | None = None,
    cost_per_person: float | None = None,
) -> Plan:
    """How many people a test needs to find a lift, how many days that takes, and what the holdout costs.

    Parameters
    ----------
    lift, cv : fractions
        Effect over the control mean · standard deviation over mean of one person's outcome.
    holdout, alpha, power, alternative, sequential
        Share held out · error · probability to find the lift · as in ``Rule`` · whether it may be looked at early.
    variance_reduction : fraction
        What CUPED took off se² in a past comparison.
    people_per_day, audience : people
        Who newly enter the test each day, both arms · how many there are at all.
    value_per_person, cost_per_person : money
        Mean outcome, and cost of treating, over the test.

    Returns
    -------
    Plan
        ``not_identified`` says so where the audience is too small, with the lift that it can show.

    Notes
    -----
    n = (z₁₋α/₂ + z_power)²·CV²(1 - reduction)/(lift²·h(1 - h)). Source: Lewis & Rao (2015), QJE 130.
    """
    _demand(np.isfinite(lift) and lift != 0, "lift", lift, "Give the relative effect that would matter, as 0.05.")
    design = _Design(cv=cv, holdout=holdout, alpha=alpha, power=power, alternative=alternative,
                     sequential=sequential, variance_reduction=variance_reduction)  # fmt: skip
    people = (design.deviates * design.spread / lift) ** 2
    return _plan(design, people, lift=abs(lift), per_day=people_per_day, audience=audience,
                 value=value_per_person, cost=cost_per_person)  # fmt: skip


def minimum_detectable_effect(
    *,
    people: float | None = None,
    days: float | None = None,
    people_per_day: float | None = None,
    cv: float,
    holdout: float = 0.1,
    alpha: float = 0.05,
    power: float = 0.8,
    alternative: Alternative = "two-sided",
    sequential: bool = False,
    variance_reduction: float = 0.0,
    value_per_person: float | None = None,
    cost_per_person: float | None = None,
) -> Plan:
    """The smallest lift that a test of so many people, or days, will find.

    Parameters
    ----------
    people : people, optional
        Both arms together; or ``days`` and ``people_per_day``.
    days, people_per_day, cv, holdout, alpha, power, alternative, sequential
        As in ``power``.
    variance_reduction, value_per_person, cost_per_person
        As in ``power``.

    Returns
    -------
    Plan
        With ``lift`` filled in.

    Raises
    ------
    BadDataError
        Without people, or for an impossible share.

    Notes
    -----
    ``power`` solved for the lift. Source: Lewis & Rao (2015), QJE 130.
    """
    if people is None:
        people = (days or 0.0) * (people_per_day or 0.0)
    _demand(np.isfinite(people) and people >= 4, "people", people, "Give people, or days and people_per_day.")
    design = _Design(cv=cv, holdout=holdout, alpha=alpha, power=power, alternative=alternative,
                     sequential=sequential, variance_reduction=variance_reduction)  # fmt: skip
    lift = design.deviates * design.spread / float(np.sqrt(people))
    return _plan(design, people, lift=lift, per_day=people_per_day, value=value_per_person, cost=cost_per_person)


def _plan(
    design: _Design,
    people: float,
    *,
    lift: float,
    per_day: float | None,
    value: float | None,
    cost: float | None,
    audience: float | None = None,
) -> Plan:
    _demand(per_day is None or per_day > 0, "people_per_day", per_day, "Give people who newly enter each day.")
    total = max(int(np.ceil(people * (1.0 - 1e-12))), 4)
    held_out = min(max(int(np.ceil(total * design.holdout * (1.0 - 1e-12))), 2), total - 2)
    too_few: tuple[str, ...] = ()
    if audience is not None and audience < total:
        shown = design.deviates * design.spread / float(np.sqrt(max(audience, 1.0)))
        too_few = (
            f"A lift of {lift:.3g}: it needs {total:,} people and there are {audience:,.0f}, who can show a lift of "
            f"{shown:.3g} or more. Hold out more, use the pre-period, test longer, or test the channel whole.",
        )
    return Plan(
        lift=lift, people=total, treated=total - held_out, held_out=held_out,
        days=None if per_day is None else int(np.ceil(total / per_day)),
        half_width=design.reach * design.spread / float(np.sqrt(total)),
        lost_revenue=None if value is None else held_out * value * lift,
        saved_spend=None if cost is None else held_out * cost,
        cv=design.cv, holdout=design.holdout, alpha=design.alpha, power=design.power,
        is_sequential=design.sequential, not_identified=too_few,
    )  # fmt: skip


def _demand(holds: bool, name: str, value: object, hint: str) -> None:
    if not holds:
        raise BadDataError(f"{name} is {value}.", hint=hint)

"""sBG: how long subscribers stay, when each renews with a chance of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fanwheel.measure import frames
from fanwheel.measure.clv.coordinates import Space, leaving
from fanwheel.measure.clv.estimates import Fitted, outcome
from fanwheel.measure.clv.search import Prior, maximize
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.frames import Column, Vector
from fanwheel.measure.results import Result

_LONGEST = 100_000


@dataclass(frozen=True, kw_only=True)
class RetentionCurve(Result):
    """Shares that remain after each number of periods, and the chance to renew at each."""

    period: Column = field(repr=False)
    survival: Vector = field(repr=False)
    retention: Vector = field(repr=False)

    def _columns(self) -> Mapping[str, Sequence[Any]]:
        return {name: getattr(self, name) for name in ("period", "survival", "retention")}

    def _draw(self, axes: Any) -> None:
        axes.plot(self.period, self.survival, marker="o", label="still there")
        axes.plot(self.period[1:], self.retention[1:], marker=".", label="renewed this time")
        axes.set_xlabel("period")
        axes.set_ylim(0, 1.05)
        axes.legend()


@dataclass(frozen=True, kw_only=True)
class Sbg(Fitted):
    """sBG: the chance of leaving at a renewal is Beta(alpha, beta) over people, steady for each of them."""

    alpha: float
    beta: float

    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        return {"alpha": self.alpha, "beta": self.beta}

    def curve(self, periods: int) -> RetentionCurve:
        """The share that is still there after 0 to ``periods`` renewals, and the share that renews at each.

        Notes
        -----
        ``S(t) = B(alpha, beta + t) / B(alpha, beta)``; renewal ``(beta + t - 1) / (alpha + beta + t - 1)`` rises,
        since those who would leave have left.

        Source: Fader & Hardie (2007), Journal of Interactive Marketing 21(1), 76-90.
        """
        if not 1 <= periods <= _LONGEST:
            raise BadDataError(f"There are {periods} periods.", hint=f"Give from 1 to {_LONGEST:,}.")
        steps = np.arange(periods)
        renewal = (self.beta + steps) / (self.alpha + self.beta + steps)
        return RetentionCurve(
            period=np.arange(periods + 1),
            survival=np.concatenate([[1.0], np.cumprod(renewal)]),
            retention=np.concatenate([[1.0], renewal]),
            backend=self.backend,
        )

    def value(
        self, payment: float, *, horizon: int, renewals: int = 0, discount: float = 0.0, margin: float = 1.0
    ) -> float:
        """What one subscriber's renewals are worth today: discounted expected profit within a horizon.

        Parameters
        ----------
        payment : float
            What a renewal pays.
        horizon : int, >= 1
            Renewals ahead that count.
        renewals : int, >= 0
            How many times the subscriber has renewed already: the more, the likelier to stay.
        discount : float, >= 0
            Rate for one period; the next renewal is one period away.
        margin : float
            Profit as a fraction of the payment.

        Returns
        -------
        float
            Money in the unit of ``payment``.
        """
        if not (np.isfinite(discount) and discount >= 0):
            raise BadDataError(f"The discount is {discount}.", hint="Give a rate for one period, such as 0.01.")
        if renewals < 0:
            raise BadDataError(f"There were {renewals} renewals.", hint="Count from 0.")
        later = Sbg(alpha=self.alpha, beta=self.beta + renewals).curve(horizon)
        factors = np.exp(-np.log1p(discount) * later.period[1:])
        return float((later.survival[1:] * factors).sum()) * payment * margin

    def _draw(self, axes: Any) -> None:
        self.curve(24)._draw(axes)


def fit_sbg(data: Any, *, prior: Prior = None) -> Sbg:
    """Fit the shifted-beta-geometric model to how many of a cohort are left after each period.

    Parameters
    ----------
    data : dataframe
        ``period`` (0, 1, 2, …) and ``active`` (people still there after that many renewals; never rising);
        ``cohort`` optionally, where several cohorts, of different age perhaps, are fitted together.
    prior : 'weak', optional
        Adds a weak normal prior: the logit of the mean chance to leave -1 ± 2, ``log(alpha + beta)`` 1 ± 1.5.

    Returns
    -------
    Sbg
        Never fails on a flat likelihood: ``not_identified`` says what the data cannot tell.

    Raises
    ------
    BadDataError
        If periods do not run from 0 without gaps, or the number of active people rises.
    NotEnoughDataError
        If no cohort has both a beginning and a first renewal.

    Notes
    -----
    ``P(leave at t) = B(alpha + 1, beta + t - 1) / B(alpha, beta)``. In the limit of many periods the likelihood is a
    product over renewals, so only how many left and stayed at each one matters.

    Source: Fader & Hardie (2007), Journal of Interactive Marketing 21(1), 76-90.
    """
    stayed, left, backend = _renewals(data)
    steps, people = np.arange(len(stayed)), float(stayed[0] + left[0])

    def objective(parameters: Vector) -> tuple[float, list[float]]:
        alpha, beta = parameters.tolist()
        whole = 1.0 / (alpha + beta + steps)
        value = -stayed * np.log1p(alpha / (beta + steps)) - left * np.log1p((beta + steps) / alpha)
        in_alpha = left / alpha - (stayed + left) * whole
        in_beta = stayed / (beta + steps) - (stayed + left) * whole
        return float(value.sum()), [float(in_alpha.sum()), float(in_beta.sum())]

    space = Space((leaving(of="alpha and beta", remedy="more periods would help, or prior='weak'"),))
    found = maximize(objective, space, people=people, prior=prior)
    alpha, beta = found.parameters
    return Sbg(alpha=alpha, beta=beta, **outcome(found, people=people, prior=prior, backend=backend))


def _renewals(data: Any) -> tuple[Vector, Vector, str]:
    """How many stayed and left at each renewal, over all cohorts."""
    frame = frames.read(data, ["period", "active"], optional=["cohort"])
    if frame.rows == 0:
        raise NotEnoughDataError("The data have no rows.", hint="A cohort and its first renewal are the least.")
    period, active = frames.numbers(frame, "period", at_least=0), frames.numbers(frame, "active", at_least=0)
    _, cohort = frames.codes(frame["cohort"]) if "cohort" in frame else ([], np.zeros(len(period), dtype=np.intp))
    order = np.lexsort((period, cohort))
    first = np.diff(cohort[order], prepend=-1) > 0
    place = np.arange(len(order)) - np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    frames.require(
        _unsorted(period[order] == place, order), table="data",
        problem="“period” does not count 0, 1, 2, … within its cohort", hint="Add the missing periods, drop doubles.",
    )  # fmt: skip
    before = np.concatenate([[0.0], active[order][:-1]])
    lost = np.where(first, 0.0, before - active[order])
    frames.require(_unsorted(lost >= 0, order), table="data", problem="“active” rises", hint="Leave returners out.")
    renewed = ~first
    if not renewed.any() or not before[renewed].any():
        raise NotEnoughDataError(
            "No cohort was seen at a renewal.", hint="A cohort and its first renewal are the least."
        )
    step = place[renewed] - 1
    stayed, left = (np.bincount(step, counts[renewed]).astype(np.float64) for counts in (active[order], lost))
    return stayed, left, frame.backend


def _unsorted(values: Column, order: Column) -> Column:
    """Values of sorted rows, in the order that the rows had."""
    result = np.empty_like(values)
    result[order] = values
    return result

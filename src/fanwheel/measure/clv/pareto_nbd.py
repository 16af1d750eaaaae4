"""Pareto/NBD: people buy at their own steady rates and leave at their own steady rates, at any moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from fanwheel.measure.clv import cohort as cohorts
from fanwheel.measure.clv.buying import BuyingModel
from fanwheel.measure.clv.cohort import Cohort
from fanwheel.measure.clv.coordinates import Axis, GammaBlock, Space, around, purchasing
from fanwheel.measure.clv.covariates import Design, spelled
from fanwheel.measure.clv.estimates import outcome
from fanwheel.measure.clv.leaving_at_any_time import Histories, Rates
from fanwheel.measure.clv.search import Objective, Prior, maximize
from fanwheel.measure.frames import Vector


@dataclass(frozen=True, kw_only=True)
class ParetoNbd(BuyingModel):
    """Pareto/NBD: everybody may leave at any moment, whether or not they bought.

    ``r, alpha``: buying rates are Gamma(r, rate alpha). ``s, beta``: leaving rates are Gamma(s, rate beta).
    With covariates z, ``alpha·exp(-z·alpha_effects)`` and ``beta·exp(-z·beta_effects)``.
    """

    r: float
    alpha: float
    s: float
    beta: float
    alpha_effects: tuple[float, ...] = ()
    beta_effects: tuple[float, ...] = ()

    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        base = {"r": self.r, "alpha": self.alpha, "s": self.s, "beta": self.beta}
        return base | spelled(self.covariates, alpha=self.alpha_effects, beta=self.beta_effects)

    def log_likelihood_of(self, data: Any) -> float:
        """The log-likelihood of other people's histories under these parameters."""
        cohort = self._read(data)
        value, _ = Histories.of(cohort).gradients(self._rates(cohort))
        return float((cohort.count * value).sum())

    def _rates(self, cohort: Cohort) -> Rates:
        if not self.covariates:
            return Rates(self.r, self.alpha, self.s, self.beta)
        z = cohort.covariates
        alpha = self.alpha * np.exp(-(z * self.alpha_effects).sum(axis=1))
        return Rates(self.r, alpha, self.s, self.beta * np.exp(-(z * self.beta_effects).sum(axis=1)))

    def _outlook(self, cohort: Cohort) -> "_Outlook":
        return _Outlook(Histories.of(cohort), self._rates(cohort))

    def _from_start(self, horizons: Vector) -> Vector:
        span = np.log1p(horizons / self.beta)
        purchases: Vector = self.r * self.beta / self.alpha * span * special.exprel(-(self.s - 1) * span)
        return purchases

    def _times(self) -> Vector:
        return np.linspace(0, 10, 101)[1:] * self.alpha / self.r


@dataclass(frozen=True, slots=True)
class _Outlook:
    histories: Histories
    rates: Rates

    def alive(self) -> Vector:
        return self.histories.alive(self.rates)

    def expected(self, horizon: float) -> Vector:
        return self.histories.expected(self.rates, horizon)


def fit_pareto_nbd(data: Any, *, covariates: Sequence[str] = (), prior: Prior = None) -> ParetoNbd:
    """Fit the Pareto/NBD model to purchase histories.

    Parameters
    ----------
    data : Summary or dataframe
        One row a person: ``frequency`` (repeat purchases, whole), ``recency`` (time from the first to the last
        purchase), ``age`` (time from the first purchase to now, >= recency); ``people`` (how many such) optionally.
    covariates : sequence of str
        Numeric columns that do not change over time and may shift alpha and beta.
    prior : 'weak', optional
        Adds a weak normal prior: ``log r`` 0 ± 2, ``log s`` 0 ± 2.

    Returns
    -------
    ParetoNbd
        Never fails on a flat likelihood: ``not_identified`` says what the data cannot tell.

    Raises
    ------
    BadDataError
        If a column is missing or a history impossible; rows are named.
    NotEnoughDataError
        If there is nobody.

    Notes
    -----
    ``L = Γ(r+x)/Γ(r) α^r β^s [(α+T)^-(r+x) (β+T)^-s + s ∫ (α+u)^-(r+x) (β+u)^-(s+1) du]``, u from recency to age,
    summed over equal histories, with its exact gradient. Standard errors from the observed information.

    Source: Schmittlein, Morrison & Colombo (1987), Management Science 33(1), 1-24; Fader & Hardie (2005), "A note on
    deriving the Pareto/NBD model"; covariates: Fader & Hardie (2007), note 019.
    """
    cohort = cohorts.read(data, covariates)
    design = Design.of(covariates, cohort.covariates, cohort.count)
    space = Space((*_space(cohort).blocks, *(design.block() for _ in range(2) if covariates)))
    found = maximize(_objective(Histories.of(cohort), design), space, people=cohort.people, prior=prior)
    r, alpha, s, beta = found.parameters[:4]
    effects, found = design.unscaled(found, after=4)
    return ParetoNbd(
        r=r, alpha=alpha, s=s, beta=beta, covariates=tuple(covariates),
        alpha_effects=effects[0], beta_effects=effects[1],
        **outcome(found, people=cohort.people, prior=prior, backend=cohort.backend),
    )  # fmt: skip


def _space(cohort: Cohort) -> Space:
    alike = "dropout heterogeneity not identified: everybody seems to leave at one rate, so s and beta may be any \
large pair of the same ratio; prior='weak' would help"
    never = "dropout not identified: {} seems to leave, so s and beta may be any pair of a {} ratio; prior='weak' or a \
longer time would help"
    longest = float(cohort.age.values[-1]) or 1.0
    spread = Axis(-0.5, -9.0, 9.5, alike, never.format("hardly anybody", "tiny"))
    wait = around(longest, silent=never.format("hardly anybody", "tiny"), at_low=never.format("everybody", "huge"))
    return Space((purchasing(cohort.mean_wait()), GammaBlock((spread, wait))))


def _objective(histories: Histories, design: Design) -> Objective:
    """The log-likelihood and its gradient, in the order of the parameters."""
    count = histories.cohort.count

    def plain(parameters: Vector) -> tuple[float, list[float]]:
        value, slopes = histories.gradients(Rates(*parameters.tolist()))
        return float((count * value).sum()), [float((count * slope).sum()) for slope in slopes]

    def shifted(parameters: Vector) -> tuple[float, list[float]]:
        r, alpha, s, beta = parameters[:4].tolist()
        first, second = parameters[4:].reshape(2, -1)
        alphas, betas = alpha * design.factor(-first), beta * design.factor(-second)
        value, (in_r, in_alpha, in_s, in_beta) = histories.gradients(Rates(r, alphas, s, betas))
        pulls = count * in_alpha * alphas, count * in_beta * betas
        gradient = [float((count * in_r).sum()), float(pulls[0].sum()) / alpha]
        gradient += [float((count * in_s).sum()), float(pulls[1].sum()) / beta]
        return float((count * value).sum()), gradient + design.slope(-pulls[0]) + design.slope(-pulls[1])

    return shifted if design.names else plain

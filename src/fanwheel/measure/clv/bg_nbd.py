"""BG/NBD and MBG/NBD: people buy at their own steady rates until, after some purchase, they leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np

from fanwheel.measure.clv import cohort as cohorts
from fanwheel.measure.clv.beta_geometric import Histories, Rates, expected_from_start
from fanwheel.measure.clv.buying import BuyingModel
from fanwheel.measure.clv.cohort import Cohort
from fanwheel.measure.clv.coordinates import Space, leaving, purchasing
from fanwheel.measure.clv.covariates import Design, spelled
from fanwheel.measure.clv.estimates import outcome
from fanwheel.measure.clv.search import Objective, Prior, maximize
from fanwheel.measure.frames import Vector


@dataclass(frozen=True, kw_only=True)
class BgNbd(BuyingModel):
    """BG/NBD: who never came back has had no occasion to leave, so counts as alive.

    ``r, alpha``: buying rates are Gamma(r, rate alpha). ``a, b``: the chance to leave after a repeat purchase is
    Beta(a, b). With covariates z, ``alpha·exp(-z·alpha_effects)``, ``a·exp(z·a_effects)``, ``b·exp(z·b_effects)``.
    """

    r: float
    alpha: float
    a: float
    b: float
    alpha_effects: tuple[float, ...] = ()
    a_effects: tuple[float, ...] = ()
    b_effects: tuple[float, ...] = ()
    first_may_leave: ClassVar[bool] = False

    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        base = {"r": self.r, "alpha": self.alpha, "a": self.a, "b": self.b}
        return base | spelled(self.covariates, alpha=self.alpha_effects, a=self.a_effects, b=self.b_effects)

    def log_likelihood_of(self, data: Any) -> float:
        """The log-likelihood of other people's histories under these parameters."""
        cohort = self._read(data)
        value, _ = Histories.of(cohort, first=self.first_may_leave).gradients(self._rates(cohort))
        return float((cohort.count * value).sum())

    def _rates(self, cohort: Cohort) -> Rates:
        if not self.covariates:
            return Rates(self.r, self.alpha, self.a, self.b)
        z = cohort.covariates
        return Rates(
            self.r,
            self.alpha * np.exp(-(z * self.alpha_effects).sum(axis=1)),
            self.a * np.exp((z * self.a_effects).sum(axis=1)),
            self.b * np.exp((z * self.b_effects).sum(axis=1)),
        )

    def _outlook(self, cohort: Cohort) -> "_Outlook":
        return _Outlook(Histories.of(cohort, first=self.first_may_leave), self._rates(cohort))

    def _from_start(self, horizons: Vector) -> Vector:
        return expected_from_start(Rates(self.r, self.alpha, self.a, self.b), horizons, first=self.first_may_leave)

    def _times(self) -> Vector:
        return np.linspace(0, 10, 101)[1:] * self.alpha / self.r


@dataclass(frozen=True, kw_only=True)
class MbgNbd(BgNbd):
    """MBG/NBD: people may leave after their first purchase already. Otherwise as BG/NBD."""

    first_may_leave: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class _Outlook:
    histories: Histories
    rates: Rates

    def alive(self) -> Vector:
        return self.histories.alive(self.rates)

    def expected(self, horizon: float) -> Vector:
        return self.histories.expected(self.rates, horizon)


def fit_bg_nbd(data: Any, *, covariates: Sequence[str] = (), prior: Prior = None) -> BgNbd:
    """Fit the BG/NBD model to purchase histories.

    Parameters
    ----------
    data : Summary or dataframe
        One row a person: ``frequency`` (repeat purchases, whole), ``recency`` (time from the first to the last
        purchase), ``age`` (time from the first purchase to now, >= recency); ``people`` (how many such) optionally.
    covariates : sequence of str
        Numeric columns that do not change over time and may shift alpha, a and b.
    prior : 'weak', optional
        Adds a weak normal prior: ``log r`` 0 ± 2, the logit of ``a/(a+b)`` -1 ± 2, ``log(a+b)`` 1 ± 1.5.

    Returns
    -------
    BgNbd
        Never fails on a flat likelihood: ``not_identified`` says what the data cannot tell.

    Raises
    ------
    BadDataError
        If a column is missing or a history impossible; rows are named.
    NotEnoughDataError
        If there is nobody.

    Notes
    -----
    ``L = Γ(r+x)αʳ/Γ(r) · [B(a,b+x)/B(a,b) (α+T)^-(r+x) + 1(x>0) B(a+1,b+x-1)/B(a,b) (α+t)^-(r+x)]``, summed over
    equal histories, with its exact gradient. Standard errors from the observed information.

    Source: Fader, Hardie & Lee (2005), Marketing Science 24(2), 275-284; covariates: Fader & Hardie (2007), note 019.
    """
    return _fit(BgNbd, data, covariates, prior)


def fit_mbg_nbd(data: Any, *, covariates: Sequence[str] = (), prior: Prior = None) -> MbgNbd:
    """Fit the MBG/NBD model, in which people may leave after their first purchase, to purchase histories.

    Parameters
    ----------
    data : Summary or dataframe
        As for ``fit_bg_nbd``.
    covariates : sequence of str
        As for ``fit_bg_nbd``.
    prior : 'weak', optional
        As for ``fit_bg_nbd``.

    Returns
    -------
    MbgNbd
        Never fails on a flat likelihood: ``not_identified`` says what the data cannot tell.

    Raises
    ------
    BadDataError, NotEnoughDataError
        As ``fit_bg_nbd``.

    Notes
    -----
    ``L = Γ(r+x)αʳ/Γ(r) · [B(a,b+x+1)/B(a,b) (α+T)^-(r+x) + B(a+1,b+x)/B(a,b) (α+t)^-(r+x)]``.

    Source: Batislam, Denizel & Filiztekin (2007), Int. J. Research in Marketing 24(3), 201-209.
    """
    return _fit(MbgNbd, data, covariates, prior)


Model = TypeVar("Model", bound=BgNbd)


def _fit(kind: type[Model], data: Any, covariates: Sequence[str], prior: Prior) -> Model:
    cohort = cohorts.read(data, covariates)
    design = Design.of(covariates, cohort.covariates, cohort.count)
    remedy = "prior='weak' would help" if kind.first_may_leave else "fit_mbg_nbd or prior='weak' would help"
    blocks = (purchasing(cohort.mean_wait()), leaving(of="a and b", remedy=remedy))
    space = Space((*blocks, *(design.block() for _ in range(3) if covariates)))
    found = maximize(
        _objective(Histories.of(cohort, first=kind.first_may_leave), design), space, people=cohort.people, prior=prior
    )
    r, alpha, a, b = found.parameters[:4]
    effects, found = design.unscaled(found, after=4)
    return kind(
        r=r, alpha=alpha, a=a, b=b, covariates=tuple(covariates),
        alpha_effects=effects[0], a_effects=effects[1], b_effects=effects[2],
        **outcome(found, people=cohort.people, prior=prior, backend=cohort.backend),
    )  # fmt: skip


def _objective(histories: Histories, design: Design) -> Objective:
    """The log-likelihood and its gradient, in the order of the parameters."""
    count = histories.cohort.count

    def plain(parameters: Vector) -> tuple[float, list[float]]:
        value, slopes = histories.gradients(Rates(*parameters.tolist()))
        return float((count * value).sum()), [float((count * slope).sum()) for slope in slopes]

    def shifted(parameters: Vector) -> tuple[float, list[float]]:
        r, *base = parameters[:4].tolist()
        effects = parameters[4:].reshape(3, -1)
        signs = (-1.0, 1.0, 1.0)
        each = [level * design.factor(s * e) for level, s, e in zip(base, signs, effects, strict=True)]
        value, (in_r, *slopes) = histories.gradients(Rates(r, *each))
        pulls = [count * slope * level for slope, level in zip(slopes, each, strict=True)]
        gradient = [float((count * in_r).sum())]
        gradient += [float(pull.sum()) / level for pull, level in zip(pulls, base, strict=True)]
        for sign, pull in zip(signs, pulls, strict=True):
            gradient += design.slope(sign * pull)
        return float((count * value).sum()), gradient

    return shifted if design.names else plain

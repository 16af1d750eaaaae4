"""BG/BB: people buy or not at each of a row of opportunities, such as yearly appeals, until they leave."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from fanwheel.measure.clv import cohort as cohorts
from fanwheel.measure.clv.buying import BuyingModel
from fanwheel.measure.clv.cohort import Cohort
from fanwheel.measure.clv.coordinates import Axis, BetaBlock, Space, leaving
from fanwheel.measure.clv.estimates import outcome
from fanwheel.measure.clv.opportunities import Chances, Endings
from fanwheel.measure.clv.search import Prior, maximize
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Vector


@dataclass(frozen=True, kw_only=True)
class BgBb(BuyingModel):
    """BG/BB: chances of buying are Beta(alpha, beta), of leaving before an opportunity Beta(gamma, delta).

    Horizons count opportunities and are whole; discounting is by opportunity.
    """

    alpha: float
    beta: float
    gamma: float
    delta: float
    by_opportunity: ClassVar[bool] = True

    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        return {"alpha": self.alpha, "beta": self.beta, "gamma": self.gamma, "delta": self.delta}

    def log_likelihood_of(self, data: Any) -> float:
        """The log-likelihood of other people's histories under these parameters."""
        cohort = self._read(data)
        value, _ = Endings.of(cohort).gradients(self._chances())
        return float((cohort.count * value).sum())

    def _chances(self) -> Chances:
        return Chances(self.alpha, self.beta, self.gamma, self.delta)

    def _read(self, data: Any) -> Cohort:
        return cohorts.read(data, timed=False)

    def _outlook(self, cohort: Cohort) -> "_Outlook":
        return _Outlook(Endings.of(cohort), self._chances())

    def _from_start(self, horizons: Vector) -> Vector:
        most = int(_whole(float(horizons.max())))
        steps = np.arange(most)
        stays = np.cumprod((self.delta + steps) / (self.gamma + self.delta + steps))
        bought = np.concatenate([[0.0], np.cumsum(stays)]) * self.alpha / (self.alpha + self.beta)
        return bought[np.rint(horizons).astype(np.int64)]

    def _times(self) -> Vector:
        return np.arange(1.0, 21.0)


@dataclass(frozen=True, slots=True)
class _Outlook:
    endings: Endings
    chances: Chances

    def alive(self) -> Vector:
        return self.endings.chance_alive(self.chances)

    def expected(self, horizon: float) -> Vector:
        return self.endings.expected(self.chances, _whole(horizon))


def _whole(horizon: float) -> int:
    if horizon != np.rint(horizon):
        raise BadDataError(f"The horizon is {horizon} opportunities.", hint="Give a whole number of opportunities.")
    return int(horizon)


def fit_bg_bb(data: Any, *, prior: Prior = None) -> BgBb:
    """Fit the BG/BB model to purchases at a row of opportunities.

    Parameters
    ----------
    data : dataframe
        One row a person: ``frequency`` (opportunities taken), ``recency`` (the last one taken, 0 if none), ``age``
        (opportunities so far, not counting the one at which the person joined); whole; ``people`` optionally.
    prior : 'weak', optional
        Adds a weak normal prior: the logit of the mean chance to buy 0 ± 2 and to leave -1 ± 2, the logs of
        ``alpha + beta`` and ``gamma + delta`` 1 ± 1.5.

    Returns
    -------
    BgBb
        Never fails on a flat likelihood: ``not_identified`` says what the data cannot tell.

    Raises
    ------
    BadDataError
        If a column is missing, not whole, or a history impossible; rows are named.
    NotEnoughDataError
        If there is nobody.

    Notes
    -----
    ``L = B(α+x,β+n-x)/B(α,β) B(γ,δ+n)/B(γ,δ) + Σ B(α+x,β+j-x)/B(α,β) B(γ+1,δ+j)/B(γ,δ)``, j from recency to n - 1.

    Source: Fader, Hardie & Shang (2010), Marketing Science 29(6), 1086-1108.
    """
    cohort = cohorts.read(data, timed=False)
    endings = Endings.of(cohort)

    def objective(parameters: Vector) -> tuple[float, list[float]]:
        value, slopes = endings.gradients(Chances(*parameters.tolist()))
        return float((cohort.count * value).sum()), [float((cohort.count * slope).sum()) for slope in slopes]

    space = Space((_buying(), leaving(of="gamma and delta", remedy="prior='weak' would help")))
    found = maximize(objective, space, people=cohort.people, prior=prior)
    alpha, beta, gamma, delta = found.parameters
    return BgBb(
        alpha=alpha, beta=beta, gamma=gamma, delta=delta,
        **outcome(found, people=cohort.people, prior=prior, backend=cohort.backend),
    )  # fmt: skip


def _buying() -> BetaBlock:
    none = "purchase chance not identified: {}; longer observation would help, or prior='weak'"
    spread = "purchase heterogeneity not identified: {}; prior='weak' would help"
    chance = Axis(0.0, -16.0, 16.0, none.format("everybody bought at every opportunity until leaving"),
                  none.format("hardly anybody bought"), prior_mean=0.0, prior_sd=2.0)  # fmt: skip
    weight = Axis(
        float(np.log(2)), -9.0, 14.0,
        spread.format("everybody seems to buy with one chance, so alpha and beta may be any large pair of one ratio"),
        spread.format("people seem to buy always or never, so alpha and beta may be any tiny pair of one ratio"),
        prior_mean=1.0, prior_sd=1.5,
    )  # fmt: skip
    return BetaBlock((chance, weight))

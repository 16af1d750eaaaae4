"""Predictions that every model of buying makes for each person: purchases, the chance to be alive, and value."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from fanwheel.measure.clv import cohort as cohorts
from fanwheel.measure.clv import discounting
from fanwheel.measure.clv.cohort import Cohort
from fanwheel.measure.clv.estimates import Fitted, PerPerson
from fanwheel.measure.clv.gamma_gamma import GammaGamma
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Vector


class Outlook(Protocol):
    """What a model says of each group of a cohort."""

    def alive(self) -> Vector:
        """The chance that one person of each group may still buy."""
        ...

    def expected(self, horizon: float) -> Vector:
        """Purchases of one person of each group over a horizon, if still alive."""
        ...


@dataclass(frozen=True, kw_only=True)
class BuyingModel(Fitted):
    """A model of who buys when, and of who has left without saying so."""

    covariates: tuple[str, ...] = ()
    by_opportunity: ClassVar[bool] = False

    @abstractmethod
    def _outlook(self, cohort: Cohort) -> Outlook:
        """What the model says of a cohort."""

    @abstractmethod
    def _from_start(self, horizons: Vector) -> Vector:
        """Purchases of a new person over each horizon."""

    def expected_purchases(self, data: Any, horizon: float) -> PerPerson:
        """How many more purchases each person is expected to make within a horizon.

        Parameters
        ----------
        data : Summary or dataframe
            Columns ``frequency``, ``recency``, ``age`` and the covariates; ``person`` optionally.
        horizon : float, > 0
            Length of the future, in the data's unit of time.

        Returns
        -------
        PerPerson
            Purchases (>= 0), one for each row of the data.

        Raises
        ------
        BadDataError
            If the horizon is not positive or the data are invalid.

        Notes
        -----
        The chance to be alive times the expectation of who is; ``expectation.py`` has the formula.
        """
        discounting.check_horizon(horizon)
        cohort = self._read(data)
        outlook = self._outlook(cohort)
        return _per_person("expected_purchases", outlook.alive() * outlook.expected(horizon), cohort)

    def probability_alive(self, data: Any) -> PerPerson:
        """The chance that each person has not left for good.

        Parameters
        ----------
        data : Summary or dataframe
            As for ``expected_purchases``.

        Returns
        -------
        PerPerson
            Chances in [0, 1], one for each row of the data.
        """
        cohort = self._read(data)
        return _per_person("probability_alive", self._outlook(cohort).alive(), cohort)

    def value(
        self,
        data: Any,
        spend_model: GammaGamma | float,
        *,
        horizon: float,
        discount: float = 0.0,
        margin: float = 1.0,
        periods: int | None = None,
    ) -> PerPerson:
        """What each person is worth today: the discounted profit of purchases expected within a horizon (CLV).

        Parameters
        ----------
        data : Summary or dataframe
            As for ``expected_purchases``, and ``mean_value`` where the spend model is a fitted one.
        spend_model : GammaGamma or float
            The value of a purchase: by person, or one for all.
        horizon : float, > 0
            Length of the future that counts, in the data's unit of time.
        discount : float, >= 0
            Rate for one unit of time; 10 % a year is ``1.1 ** (1 / 52) - 1`` a week.
        margin : float
            Profit as a fraction of value, usually in [0, 1].
        periods : int, optional
            Discount at the end of each of so many equal periods; by default each purchase from its own moment.

        Returns
        -------
        PerPerson
            Money in the unit of ``mean_value``, one for each row of the data.

        Raises
        ------
        BadDataError
            If the horizon, discount, margin or data are invalid.

        Notes
        -----
        ``margin · E[value] · ∫ (1 + discount)^-t dE[purchases until t]``; spend is taken as independent of buying.

        Source: Fader, Hardie & Lee (2005), Journal of Marketing Research 42(4), 415-430.
        """
        price = spend_model.expected_value(data).values if isinstance(spend_model, GammaGamma) else spend_model
        if not (np.isfinite(margin) and np.isfinite(price).all()):
            raise BadDataError("The margin or the value of a purchase is not a number.", hint="Give finite numbers.")
        cohort = self._read(data)
        purchases = self._discounted(cohort, horizon, discount=discount, periods=periods)
        worth = cohort.spread(purchases * margin) * price
        return PerPerson(name="value", values=worth, person=cohort.person, backend=cohort.backend)

    def _discounted(self, cohort: Cohort, horizon: float, *, discount: float, periods: int | None) -> Vector:
        """Discounted purchases of one person of each group."""
        steps = max(1, int(horizon)) if self.by_opportunity else periods
        times, weights = discounting.weights(horizon, discount=discount, periods=steps)
        outlook = self._outlook(cohort)
        purchases = np.zeros(len(cohort.count))
        for time, weight in zip(times.tolist(), weights.tolist(), strict=True):
            purchases += weight * outlook.expected(time)
        return purchases * outlook.alive()

    def expected_from_newcomer(self, horizon: float) -> float:
        """Repeat purchases that a person is expected to make within a horizon after the first one.

        With covariates, those of a person for whom all of them are 0.
        """
        discounting.check_horizon(horizon)
        return float(self._from_start(np.array([float(horizon)]))[0])

    def _read(self, data: Any) -> Cohort:
        return cohorts.read(data, self.covariates)

    def _draw(self, axes: Any) -> None:
        times = self._times()
        axes.plot(times, self._from_start(times))
        axes.set_xlabel("time since the first purchase")
        axes.set_ylabel("expected repeat purchases of a new person")

    @abstractmethod
    def _times(self) -> Vector:
        """Times over which a new person's purchases show their shape."""


def _per_person(name: str, values: Vector, cohort: Cohort) -> PerPerson:
    return PerPerson(name=name, values=cohort.spread(values), person=cohort.person, backend=cohort.backend)

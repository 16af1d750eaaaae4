"""The likelihood and the posteriors of Pareto/NBD: leaving happens at any moment, unseen."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fanwheel.measure.clv import tails
from fanwheel.measure.clv.cohort import Cohort
from fanwheel.measure.clv.rising import Counts, Parameter
from fanwheel.measure.frames import Vector

# Fewer groups than this are integrated one by one: the grid's sums from the end take their time.
_FEW: Final = 1000


@dataclass(frozen=True, slots=True)
class Rates:
    """(r, alpha) of the buying rate and (s, beta) of the leaving rate; alpha and beta may differ by group."""

    r: float
    alpha: Parameter
    s: float
    beta: Parameter


@dataclass(frozen=True, slots=True)
class Grid:
    """The distinct times of a cohort, and each group's place among them."""

    times: Vector
    last: NDArray[np.intp]
    now: NDArray[np.intp]
    busiest: Vector

    @classmethod
    def of(cls, cohort: Cohort) -> "Grid | None":
        """A grid, where times repeat enough for one to pay."""
        if len(cohort.count) < _FEW:
            return None
        times = np.union1d(cohort.age.values, cohort.recency.values)
        frequencies = len(cohort.frequency.values)
        if len(times) * frequencies > 4 * len(cohort.count) + 4096:
            return None
        last, now = tails.places(times, cohort.recency), tails.places(times, cohort.age)
        busiest = np.zeros(len(times))
        np.maximum.at(busiest, last, cohort.frequency.rows())
        return cls(times, last, now, np.maximum.accumulate(busiest)[:-1])


@dataclass(frozen=True, slots=True)
class Histories:
    """A cohort prepared for many evaluations: what does not depend on the parameters."""

    cohort: Cohort
    purchases: Counts
    age: Vector
    recency: Vector
    grid: Grid | None

    @classmethod
    def of(cls, cohort: Cohort) -> "Histories":
        """Prepare a cohort."""
        single = len(cohort.cells) == 1 and cohort.cells[0].covariates.size == 0
        grid = Grid.of(cohort) if single else None
        return cls(cohort, Counts.of(cohort.purchases), cohort.age.rows(), cohort.recency.rows(), grid)

    def gradients(self, at: Rates) -> tuple[Vector, tuple[Vector, Vector, Vector, Vector]]:
        """The log-likelihood of one person of each group, and its derivatives in r, alpha, s and beta."""
        x = self.purchases.x
        start, fallen, gone = self._masses(at)
        stayed = fallen * (at.beta + self.age)
        gone = at.s * gone
        whole = stayed + gone[0]
        value = self.purchases.logs(at.r) - x * np.log(at.alpha) - np.log(at.beta) + start + np.log(whole)
        stayed /= whole
        gone /= whole
        in_alpha_log, in_beta_log = np.log1p(self.age / at.alpha), np.log1p(self.age / at.beta)
        in_r = self.purchases.inverses(at.r) - stayed * in_alpha_log - gone[1]
        in_alpha = at.r / at.alpha - (at.r + x) * (stayed / (at.alpha + self.age) + gone[3])
        in_s = gone[0] / at.s - stayed * in_beta_log - gone[2]
        in_beta = at.s / at.beta - at.s * stayed / (at.beta + self.age) - (at.s + 1) * gone[4]
        return value, (in_r, in_alpha, in_s, in_beta)

    def alive(self, at: Rates) -> Vector:
        """The chance that one person of each group may still buy."""
        _, fallen, gone = self._masses(at)
        stayed = fallen * (at.beta + self.age)
        chance: Vector = stayed / (stayed + at.s * gone[0])
        return chance

    def expected(self, at: Rates, horizon: float) -> Vector:
        """Purchases of one person of each group over a horizon, if still alive."""
        rate = (at.r + self.purchases.x) / (at.alpha + self.age)
        span = np.log1p(horizon / (at.beta + self.age))
        purchases: Vector = rate * (at.beta + self.age) * span * special.exprel(-(at.s - 1) * span)
        return purchases

    def _masses(self, at: Rates) -> tuple[Vector, Vector, Vector]:
        """``log h`` at the last purchase, ``h(now) / h(last)``, and the moments of leaving in between."""
        power: Vector = np.add(at.r, self.purchases.x, dtype=np.float64)
        grid, x = self.grid, self.cohort.frequency
        table = None
        if grid is not None:
            decay = tails.Decay(at.alpha, at.beta, at.r + x.values, at.s + 1)
            table = tails.table(decay, grid.times, at.r + grid.busiest, rows=len(power))
        if grid is None or table is None:
            decay = tails.Decay(at.alpha, at.beta, power, at.s + 1)
            start = decay.log(self.recency)
            fallen = np.exp(decay.log(self.age) - start)
            return start, fallen, tails.by_row(decay, self.recency, self.age)
        in_alpha, in_beta = np.log1p(grid.times / at.alpha), (at.s + 1) * np.log1p(grid.times / at.beta)
        start = -power * in_alpha[grid.last] - in_beta[grid.last]
        fallen = np.exp(-power * in_alpha[grid.now] - in_beta[grid.now] - start)
        return start, fallen, table.between(x.codes, grid.last, grid.now, fallen)

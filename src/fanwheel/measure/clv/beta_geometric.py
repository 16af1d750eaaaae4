"""The likelihood and the posteriors of the two beta-geometric models: everybody may leave after a purchase.

BG/NBD gives the chance of leaving after each repeat purchase; MBG/NBD after the first one too, so that also who never
came back may be gone. They differ in ``first``: whether the first purchase counts as an occasion to leave.
"""

from dataclasses import dataclass

import numpy as np
from scipy import special

from fanwheel.measure.clv.cohort import Cohort
from fanwheel.measure.clv.expectation import purchases_while_alive
from fanwheel.measure.clv.rising import Counts, Parameter
from fanwheel.measure.frames import Vector


@dataclass(frozen=True, slots=True)
class Rates:
    """(r, alpha) of the buying rate and (a, b) of the chance of leaving; all but r may differ by group."""

    r: float
    alpha: Parameter
    a: Parameter
    b: Parameter


@dataclass(frozen=True, slots=True)
class Histories:
    """A cohort prepared for many evaluations: what does not depend on the parameters."""

    cohort: Cohort
    purchases: Counts
    occasions: Counts
    last: Vector
    may_be_gone: Vector
    age: Vector
    recency: Vector

    @classmethod
    def of(cls, cohort: Cohort, *, first: bool) -> "Histories":
        """Prepare a cohort."""
        x = cohort.purchases
        occasions = x + int(first)
        return cls(
            cohort,
            Counts.of(x),
            Counts.of(occasions),
            np.maximum(occasions, 1) - 1.0,
            np.where(occasions > 0, 0.0, -np.inf),
            cohort.age.rows(),
            cohort.recency.rows(),
        )

    def gradients(self, at: Rates) -> tuple[Vector, tuple[Vector, Vector, Vector, Vector]]:
        """The log-likelihood of one person of each group, and its derivatives in r, alpha, a and b."""
        waited, gap = self._waits(at)
        odds = self._log_odds_gone(at, gap)
        gone = special.expit(odds)
        x = self.purchases.x
        power = at.r + x
        value = (
            self.purchases.logs(at.r)
            - x * np.log(at.alpha)
            - power * waited
            + self.occasions.log_shares(at.a, at.b)
            + np.maximum(odds, 0)
            + np.log1p(np.exp(-np.abs(odds)))
        )
        in_r = self.purchases.inverses(at.r) - waited + gone * gap
        at_age, at_last = 1.0 / (at.alpha + self.age), 1.0 / (at.alpha + self.recency)
        in_alpha = (at.r * self.age / at.alpha - x) * at_age + gone * power * (at_age - at_last)
        both = self.occasions.inverses(at.a + at.b)
        in_a = gone / at.a - both
        in_b = self.occasions.inverses(at.b) - both - gone / (at.b + self.last)
        return value, (in_r, in_alpha, in_a, in_b)

    def alive(self, at: Rates) -> Vector:
        """The chance that one person of each group may still buy."""
        _, gap = self._waits(at)
        chance: Vector = special.expit(-self._log_odds_gone(at, gap))
        return chance

    def expected(self, at: Rates, horizon: float) -> Vector:
        """Purchases of one person of each group over a horizon, if still alive."""
        columns = (at.a, at.b + self.occasions.x, at.r + self.purchases.x, horizon / (at.alpha + self.age))
        if np.ndim(at.alpha) or np.ndim(at.a) or np.ndim(at.b):
            return purchases_while_alive(*columns)
        # Groups are sorted by frequency and age, on which alone this depends: compute each pair once.
        x, age = self.cohort.frequency.codes, self.cohort.age.codes
        starts = np.ones(len(x), dtype=bool)
        starts[1:] = (np.diff(x) != 0) | (np.diff(age) != 0)
        first = np.flatnonzero(starts)
        distinct = purchases_while_alive(at.a, *(np.asarray(column)[first] for column in columns[1:]))
        expected: Vector = distinct[np.cumsum(starts) - 1]
        return expected

    def _waits(self, at: Rates) -> tuple[Vector, Vector]:
        """``log((alpha + T) / alpha)``, and ``log((alpha + T) / (alpha + t))``."""
        if np.ndim(at.alpha):
            waited = np.log1p(self.age / at.alpha)
            return waited, waited - np.log1p(self.recency / at.alpha)
        # A log for each distinct day, not for each group.
        age, recency = self.cohort.age, self.cohort.recency
        waited = np.log1p(age.values / at.alpha)[age.codes]
        return waited, waited - np.log1p(recency.values / at.alpha)[recency.codes]

    def _log_odds_gone(self, at: Rates, gap: Vector) -> Vector:
        """The log of (gone / alive); minus infinity for who had no occasion to leave."""
        odds: Vector = np.log(at.a) - np.log(at.b + self.last) + (at.r + self.purchases.x) * gap + self.may_be_gone
        return odds


def expected_from_start(at: Rates, horizon: Vector, *, first: bool) -> Vector:
    """Purchases of a new person over each horizon, the first one not counted."""
    alive = at.b / (at.a + at.b) if first else 1.0
    after: Vector = alive * purchases_while_alive(at.a, at.b + int(first), at.r, horizon / at.alpha)
    return after

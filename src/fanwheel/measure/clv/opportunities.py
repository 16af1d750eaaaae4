"""The likelihood and the posteriors of BG/BB: buying or not at each opportunity, until leaving before one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.clv.cohort import Cohort
from fanwheel.measure.frames import Vector


@dataclass(frozen=True, slots=True)
class Chances:
    """Beta(alpha, beta) of buying at an opportunity, Beta(gamma, delta) of leaving before one."""

    alpha: float
    beta: float
    gamma: float
    delta: float


def rising_logs(base: float, most: int) -> Vector:
    """Sum of ``log(base + k)`` over k < j, for j from 0 to ``most``."""
    return np.concatenate([[0.0], np.cumsum(np.log(base + np.arange(most)))])


def rising_inverses(base: float, most: int) -> Vector:
    """Sum of ``1 / (base + k)`` over k < j, for j from 0 to ``most``."""
    return np.concatenate([[0.0], np.cumsum(1.0 / (base + np.arange(most)))])


@dataclass(frozen=True, slots=True)
class Endings:
    """Every way in which each group's history may have ended: gone after opportunity j, or still alive (first)."""

    cohort: Cohort
    starts: NDArray[np.intp]
    owner: NDArray[np.intp]
    bought: NDArray[np.int64]
    lived: NDArray[np.int64]
    alive: NDArray[np.bool_]
    most: int

    @classmethod
    def of(cls, cohort: Cohort) -> "Endings":
        """List the endings: alive at the last opportunity n, or gone after one from the last purchase to n - 1."""
        last, now = cohort.recency.rows().astype(np.int64), cohort.age.rows().astype(np.int64)
        ways = now - last + 1
        starts = np.cumsum(ways) - ways
        owner = np.repeat(np.arange(len(ways)), ways)
        behind = np.arange(len(owner)) - starts[owner]
        return cls(cohort, starts, owner, cohort.purchases[owner], now[owner] - behind, behind == 0,
                   int(now.max(initial=0)))  # fmt: skip

    def _logs(self, at: Chances) -> Vector:
        """The log-likelihood of each ending."""
        hits, misses = rising_logs(at.alpha, self.most), rising_logs(at.beta, self.most)
        either, stays = rising_logs(at.alpha + at.beta, self.most), rising_logs(at.delta, self.most)
        all_ends = rising_logs(at.gamma + at.delta, self.most + 1)
        left = np.where(self.alive, 0.0, np.log(at.gamma))
        result: Vector = (
            hits[self.bought] + misses[self.lived - self.bought] - either[self.lived]
            + left + stays[self.lived] - all_ends[self.lived + ~self.alive]
        )  # fmt: skip
        return result

    def shares(self, at: Chances) -> tuple[Vector, Vector]:
        """Each group's log-likelihood, and each ending's share in it."""
        logs = self._logs(at)
        top = np.maximum.reduceat(logs, self.starts)
        weights = np.exp(logs - top[self.owner])
        whole = np.add.reduceat(weights, self.starts)
        return top + np.log(whole), weights / whole[self.owner]

    def gradients(self, at: Chances) -> tuple[Vector, tuple[Vector, Vector, Vector, Vector]]:
        """The log-likelihood of one person of each group, and its derivatives in alpha, beta, gamma and delta."""
        value, shares = self.shares(at)
        either = rising_inverses(at.alpha + at.beta, self.most)[self.lived]
        all_ends = rising_inverses(at.gamma + at.delta, self.most + 1)[self.lived + ~self.alive]
        slopes = (
            rising_inverses(at.alpha, self.most)[self.bought] - either,
            rising_inverses(at.beta, self.most)[self.lived - self.bought] - either,
            np.where(self.alive, 0.0, 1.0 / at.gamma) - all_ends,
            rising_inverses(at.delta, self.most)[self.lived] - all_ends,
        )
        in_alpha, in_beta, in_gamma, in_delta = (np.add.reduceat(shares * slope, self.starts) for slope in slopes)
        return value, (in_alpha, in_beta, in_gamma, in_delta)

    def chance_alive(self, at: Chances) -> Vector:
        """The chance that one person of each group is alive at the last opportunity."""
        return self.shares(at)[1][self.starts]

    def expected(self, at: Chances, horizon: int) -> Vector:
        """Purchases of one person of each group at the next opportunities, if alive at the last one."""
        n = self.cohort.age.values[:, None] + np.arange(horizon)
        stays = np.cumprod((at.delta + n) / (at.gamma + at.delta + n), axis=1).sum(axis=1)
        seen = self.cohort.age.rows()
        chance = (at.alpha + self.cohort.purchases) / (at.alpha + at.beta + seen)
        expected: Vector = chance * stays[self.cohort.age.codes]
        return expected

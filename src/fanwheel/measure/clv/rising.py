"""Sums over the purchases of a person: the logs of rising factorials, and their derivatives.

``log Γ(b+x) - log Γ(b)`` is the sum of ``log(b+k)`` over the x purchases. As a sum it loses no digits where b is huge,
which is where log-gammas do.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.frames import Vector

# One value for all groups, or one for each.
Parameter = float | Vector


@dataclass(frozen=True, slots=True)
class Counts:
    """Whole numbers x >= 0, prepared for sums over k < x."""

    x: NDArray[np.int64]
    order: NDArray[np.intp]
    above: NDArray[np.int64]
    steps: Vector

    @classmethod
    def of(cls, x: NDArray[np.int64]) -> "Counts":
        """Prepare the sums: the groups by falling x, and how many are above each k."""
        most = int(x.max(initial=0))
        above = len(x) - np.cumsum(np.bincount(x, minlength=most + 1))[:most]
        return cls(x, np.argsort(-x, kind="stable"), above, np.arange(float(most)))

    def logs(self, base: Parameter) -> Vector:
        """Sum of ``log(base + k)`` over k < x."""
        return self._sums(lambda k, b: np.log(b + k), base)

    def inverses(self, base: Parameter) -> Vector:
        """Sum of ``1 / (base + k)`` over k < x: the derivative of ``logs``."""
        return self._sums(lambda k, b: 1.0 / (b + k), base)

    def log_shares(self, part: Parameter, rest: Parameter) -> Vector:
        """Sum of ``log((rest + k) / (part + rest + k))`` over k < x."""
        return self._sums(lambda k, a, b: -np.log1p(a / (b + k)), part, rest)

    def _sums(self, term: Callable[..., Vector], *bases: Parameter) -> Vector:
        if all(isinstance(base, float) for base in bases):
            total = np.zeros(len(self.steps) + 1)
            np.add.accumulate(term(self.steps, *bases), out=total[1:])
            return total[self.x]
        ordered = [np.broadcast_to(base, self.x.shape)[self.order] for base in bases]
        total = np.zeros(len(self.x))
        for k, groups in enumerate(self.above.tolist()):
            total[:groups] += term(k, *(base[:groups] for base in ordered))
        result = np.empty_like(total)
        result[self.order] = total
        return result

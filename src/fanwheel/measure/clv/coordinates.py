"""The coordinates in which the search moves: unbounded, dimensionless, with the flat valleys along one axis.

A gamma distribution (shape, rate) is searched as log shape and log mean wait; a beta distribution (a, b) as the logit
of its mean and the log of its weight ``a + b``. Where people do not differ, only one coordinate is unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Final, Protocol

import numpy as np

from fanwheel.measure.frames import Vector


@dataclass(frozen=True, slots=True)
class Axis:
    """One coordinate: where it starts and may go, the weak prior on it, and what to say where data are silent."""

    start: float
    low: float
    high: float
    silent: str
    at_low: str = ""
    prior_mean: float = 0.0
    prior_sd: float = 2.0

    def why(self, point: float) -> str:
        """Why this coordinate is not identified, at the point where the search ended."""
        return self.at_low if self.at_low and point < (self.low + self.high) / 2 else self.silent


class Block(Protocol):
    """Some coordinates and the parameters that they stand for."""

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The coordinates."""
        ...

    def natural(self, point: Vector) -> tuple[float, ...]:
        """The parameters at a point."""
        ...

    def pull(self, point: Vector, gradient: Sequence[float]) -> tuple[float, ...]:
        """The gradient in coordinates, from that in parameters."""
        ...


@dataclass(frozen=True, slots=True)
class GammaBlock:
    """(shape, rate) of a gamma distribution, as log shape and log (rate / shape)."""

    axes: tuple[Axis, ...]

    def natural(self, point: Vector) -> tuple[float, ...]:
        """The parameters at a point."""
        shape = exp(point[0])
        return shape, shape * exp(point[1])

    def pull(self, point: Vector, gradient: Sequence[float]) -> tuple[float, ...]:
        """The gradient in coordinates, from that in parameters."""
        shape, rate = self.natural(point)
        return shape * gradient[0] + rate * gradient[1], rate * gradient[1]


@dataclass(frozen=True, slots=True)
class BetaBlock:
    """(a, b) of a beta distribution, as the logit of its mean and log (a + b)."""

    axes: tuple[Axis, ...]

    def natural(self, point: Vector) -> tuple[float, ...]:
        """The parameters at a point."""
        weight = exp(point[1])
        return weight * _expit(point[0]), weight * _expit(-point[0])

    def pull(self, point: Vector, gradient: Sequence[float]) -> tuple[float, ...]:
        """The gradient in coordinates, from that in parameters."""
        a, b = self.natural(point)
        return a * _expit(-point[0]) * (gradient[0] - gradient[1]), a * gradient[0] + b * gradient[1]


@dataclass(frozen=True, slots=True)
class SpendBlock:
    """(p, q, gamma) of Gamma-Gamma, as the logs of p, of q, and of the mean's scale ``p·gamma / q``."""

    axes: tuple[Axis, ...]

    def natural(self, point: Vector) -> tuple[float, ...]:
        """The parameters at a point."""
        p, q = exp(point[0]), exp(point[1])
        return p, q, exp(point[2]) * q / p

    def pull(self, point: Vector, gradient: Sequence[float]) -> tuple[float, ...]:
        """The gradient in coordinates, from that in parameters."""
        p, q, gamma = self.natural(point)
        along = gamma * gradient[2]
        return p * gradient[0] - along, q * gradient[1] + along, along


@dataclass(frozen=True, slots=True)
class PlainBlock:
    """Coefficients that are searched as they are."""

    axes: tuple[Axis, ...]

    def natural(self, point: Vector) -> tuple[float, ...]:
        """The parameters at a point."""
        return tuple(point.tolist())

    def pull(self, point: Vector, gradient: Sequence[float]) -> tuple[float, ...]:
        """The gradient in coordinates, from that in parameters."""
        return tuple(gradient)


class Space:
    """All coordinates of a model, block by block."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = tuple(blocks)
        self.axes: tuple[Axis, ...] = tuple(axis for block in self.blocks for axis in block.axes)
        ends = np.cumsum([len(block.axes) for block in self.blocks]).tolist()
        self._parts = [(block, slice(end - len(block.axes), end)) for block, end in zip(self.blocks, ends, strict=True)]

    def natural(self, point: Vector) -> Vector:
        """The parameters at a point, in the order of the blocks."""
        return np.array([value for block, part in self._parts for value in block.natural(point[part])])

    def pull(self, point: Vector, gradient: Sequence[float]) -> Vector:
        """The gradient in coordinates, from that in parameters."""
        pulled = [block.pull(point[part], gradient[part]) for block, part in self._parts]
        return np.array([value for values in pulled for value in values])


def _expit(x: float) -> float:
    return 1 / (1 + exp(-x)) if x > -700 else 0.0


_BUYING: Final = "purchase heterogeneity not identified: everybody seems to buy at one rate, so r and alpha may be any \
large pair of the same ratio; more people or a longer time would help, or prior='weak'"


_NO_REPEATS: Final = "purchase rate not identified: hardly anybody bought again; wait for repeat purchases"


def around(middle: float, *, silent: str, at_low: str = "") -> Axis:
    """The log of something with a unit, started at a guess of its size; no prior, so that units do not matter."""
    start = float(np.log(middle))
    return Axis(start, start - 16, start + 16, silent, at_low, prior_mean=start, prior_sd=np.inf)


def purchasing(mean_wait: float) -> GammaBlock:
    """The buying rate's (r, alpha), started at an even spread and the mean wait observed."""
    rate = Axis(0.0, -12.0, 9.5, _BUYING, _NO_REPEATS)
    wait = around(mean_wait, silent=_NO_REPEATS)
    return GammaBlock((rate, wait))


def leaving(*, of: str, remedy: str) -> BetaBlock:
    """The chance of leaving's pair of parameters."""
    return BetaBlock(
        (
            Axis(
                -1.0, -16.0, 16.0, f"dropout not identified: {of} cannot be told apart from the data",
                f"dropout not identified: hardly anybody seems to leave, so {of} may be any pair of a tiny mean; \
{remedy}", prior_mean=-1.0, prior_sd=2.0,
            ),
            Axis(
                float(np.log(3)), -9.0, 14.0,
                f"dropout heterogeneity not identified: everybody seems to leave with one chance, so {of} may be any \
large pair of the same ratio; {remedy}",
                f"dropout heterogeneity not identified: people seem to leave at once or never, so {of} may be any tiny \
pair of the same ratio; {remedy}", prior_mean=1.0, prior_sd=1.5,
            ),
        )
    )  # fmt: skip

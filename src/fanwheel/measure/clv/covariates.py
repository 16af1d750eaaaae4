"""How traits that do not change over time shift a person's parameters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fanwheel.measure.clv.coordinates import Axis, PlainBlock
from fanwheel.measure.clv.search import Optimum
from fanwheel.measure.frames import Vector

_STEEPEST: Final = 6.0


@dataclass(frozen=True, slots=True)
class Design:
    """The covariates of each group, in units of their standard deviation."""

    names: tuple[str, ...]
    values: Vector
    scale: Vector

    @classmethod
    def of(cls, names: Sequence[str], values: Vector, count: Vector) -> "Design":
        """Scale the covariates, so that the search sees all alike."""
        share = (count / count.sum())[:, None]
        spread = np.sqrt((share * (values - (share * values).sum(axis=0)) ** 2).sum(axis=0))
        scale = np.where(spread > 1e-12 * np.abs(values).max(axis=0, initial=0), spread, 1.0)
        return cls(tuple(names), values / scale, scale)

    def block(self) -> PlainBlock:
        """One coefficient for each covariate, from none up to a factor of e^6 for a standard deviation."""
        return PlainBlock(
            tuple(
                Axis(0.0, -_STEEPEST, _STEEPEST, f"the effect of “{name}” is not identified: it varies too little, or \
goes along with another covariate or with who buys at all", prior_sd=1.0)
                for name in self.names
            )
        )  # fmt: skip

    def factor(self, effects: Vector) -> Vector:
        """``exp(effects · covariates)`` for each group."""
        factor: Vector = np.exp((self.values * effects).sum(axis=1))
        return factor

    def slope(self, elasticity: Vector) -> list[float]:
        """The gradient in the coefficients, given each group's in the log of its parameter."""
        slope: list[float] = (self.values * elasticity[:, None]).sum(axis=0).tolist()
        return slope

    def unscaled(self, found: Optimum, *, after: int) -> tuple[list[tuple[float, ...]], Optimum]:
        """The coefficients of each shifted parameter in the units of the data, and the optimum in them."""
        if not self.names:
            return [(), (), ()], found
        width = len(self.names)
        scales = [1.0] * after + self.scale.tolist() * ((len(found.parameters) - after) // width)
        parameters = tuple(value / scale for value, scale in zip(found.parameters, scales, strict=True))
        errors = tuple(
            None if error is None else error / scale for error, scale in zip(found.standard_errors, scales, strict=True)
        )
        parts = [parameters[start : start + width] for start in range(after, len(parameters), width)]
        return parts, replace(found, parameters=parameters, standard_errors=errors)


def spelled(names: Sequence[str], **effects: Sequence[float]) -> dict[str, float]:
    """Coefficients by the parameter that they shift and the covariate: ``alpha:income``."""
    return {
        f"{parameter}:{name}": value
        for parameter, values in effects.items()
        for name, value in zip(names, values, strict=True)
    }

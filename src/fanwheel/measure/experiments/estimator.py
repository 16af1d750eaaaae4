"""The one estimator behind every comparison: a difference of means, of ratios or of lifts, freed of the pre-period."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from fanwheel.measure.experiments import kernels
from fanwheel.measure.experiments.moments import Arm, Pair

Vector = NDArray[np.float64]
_ROUNDING: Final = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A difference with its error, and the same without adjustment; all finite."""

    estimate: float
    se: float
    degrees: float
    plain_estimate: float
    plain_se: float
    mean_treated: float
    mean_control: float
    control_se: float
    balance_z: float | None
    slope: Vector


def estimate(pair: Pair, *, ratio: bool, relative: bool) -> Estimate:
    """Compare two arms; with ``relative``, the control mean must not be 0; with ``ratio``, no divisor may be.

    Notes
    -----
    With metric R = ȳ (or ȳ/d̄) of gradient g and pre-period means x̄, Δ = (R₁ - R₀) - θ(x̄₁ - x̄₀), where θ is the one that
    makes Var(Δ) least; relative: Δ/R₀, whose gradient in the control adds (1 - R₁/R₀)·g/R₀. Delta method throughout.
    Source: Deng, Xu, Kohavi & Walker (2013), WSDM; Deng, Knoblich & Lu (2018), KDD.
    """
    treated, control = pair.treated, pair.control
    mean_one, gradient_one = _metric(treated, ratio=ratio)
    mean_zero, gradient_zero = _metric(control, ratio=ratio)
    slope = _slope(pair, gradient_one, gradient_zero, first=2 if ratio else 1)
    adjust = np.concatenate([np.zeros(len(gradient_one) - len(slope)), slope])
    found, plain = [
        _difference(
            pair, (mean_one, mean_zero), gradients=(gradient_one, gradient_zero), adjust=theta, relative=relative
        )
        for theta in (adjust, np.zeros_like(adjust))
    ]
    return Estimate(
        estimate=found.estimate, se=found.se, degrees=found.degrees,
        plain_estimate=plain.estimate, plain_se=plain.se,
        mean_treated=mean_one, mean_control=mean_zero,
        control_se=_root(gradient_zero @ control.spread @ gradient_zero),
        balance_z=_balance(pair, len(slope)), slope=slope,
    )  # fmt: skip


def _metric(arm: Arm, *, ratio: bool) -> tuple[float, Vector]:
    gradient = np.zeros_like(arm.mean)
    if not ratio:
        gradient[0] = 1.0
        return float(arm.mean[0]), gradient
    value, gradient[0] = float(arm.mean[0] / arm.mean[1]), 1.0 / arm.mean[1]
    gradient[1] = -value / arm.mean[1]
    return value, gradient


def _slope(pair: Pair, gradient_one: Vector, gradient_zero: Vector, *, first: int) -> Vector:
    cross = pair.shared
    square = pair.treated.spread + pair.control.spread - cross - cross.T
    joint = pair.treated.spread @ gradient_one + pair.control.spread @ gradient_zero
    joint = joint - cross.T @ gradient_one - cross @ gradient_zero
    return kernels.solve(square[first:, first:], joint[first:])


def _difference(
    pair: Pair, means: tuple[float, float], *, gradients: tuple[Vector, Vector], adjust: Vector, relative: bool
) -> kernels.Difference:
    one, zero = gradients[0] - adjust, gradients[1] - adjust
    gap = means[0] - means[1] - float(adjust @ (pair.treated.mean - pair.control.mean))
    parts = [max(float(side @ arm.spread @ side), 0.0) for side, arm in ((one, pair.treated), (zero, pair.control))]
    degrees = float(kernels.welch_degrees(*parts, n=(pair.treated.units, pair.control.units)))
    if relative:
        gap, lift = gap / means[1], means[0] / means[1] - 1.0
        one, zero = one / means[1], (zero + lift * gradients[1]) / means[1]
    variance = one @ pair.treated.spread @ one + zero @ pair.control.spread @ zero - 2.0 * one @ pair.shared @ zero
    se, size = _root(variance), 1.0 if relative else max(abs(means[0]), abs(means[1]))
    return kernels.Difference(float(gap), se if se > _ROUNDING * size else 0.0, degrees)


def _root(variance: Any) -> float:
    return float(np.sqrt(max(float(variance), 0.0)))


def _balance(pair: Pair, columns: int) -> float | None:
    """The normal deviate of the arms' gap before the test, or that as rare as the joint chi-square of several."""
    if not columns:
        return None
    gap = (pair.treated.mean - pair.control.mean)[-columns:]
    square = (pair.treated.spread + pair.control.spread - pair.shared - pair.shared.T)[-columns:, -columns:]
    distance = max(float(gap @ kernels.solve(square, gap)), 0.0)
    if columns == 1:
        return float(np.sign(gap[0]) * np.sqrt(distance))
    return float(-special.ndtri(special.chdtrc(columns, distance) / 2.0 + 1e-300))

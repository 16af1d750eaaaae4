"""How spend turns into pressure: carry-over into later periods and diminishing returns.

Both shapes have one parameter. An S-shaped curve would need a second one, which a few hundred rows cannot
tell apart from carry-over, and which would make the best budget an all-or-nothing choice.
"""

from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
Saturation = Literal["hill", "exponential"]
SATURATIONS: Final = ("hill", "exponential")
_WARM_UP_ROWS: Final = 8
_FADED: Final = 1e-30
_HALF: Final = {"hill": 1.0, "exponential": float(np.log(2))}


class Curve(NamedTuple):
    """Pressure per period (0 to 1) and its slopes along both shape parameters."""

    pressure: Array
    by_carry: Array
    by_scale: Array


def before(spend: Array) -> float:
    """What a channel is taken to have spent before the first row: the mean of its first eight."""
    return float(spend[:_WARM_UP_ROWS].mean())


def carried(spend: Array, carry: float, *, start: float) -> Array:
    """Geometric adstock ``w_t = (1 - a) x_t + a w_(t-1)``, which keeps constant spend as it is."""
    fresh = (1 - carry) * spend
    fresh[0] += carry * start
    return _echoed(fresh, carry)


def carried_many(spend: Array, carry: Array, *, start: float) -> Array:
    """The adstock of one channel for many carry-overs at once: (draws, periods)."""
    out = np.empty((len(carry), len(spend)))
    level = np.full(len(carry), start)
    for period, amount in enumerate(spend):
        level = (1 - carry) * amount + carry * level
        out[:, period] = level
    return out


def saturated(spend: Array, scale: Array | float, kind: Saturation) -> Array:
    """Share of the channel's ceiling that this spend reaches: ``x/(k+x)`` or ``1-exp(-x/k)``."""
    ratio = spend / scale
    result: Array = ratio / (1 + ratio) if kind == "hill" else -np.expm1(-ratio)
    return result


def slope(spend: Array, scale: Array | float, kind: Saturation) -> Array:
    """What one more unit of spend adds to the share of the ceiling."""
    ratio = spend / scale
    result: Array = 1 / (scale * (1 + ratio) ** 2) if kind == "hill" else np.exp(-ratio) / scale
    return result


def half_way(scale: Array, kind: Saturation) -> Array:
    """The spend per period that reaches half of the ceiling."""
    return scale * _HALF[kind]


def curve(spend: Array, shape: Array, *, start: float, kind: Saturation) -> Curve:
    """Pressure of one channel at ``shape = (logit carry-over, log scale)``."""
    carry, scale = float(special.expit(shape[0])), float(np.exp(shape[1]))
    level = carried(spend, carry, start=start)
    earlier = np.concatenate(([start], level[:-1]))
    by_carry = _echoed(earlier - spend, carry)
    steep = slope(level, scale, kind)
    return Curve(saturated(level, scale, kind), steep * by_carry * carry * (1 - carry), -steep * level)


def _echoed(values: Array, carry: float) -> Array:
    """``y_t = x_t + a y_(t-1)`` by doubling the reach: log2(n) vector steps, and no import of scipy.signal."""
    out = values.copy()
    reach, fading = 1, carry
    while reach < len(out) and fading > _FADED:
        out[reach:] = out[reach:] + fading * out[:-reach]
        reach, fading = 2 * reach, fading * fading
    return out

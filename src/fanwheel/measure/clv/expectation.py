"""How often somebody buys again while alive, when each purchase may be the last.

The textbook form of this number overflows, loses digits and divides zero by zero in ordinary data. Here the closed
form is used only where it keeps its digits, and an integral of a positive, smooth function everywhere else.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from fanwheel.measure.frames import Vector

_CELLS_AT_ONCE: Final = 1 << 18
_FLAT_TAIL: Final = 40.0
_SMALL_SHAPE: Final = 0.3


def purchases_while_alive(a: ArrayLike, b: ArrayLike, shape: ArrayLike, reach: ArrayLike) -> Vector:
    """Expected purchases over a horizon of somebody who is alive at its start.

    Parameters
    ----------
    a, b : array, > 0
        The chance of leaving after a purchase is Beta(a, b), given all that is known.
    shape : array, > 0
        The buying rate is Gamma with this shape.
    reach : array, >= 0
        The horizon, as a multiple of the gamma's own rate: ``t / (alpha + T)``. All broadcast to one length.

    Returns
    -------
    (n,) array
        Purchases, >= 0; relative error below 1e-10.

    Notes
    -----
    ``E = ∫ (1 - (1 + p u)^-s) / p · Beta(p; a, b) dp``, with ``u`` the reach and ``s`` the shape. In closed form
    ``E = C/(a-1) · [1 - (1-z)^(a-1) · 2F1(C-s, a-1; C; z)]`` with ``C = a+b-1`` and ``z = u/(1+u)``: no large power
    anywhere. It cancels where the bracket is small (near a = 1, short horizons, large a or b); there the integral is
    taken by the trapezoidal rule in ``logit p``, which converges exponentially because the integrand is analytic in a
    strip around the line.

    Source: Fader, Hardie & Lee (2005), Marketing Science 24(2), 275-284, for the closed form; the rest is derived here.
    """
    columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (a, b, shape, reach)))
    left, right, power, span = (np.ascontiguousarray(column) for column in columns)
    result = np.zeros(len(left))
    tame = (left < 20) & (np.abs(left - 1) > 1e-3) & (left + right > 1.1) & (right < 300) & (power < 100) & (span < 20)
    closed, kept = _closed_form(left[tame], right[tame], power[tame], span[tame])
    result[tame] = closed
    rest = span > 0
    rest[np.flatnonzero(tame)[kept]] = False
    result[rest] = _integrals(left[rest], right[rest], power[rest], span[rest])
    return result


def _closed_form(a: Vector, b: Vector, shape: Vector, reach: Vector) -> tuple[Vector, NDArray[np.bool_]]:
    """The closed form, and where its bracket is large enough to have kept its digits."""
    level, z = a + b - 1, reach / (1 + reach)
    bracket = 1 - (1 - z) ** (a - 1) * special.hyp2f1(level - shape, a - 1, level, z)
    return level / (a - 1) * bracket, np.isfinite(bracket) & (np.abs(bracket) > 1e-2)


def _integrals(a: Vector, b: Vector, shape: Vector, reach: Vector) -> Vector:
    """The integral row by row, in batches of rows that need about as many nodes."""
    spread = np.sqrt(1 / a + 1 / b)
    step = np.minimum(spread / 2.5, 0.28)
    flat = a < _SMALL_SHAPE
    center, near = np.log(a / b), 9 * np.minimum(spread, 3)
    low = center - near - _FLAT_TAIL / np.where(flat, a + 1, a)
    low = np.where(flat, np.minimum(low, -np.log1p(shape * reach) - _FLAT_TAIL / (a + 1)), low)
    high = center + near + _FLAT_TAIL / (b + 1)
    high = np.where(b < 1000, np.maximum(high, _FLAT_TAIL / (b + 1)), high)
    nodes = np.ceil((high - low) / step).astype(np.int64) + 1
    order = np.argsort(nodes, kind="stable")
    result = np.empty(len(a))
    start = 0
    while start < len(order):
        # The rows are in order of their nodes: take as many as fill a batch, which the last one's nodes bound.
        wide = int(nodes[order[min(len(order), start + max(1, _CELLS_AT_ONCE // int(nodes[order[start]]))) - 1]])
        rows = order[start : start + max(1, _CELLS_AT_ONCE // wide)]
        wide = int(nodes[rows[-1]])
        grid = low[rows, None] + step[rows, None] * np.arange(wide, dtype=np.float64)
        result[rows] = _trapezoid(grid, *(column[rows, None] for column in (a, b, shape, reach)))
        start += len(rows)
    return result


def _trapezoid(grid: Vector, a: Vector, b: Vector, shape: Vector, reach: Vector) -> Vector:
    """The mean of ``(1 - (1 + p u)^-s) / p`` under Beta(a, b), with ``logit p`` on an even grid.

    The function's ends are taken off before summing and added back exactly, so that a Beta that is heaped at an end
    needs no long tail: at p = 1 always (all terms stay positive), at p = 0 where a is small.
    """
    log_p, log_q = -np.logaddexp(0, -grid), -np.logaddexp(0, grid)
    p, q = np.exp(log_p), np.exp(log_q)
    weight = a * log_p + b * log_q
    weight = np.exp(weight - weight.max(axis=1, keepdims=True))
    # B(a+1, b+1) / B(a, b) is known exactly, and the sum of w·p·q has short tails: it sets the scale.
    weight /= (weight * p * q).sum(axis=1, keepdims=True) * ((a + b) / a) * ((a + b + 1) / b)
    at_one, at_zero = -np.expm1(-shape * np.log1p(reach)), np.where(a < _SMALL_SHAPE, shape * reach, 0.0)
    inside = -np.expm1(-shape * np.log1p(p * reach)) / p - at_one * p - at_zero * q
    total: Vector = (weight * inside).sum(axis=1) + (at_one * (a / (a + b)) + at_zero * (b / (a + b)))[:, 0]
    return total

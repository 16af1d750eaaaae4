"""Minimizing a smooth function of a few coordinates within bounds, the same way to the bit each time.

BFGS with projection onto the bounds, in plain array arithmetic: SciPy's L-BFGS-B hands its small matrices to threaded
libraries, which costs up to a hundred times more on a busy machine.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.frames import Vector

Slope = Callable[[Vector], tuple[float, Vector]]

_MOST_STEPS: Final = 150
_LONGEST: Final = 2.0
_FLAT: Final = 1e-7
_GAIN: Final = 1e-13


def minimize(function: Slope, start: Vector, low: Vector, high: Vector) -> Vector:
    """The point where a search from ``start`` ends, at the latest after 150 steps.

    Parameters
    ----------
    function : callable
        Gives the value and the gradient at a point.
    start, low, high : (p,) arrays
        Where to begin, and the box to stay in.
    """
    point = _within(start, low, high)
    value, slope = function(point)
    inverse = np.eye(len(point))
    fresh, idle = True, 0
    for _ in range(_MOST_STEPS):
        free = _free(point, slope, low, high)
        if not free.any() or np.abs(slope[free]).max() < _FLAT:
            break
        step = _direction(inverse, slope, free)
        reached = _line_search(function, point, step, (value, slope), (low, high))
        if reached is None:
            if fresh:
                break
            inverse, fresh = np.eye(len(point)), True
            continue
        further, next_value, next_slope = reached
        inverse = _updated(inverse, further - point, next_slope - slope, fresh=fresh)
        idle = idle + 1 if value - next_value <= _GAIN * (1 + abs(value)) else 0
        point, value, slope, fresh = further, next_value, next_slope, False
        if idle == 2:
            break
    return point


def _free(point: Vector, slope: Vector, low: Vector, high: Vector) -> NDArray[np.bool_]:
    """The coordinates that can move downhill."""
    return ~(((point <= low) & (slope > 0)) | ((point >= high) & (slope < 0)))


def _direction(inverse: Vector, slope: Vector, free: NDArray[np.bool_]) -> Vector:
    """A quasi-Newton step in the free coordinates, never longer than the longest allowed."""
    held = np.where(free, slope, 0.0)
    step = np.where(free, -(inverse @ held), 0.0)
    if step @ held >= -1e-12 * float(held @ held):
        step = -held
    longest = np.abs(step).max()
    return step * (_LONGEST / longest) if longest > _LONGEST else step


def _line_search(
    function: Slope, point: Vector, step: Vector, here: tuple[float, Vector], box: tuple[Vector, Vector]
) -> tuple[Vector, float, Vector] | None:
    """A point along the step that is lower by enough, or None."""
    value, slope = here
    share = 1.0
    for _ in range(30):
        further = _within(point + share * step, *box)
        expected = float(slope @ (further - point))
        if expected >= 0:
            return None
        next_value, next_slope = function(further)
        if next_value <= value + 1e-4 * expected + 1e-15 * abs(value):
            return further, next_value, next_slope
        # The lowest point of the parabola through what is known, within reason.
        share *= min(max(-expected / (2 * (next_value - value - expected)), 0.1), 0.5)
    return None


def _updated(inverse: Vector, moved: Vector, turned: Vector, *, fresh: bool) -> Vector:
    """The inverse curvature, corrected by what the last step has shown; unchanged where that is not convex."""
    product = float(moved @ turned)
    if product <= 1e-12 * float(np.sqrt((moved @ moved) * (turned @ turned))):
        return inverse
    if fresh:
        inverse = np.eye(len(moved)) * (product / float(turned @ turned))
    along = inverse @ turned
    scale = (1 + float(turned @ along) / product) / product
    cross = along[:, None] * (moved / product)
    corrected: Vector = inverse + moved[:, None] * (scale * moved) - cross - cross.T
    return corrected


def _within(point: Vector, low: Vector, high: Vector) -> Vector:
    """The nearest point of the box."""
    nearest: Vector = np.minimum(np.maximum(point, low), high)
    return nearest

"""The outer search over shapes with non-negative least squares inside.

Given the shapes, the outcome is linear in the channels' ceilings, so an inner solve finds them exactly and the
search runs over two numbers per channel only, with an exact gradient (the envelope theorem).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import linalg, optimize

from fanwheel.measure.mix import shapes
from fanwheel.measure.mix.shapes import Array, Saturation
from fanwheel.measure.mix.tables import Test, Weeks

# Weak priors, in the docs too: carry-over 0.27 per period (0.05 to 0.73), half-way near 1.6 times the mean spend.
CENTER: Final = np.array([-1.0, 0.5])
SPREAD: Final = np.array([1.0, 1.0])
LOWEST: Final = np.array([-4.0, -3.0])
HIGHEST: Final = np.array([3.0, 3.5])
_STARTS: Final = ((-1.0, 0.5), (-3.0, 0.5), (0.8, 0.5), (-1.0, -1.0))
_PASSES: Final = 3
_STEPS: Final = 100
_ENOUGH: Final = 1e-10
_STUCK: Final = 1e8
_NOISE_FLOOR: Final = 1e-6  # of the outcome's variance: below it the outcome is explained to three digits


@dataclass(frozen=True, kw_only=True)
class Problem:
    """The data in units of their own: spend by its mean, the outcome by its spread, the baseline orthonormal."""

    spend: Array
    start: Array
    outcome: Array
    basis: Array
    largest: float
    tests: tuple[Test, ...]
    moved: tuple[Array, ...]
    windows: tuple[Array, ...]
    untested: list[int]
    kind: Saturation

    def free(self, values: Array) -> Array:
        """What the baseline cannot explain of these columns."""
        result: Array = values - self.basis @ (self.basis.T @ values)
        return result


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point of the search: pressures, their slopes (channels, 2, periods), ceilings and what is left over."""

    shape: Array
    pressure: Array
    slopes: Array
    ceiling: Array
    ceiling_slopes: Array
    ceiling_error: Array
    residual: Array
    noise: float


def pose(weeks: Weeks, tests: Sequence[Test], *, kind: Saturation, unit: float) -> Problem:
    """The problem in units of its own."""
    mean = weeks.spend.mean(axis=0)
    spend = weeks.spend / mean
    left, size, _ = linalg.svd(weeks.baseline, full_matrices=False)
    return Problem(
        spend=spend,
        start=np.array([shapes.before(column) for column in spend.T]),
        outcome=weeks.outcome / unit,
        basis=left[:, size > 1e-10 * size[0]],
        largest=max(float(np.abs(weeks.outcome).mean()) / unit, 1.0),
        tests=tuple(tests),
        moved=tuple(test.moved(spend[:, test.channel], weeks.at) for test in tests),
        windows=tuple(np.sign(test.change) * test.window(weeks.at).astype(float) for test in tests),
        untested=sorted(set(range(len(mean))) - {test.channel for test in tests}),
        kind=kind,
    )


def solve(problem: Problem) -> Point:
    """The most plausible point, from several starts and with the noise re-estimated in between."""
    channels = problem.spend.shape[1]
    noise = max(float(np.mean(problem.free(problem.outcome) ** 2)), _NOISE_FLOOR)
    starts = [np.tile(np.array(start), (channels, 1)) for start in _STARTS]
    best = starts[0]
    for _ in range(_PASSES):
        found = [_descend(problem, start, noise) for start in starts]
        best = min(found, key=lambda pair: pair[0])[1]
        starts = [best]
        point = at(problem, best, noise)
        spare = len(problem.outcome) - problem.basis.shape[1] - int((point.ceiling > 0).sum())
        noise = max(float(point.residual @ point.residual) / max(spare, 1), _NOISE_FLOOR)
    return at(problem, best, noise)


def at(problem: Problem, shape: Array, noise: float) -> Point:
    """Everything that follows from the shapes."""
    curves = [
        shapes.curve(column, row, start=start, kind=problem.kind)
        for column, row, start in zip(problem.spend.T, shape, problem.start, strict=True)
    ]
    pressure = np.column_stack([curve.pressure for curve in curves])
    slopes = np.array([[curve.by_carry, curve.by_scale] for curve in curves])
    ceiling, ceiling_slopes, error = _by_tests(problem, shape, curves)
    rest = problem.untested
    left = problem.free(problem.outcome - pressure @ ceiling)
    if rest:
        ceiling[rest] = _by_rows(problem, pressure[:, rest], left, noise)
        left = left - problem.free(pressure[:, rest]) @ ceiling[rest]
    return Point(
        shape=shape,
        pressure=pressure,
        slopes=slopes,
        ceiling=ceiling,
        ceiling_slopes=ceiling_slopes,
        ceiling_error=error,
        residual=left,
        noise=noise,
    )


def leeway(problem: Problem, pressure: Array) -> Array:
    """Standard deviation of the weak prior on a ceiling: the channel makes the whole outcome, on average."""
    result: Array = problem.largest / np.maximum(pressure.mean(axis=0), 1e-9)
    return result


def lift_per_ceiling(problem: Problem, number: int, shape: Array) -> tuple[float, Array]:
    """What test ``number`` would have found per unit of ceiling, and its slopes along the shape."""
    channel = problem.tests[number].channel
    start = float(problem.start[channel])
    on = shapes.curve(problem.spend[:, channel], shape, start=start, kind=problem.kind)
    other = shapes.curve(problem.moved[number], shape, start=start, kind=problem.kind)
    window = problem.windows[number]
    moved = [float(window @ (after - now)) for after, now in zip(other, on, strict=True)]
    return moved[0], np.array(moved[1:])


def _by_tests(problem: Problem, shape: Array, curves: Sequence[shapes.Curve]) -> tuple[Array, Array, Array]:
    """Ceilings of the tested channels from their tests alone (pooled by precision), slopes and standard errors."""
    channels = len(curves)
    above, below = np.zeros(channels), np.zeros(channels)
    above_slopes, below_slopes = np.zeros((channels, 2)), np.zeros((channels, 2))
    for number, test in enumerate(problem.tests):
        unit, slopes = lift_per_ceiling(problem, number, shape[test.channel])
        weight = test.standard_error**-2
        above[test.channel] += weight * unit * test.lift
        below[test.channel] += weight * unit * unit
        above_slopes[test.channel] += weight * slopes * test.lift
        below_slopes[test.channel] += 2 * weight * unit * slopes
    tested = below > 0
    safe = np.where(tested, below, 1.0)
    ceiling = np.where(tested, above / safe, 0.0)
    slopes = (above_slopes - ceiling[:, None] * below_slopes) / safe[:, None]
    works = ceiling > 0
    return np.where(works, ceiling, 0.0), np.where(works[:, None], slopes, 0.0), np.where(tested, safe**-0.5, 0.0)


def _by_rows(problem: Problem, pressure: Array, left: Array, noise: float) -> Array:
    weak = np.diag(np.sqrt(noise) / leeway(problem, pressure))
    stacked = np.vstack([problem.free(pressure), weak])
    ceiling, _ = optimize.nnls(stacked, np.concatenate([left, np.zeros(len(weak))]))
    result: Array = ceiling
    return result


def _descend(problem: Problem, start: Array, noise: float) -> tuple[float, Array]:
    """Damped Gauss-Newton steps inside the bounds, until one gains nothing.

    SciPy's L-BFGS-B finds the same points, but its many tiny matrices keep every core busy and take seven times as
    long where BLAS has threads.
    """
    shape = start
    point = at(problem, shape, noise)
    (value, gradient), damping = cost(problem, point), 1e-3
    for _ in range(_STEPS):
        trial = np.clip(shape + _step(problem, point, gradient, damping), LOWEST, HIGHEST)
        there = at(problem, trial, noise)
        found, slopes = cost(problem, there)
        if found < value:
            gained, damping = value - found, max(damping / 5, 1e-7)
            shape, point, value, gradient = trial, there, found, slopes
            if gained <= _ENOUGH * (1 + value):
                break
        elif damping > _STUCK:
            break
        else:
            damping *= 5
    return value, shape


def _step(problem: Problem, point: Point, gradient: Array, damping: float) -> Array:
    """The Gauss-Newton step of the shapes, with the ceilings that rows decide following along."""
    flat = point.shape.ravel()
    lowest, highest = np.tile(LOWEST, len(point.shape)), np.tile(HIGHEST, len(point.shape))
    movable = ~(((flat <= lowest) & (gradient > 0)) | ((flat >= highest) & (gradient < 0)))
    rest = [channel for channel in problem.untested if point.ceiling[channel] > 0]
    columns = jacobian(problem, point, rest)
    prior = np.concatenate([np.tile(SPREAD**-2.0, len(point.shape)), leeway(problem, point.pressure)[rest] ** -2.0])
    kept = np.concatenate([movable, np.ones(len(rest), dtype=bool)])
    bend = (columns.T @ columns / point.noise + np.diag(prior))[np.ix_(kept, kept)]
    bend[np.diag_indices_from(bend)] *= 1 + damping
    push = np.concatenate([gradient, np.zeros(len(rest))])[kept]
    step = np.zeros(len(kept))
    step[kept] = -np.linalg.solve(bend, push)
    result: Array = step[: len(flat)].reshape(point.shape.shape)
    return result


def jacobian(problem: Problem, point: Point, rest: list[int]) -> Array:
    """How the fitted outcome moves with the shapes (two per channel) and with the ceilings of ``rest``."""
    channels = len(point.ceiling)
    along = (
        point.ceiling[:, None, None] * point.slopes + point.ceiling_slopes[:, :, None] * point.pressure.T[:, None, :]
    )
    return problem.free(np.column_stack([along.reshape(2 * channels, -1).T, point.pressure[:, rest]]))


def cost(problem: Problem, point: Point) -> tuple[float, Array]:
    """Half the squared misfit over the noise plus half the squared distance from the priors."""
    away = (point.shape - CENTER) / SPREAD
    pull = np.zeros(len(point.ceiling))
    pull[problem.untested] = (point.ceiling / leeway(problem, point.pressure))[problem.untested]
    value = point.residual @ point.residual / point.noise + (away**2).sum() + pull @ pull
    moves = point.slopes @ point.residual  # (channels, 2)
    level = point.pressure.T @ point.residual
    gradient = -(point.ceiling[:, None] * moves + point.ceiling_slopes * level[:, None]) / point.noise
    gradient += (pull * point.ceiling)[:, None] * point.slopes.mean(axis=2) / problem.largest
    gradient += away / SPREAD
    return float(value) / 2, gradient.ravel()

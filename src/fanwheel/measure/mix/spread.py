"""How sure a mix is: draws around the best point.

The rows' information is a Laplace approximation (the curvature of the misfit plus the weak priors), with the
noise inflated for its autocorrelation. A tested channel's ceiling varies as its test does; the rows cannot
narrow it, and what they say about other channels follows it (a cut posterior).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from fanwheel.measure.mix import search, shapes
from fanwheel.measure.mix.search import Point, Problem
from fanwheel.measure.mix.shapes import Array

_MOST_MEMORY: Final = 0.8


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Plausible worlds: carry-over, scale and ceiling, each (draws, channels); ceilings may be below zero."""

    carry: Array
    scale: Array
    ceiling: Array


def draw(problem: Problem, point: Point, *, draws: int, seed: int) -> Draws:
    """Draws of the shapes and ceilings around ``point``; the same ones for the same seed."""
    channels = len(point.ceiling)
    rest = problem.untested
    noise = point.noise * _memory(point.residual)
    jacobian = search.jacobian(problem, point, rest)
    wide = search.leeway(problem, point.pressure)[rest]
    prior = np.concatenate([np.tile(search.SPREAD**-2.0, channels), wide**-2.0])
    spread = np.linalg.inv(jacobian.T @ jacobian / noise + np.diag(prior))
    rng = np.random.default_rng(seed)
    luck = rng.standard_normal((draws, len(prior)))
    test_luck = rng.standard_normal((draws, channels))
    pushed = test_luck * point.ceiling_error
    follow = spread @ (jacobian.T @ problem.free(point.pressure)) / noise
    moved = luck @ np.linalg.cholesky((spread + spread.T) / 2).T - pushed @ follow.T
    shape = np.clip(point.shape + moved[:, : 2 * channels].reshape(draws, channels, 2), search.LOWEST, search.HIGHEST)
    ceiling = _ceilings(problem, point, shape, test_luck)
    ceiling[:, rest] = point.ceiling[rest] + moved[:, 2 * channels :]
    return Draws(carry=special.expit(shape[:, :, 0]), scale=np.exp(shape[:, :, 1]), ceiling=ceiling)


def contributions(problem: Problem, draws: Draws) -> Array:
    """What each channel adds over all periods, in every draw: (draws, channels)."""
    total = np.empty_like(draws.ceiling)
    for channel in range(total.shape[1]):
        level = shapes.carried_many(
            problem.spend[:, channel], draws.carry[:, channel], start=float(problem.start[channel])
        )
        total[:, channel] = shapes.saturated(level, draws.scale[:, channel, None], problem.kind).sum(axis=1)
    result: Array = total * draws.ceiling
    return result


def lifts(problem: Problem, number: int, draws: Draws) -> Array:
    """What test ``number`` should have found, in every draw."""
    channel = problem.tests[number].channel
    unit = _units(problem, number, draws.carry[:, channel], draws.scale[:, channel])
    result: Array = unit * draws.ceiling[:, channel]
    return result


def _units(problem: Problem, number: int, carry: Array, scale: Array) -> Array:
    channel = problem.tests[number].channel
    start = float(problem.start[channel])
    sides = [
        shapes.saturated(shapes.carried_many(spend, carry, start=start), scale[:, None], problem.kind)
        for spend in (problem.moved[number], problem.spend[:, channel])
    ]
    result: Array = (sides[0] - sides[1]) @ problem.windows[number]
    return result


def _ceilings(problem: Problem, point: Point, shape: Array, luck: Array) -> Array:
    """Ceilings that the tests imply at each draw's shapes, each test off by its own error."""
    above, below = np.zeros(shape.shape[:2]), np.zeros(shape.shape[:2])
    for number, test in enumerate(problem.tests):
        chosen = shape[:, test.channel]
        unit = _units(problem, number, special.expit(chosen[:, 0]), np.exp(chosen[:, 1]))
        above[:, test.channel] += unit * test.lift / test.standard_error**2
        below[:, test.channel] += (unit / test.standard_error) ** 2
    safe = np.where(below > 0, below, 1.0)
    result: Array = np.where(below > 0, above / safe + luck * safe**-0.5, 0.0)
    return result


def _memory(residual: Array) -> float:
    """How much wider autocorrelated noise makes an estimate: (1 + r) / (1 - r), at least 1."""
    power = float(residual @ residual)
    if power <= 0:
        return 1.0
    memory = min(max(float(residual[1:] @ residual[:-1]) / power, 0.0), _MOST_MEMORY)
    return (1 + memory) / (1 - memory)

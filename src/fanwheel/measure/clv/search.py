"""Maximum likelihood: a deterministic search, and what its curvature says about every parameter."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.clv import descent
from fanwheel.measure.clv.coordinates import Space
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Vector

# The log-likelihood and its gradient in the parameters.
Objective = Callable[[Vector], tuple[float, Sequence[float]]]
Prior = Literal["weak"] | None

_STEP: Final = 1e-4
_LEAST_INFORMATION: Final = 1e-2  # a standard error of 10 on a log scale: a factor of 22,000 either way


@dataclass(frozen=True, slots=True)
class Optimum:
    """Where the likelihood is highest, how sure that is, and what cannot be told."""

    parameters: tuple[float, ...]
    standard_errors: tuple[float | None, ...]
    log_likelihood: float
    not_identified: tuple[str, ...]


def maximize(objective: Objective, space: Space, *, people: float, prior: Prior = None) -> Optimum:
    """The parameters of highest likelihood (or posterior density, with a prior), by BFGS and Newton's method.

    Parameters
    ----------
    objective : callable
        Gives the log-likelihood and its gradient for an array of parameters.
    space : Space
        The coordinates to search in, their bounds and their weak priors.
    people : float
        How many people the likelihood sums over; the search works on the mean.
    prior : 'weak' or None
        Whether to add the space's normal priors on the coordinates.

    Returns
    -------
    Optimum
        Standard errors are None, and a sentence says why, for parameters that the data do not identify.

    Raises
    ------
    BadDataError
        If the prior is neither None nor ``'weak'``.
    """
    if prior not in (None, "weak"):
        raise BadDataError(f"prior is {prior!r}.", hint="Use prior='weak' or leave it out.")
    climb = _Climb(objective, space, people=people, weak=prior == "weak")
    point = descent.minimize(climb, climb.start, climb.low, climb.high)
    point, information = _polish(climb, point)
    known, covariance = _invert(information * people, climb.free(point))
    jacobian = _jacobian(space, point)
    natural = space.natural(point)
    # A parameter that moves along with an unknown coordinate is unknown itself.
    moves = np.abs(jacobian[:, ~known]) > 1e-3 * np.abs(natural)[:, None]
    unknown = [bool(row.any()) for row in moves]
    errors = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", jacobian, covariance, jacobian), 0))
    return Optimum(
        parameters=tuple(natural.tolist()),
        standard_errors=tuple(None if hidden else float(e) for e, hidden in zip(errors, unknown, strict=True)),
        log_likelihood=float(objective(natural)[0]),
        not_identified=tuple(
            dict.fromkeys(axis.why(x) for axis, x, k in zip(space.axes, point.tolist(), known, strict=True) if not k)
        ),
    )


class _Climb:
    """Minus the mean log-likelihood (and prior) as a function of the coordinates."""

    def __init__(self, objective: Objective, space: Space, *, people: float, weak: bool) -> None:
        self._objective, self._space, self._people = objective, space, people
        axes = space.axes
        self.low, self.high = np.array([axis.low for axis in axes]), np.array([axis.high for axis in axes])
        self.start = np.clip([axis.start for axis in axes], self.low, self.high)
        self._mean = np.array([axis.prior_mean for axis in axes])
        self._precision = np.array([axis.prior_sd**-2.0 if weak else 0.0 for axis in axes])

    def __call__(self, point: Vector) -> tuple[float, Vector]:
        value, gradient = self._objective(self._space.natural(point))
        away = point - self._mean
        total = value - 0.5 * float((self._precision * away**2).sum())
        slope = self._space.pull(point, gradient) - self._precision * away
        return -total / self._people, -slope / self._people

    def free(self, point: Vector) -> NDArray[np.bool_]:
        """Which coordinates are not held by a bound."""
        return (point > self.low + 2 * _STEP) & (point < self.high - 2 * _STEP)

    def curvature(self, point: Vector) -> Vector:
        """The second derivatives, by central differences of the gradient."""
        steps = np.eye(len(point)) * _STEP
        matrix = np.array([(self(point + step)[1] - self(point - step)[1]) / (2 * _STEP) for step in steps])
        half: Vector = (matrix + matrix.T) / 2
        return half


def _polish(climb: _Climb, start: Vector) -> tuple[Vector, Vector]:
    """Newton steps from a point near the optimum, and the curvature there."""
    point, (value, slope) = start, climb(start)
    matrix = climb.curvature(point)
    for _ in range(4):
        free = climb.free(point)
        if not free.any() or np.abs(slope[free]).max() < 1e-13:
            break
        values, vectors = np.linalg.eigh(matrix[np.ix_(free, free)])
        steep = values > 1e-7
        step = np.zeros_like(point)
        step[free] = -vectors[:, steep] @ ((vectors[:, steep].T @ slope[free]) / values[steep])
        further = np.clip(point + step, climb.low, climb.high)
        next_value, next_slope = climb(further)
        if not (next_value <= value + 1e-12 and np.abs(next_slope[free]).max() < np.abs(slope[free]).max()):
            break
        point, value, slope = further, next_value, next_slope
    return point, matrix if np.abs(point - start).max() < 1e-5 else climb.curvature(point)


def _invert(information: Vector, free: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], Vector]:
    """Which coordinates are identified, and the covariance of those (zero elsewhere)."""
    known = free.copy()
    while known.any():
        values, vectors = np.linalg.eigh(information[np.ix_(known, known)])
        if values[0] >= _LEAST_INFORMATION:
            break
        known[np.flatnonzero(known)[np.argmax(np.abs(vectors[:, 0]))]] = False
    covariance = np.zeros_like(information)
    if known.any():
        covariance[np.ix_(known, known)] = np.linalg.inv(information[np.ix_(known, known)])
    return known, covariance


def _jacobian(space: Space, point: Vector) -> Vector:
    """How each parameter moves with each coordinate."""
    columns = [(space.natural(point + step) - space.natural(point - step)) / 2e-6 for step in np.eye(len(point)) * 1e-6]
    return np.array(columns).T

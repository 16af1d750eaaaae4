"""The chance of having left unseen, as integrals over the moment of leaving: what makes Pareto/NBD hard elsewhere.

``I = ∫ h(u) du`` from the last purchase to now, with ``h(u) = (α+u)^-(r+x) (β+u)^-(s+1)``, replaces the difference of
two hypergeometric functions, which loses its digits and overflows. Its derivatives are means of simple functions of
the same ``u``. All integrals are taken relative to ``h`` at their own start, so that nothing under- or overflows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.clv.grouping import Coded
from fanwheel.measure.clv.rising import Parameter
from fanwheel.measure.frames import Vector

# 1 and the functions of u whose means give the gradient: log(1+u/α), log(1+u/β), 1/(α+u), 1/(β+u).
MOMENTS: Final = 5
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_ROW_NODES, _ROW_WEIGHTS = np.polynomial.legendre.leggauss(32)
_STEEPEST: Final = 5.0
_WIDEST: Final = 0.5
_NEGLIGIBLE: Final = 45.0
_ROWS_AT_ONCE: Final = 1 << 11
_CELLS_AT_ONCE: Final = 1 << 13


@dataclass(frozen=True, slots=True)
class Decay:
    """Where and how fast ``h`` falls: the powers of (α+u) and (β+u)."""

    alpha: Parameter
    beta: Parameter
    power: Vector
    other: float

    @property
    def least(self) -> Parameter:
        """The smaller of the two scales."""
        return np.minimum(self.alpha, self.beta)

    def log(self, u: Vector) -> Vector:
        """``log h(u)``, up to the value at 0."""
        value: Vector = -self.power * np.log1p(u / self.alpha) - self.other * np.log1p(u / self.beta)
        return value


def moments(decay: Decay, low: Vector, high: Vector, rule: tuple[Vector, Vector]) -> Vector:
    """``∫ g(u) h(u) du / h(low)`` between ``low`` and ``high`` for each moment function, by Gauss and Legendre.

    The variable is ``log(min(α, β) + u)``, in which powers are exponentials.
    """
    start = decay.least + low
    half = np.log1p((high - low) / start) / 2
    floor = decay.log(low)
    shape = np.broadcast_shapes(np.shape(floor), np.shape(half))
    nodes, weights = (column.reshape(-1, *(1 for _ in shape)) for column in rule)
    grown = start * np.exp(half * (1 + nodes))
    u = grown - decay.least
    in_alpha, in_beta = np.log1p(u / decay.alpha), np.log1p(u / decay.beta)
    mass = np.exp(-decay.power * in_alpha - decay.other * in_beta - floor) * (grown * half * weights)
    total = np.empty((MOMENTS, *shape))
    mass.sum(axis=0, out=total[0])
    for place, meaning in enumerate((in_alpha, in_beta, 1 / (decay.alpha + u), 1 / (decay.beta + u)), start=1):
        (mass * meaning).sum(axis=0, out=total[place])
    return total


def by_row(decay: Decay, low: Vector, high: Vector) -> Vector:
    """The moments of each row by itself: for times that hardly repeat, or parameters that differ by row."""
    result = np.empty((MOMENTS, len(low)))
    for begin in range(0, len(low), _ROWS_AT_ONCE):
        rows = slice(begin, begin + _ROWS_AT_ONCE)
        part = Decay(_cut(decay.alpha, rows), _cut(decay.beta, rows), decay.power[rows], decay.other)
        end = _where_negligible(part, low[rows], high[rows])
        result[:, rows] = moments(part, low[rows], end, (_ROW_NODES, _ROW_WEIGHTS))
    return result


def _where_negligible(decay: Decay, low: Vector, high: Vector) -> Vector:
    """``high``, or near where ``h`` has fallen to e^-45 of its start: the nodes are better spent before.

    In the logarithm of ``min(α, β) + u`` the fall is convex, so Newton's steps come from above and never fall short.
    """
    start, floor = decay.least + low, decay.log(low)
    if (floor - decay.log(high)).max(initial=0.0) <= _NEGLIGIBLE:
        return high
    far = np.log1p((high - low) / start)
    for _ in range(5):
        u = start * np.exp(far) - decay.least
        excess = floor - decay.log(u) - _NEGLIGIBLE
        steepness = (decay.power / (decay.alpha + u) + decay.other / (decay.beta + u)) * (decay.least + u)
        far = far - np.maximum(excess, 0.0) / steepness
    end: Vector = np.clip(start * np.exp(far) - decay.least, low, high)
    return end


def _cut(parameter: Parameter, rows: slice) -> Parameter:
    return parameter[rows] if np.ndim(parameter) else parameter  # type: ignore[index]


@dataclass(frozen=True, slots=True)
class TailTable:
    """The moments from a common grid of times on, for each distinct frequency: shared by all rows of integer days.

    ``after[j, :, i]`` are the moments of frequency i from grid time j on, relative to ``h`` there.
    """

    times: Vector
    after: Vector

    def between(self, x: NDArray[np.int32], low: NDArray[np.intp], high: NDArray[np.intp], fallen: Vector) -> Vector:
        """The moments of each row between two of its grid times; ``fallen`` is ``h(high) / h(low)``."""
        return np.maximum(self.after[low, :, x].T - fallen * self.after[high, :, x].T, 0.0)


def table(decay: Decay, times: Vector, busiest: Vector, *, rows: int) -> TailTable | None:
    """Moments on a grid: every interval once for each frequency, then summed from the end; None if rows cost less.

    Parameters
    ----------
    decay : Decay
        Parameters that are the same for all; one power for each distinct frequency.
    times : (m,) array
        Grid times, ascending.
    busiest : (m - 1,) array
        The highest power that needs each interval; of higher ones no digits matter there.
    rows : int
        How many rows there are, each of which could be integrated by itself.
    """
    grid = _refined(decay, times, busiest, most=(rows + 64) * len(_ROW_NODES) // (len(decay.power) * len(_NODES)))
    if grid is None:
        return None
    edges, owner = grid
    low, high = edges[:-1], edges[1:]
    powers = decay.power[:, None]
    pieces = np.empty((len(low), MOMENTS, len(powers)))
    size = max(1, _CELLS_AT_ONCE // max(1, len(low)))
    for begin in range(0, len(powers), size):
        some = slice(begin, begin + size)
        part = Decay(decay.alpha, decay.beta, powers[some], decay.other)
        pieces[:, :, some] = moments(part, low, high, (_NODES, _WEIGHTS)).transpose(2, 0, 1)
    logs = Decay(decay.alpha, decay.beta, powers, decay.other).log(edges)
    fall = np.exp(np.diff(logs, axis=1)).T
    running = np.zeros((MOMENTS, len(powers)))
    after = np.zeros((len(times), MOMENTS, len(powers)))
    for j in range(len(low) - 1, -1, -1):
        running *= fall[j]
        running += pieces[j]
        if owner[j] >= 0:
            after[owner[j]] = running
    return TailTable(times, after)


def _refined(decay: Decay, times: Vector, busiest: Vector, *, most: int) -> tuple[Vector, Sequence[int]] | None:
    """The grid with points put in where eight nodes would not do, and the grid time of each point (-1 for none)."""
    if len(times) > most:
        return None
    logs = np.log(decay.least + times)
    width = logs[1:] - logs[:-1]
    needed = np.maximum(1 / _WIDEST, (busiest + decay.other) / _STEEPEST) * width
    if len(width) == 0 or needed.max() <= 1:
        return times, range(len(times))
    parts = np.ceil(np.maximum(needed, 1)).astype(np.int64)
    if parts.sum() >= most:
        return None
    starts = np.repeat(np.arange(len(parts)), parts)
    within = np.arange(len(starts)) - np.repeat(np.cumsum(parts) - parts, parts)
    inner = (decay.least + times[starts]) * np.exp(width[starts] * within / parts[starts]) - decay.least
    edges = np.append(np.where(within == 0, times[starts], inner), times[-1])
    return edges, np.where(within == 0, starts, -1).tolist()


def places(times: Vector, column: Coded) -> NDArray[np.intp]:
    """Each row's place on the grid of times."""
    return np.searchsorted(times, column.values)[column.codes]

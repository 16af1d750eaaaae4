"""The exact distribution of a branching process's total where it ends by itself."""

from typing import Final

import numpy as np
from scipy import special

from fanwheel.measure.frames import Vector

_WIDEST: Final = 4_000_000  # totals that are summed at most
_REACH: Final = 12.0  # standard deviations, and more for the heavy tail of few seeds


def total_interval(
    k: float, spread: float, *, seeds: int, confidence: float
) -> tuple[float | None, float | None, tuple[str, ...]]:
    """The interval of the total of ``seeds``, themselves included, and what could not be told."""
    if k == 0:
        return float(seeds), float(seeds), ()
    mean, deviation = seeds / (1 - k), float(np.sqrt(seeds * spread / (1 - k) ** 3))
    first = max(seeds, int(mean - _REACH * deviation))
    last = int(mean + _REACH * deviation) + 50
    if last - first > _WIDEST:
        return None, None, ("The total's interval: so near to K = 1 it is too wide to mean anything.",)
    totals = np.arange(first, last + 1, dtype=np.float64)
    reached = np.cumsum(np.exp(log_chance(totals, k, spread, seeds=seeds)))
    tail = (1 - confidence) / 2
    low, high = np.searchsorted(reached, [tail, 1 - tail])
    if high >= len(totals):
        return None, None, ("The total's upper limit: few seeds and people who differ much leave it open.",)
    return float(totals[low]), float(totals[high]), ()


def log_chance(totals: Vector, k: float, spread: float, *, seeds: int) -> Vector:
    """Logarithm of the chance of each total: seeds / total times the chance that so many people bring the rest."""
    brought = totals - seeds
    if spread <= k * (1 + 1e-9):
        rate = k * totals
        log = brought * np.log(rate) - rate - special.gammaln(brought + 1)
    else:
        each = k * k / (spread - k)
        size, success = each * totals, each / (each + k)
        log = special.gammaln(brought + size) - special.gammaln(size) - special.gammaln(brought + 1)
        log = log + size * np.log(success) + brought * np.log1p(-success)
    chance: Vector = np.log(seeds) - np.log(totals) + log
    return chance

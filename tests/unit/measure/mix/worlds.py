"""A small market whose truth is known: five channels, two of which only follow demand."""

from dataclasses import dataclass
from typing import Any

import numpy as np

CHANNELS = ("brand", "retarget", "search", "social", "video")
_CARRY = np.array([0.0, 0.1, 0.2, 0.3, 0.6])
_HALF = np.array([40.0, 30.0, 60.0, 50.0, 60.0])
_CEILING = np.array([0.0, 10.0, 260.0, 180.0, 150.0])


@dataclass(frozen=True, kw_only=True)
class Market:
    """Rows as a mix reads them, and what each channel truly adds."""

    rows: dict[str, Any]
    truth: np.ndarray
    carry: np.ndarray
    half: np.ndarray
    ceiling: np.ndarray
    spend: np.ndarray

    def response(self, spend: np.ndarray) -> np.ndarray:
        """What a steady spend per period truly adds."""
        return self.ceiling * spend / (self.half + spend)

    def lift(self, channel: int, window: slice) -> float:
        """What a test that switches ``channel`` off in ``window`` would find without error."""
        off = self.spend[:, channel].copy()
        off[window] = 0
        on = pressure(self.spend[:, channel], self.carry[channel], self.half[channel])
        moved = on - pressure(off, self.carry[channel], self.half[channel], start=self.spend[:8, channel].mean())
        return float(self.ceiling[channel] * moved[window].sum())


def pressure(spend: np.ndarray, carry: float, half: float, start: float | None = None) -> np.ndarray:
    level, out = spend[:8].mean() if start is None else start, np.empty(len(spend))
    for period, amount in enumerate(spend):
        level = (1 - carry) * amount + carry * level
        out[period] = level / (half + level)
    return out


def market(seed: int, *, periods: int = 104, noise: float = 15.0) -> Market:
    """Brand search and retargeting follow demand; the others are planned without looking at it."""
    rng = np.random.default_rng(seed)
    turn = 2 * np.pi * np.arange(periods) / 52.1775
    memory = np.convolve(rng.normal(0, 1, periods + 12), 0.8 ** np.arange(12), mode="valid")[:periods]
    demand = np.exp(0.25 * np.sin(turn) + 0.25 * memory / memory.std())
    planned = rng.gamma(4, 1 / 4, (periods, 3)) * np.array([50.0, 40.0, 45.0])
    chasing = demand[:, None] * rng.lognormal(0, 0.1, (periods, 2)) * np.array([40.0, 25.0])
    spend = np.column_stack([chasing, planned])
    added = np.column_stack(
        [top * pressure(x, a, k) for x, a, k, top in zip(spend.T, _CARRY, _HALF, _CEILING, strict=True)]
    )
    revenue = 400 * demand + added.sum(axis=1) + rng.normal(0, noise, periods)
    week = np.datetime64("2023-01-02") + 7 * np.arange(periods)
    rows = {"week": week, "revenue": revenue, "demand": np.log(demand), **dict(zip(CHANNELS, spend.T, strict=True))}
    return Market(rows=rows, truth=added.sum(axis=0), carry=_CARRY, half=_HALF, ceiling=_CEILING, spend=spend)


def lift_tests(world: Market, channels: tuple[str, ...], *, seed: int, error: float = 60.0) -> dict[str, Any]:
    """One eight-week test of each channel, off by a normal error."""
    rng = np.random.default_rng(seed)
    window = slice(60, 68)
    places = [CHANNELS.index(name) for name in channels]
    return {
        "channel": list(channels),
        "start": [world.rows["week"][window.start]] * len(channels),
        "end": [world.rows["week"][window.stop - 1]] * len(channels),
        "lift": [world.lift(place, window) + error * float(rng.normal()) for place in places],
        "standard_error": [error] * len(channels),
    }

"""Regions and days, made up."""

from typing import Any

import numpy as np


def a_panel(
    rng: np.random.Generator,
    *,
    regions: int = 24,
    days: int = 50,
    first: int = 35,
    effect: float = 0.0,
    treated: int = 1,
) -> tuple[dict[str, Any], list[str]]:
    """Levels of their own, two common walks that regions follow in their own measure, noise; from 1 January."""
    walks = np.cumsum(rng.normal(0.0, 1.0, (2, days)), axis=1)
    values = 100.0 + rng.normal(0.0, 10.0, (regions, 1)) + rng.normal(1.0, 0.5, (regions, 2)) @ walks
    values += rng.normal(0.0, 1.0, values.shape)
    values[:treated, first:] += effect
    return table(values), [f"r{place:02}" for place in range(treated)]


def table(values: Any) -> dict[str, Any]:
    """Rows of a regions × days array."""
    regions, days = np.shape(values)
    day = np.datetime64("2026-01-01") + np.arange(days)
    return {
        "region": np.repeat([f"r{place:02}" for place in range(regions)], days),
        "day": np.tile(day, regions),
        "value": np.asarray(values, dtype=float).reshape(-1),
    }

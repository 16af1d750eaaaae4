"""Tests of people, made up."""

from typing import Any

import numpy as np


def a_test(*, seed: int, people: int = 400, share: float = 0.5, effect: float = 0.0) -> dict[str, Any]:
    """One row per person: skewed spend that the pre-period half foretells, visits, and households of two or so."""
    rng = np.random.default_rng(seed)
    treated = rng.random(people) < share
    taste = rng.gamma(1.5, 1.0, people)
    return {
        "arm": np.where(treated, "treated", "control"),
        "pre": taste + rng.gamma(1.0, 0.7, people),
        "visits": 1.0 + rng.poisson(taste),
        "spend": taste + rng.gamma(1.0, 0.8, people) + effect * treated,
        "household": rng.integers(0, people // 2, people),
    }

"""A trial whose truth is known: the newer the person, the more touching helps; old ones are put off."""

from typing import Any

import numpy as np


def a_trial(seed: int, people: int = 4000, *, chance: float = 0.5, noise: float = 1.0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    age, spend = rng.uniform(0, 1, people), rng.gamma(2, 1, people)
    truth = 1 - 2 * age
    treated = (rng.uniform(size=people) < chance).astype(int)
    value = spend + truth * treated + rng.normal(0, noise, people)
    tier = np.array(["new", "known", "old"])[np.minimum((age * 3).astype(int), 2)]
    return {"age": age, "spend": spend, "tier": tier, "treated": treated, "value": value, "truth": truth}

"""What rules of attribution would credit to each channel, for comparison with what it caused."""

import numpy as np

from fanwheel.measure import attribution
from fanwheel.measure.frames import Vector
from fanwheel.measure.verdicts.facts import DAY_US, NOBODY, Facts


def by_rules(facts: Facts, *, since: int, lookback_days: float, segment: int = NOBODY) -> tuple[Vector, Vector]:
    """Revenue by last touch and by a Markov chain, each of shape (channels,), of orders from ``since`` on."""
    nothing = np.zeros(len(facts.channels))
    real = ~facts.touch_is_ghost & (facts.touch_at >= since - lookback_days * DAY_US)
    sold = facts.order_at >= since
    if segment != NOBODY:
        real &= facts.segment[facts.touch_person] == segment
        sold &= facts.segment[facts.order_person] == segment
    if not real.any() or not sold.any():
        return nothing, nothing.copy()
    touches = {
        "person": facts.touch_person[real],
        "channel": facts.touch_channel[real],
        "at": facts.touch_at[real].astype("datetime64[us]"),
    }
    sales = {
        "person": facts.order_person[sold],
        "at": facts.order_at[sold].astype("datetime64[us]"),
        "value": facts.order_value[sold],
    }
    paths = attribution.build_paths(touches, sales, lookback_days=lookback_days)
    if paths.converted == 0:
        return nothing, nothing.copy()
    answers = []
    for credit in (attribution.last(paths), attribution.markov(paths)):
        value = nothing.copy()
        value[np.array(credit.channel, dtype=np.int64)] = credit.share if credit.value is None else credit.value
        answers.append(value)
    return answers[0], answers[1]

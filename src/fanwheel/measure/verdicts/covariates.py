"""What foretells a person's purchases, all of it known before the first would-be exposure."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.frames import Vector
from fanwheel.measure.verdicts.facts import DAY_US, NOBODY, Facts

_LONG_AGO_DAYS: Final = 200.0
_MEMORIES_DAYS: Final = (14.0, 56.0)


def outcomes(facts: Facts, since: NDArray[np.int64]) -> Vector:
    """Revenue of each person from their own instant on, shape of ``since``, which is NEVER where it does not count.

    An order of somebody who was referred counts for the referrer too: what a channel does to one person it may do
    to friends through them, and each person's own holdout answers for their share.
    """
    size = len(since)
    own = facts.order_at >= since[facts.order_person]
    total = np.bincount(facts.order_person[own], weights=facts.order_value[own], minlength=size).astype(np.float64)
    invited = facts.order_referrer != NOBODY
    referrer, value = facts.order_referrer[invited], facts.order_value[invited]
    after = facts.order_at[invited] >= since[referrer]
    brought: Vector = np.bincount(referrer[after], weights=value[after], minlength=size).astype(np.float64)
    return total + brought


def foretelling(facts: Facts, since: NDArray[np.int64], who: NDArray[np.int64], *, begin: int) -> Vector:
    """Columns of shape (len(who), k) that say how much each person would buy from ``since`` on.

    Orders before their own instant (count, value, how recent, at which pace), would-be exposures before ``begin`` by
    channel, the time that is left, and the products of all with it.
    """
    since = since[: facts.known]
    early = facts.order_at < since[facts.order_person]
    person, value = facts.order_person[early], facts.order_value[early]
    ago = (since[person] - facts.order_at[early]) / DAY_US

    def total(weights: Vector | None = None) -> Vector:
        return np.bincount(person, weights=weights, minlength=facts.known).astype(np.float64)[who]

    seen_days = np.maximum((since[who] - int(facts.order_at.min(initial=begin))) / DAY_US, 1.0)
    count, revenue = total(), total(value)
    last = np.full(facts.known, _LONG_AGO_DAYS)
    np.minimum.at(last, person, ago)
    columns = [count, revenue, count / seen_days, revenue / seen_days, np.sqrt(count), np.minimum(count, 1.0)]
    for memory in _MEMORIES_DAYS:
        columns += [total(np.exp(-ago / memory)), np.exp(-last[who] / memory)]
    columns += _met(facts, who, begin)
    left = (facts.end - since[who]) / (facts.end - begin)
    matrix = np.column_stack(columns)
    return np.column_stack([matrix, matrix * left[:, None], left, left * left])


def plain(facts: Facts, since: NDArray[np.int64], who: NDArray[np.int64], *, begin: int) -> Vector:
    """The few columns that a small test can bear: revenue before, and the time that is left."""
    early = facts.order_at < since[facts.order_person]
    revenue = np.bincount(facts.order_person[early], weights=facts.order_value[early], minlength=facts.known).astype(
        float
    )
    left: Vector = (facts.end - since[who]) / np.float64(facts.end - begin)
    return np.column_stack([revenue[who], left])


def _met(facts: Facts, who: NDArray[np.int64], begin: int) -> list[Vector]:
    """How often each channel was met before the test, and whether at all; nothing for a channel nobody met."""
    early = facts.touch_at < begin
    key = facts.touch_channel[early] * facts.known + facts.touch_person[early]
    counts = np.bincount(key, minlength=facts.known * len(facts.channels)).reshape(len(facts.channels), facts.known)
    met = [row[who].astype(np.float64) for row in counts if row.any()]
    return [column for row in met for column in (np.sqrt(row), np.minimum(row, 1.0))]

"""Looks at one holdout narrow what is possible, and what is proven stays proven."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tests.unit.measure.verdicts.brand import START, Brand

from fanwheel import measure
from fanwheel.measure.experiments import kernels
from fanwheel.measure.verdicts import Bounds, Code, State

SINCE = date(2026, 1, 5)
THEN = date(2026, 3, 2)
EARLIER = Bounds(channel="ads", kind="ghost exposure", since=SINCE, low=-1.0, high=3.0, least=-0.5, most=2.5)


def judge(brand: Brand, **more: Any) -> Any:
    arguments = {**brand.arguments, **more}
    four = [arguments.pop(name) for name in ("spend", "exposures", "assignments", "orders")]
    return measure.verdict(*four, **arguments)


@pytest.mark.parametrize(
    ("newest", "left"),
    [
        ((-0.5, 2.0, 0.0, 1.5), (-0.5, 2.0, 0.0, 1.5)),  # narrower
        ((-9.0, 9.0, -8.0, 8.0), (-1.0, 3.0, -0.5, 2.5)),  # wider says nothing new
        ((1.0, 5.0, 1.5, 4.5), (1.0, 3.0, 1.5, 2.5)),  # overlapping
    ],
)
def test_what_is_left_is_what_all_looks_allow(newest: tuple[float, ...], left: tuple[float, ...]) -> None:
    low, high, least, most = newest

    found = EARLIER.narrowed(replace(EARLIER, low=low, high=high, least=least, most=most), on=THEN)

    assert (found.low, found.high, found.least, found.most) == left
    assert found.changed_on is None


def test_a_contradiction_leaves_the_newest_and_says_when() -> None:
    newest = replace(EARLIER, low=3.5, high=7.0, least=4.0, most=6.5)

    changed = EARLIER.narrowed(newest, on=THEN)

    assert changed == replace(newest, changed_on=THEN)
    # The day stays known while later looks agree with the newest.
    assert changed.narrowed(newest, on=THEN + timedelta(days=7)).changed_on == THEN


@pytest.mark.parametrize("other", [{"since": THEN}, {"kind": "intent to treat"}])
def test_another_holdout_or_comparison_begins_anew(other: dict[str, Any]) -> None:
    newest = replace(EARLIER, low=-9.0, high=9.0, least=-8.0, most=8.0, **other)

    assert EARLIER.narrowed(newest, on=THEN) == newest


def looks_of(paths: Any, week: int) -> list[Bounds]:
    """Bounds of the mean of the first weeks of each path, whose weeks have mean 1 and deviation 4."""
    days, se = 7.0 * week, 4.0 / np.sqrt(week)
    both, one = (
        float(kernels.confidence_sequence_half_width(se, days, planned_n=182.0, alpha=0.05, sides=sides))
        for sides in (2, 1)
    )
    return [
        replace(EARLIER, low=mean - both, high=mean + both, least=mean - one, most=mean + one)
        for mean in paths[:, :week].mean(axis=1).tolist()
    ]


def test_all_looks_together_miss_the_truth_no_more_often_than_one_interval_may() -> None:
    rng = np.random.default_rng(31)
    paths = rng.normal(1.0, 4.0, (1_500, 26))
    left = looks_of(paths, 1)
    width_alone = np.mean([one.high - one.low for one in looks_of(paths, 26)])
    for week in range(2, 27):
        left = [
            one.narrowed(newest, on=SINCE + timedelta(weeks=week))
            for one, newest in zip(left, looks_of(paths, week), strict=True)
        ]

    misses = np.mean([not one.low <= 1.0 <= one.high for one in left])
    assert misses <= 0.05
    assert np.mean([one.least > 1.0 for one in left]) <= 0.05
    assert np.mean([one.changed_on is not None for one in left]) <= 0.02
    assert np.mean([one.high - one.low for one in left]) < width_alone


def test_an_effect_that_turns_is_called_changed() -> None:
    rng = np.random.default_rng(32)
    paths = rng.normal(1.0, 1.0, (200, 52))
    paths[:, 10:] += 9.0
    left = looks_of(paths, 1)
    for week in range(2, 53):
        left = [
            one.narrowed(newest, on=SINCE + timedelta(weeks=week))
            for one, newest in zip(left, looks_of(paths, week), strict=True)
        ]

    assert np.mean([one.changed_on is not None for one in left]) > 0.95


def test_what_was_proven_stays_proven_for_want_of_width() -> None:
    brand = Brand(effect=0.5, seed=4)
    alone = judge(brand).of("ads")
    proven = replace(EARLIER, least=3.0, low=2.9, most=9.0, high=9.1)  # break-even is a return of 2.5

    kept = judge(brand, known=[proven]).of("ads")

    assert (alone.state, kept.state) == (State.UNPROVEN, State.WORKING)
    assert kept.revenue.low == pytest.approx(2.9 * kept.spend)
    assert kept.revenue.low <= kept.revenue.estimate <= kept.revenue.high
    assert (kept.revenue.fixed_low, kept.revenue.fixed_high) == (alone.revenue.fixed_low, alone.revenue.fixed_high)


def test_a_look_that_contradicts_earlier_ones_stands_alone_with_an_alarm() -> None:
    brand = Brand(effect=0.5, seed=4)
    alone = judge(brand).of("ads")
    other = replace(EARLIER, low=90.0, least=91.0, most=99.0, high=100.0)

    found = judge(brand, known=[other]).of("ads")

    assert found.state is alone.state
    assert found.revenue.low == pytest.approx(alone.revenue.low)
    assert [note.code for note in found.evidence.notes] == [Code.EFFECT_CHANGED]
    assert "contradicts" in found.evidence.note


def test_looks_narrow_one_another_and_a_lopsided_split_changes_nothing_of_what_is_known() -> None:
    brand = Brand(effect=0.5, seed=4)
    looks = [START + days for days in (42, 56, 70)]

    found = judge(brand, looks=looks)
    odd = judge(brand, looks=looks, shares={"ads": 0.35}).of("ads")

    seen = [then.of("ads").bounds for then in (*found.history, found)]
    for one, later in pairwise(seen):
        assert later.changed_on is not None or (one.low <= later.low <= later.high <= one.high)
    assert (odd.state, odd.bounds) == (State.UNPROVEN, None)

"""Regions with a channel against regions without."""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from tests.unit.measure.geo.builders import a_panel, table

from fanwheel.measure import BadDataError, NotEnoughDataError, geo
from fanwheel.measure.geo import synthetic

START = "2026-02-05"  # the 36th day


def test_a_difference_in_differences_by_hand() -> None:
    values = [[10, 10, 16, 18], [20, 20, 25, 25], [30, 30, 31, 31], [40, 40, 43, 43]]

    found = geo.difference_in_differences(table(values), treated=["r00", "r01"], start="2026-01-03")

    # changes 7 and 5 against 1 and 3: 6 - 2; variances 2 and 2, se² = 2/2 + 2/2; over 2 regions × 2 days
    assert (found.estimate, found.se, found.total) == (
        pytest.approx(4.0),
        pytest.approx(np.sqrt(2.0)),
        pytest.approx(16.0),
    )
    # of the 6 pairs of regions, {7, 5} and its opposite {1, 3} are that far apart
    assert found.placebo_p == pytest.approx(2 / 6)


def test_a_relative_difference_by_hand() -> None:
    values = [[10, 10, 15, 15], [20, 20, 26, 26], [30, 30, 33, 33], [40, 40, 48, 48]]

    found = geo.difference_in_differences(table(values), treated=["r00", "r01"], start="2026-01-03", relative=True)

    # +50 % and +30 % against +10 % and +20 %: 25 points, on 30 a day for two days
    assert (found.estimate, found.total) == (pytest.approx(0.25), pytest.approx(0.25 * 30 * 2))


def test_placebos_equal_every_way_to_choose() -> None:
    data, treated = a_panel(np.random.default_rng(60), regions=9, treated=3, effect=1.0)
    frame = pd.DataFrame(data)
    mean = frame.assign(after=frame.day >= START).groupby(["region", "after"]).value.mean().unstack()
    change = (mean[True] - mean[False]).to_numpy()

    found = geo.difference_in_differences(data, treated=treated, start=START)

    gaps = [abs(change[list(c)].mean() - np.delete(change, c).mean()) for c in combinations(range(9), 3)]
    assert found.placebo_p == pytest.approx(np.mean(np.array(gaps) >= gaps[0] - 1e-9))


def test_a_treated_region_that_is_a_blend_of_others_is_found_out() -> None:
    values = 50.0 + np.cumsum(np.random.default_rng(61).normal(0, 1, (25, 50)), axis=1)
    values[0] = 0.7 * values[3] + 0.3 * values[9] + 20.0
    values[0, 35:] += 4.0

    found = geo.synthetic_control(table(values), treated="r00", start=START)

    assert found.estimate == pytest.approx(4.0, abs=1e-9)
    assert (found.weights["r03"], found.weights["r09"]) == (pytest.approx(0.7), pytest.approx(0.3))
    assert found.p == pytest.approx(1 / 25)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), level=st.booleans())
def test_weights_are_those_of_a_general_optimizer(seed: int, level: bool) -> None:
    rng = np.random.default_rng(seed)
    donors = rng.normal(10.0, 2.0, (5, 12))
    own = rng.normal(10.0, 2.0, 12)

    found = synthetic.fit(own, donors, 10, level=level)

    shift = (lambda row: row[:10] - row[:10].mean()) if level else (lambda row: row[:10])
    least = optimize.minimize(
        lambda w: float(((shift(own) - shift(w @ donors)) ** 2).sum()), np.full(5, 0.2), method="SLSQP",
        bounds=[(0, 1)] * 5, constraints={"type": "eq", "fun": lambda w: w.sum() - 1}, options={"ftol": 1e-12},
    )  # fmt: skip
    assert found.weights.min() >= 0
    assert found.weights.sum() == pytest.approx(1.0)
    assert 10 * found.error_before**2 <= least.fun * (1 + 1e-6)


def test_intervals_of_a_blend_hold_the_truth_and_are_narrower() -> None:
    rng, held, widths = np.random.default_rng(62), 0, []
    for _ in range(250):
        data, names = a_panel(rng, regions=25, effect=3.0, days=45)
        blend = geo.synthetic_control(data, treated=names, start=START)
        plain = geo.difference_in_differences(data, treated=names, start=START)
        held += (blend.lower or 0.0) <= 3.0 <= (blend.upper or 0.0)
        widths.append([(one.upper or 0.0) - (one.lower or 0.0) for one in (blend, plain)])

    assert 0.92 <= held / 250 <= 0.97
    assert np.median(widths, axis=0)[0] < 0.5 * np.median(widths, axis=0)[1]


@pytest.mark.parametrize("treated", [1, 2, 8])
def test_intervals_hold_the_truth_however_many_regions_are_treated(treated: int) -> None:
    rng, held = np.random.default_rng(67), 0
    for _ in range(400):
        data, names = a_panel(rng, regions=16, treated=treated, effect=3.0, days=45)
        found = geo.difference_in_differences(data, treated=names, start=START)
        held += (found.lower or 0.0) <= 3.0 <= (found.upper or 0.0)

    assert 0.92 <= held / 400 <= 0.97


@pytest.mark.parametrize("test", [geo.difference_in_differences, geo.synthetic_control])
def test_units_order_libraries_and_clock_do_not_matter(test: Any) -> None:
    data, names = a_panel(np.random.default_rng(63), treated=1, effect=2.0)
    frame = pl.DataFrame(data).sample(fraction=1.0, shuffle=True, seed=1).with_columns(pl.col("value") * 1e6)
    numbered = data | {"day": (data["day"] - data["day"].min()).astype(int)}

    found = test(data, treated=names, start=START)
    scaled = test(frame, treated=names, start=START)
    counted = test(numbered, treated=names, start=35)

    assert scaled.estimate == pytest.approx(found.estimate * 1e6, rel=1e-6)
    assert (scaled.upper, scaled.p) == (pytest.approx((found.upper or 0.0) * 1e6, rel=1e-5), pytest.approx(found.p))
    assert counted.estimate == pytest.approx(found.estimate, rel=1e-12)


def test_too_few_regions_leave_the_interval_open() -> None:
    data, names = a_panel(np.random.default_rng(64), regions=8)

    found = geo.synthetic_control(data, treated=names, start=START)

    assert (found.lower, found.upper, found.is_proven) == (None, None, False)
    assert "takes 19 other regions" in found.not_identified[0]


def test_regions_that_drift_apart_before_the_test_raise_an_alarm() -> None:
    data, names = a_panel(np.random.default_rng(65), treated=6)
    values = data["value"].reshape(24, 50)
    values[:6] += np.arange(50) * 0.5

    found = geo.difference_in_differences(table(values), treated=names, start=START)

    assert any("drifting away" in why for why in found.alarms)
    assert "alarm" in found.summary()


def test_regions_exactly_alike_have_no_error() -> None:
    found = geo.difference_in_differences(table(np.ones((4, 6))), treated=["r00", "r01"], start="2026-01-04")
    blend = geo.synthetic_control(table(np.ones((25, 6))), treated=["r00"], start="2026-01-04")

    assert (found.estimate, found.p, found.lower) == (0.0, 1.0, 0.0)
    assert "changed exactly alike" in found.not_identified[0]
    assert (blend.estimate, blend.p) == (pytest.approx(0.0, abs=1e-12), 1.0)


@pytest.mark.parametrize(
    ("change", "how", "error", "says"),
    [
        (lambda d: {name: values[1:] for name, values in d.items()}, {}, BadDataError, "have no row"),
        (lambda d: {name: np.append(values, values[:1]) for name, values in d.items()}, {}, BadDataError, "second row"),
        (lambda d: d | {"value": np.where(np.arange(1200) == 7, np.nan, d["value"])}, {}, BadDataError, "rows 7"),
        (lambda d: d, {"treated": ["Atlantis"]}, BadDataError, "Atlantis"),
        (lambda d: d, {"start": "2025-01-01"}, NotEnoughDataError, "0 days before"),
        (lambda d: d, {"start": "2027-01-01"}, NotEnoughDataError, "0 of it"),
        (lambda d: d, {"alpha": 5.0}, BadDataError, "alpha"),
        (lambda d: {name: values[:100] for name, values in d.items()}, {}, NotEnoughDataError, "1 untreated"),
        (lambda d: {name: values[:0] for name, values in d.items()}, {}, NotEnoughDataError, "empty"),
    ],
)
@pytest.mark.parametrize("test", [geo.difference_in_differences, geo.synthetic_control])
def test_bad_panels_are_refused(test: Any, change: Any, how: Any, error: type[Exception], says: str) -> None:
    data, names = a_panel(np.random.default_rng(66))

    with pytest.raises(error, match=says):
        test(change(data), **({"treated": names, "start": START} | how))

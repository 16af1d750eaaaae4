"""Comparing two arms."""

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.measure.experiments.builders import a_test

from fanwheel.measure import BadDataError, NotEnoughDataError, experiments
from fanwheel.measure.experiments import kernels

HOW: list[dict[str, Any]] = [
    {},
    {"relative": True},
    {"pre": "pre"},
    {"pre": ["pre", "visits"], "relative": True},
    {"ratio_to": "visits"},
    {"ratio_to": "visits", "relative": True, "pre": "pre"},
    {"cluster": "household", "pre": "pre"},
    {"winsorize": 0.95, "pre": "pre"},
    {"sequential": "confidence_sequence", "planned_n": 400},
    {"sequential": "msprt", "tau": 0.5},
]


def test_a_difference_equals_arithmetic_by_hand() -> None:
    data = {"arm": ["treated"] * 3 + ["control"] * 2, "spend": [2.0, 4.0, 9.0, 1.0, 3.0]}

    found = experiments.compare(data, outcome="spend", arm="arm")

    # means 5 and 2; variances (9 + 1 + 16)/2 = 13 and (1 + 1)/1 = 2; se² = 13/3 + 2/2 = 16/3
    assert found.estimate == 3.0
    assert found.se == pytest.approx(np.sqrt(16 / 3), rel=1e-12)
    # Satterthwaite: (16/3)² / ((13/3)²/2 + 1²/1) = 28.4444 / 10.3889
    assert found.degrees == pytest.approx(28.444444 / 10.388889, rel=1e-6)


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame, lambda d: pl.LazyFrame(d), pa.table, dict])
def test_every_dataframe_gives_the_same_answer(library: Any) -> None:
    data = a_test(seed=3)

    found = experiments.compare(library(data), outcome="spend", arm="arm", pre="pre", cluster="household")

    assert (
        found.estimate == experiments.compare(data, outcome="spend", arm="arm", pre="pre", cluster="household").estimate
    )
    assert len(found.to_frame()) == 1


@pytest.mark.parametrize(
    ("rows", "sums"),
    [
        ({}, ["squares"]),
        ({"relative": True, "pre": "pre"}, ["squares", "pre_total", "pre_squares", "cross"]),
        ({"ratio_to": "visits", "relative": True}, ["squares", "base_total", "base_squares", "base_cross"]),
        (
            {"ratio_to": "visits", "pre": "pre"},
            [
                "squares",
                "pre_total",
                "pre_squares",
                "cross",
                "base_total",
                "base_squares",
                "base_cross",
                "pre_base_cross",
            ],
        ),
    ],
)
def test_sums_give_the_answer_of_the_rows_they_add_up(rows: Any, sums: list[str]) -> None:
    data = pd.DataFrame(a_test(seed=5))
    y, x, d = data.spend, data.pre, data.visits
    each = pd.DataFrame(
        {"arm": data.arm, "people": 1, "total": y, "squares": y * y, "pre_total": x, "pre_squares": x * x,
         "cross": x * y, "base_total": d, "base_squares": d * d, "base_cross": d * y, "pre_base_cross": d * x}
    )  # fmt: skip
    relative = rows.get("relative", False)

    found = experiments.compare_sums(each.groupby("arm", as_index=False).sum()[["arm", "people", "total", *sums]],
                                     relative=relative)  # fmt: skip
    unmerged = experiments.compare_sums(each[["arm", "people", "total", *sums]], relative=relative)
    expected = experiments.compare(data, outcome="spend", arm="arm", **rows)

    for name in ("estimate", "se", "lower", "upper", "p", "variance_reduction"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), rel=1e-9), name
        assert getattr(unmerged, name) == pytest.approx(getattr(expected, name), rel=1e-9), name


def test_cuped_leaves_one_minus_rho_squared_of_the_variance() -> None:
    data = a_test(seed=8, people=40_000, share=0.5)
    y, x = data["spend"], data["pre"]

    found = experiments.compare(data, outcome="spend", arm="arm", pre="pre")

    assert found.variance_reduction == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2, abs=2e-3)
    assert found.slope[0] == pytest.approx(np.cov(x, y)[0, 1] / np.var(x, ddof=1), rel=5e-3)


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_cuped_equals_the_kernel_and_no_other_slope_does_better(share: float) -> None:
    data = a_test(seed=9, share=share)
    treated = data["arm"] == "treated"

    found = experiments.compare(data, outcome="spend", arm="arm", pre="pre")
    kernel = kernels.cuped(data["spend"], data["pre"], treated)
    others = [data["spend"] - found.slope[0] * factor * data["pre"] for factor in (0.0, 0.98, 1.02)]

    assert found.estimate == pytest.approx(kernel.estimate, rel=1e-10)
    assert found.se == pytest.approx(kernel.se, rel=1e-10)
    assert found.balance_z == pytest.approx(kernel.balance_z, rel=1e-9)
    for other in others:
        assert found.se < kernels.mean_difference(kernels.sums(other[treated]), kernels.sums(other[~treated])).se


def test_several_pre_period_columns_take_out_more_and_a_copy_of_one_changes_nothing() -> None:
    data = a_test(seed=10)

    one = experiments.compare(data, outcome="spend", arm="arm", pre="pre")
    two = experiments.compare(data, outcome="spend", arm="arm", pre=["pre", "visits"])
    twin = experiments.compare(data | {"twin": 3 * data["pre"] + 1, "flat": np.full(400, 0.1)}, outcome="spend",
                               arm="arm", pre=["pre", "twin", "flat"])  # fmt: skip

    assert two.variance_reduction > one.variance_reduction > 0.3
    assert twin.se == pytest.approx(one.se, rel=1e-8)


def test_clusters_of_one_change_nothing_but_households_that_agree_count_once() -> None:
    data = a_test(seed=11)
    alone = experiments.compare(data | {"own": np.arange(400)}, outcome="spend", arm="arm", cluster="own")
    plain = experiments.compare(data, outcome="spend", arm="arm")
    doubled = {name: np.concatenate([values, values]) for name, values in (data | {"own": np.arange(400)}).items()}

    twins = experiments.compare(doubled, outcome="spend", arm="arm", cluster="own")

    assert (alone.se, alone.degrees) == pytest.approx((plain.se, plain.degrees), rel=1e-12)
    assert (twins.se, twins.units) == (pytest.approx(plain.se, rel=1e-12), plain.units)


def test_clusters_in_both_arms_equal_the_sandwich_of_a_regression() -> None:
    data = a_test(seed=12)
    y, on, house = data["spend"], data["arm"] == "treated", np.arange(400) % 57

    found = kernels.cluster_robust(y, on, house)
    compared = experiments.compare(data | {"house": house}, outcome="spend", arm="arm", cluster="house")

    design = np.column_stack([np.ones(400), on])
    error = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    bread = np.linalg.inv(design.T @ design)
    scores = np.array([(design * error[:, None])[house == g].sum(axis=0) for g in range(57)])
    sandwich = bread @ scores.T @ scores @ bread * 57 / 56  # all 57 lie in both arms, so one correction serves
    assert found.se == pytest.approx(np.sqrt(sandwich[1, 1]), rel=1e-10)
    assert compared.se == pytest.approx(found.se, rel=1e-10)


@pytest.mark.parametrize("how", HOW)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**6), scale=st.floats(1e-6, 1e6))
def test_units_and_order_do_not_matter(how: Any, seed: int, scale: float) -> None:
    data = a_test(seed=seed)
    order = np.random.default_rng(seed).permutation(400)
    other = {name: values[order] for name, values in data.items()}
    other["spend"], other["pre"] = other["spend"] * scale, other["pre"] * (7.0 if "winsorize" not in how else scale)
    factor = 1.0 if how.get("relative") else scale
    scaled = how | ({"tau": how["tau"] * scale} if "tau" in how else {})

    found = experiments.compare(data, outcome="spend", arm="arm", **how)
    again = experiments.compare(other, outcome="spend", arm="arm", **scaled)

    for name in ("estimate", "se", "lower", "upper"):
        assert getattr(again, name) == pytest.approx(getattr(found, name) * factor, rel=1e-7, abs=1e-9 * factor), name
    assert again.p == pytest.approx(found.p, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("how", HOW)
@settings(max_examples=15, deadline=None)
@given(values=st.lists(st.sampled_from([0.0, 0.1, 1.0, 5.0, 1e9, -3.0]), min_size=8, max_size=8))
def test_no_answer_is_infinite_or_missing(how: Any, values: list[float]) -> None:
    data = {"arm": ["a", "a", "a", "a", "control", "control", "control", "control"], "spend": values,
            "pre": values[::-1], "visits": np.arange(1, 9), "household": [1, 2, 3, 4, 5, 6, 6, 1]}  # fmt: skip
    try:
        found = experiments.compare(data, outcome="spend", arm="arm", **how)
    except NotEnoughDataError:
        assert how.get("relative")
        assert np.sum(values[4:]) == 0
        return

    numbers = [found.estimate, found.se, found.lower, found.upper, found.p, found.balance_z, found.variance_reduction]
    assert all(np.isfinite(value) for value in numbers if value is not None)
    assert found.se > 0 or found.not_identified


def test_a_constant_outcome_says_that_its_error_is_not_identified() -> None:
    found = experiments.compare({"arm": [0, 0, 1, 1], "spend": [0.1] * 4}, outcome="spend", arm="arm")

    assert (found.estimate, found.se, found.p, found.is_proven) == (0.0, 0.0, 1.0, False)
    assert "no outcome varies" in found.summary()


def test_a_share_of_next_to_nothing_is_not_identified() -> None:
    spend = np.zeros(200)
    spend[[3, 150]] = 1.0

    found = experiments.compare({"arm": np.arange(200) % 2, "spend": spend}, outcome="spend", arm="arm", relative=True)

    assert any("within three standard errors of zero" in why for why in found.not_identified)


def test_arms_that_differed_before_the_test_raise_an_alarm() -> None:
    data = a_test(seed=13)
    data["pre"] = data["pre"] + 2.0 * (data["arm"] == "treated")

    found = experiments.compare(data, outcome="spend", arm="arm", pre="pre")

    assert any("already differed before the test" in why for why in found.alarms)
    assert "alarm:" in found.summary()


def test_arms_of_the_wrong_size_raise_an_alarm() -> None:
    data = a_test(seed=14, share=0.5)

    assert experiments.compare(data, outcome="spend", arm="arm", planned_share=0.5).alarms == ()
    assert any("sizes planned" in why for why in experiments.compare(
        data, outcome="spend", arm="arm", planned_share=0.7).alarms)  # fmt: skip


def test_winsorizing_caps_at_the_quantile_of_both_arms() -> None:
    spend = np.concatenate([np.arange(99.0), [1e6]])

    found = experiments.compare({"arm": np.arange(100) % 2, "spend": spend}, outcome="spend", arm="arm", winsorize=0.9)

    # the 90 % quantile of 0..98 and a million is 89.1; of the treated (odd places) 45..49 lie above it
    capped = np.minimum(spend, 89.1)
    assert found.estimate == pytest.approx(capped[1::2].mean() - capped[::2].mean(), rel=1e-12)


@pytest.mark.parametrize(
    ("change", "how", "error", "says"),
    [
        ({"spend": [1.0, np.nan, 2.0, 3.0]}, {}, BadDataError, "rows 1"),
        ({"arm": ["a", None, "b", "b"]}, {}, BadDataError, "rows 1"),
        ({"arm": ["a", "a", "b", "b"]}, {}, BadDataError, "which arm is the control"),
        ({"arm": ["a", "b", "b", "b"]}, {"control": "a"}, NotEnoughDataError, "People in arm “.*”: 1;"),
        ({"arm": [0, 0, 0, 0]}, {}, NotEnoughDataError, "has 1 arm"),
        ({"arm": [0, 1, 2, 2]}, {"control": 0}, BadDataError, "compare_many"),
        ({"spend": [], "arm": [], "person": []}, {}, NotEnoughDataError, "empty"),
        ({"person": [1, 1, 2, 3]}, {"person": "person"}, BadDataError, "second row"),
        ({"spend": [0.0, 0.0, 1.0, 2.0]}, {"relative": True}, NotEnoughDataError, "at least 1 outcome"),
        ({"visits": [0, 0, 1, 1]}, {"ratio_to": "visits"}, NotEnoughDataError, "divided by is 0"),
        ({"house": [1, 1, 2, 2]}, {"cluster": "house"}, NotEnoughDataError, "Clusters in arm “.*”: 1;"),
        ({}, {"alpha": 0.9}, BadDataError, "alpha"),
        ({}, {"winsorize": 99}, BadDataError, "quantile"),
        ({}, {"sequential": "confidence_sequence"}, BadDataError, "planned_n"),
        ({}, {"sequential": "msprt"}, BadDataError, "tau"),
        ({}, {"sequential": "msprt", "tau": 1.0, "alternative": "less"}, BadDataError, "two sides"),
        ({}, {"alternative": "bigger"}, BadDataError, "bigger"),
        ({}, {"planned_share": 90}, BadDataError, "planned_share"),
        ({}, {"pre": "nothing"}, BadDataError, "no column “nothing”"),
    ],
)
def test_bad_data_are_refused_with_a_remedy(change: Any, how: Any, error: type[Exception], says: str) -> None:
    data = {"arm": [0, 0, 1, 1], "spend": [1.0, 2.0, 3.0, 5.0], "person": [1, 2, 3, 4]} | change

    with pytest.raises(error, match=says):
        experiments.compare(data, outcome="spend", arm="arm", **how)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"squares": [1.0, 50.0]}, BadDataError, "contradict"),
        ({"people": [1, 5]}, NotEnoughDataError, "People in arm “.*”: 1;"),
        ({"people": [-9, 5]}, BadDataError, "below 0"),
        ({"pre_total": [1.0, 1.0]}, BadDataError, "pre_squares"),
    ],
)
def test_sums_that_cannot_be_are_refused(change: Any, error: type[Exception], says: str) -> None:
    data = {"arm": [0, 1], "people": [10, 10], "total": [10.0, 12.0], "squares": [30.0, 50.0]} | change

    with pytest.raises(error, match=says):
        experiments.compare_sums(data)


def test_a_comparison_draws_itself() -> None:
    from matplotlib.figure import Figure

    axes = Figure().subplots()
    experiments.compare(a_test(seed=1), outcome="spend", arm="arm").plot(axes)

    assert axes.get_title() == "treated against control: spend"

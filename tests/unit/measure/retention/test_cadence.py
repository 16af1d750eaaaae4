"""Replenishment cadence: by hand, and how often the next purchase falls where it should."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from fanwheel.measure import NotEnoughDataError, retention


def bought(**days: list[int]) -> dict[str, list[Any]]:
    rows = [(person, datetime(2026, 1, 1) + timedelta(days=day)) for person, mine in days.items() for day in mine]
    return {"person": [row[0] for row in rows], "at": [row[1] for row in rows]}


def test_cadence_by_hand() -> None:
    # A buys every 10 days and B every 40, without exception: their own rhythm is all that counts. The population's is
    # the geometric mean, 20. Between people ln 2 lies on either side of it: 2 (ln 2)² by the analysis of variance
    # (among 4 (ln 2)², less 0 within, over (4 - 8/4) / 1 = 2). C bought once and gets the population's.
    found = retention.replenishment_cadence(bought(A=[0, 10, 20], B=[0, 40, 80], C=[75]), as_of=datetime(2026, 3, 25))

    np.testing.assert_allclose(found.interval_days, [10, 40, 20])
    assert found.own_weight.tolist() == [1, 1, 0]
    assert found.purchases.tolist() == [3, 3, 1]
    np.testing.assert_allclose([found.typical_days, found.spread_between], [20, np.log(2) * np.sqrt(2)])
    assert found.spread_within == 0
    assert found.due_on.tolist() == [date(2026, 1, 31), date(2026, 5, 1), date(2026, 4, 6)]
    assert found.is_overdue.tolist() == [True, False, False]
    # Student's t with 2 degrees of freedom, 80 %: 1.885618; 20 exp(-+ 1.885618 * 0.980258) = 3.150 and 126.99 days
    assert found.earliest_on[2].tolist() == date(2026, 3, 17) + timedelta(days=3)
    assert found.latest_on[2].tolist() == date(2026, 3, 17) + timedelta(days=127)


def test_one_interval_moves_a_person_less_than_many() -> None:
    # Same mean of their own intervals (5 days), once and eight times, among people of 20 days.
    uneven = np.cumsum([8, 30, 20, 45, 11, 24]).tolist()
    crowd = {f"p{number}": [number * day // 10 for day in uneven] for number in range(6, 16)}
    found = retention.replenishment_cadence(bought(one=[0, 5], many=list(range(0, 41, 5)), **crowd))

    place = {person: number for number, person in enumerate(found.person)}
    once, often = found.interval_days[place["one"]], found.interval_days[place["many"]]
    assert 5 < often < once < found.typical_days


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_next_purchase_falls_inside_as_often_as_it_says(confidence: float) -> None:
    rng = np.random.default_rng(11)
    people, most = 4000, 7
    rhythm = rng.normal(np.log(60), 0.4, people)
    gaps = np.rint(np.exp(rhythm[:, None] + rng.normal(0, 0.3, (people, most)))).astype(int)
    known = rng.integers(0, most - 1, people)  # intervals seen; the one after them is to be foretold
    days = np.concatenate([np.zeros((people, 1), int), gaps.cumsum(axis=1)], axis=1)
    rows = np.arange(most + 1) <= known[:, None]
    who = np.broadcast_to(np.arange(people)[:, None], rows.shape)[rows]

    found = retention.replenishment_cadence(
        {"person": who, "at": np.datetime64("2020-01-01") + days[rows]}, confidence=confidence
    )

    following = np.datetime64("2020-01-01") + days[np.arange(people), known + 1]
    inside = (found.earliest_on <= following) & (following <= found.latest_on)
    assert abs(inside.mean() - confidence) < 0.03  # whole days widen it a little
    np.testing.assert_allclose([found.spread_between, found.spread_within], [0.4, 0.3], rtol=0.05)
    # Shrinking beats both the person's own mean and everybody's, for those who have both.
    has = known > 0
    truth = np.exp(rhythm[has])
    own = np.exp(np.array([np.log(gaps[row, : known[row]]).mean() for row in np.flatnonzero(has)]))
    errors = [np.abs(np.log(guess / truth)).mean() for guess in (found.interval_days[has], own, found.typical_days)]
    assert errors[0] < min(errors[1:])


def test_the_order_of_rows_and_a_second_order_on_one_day_change_nothing() -> None:
    orders = bought(A=[0, 10, 22], B=[3, 40, 41], C=[5])
    found = retention.replenishment_cadence(orders)

    again = retention.replenishment_cadence({name: values[::-1] + values for name, values in orders.items()})

    assert again.interval_days.tobytes() == found.interval_days.tobytes()
    assert again.latest_on.tolist() == found.latest_on.tolist()


@pytest.mark.parametrize("orders", [bought(A=[0, 3], B=[0, 9], C=[0, 27]), bought(A=[0, 3, 12, 39])])
def test_where_people_cannot_be_told_from_chance_everybody_gets_the_population(orders: dict[str, list[Any]]) -> None:
    found = retention.replenishment_cadence(orders)

    # ln 3, ln 9, ln 27: mean ln 9
    np.testing.assert_allclose(found.interval_days, 9)
    assert "differ" in found.not_identified[0]


def test_too_few_intervals_are_not_enough() -> None:
    with pytest.raises(NotEnoughDataError, match="2 intervals"):
        retention.replenishment_cadence(bought(A=[0, 3], B=[0, 9], C=[1]))


def test_wild_intervals_stay_on_the_calendar() -> None:
    found = retention.replenishment_cadence(bought(A=[0, 1, 20_000], B=[0, 1, 2], C=[5]))

    assert max(found.latest_on.tolist()) < date(2026 + 160, 1, 1)

"""Lift of a holdout, over everybody and over those who were or would have been reached."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fanwheel.measure import BadDataError, NotEnoughDataError, experiments
from fanwheel.measure.experiments import Rule

START = np.datetime64("2026-03-01")

ASSIGNED = {"person": [1, 2, 3, 4, 5, 6], "arm": ["treated", "treated", "treated", "holdout", "holdout", "holdout"]}
SHOWN = {
    "person": [1, 1, 2, 4, 5, 3, 9],
    "at": ["2026-03-05", "2026-03-20", "2026-03-10", "2026-03-08", "2026-03-09", "2026-02-01", "2026-03-02"],
    "ghost": [False, False, False, True, True, False, False],
}
ORDERS = {
    "person": [1, 1, 1, 2, 4, 5, 5, 3, 9],
    "at": ["2026-03-04", "2026-03-05", "2026-03-21", "2026-03-31", "2026-03-09", "2026-03-01", "2026-03-30",
           "2026-03-03", "2026-03-04"],
    "value": [100.0, 10.0, 20.0, 8.0, 6.0, 40.0, 4.0, 7.0, 1e6],
}  # fmt: skip


def dated(table: dict[str, Any]) -> dict[str, Any]:
    return table | {"at": np.array(table["at"], dtype="datetime64[s]")}


def test_outcomes_count_from_the_first_would_be_exposure() -> None:
    found = experiments.ghost(ASSIGNED, dated(SHOWN), dated(ORDERS), start="2026-03-01")

    # reached: 1 from 5 March (10 + 20, not the 100 of the day before) and 2 (8), mean 19; person 3 was shown before the
    # test only. Ghosts: 4 (6) and 5 from 9 March (4, not the 40), mean 5. Everybody: 145/3 less 50/3.
    assert found.reached.estimate == 14.0
    assert found.caused == 28.0
    assert found.everyone.estimate == pytest.approx((130 + 8 + 7) / 3 - (6 + 44) / 3)
    assert (found.share_reached, found.share_ghost) == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_a_window_and_an_end_leave_later_outcomes_out() -> None:
    window = experiments.ghost(
        ASSIGNED, dated(SHOWN), dated(ORDERS), start=datetime(2026, 3, 1, tzinfo=UTC), window_days=10
    )
    until = experiments.ghost(ASSIGNED, dated(SHOWN), dated(ORDERS), start="2026-03-01", until="2026-03-25")

    assert window.reached.estimate == 10 / 2 - 6 / 2  # the orders of 21, 30 and 31 March come too late
    assert until.reached.estimate == 30 / 2 - 6 / 2


def test_real_exposures_of_the_held_out_raise_an_alarm() -> None:
    leaked = SHOWN | {"ghost": [False, False, False, True, False, False, False]}

    found = experiments.ghost(ASSIGNED, dated(leaked), dated(ORDERS), start="2026-03-01")

    assert any("really reached: 1;" in why for why in found.alarms)
    assert "alarm" in found.summary()
    assert experiments.ghost(ASSIGNED, dated(SHOWN), dated(ORDERS), start="2026-03-01").alarms == ()


def a_holdout(rng: np.random.Generator, *, people: int = 2500, effect: float, logged: float = 1.0) -> tuple[Any, ...]:
    """A tenth held out; a third would be reached, heavier buyers rather; orders after it are worth ``effect`` more."""
    treated, taste = rng.random(people) < 0.9, rng.gamma(2.0, 1.0, people)
    reached = rng.random(people) < np.minimum(taste / 6.0, 0.9)
    first = START + rng.integers(0, 30, people).astype("timedelta64[D]")
    orders = rng.poisson(taste * 2.0)
    person = np.repeat(np.arange(people), orders)
    at = START + rng.integers(-60, 60, len(person)).astype("timedelta64[D]")
    value = rng.gamma(2.0, 1.0, len(person)) + effect * ((at >= first[person]) & (reached & treated)[person])
    seen = reached & (treated | (rng.random(people) < logged))
    return (
        {"person": np.arange(people), "arm": np.where(treated, "treated", "holdout")},
        {"person": np.arange(people)[seen], "at": first[seen], "ghost": ~treated[seen]},
        {"person": person, "at": at, "value": value},
    )


def test_ghosts_and_intention_to_treat_both_hold_the_truth_and_ghosts_are_narrower() -> None:
    rng, held, widths = np.random.default_rng(40), np.zeros(2), np.zeros(2)
    truths = np.array([per_person(effect=1.0), per_person(effect=1.0) * share_reached()])
    for _ in range(250):
        found = experiments.ghost(*a_holdout(rng, effect=1.0), start=START, pre_days=30)
        both = (found.reached, found.everyone)
        held += [one.lower <= truth <= one.upper for one, truth in zip(both, truths, strict=True)]
        widths += [found.caused_upper - found.caused_lower, (both[1].upper - both[1].lower) * both[1].people_treated]

    assert ((held / 250 >= 0.92) & (held / 250 <= 0.97)).all()
    assert widths[0] < 0.75 * widths[1]


def taste_grid() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tastes, their gamma(2, 1) weights, and the chance to be reached."""
    taste = (np.arange(200_000) + 0.5) * 2e-4
    return taste, taste * np.exp(-taste) * 2e-4, np.minimum(taste / 6.0, 0.9)


def share_reached() -> float:
    _, weight, chance = taste_grid()
    return float(weight @ chance)


def per_person(*, effect: float) -> float:
    """Orders of a reached person in the 60 - (0..29) days after the first exposure, out of 120, at 2 · taste each."""
    taste, weight, chance = taste_grid()
    return float(effect * 2.0 * (weight * chance) @ taste / share_reached() * np.mean(60 - np.arange(30)) / 120.0)


def test_ghosts_that_are_not_all_logged_raise_an_alarm() -> None:
    found = experiments.ghost(*a_holdout(np.random.default_rng(41), people=8000, effect=0.0, logged=0.6), start=START)

    assert any("not logged alike" in why for why in found.alarms)


def test_intention_to_treat_equals_a_comparison_of_sums_by_person() -> None:
    assigned, _, orders = a_holdout(np.random.default_rng(42), effect=0.5)
    table = pd.DataFrame(orders)
    during, before = table[table["at"] >= START], table[(table["at"] < START) & (table["at"] >= START - 30)]
    sums = {name: part.groupby("person")["value"].sum().reindex(range(2500), fill_value=0.0).to_numpy()
            for name, part in (("spend", during), ("pre", before))}  # fmt: skip

    found = experiments.intention_to_treat(assigned, orders, start=START, pre_days=30, rule=Rule(alpha=0.1))
    expected = experiments.compare(sums | {"arm": assigned["arm"]}, outcome="spend", arm="arm", pre="pre", alpha=0.1)

    assert (found.estimate, found.lower, found.upper) == pytest.approx(
        (expected.estimate, expected.lower, expected.upper), rel=1e-10
    )


@pytest.mark.parametrize(
    ("assigned", "shown", "how", "error", "says"),
    [
        ({"person": [1, 1, 3, 4, 5, 6]}, {}, {}, BadDataError, "second row"),
        ({}, {"person": [1, 1, 2, 9, 9, 9, 9]}, {}, NotEnoughDataError, "People of “holdout” .*: 0;"),
        ({}, {}, {"now": "2026-03-15"}, BadDataError, "in the future"),
        ({}, {}, {"start": "soon"}, BadDataError, "not a date"),
        ({}, {}, {"window_days": 0}, BadDataError, "window_days"),
        ({"arm": [1, 2, 3, 0, 0, 0]}, {}, {"control": 0}, BadDataError, "4 arms"),
        ({}, {"at": [None] * 7}, {}, BadDataError, "missing"),
    ],
)
def test_bad_tables_are_refused(assigned: Any, shown: Any, how: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        experiments.ghost(ASSIGNED | assigned, dated(SHOWN | shown), dated(ORDERS), **({"start": "2026-03-01"} | how))

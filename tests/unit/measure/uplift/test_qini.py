from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.measure.uplift.trial import a_trial

from fanwheel.measure import uplift
from fanwheel.measure.errors import BadDataError, NotEnoughDataError

FOUR = {"score": [4, 3, 2, 1], "treated": [1, 0, 1, 0], "value": [1, 0, 1, 1]}


def numbers(curve: uplift.Qini) -> np.ndarray:
    single = [curve.auuc, curve.auuc_low, curve.auuc_high, curve.qini, curve.qini_low, curve.qini_high]
    return np.concatenate([curve.share, curve.gain, curve.low, curve.high, curve.per_treated, single])


def test_four_people_by_hand() -> None:
    curve = uplift.qini(FOUR, score="score")
    assert curve.share.tolist() == [0, 0.25, 0.5, 0.75, 1]
    # 1 person: no control yet, 0. 2: (1/1 - 0/1) * 2/4. 3: (2/2 - 0/1) * 3/4. 4: (2/2 - 1/2) * 4/4.
    assert curve.gain.tolist() == [0, 0, 0.5, 0.75, 0.5]
    # Radcliffe: 1 - 0 * 1/1 = 1, 2 - 0 * 2/1 = 2, 2 - 1 * 2/2 = 1, over the 2 treated.
    assert curve.per_treated.tolist() == [0, 0, 0.5, 1, 0.5]
    # Quarters of 0, 0.25, 0.625 and 0.625; quarters of 0, 0.25, 0.75 and 0.75, less half of 0.5.
    assert curve.auuc == 0.375
    assert curve.qini == 0.1875
    assert curve.random.tolist() == [0, 0.125, 0.25, 0.375, 0.5]


@pytest.mark.parametrize("seed", range(20))
def test_the_curve_is_that_of_counting_people_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    people = 80
    data = {"score": rng.integers(0, 30, people), "treated": rng.integers(0, 2, people)}
    data |= {"value": rng.normal(size=people), "chance": rng.choice([0.3, 0.6], people)}

    share, gain = [0.0], [0.0]
    for level in sorted(set(data["score"].tolist()), reverse=True):
        chosen = [row for row in range(people) if data["score"][row] >= level]
        means = []
        for arm in (1, 0):
            rows = [row for row in chosen if data["treated"][row] == arm]
            weights = [1 / (data["chance"][row] if arm else 1 - data["chance"][row]) for row in rows]
            total = sum(w * data["value"][row] for w, row in zip(weights, rows, strict=True))
            means += [total / sum(weights)] if rows else []
        share.append(len(chosen) / people)
        gain.append(share[-1] * (means[0] - means[1]) if len(means) == 2 else 0.0)

    curve = uplift.qini(data, score="score", propensity="chance", draws=50)
    assert curve.share == pytest.approx(share, abs=1e-12)
    assert curve.gain == pytest.approx(gain, abs=1e-12)
    assert curve.auuc == pytest.approx(np.trapezoid(gain, share), abs=1e-12)


def test_intervals_of_the_area_cover_the_truth_as_often_as_they_say() -> None:
    # A score equal to 1 - age puts a person of that age at share u = age; its area is E[effect * (1 - u)]
    # = integral of (1 - 2u)(1 - u) = 1 - 3/2 + 2/3 = 1/6; the Qini coefficient the same minus half of E[effect] = 0.
    hits = np.zeros(2)
    for seed in range(250):
        data = a_trial(seed, 600)
        curve = uplift.qini(data | {"score": 1 - data["age"]}, score="score", draws=150)
        hits += [curve.auuc_low <= 1 / 6 <= curve.auuc_high, curve.qini_low <= 1 / 6 <= curve.qini_high]
    assert ((hits / 250 >= 0.92) & (hits / 250 <= 0.97)).all()


def test_a_better_score_has_a_larger_area_and_the_reverse_one_a_negative_coefficient() -> None:
    data = a_trial(2)
    rng = np.random.default_rng(0)
    scores = {"truth": data["truth"], "luck": rng.uniform(size=4000), "reverse": -data["truth"]}
    found = {name: uplift.qini(data | {"score": score}, score="score") for name, score in scores.items()}
    assert found["truth"].qini_low > 0
    assert found["luck"].qini_low < 0 < found["luck"].qini_high
    assert found["reverse"].qini_high < 0


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), unit=st.floats(1e-6, 1e6))
def test_neither_order_nor_unit_nor_a_monotone_change_of_score_matters(seed: int, unit: float) -> None:
    data = a_trial(seed, 200)
    plain = uplift.qini(data, score="age", draws=50)
    order = np.random.default_rng(seed).permutation(200)
    shuffled = uplift.qini({name: column[order] for name, column in data.items()}, score="age", draws=50)
    scaled = uplift.qini(data | {"value": data["value"] * unit}, score="age", draws=50)
    bent = uplift.qini(data | {"age": np.exp(3 * data["age"])}, score="age", draws=50)
    assert (numbers(shuffled) == numbers(plain)).all()
    assert (numbers(bent) == numbers(plain)).all()
    assert scaled.gain == pytest.approx(plain.gain * unit, rel=1e-9, abs=1e-9 * unit)
    assert scaled.auuc_high == pytest.approx(plain.auuc_high * unit, rel=1e-9)


def test_everybody_twice_changes_no_estimate_and_narrows_the_interval() -> None:
    data = a_trial(3, 500)
    once = uplift.qini(data, score="age")
    twice = uplift.qini({name: np.tile(column, 2) for name, column in data.items()}, score="age")
    assert twice.auuc == pytest.approx(once.auuc, abs=1e-12)
    assert twice.qini == pytest.approx(once.qini, abs=1e-12)
    assert twice.auuc_high - twice.auuc == pytest.approx((once.auuc_high - once.auuc) / 2**0.5, rel=0.15)


def test_one_score_for_all_is_said_to_choose_nobody() -> None:
    curve = uplift.qini(FOUR | {"score": [1, 1, 1, 1]}, score="score")
    assert curve.gain.tolist() == [0, 0.5]
    assert curve.qini == 0
    assert "every score" in curve.not_identified[0]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"treated": [1, 0, 2, 0]}, "“treated” is not 0 or 1 in 1 rows (rows 2)"),
        ({"score": [1, None, 2, 3]}, "“score” is missing or not finite in 1 rows (rows 1)"),
        ({"value": [1.0, 2.0, 3.0]}, "differ in length"),
    ],
)
def test_bad_rows_are_named(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BadDataError) as error:
        uplift.qini(FOUR | changes, score="score")
    assert says in str(error.value)


def test_a_trial_without_controls_says_how_many_are_needed() -> None:
    with pytest.raises(NotEnoughDataError, match="Each arm needs 2 people; the smaller one has 0"):
        uplift.qini(FOUR | {"treated": [1, 1, 1, 1]}, score="score")


@pytest.mark.parametrize("propensity", [0.0, 1.0, float("nan")])
def test_an_impossible_chance_is_refused(propensity: float) -> None:
    with pytest.raises(BadDataError):
        uplift.qini(FOUR, score="score", propensity=propensity)

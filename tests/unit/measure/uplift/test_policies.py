import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.measure.uplift.trial import a_trial

from fanwheel.measure import uplift
from fanwheel.measure.errors import BadDataError, NotEnoughDataError

FOUR = {"rule": [1, 1, 0, 0], "treated": [1, 0, 0, 1], "value": [3, 9, 1, 9], "chance": [0.5, 0.5, 0.8, 0.8]}


@pytest.mark.parametrize(
    ("estimator", "value"),
    [
        ("ips", 2.75),  # persons 0 and 2 were treated as the rule says: (3 / 0.5 + 1 / 0.2) / 4
        ("snips", 11 / 7),  # (6 + 5) / (2 + 5)
        ("dr", 1.25),  # guesses of 2: (2 + 2 * (3 - 2)) + 2 + (2 + 5 * (1 - 2)) + 2 = 5, over 4
    ],
)
def test_four_people_by_hand(estimator: uplift.policies.Estimator, value: float) -> None:
    data = FOUR | {"two": [2, 2, 2, 2]}
    judged = uplift.policy_value(data, treat="rule", propensity="chance", expected=("two", "two"), estimator=estimator)
    assert judged.value[0] == pytest.approx(value, abs=1e-12)
    assert judged.value[3] == pytest.approx(judged.value[0] - judged.value[1], abs=1e-12)
    assert judged.value[4] == pytest.approx(judged.value[0] - judged.value[2], abs=1e-12)


def test_the_cost_is_paid_for_whoever_the_rule_touches() -> None:
    free = uplift.policy_value(FOUR, treat="rule", propensity="chance")
    paid = uplift.policy_value(FOUR, treat="rule", propensity="chance", cost=0.5)
    assert (free.value - paid.value).tolist() == pytest.approx([0.25, 0.5, 0, -0.25, 0.25], abs=1e-12)


@pytest.mark.parametrize("estimator", ["ips", "snips", "dr"])
def test_intervals_cover_the_truth_as_often_as_they_say(estimator: uplift.policies.Estimator) -> None:
    # spend has mean 2; touching whoever is younger than 0.5 adds the integral of 1 - 2u up to 0.5 = 0.25;
    # touching everybody adds 0.
    truth = np.array([2.25, 2.0, 2.0, 0.25, 0.25])
    hits = np.zeros(5)
    for seed in range(400):
        data = a_trial(seed, 500, chance=0.7)
        rule = (data["age"] < 0.5).astype(int)
        expected = {"m0": data["spend"], "m1": data["spend"] + 0.5 * data["truth"]}
        judged = uplift.policy_value(
            data | expected | {"rule": rule}, treat="rule", propensity=0.7, expected=("m0", "m1"), estimator=estimator
        )
        hits += (judged.low <= truth) & (truth <= judged.high)
    assert ((hits / 400 >= 0.92) & (hits / 400 <= 0.97)).all()


def test_good_guesses_narrow_the_interval() -> None:
    data = a_trial(0)
    data |= {"rule": (data["age"] < 0.5).astype(int), "m0": data["spend"], "m1": data["spend"] + data["truth"]}
    width = {
        name: float(np.ptp([judged.low[0], judged.high[0]]))
        for name, judged in {
            "ips": uplift.policy_value(data, treat="rule", estimator="ips"),
            "snips": uplift.policy_value(data, treat="rule", estimator="snips"),
            "dr": uplift.policy_value(data, treat="rule", expected=("m0", "m1")),
        }.items()
    }
    assert width["dr"] < width["snips"] < width["ips"]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), unit=st.floats(1e-6, 1e6))
def test_order_and_unit_change_nothing(seed: int, unit: float) -> None:
    data = a_trial(seed, 100) | {"rule": np.arange(100) % 2}
    plain = uplift.policy_value(data, treat="rule", cost=0.3)
    order = np.random.default_rng(seed).permutation(100)
    shuffled = uplift.policy_value({name: column[order] for name, column in data.items()}, treat="rule", cost=0.3)
    scaled = uplift.policy_value(data | {"value": data["value"] * unit}, treat="rule", cost=0.3 * unit)
    assert shuffled.value == pytest.approx(plain.value, abs=1e-12)
    assert shuffled.low == pytest.approx(plain.low, abs=1e-12)
    assert scaled.value == pytest.approx(plain.value * unit, rel=1e-9, abs=1e-9 * unit)
    assert scaled.high == pytest.approx(plain.high * unit, rel=1e-9, abs=1e-9 * unit)


def test_a_rule_that_chance_never_followed_is_not_judged() -> None:
    with pytest.raises(NotEnoughDataError, match="Only 0 people were treated as the rule says"):
        uplift.policy_value(FOUR | {"rule": [0, 1, 1, 0]}, treat="rule", propensity="chance")


def test_a_tiny_chance_is_reported() -> None:
    judged = uplift.policy_value(FOUR | {"chance": [0.5, 0.5, 0.5, 0.001]}, treat="rule", propensity="chance")
    assert "below 1 %" in judged.not_identified[0]


@pytest.mark.parametrize("options", [{"estimator": "guess"}, {"cost": -1.0}, {"treat": "value"}])
def test_a_bad_option_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(BadDataError):
        uplift.policy_value(FOUR, **{"treat": "rule", "propensity": "chance", **options})  # type: ignore[arg-type]


def test_only_whoever_pays_for_being_touched_is_touched() -> None:
    # Margin 0.4: profits 0.4 * (5, 2, -1, 1) - 0.5 = 1.5, 0.3, -0.9, -0.1
    choice = uplift.choose({"effect": [5, 2, -1, 1]}, value=0.4, cost=0.5)
    assert choice.treat.tolist() == [True, True, False, False]
    assert choice.profit == pytest.approx([1.5, 0.3, -0.9, -0.1])
    assert (choice.people, choice.spend) == (2, 1.0)
    assert choice.expected_profit == pytest.approx(1.8)
    assert (
        uplift.choose({"effect": [5, 2, -1, 1]}, value=0.4, cost=0.5, budget=0.7).treat.tolist() == [True] + [False] * 3
    )


@pytest.mark.parametrize("seed", range(20))
def test_under_a_budget_no_other_choice_of_equal_costs_is_better(seed: int) -> None:
    effect = np.random.default_rng(seed).normal(1, 2, 9)
    choice = uplift.choose({"effect": effect}, cost=1.0, budget=4.0)
    rivals = (sum(effect[list(rows)] - 1) for size in range(5) for rows in itertools.combinations(range(9), size))
    assert choice.expected_profit == pytest.approx(max(float(rival) for rival in rivals), abs=1e-12)


def test_a_budget_is_never_overspent() -> None:
    rng = np.random.default_rng(0)
    data = {"effect": rng.normal(1, 1, 500), "price": rng.uniform(0, 2, 500)}
    choice = uplift.choose(data, cost="price", budget=37.0)
    assert 30 < choice.spend <= 37
    assert choice.profit[choice.treat].min() > 0

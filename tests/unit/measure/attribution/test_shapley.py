"""The Shapley value: toy games with known answers, every order of joining, and what the count adds to linear."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.measure.attribution import slow

from fanwheel.measure import NotEnoughDataError, attribution
from fanwheel.measure.errors import BadDataError

# Sets in binary order: nobody, 1, 2, 12, 3, 13, 23, 123.
GLOVES = [0, 0, 0, 1, 0, 1, 0, 1]  # 1 holds a left glove, 2 and 3 a right one each
TAXI = [0, 80, 56, 80, 70, 85, 72, 90]
AIRPORT = [
    max([cost for place, cost in enumerate((8, 11, 13, 18)) if chosen >> place & 1], default=0) for chosen in range(16)
]


@pytest.mark.parametrize(
    ("worth", "values"),
    [
        (GLOVES, [2 / 3, 1 / 6, 1 / 6]),
        (AIRPORT, [2, 3, 4, 9]),  # 8/4 = 2; + 3/3 = 3; + 2/2 = 4; + 5 = 9
        (TAXI, [39 + 1 / 6, 20 + 2 / 3, 30 + 1 / 6]),  # 39.1667, 20.6667, 30.1667
        ([3, 10], [7]),
    ],
)
def test_known_games(worth: list[float], values: list[float]) -> None:
    np.testing.assert_allclose(attribution.shapley_values(np.array(worth)), values, rtol=1e-14)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), players=st.integers(1, 6))
def test_values_equal_the_average_over_every_order_of_joining(seed: int, players: int) -> None:
    worth = np.random.default_rng(seed).normal(size=1 << players)

    values = attribution.shapley_values(worth)

    np.testing.assert_allclose(values, slow.shapley(worth), rtol=0, atol=1e-12)
    assert values.sum() == pytest.approx(worth[-1] - worth[0], abs=1e-12)


def test_twenty_players_are_exact() -> None:
    # Worth is the square of the summed weights, so that every pair shares 2 w_i w_j equally: value w_i * total.
    weights = np.arange(1, 21)
    total = np.zeros(1 << 20)
    for player, weight in enumerate(weights):
        total += weight * (np.arange(1 << 20) >> player & 1)

    values = attribution.shapley_values(total**2)

    np.testing.assert_allclose(values, weights * 210.0, rtol=1e-12)


@pytest.mark.parametrize("by", ["count", "rate"])
@pytest.mark.parametrize("seed", range(8))
def test_credit_equals_enumeration(seed: int, by: str) -> None:
    table = slow.random_table(seed)
    worth = slow.worth_of(table, by)

    found = attribution.shapley(slow.paths_of(table), worth=by)

    values = np.array(slow.shapley(worth))
    converted = sum(row["conversions"] for row in table)
    np.testing.assert_allclose(found.credit, values * converted / worth[-1], rtol=0, atol=1e-11)
    np.testing.assert_allclose(found.share, values / worth[-1], rtol=0, atol=1e-12)
    without = [worth[len(worth) - 1 - (1 << player)] for player in range(len(values))]
    np.testing.assert_allclose(found.removal_effect, 1 - np.array(without) / worth[-1], rtol=0, atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_by_count_it_is_linear_over_distinct_channels(seed: int) -> None:
    table = slow.random_table(seed)
    once = [{**row, "path": list(dict.fromkeys(row["path"]))} for row in table]

    found = attribution.shapley(slow.paths_of(table))

    linear = attribution.linear(slow.paths_of(once))
    np.testing.assert_allclose(found.credit, linear.credit, rtol=1e-12)
    np.testing.assert_allclose(found.value, linear.value, rtol=1e-12)


def test_by_rate_a_channel_of_lost_paths_can_cost_conversions() -> None:
    # v(a) = 4/8, v(b) = 0/8, v(ab) = 4/16 (nobody met both): a = (1/2 + 1/4)/2 = 3/8, b = (0 + 1/4 - 1/2)/2 = -1/8.
    # Shares of v(ab) = 1/4: 1.5 and -0.5 of 4 conversions.
    paths = attribution.read_paths({"path": ["a", "b"], "conversions": [4, 0], "non_conversions": [4, 8]})

    found = attribution.shapley(paths, worth="rate")

    assert found.credit.tolist() == [6, -2]
    assert found.not_identified == ()


def test_by_rate_it_says_which_worth_is_a_convention() -> None:
    paths = attribution.read_paths({"path": ["a > b", "a"], "conversions": [4, 1], "non_conversions": [4, 8]})

    found = attribution.shapley(paths, worth="rate")

    assert found.not_identified == ("1 of 3 sets of channels have no path of their own; their rate is taken as 0.",)


def test_what_cannot_be_played_is_refused() -> None:
    many = attribution.read_paths({"path": [f"c{number}" for number in range(21)], "conversions": [1] * 21})
    with pytest.raises(BadDataError, match="21 channels"):
        attribution.shapley(many)
    with pytest.raises(NotEnoughDataError):
        attribution.shapley(attribution.read_paths({"path": ["a"], "conversions": [0]}))
    with pytest.raises(NotEnoughDataError):
        attribution.shapley_values(np.array([1.0]))
    for worth in ([1.0, 2.0, 3.0], [0.0, np.nan], [[0.0, 1.0], [1.0, 2.0]]):
        with pytest.raises(BadDataError):
            attribution.shapley_values(np.array(worth))

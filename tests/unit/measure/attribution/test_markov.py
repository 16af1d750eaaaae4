"""Removal effects: by hand, against one removal at a time, and what never changes them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.measure.attribution import slow

from fanwheel.measure import NotEnoughDataError, attribution
from fanwheel.measure.attribution import chain
from fanwheel.measure.errors import BadDataError


def test_removal_effects_by_hand() -> None:
    # 1 of 3 paths converts, and every one that does has met C2 and C3, so without either nothing is left. Without C1
    # a path begins at C2 with 1/3, goes on to C3 surely, and converts from there with 1/2: 1/6, half of 1/3.
    # Credit 0.5 : 1 : 1 of one conversion. (The example of Bryl, AnalyzeCore, 2016.)
    paths = attribution.read_paths(
        {"path": ["C1 > C2 > C3", "C1", "C2 > C3"], "conversions": [1, 0, 0], "non_conversions": [0, 1, 1]}
    )

    found = attribution.markov(paths)

    assert found.channel == ("C1", "C2", "C3")
    np.testing.assert_allclose(found.removal_effect, [0.5, 1, 1], atol=1e-15)
    np.testing.assert_allclose(found.credit, [0.2, 0.4, 0.4], atol=1e-15)
    assert found.conversion_rate == pytest.approx(1 / 3)


def test_a_chain_that_is_given_is_removed_from_as_well() -> None:
    # Paths begin at A; half of them go on to B; each converts surely from B and never from A. Without A or B nothing
    # converts: effects 1 and 1. If A converts half of its visits itself, B takes away only the other half.
    entry, step = np.array([1.0, 0]), np.array([[0, 0.5], [0, 0]])

    assert attribution.removal_effects(entry, step, np.array([0.0, 1])).tolist() == [1, 1]
    assert attribution.removal_effects(entry, step, np.array([0.5, 1])).tolist() == [1, 0.5]
    with pytest.raises(NotEnoughDataError):
        attribution.removal_effects(entry, step, np.zeros(2))


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("seed", range(12))
def test_markov_equals_removing_each_channel_in_turn(seed: int, order: int) -> None:
    table = slow.random_table(seed)

    found = attribution.markov(slow.paths_of(table), order=order)

    lost, by_value = (
        np.array(list(slow.removal_effects(table, order, it).values())) for it in ("conversions", "value")
    )
    np.testing.assert_allclose(found.removal_effect, lost, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.value_removal_effect, by_value, rtol=0, atol=1e-12)
    converted = sum(row["conversions"] for row in table)
    np.testing.assert_allclose(found.credit, converted * lost / lost.sum(), rtol=1e-12)
    assert found.value.sum() == pytest.approx(sum(row["value"] for row in table), rel=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("seed", range(6))
def test_a_chain_from_which_nothing_is_removed_converts_as_often_as_the_paths(seed: int, order: int) -> None:
    table = slow.random_table(seed, channels=4, rows=200, longest=9)
    paths = slow.paths_of(table)

    walked = chain.count(paths, order)

    rate = walked.entry @ np.linalg.solve(np.eye(len(walked.entry)) - walked.step.toarray(), walked.reward[:, 0])
    assert abs(rate - attribution.markov(paths, order=order).conversion_rate) < 1e-12


@pytest.mark.parametrize("order", [2, 3])
def test_paths_too_long_to_walk_are_solved(order: int) -> None:
    # One path of 6,000 touches keeps 0.9998 of its state under way at each step.
    table = slow.random_table(3, channels=3, rows=20)
    table.append({"path": ["c0"] * 6000 + ["c1"], "conversions": 1, "non_conversions": 0, "value": 1.0})

    found = attribution.markov(slow.paths_of(table), order=order)

    expected = list(slow.removal_effects(table, order, "conversions").values())
    np.testing.assert_allclose(found.removal_effect, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_reruns_are_identical_to_the_last_bit(order: int) -> None:
    first, again = (attribution.markov(slow.paths_of(slow.random_table(7)), order=order) for _ in range(2))

    assert first.credit.tobytes() == again.credit.tobytes()
    assert first.value.tobytes() == again.value.tobytes()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.sampled_from([1, 2, 3]), times=st.sampled_from([2, 10, 1000]))
def test_neither_the_order_of_rows_nor_their_number_nor_the_currency_matters(seed: int, order: int, times: int) -> None:
    table = slow.random_table(seed, channels=4, rows=20)
    found = attribution.markov(slow.paths_of(table), order=order)

    shuffled = attribution.markov(slow.paths_of(table[::-1]), order=order)
    split = attribution.markov(slow.paths_of([*table, *table]), order=order)
    scaled = [{**row, "value": row["value"] * times} for row in table]
    other_unit = attribution.markov(slow.paths_of(scaled), order=order)

    np.testing.assert_allclose(shuffled.credit, found.credit, rtol=1e-12)
    np.testing.assert_allclose(split.credit, 2 * found.credit, rtol=1e-12)
    np.testing.assert_allclose(other_unit.value, times * found.value, rtol=1e-12)


def test_new_names_for_channels_only_rename_the_answer() -> None:
    table = slow.random_table(5)
    found = attribution.markov(slow.paths_of(table))

    renamed = attribution.markov(
        slow.paths_of([{**row, "path": [f"z{9 - int(step[1])}" for step in row["path"]]} for row in table])
    )

    assert renamed.channel == ("z5", "z6", "z7", "z8", "z9")
    np.testing.assert_allclose(renamed.credit[::-1], found.credit, rtol=1e-12)


def test_where_every_path_converts_an_effect_is_the_chance_to_meet_the_channel() -> None:
    # Half of the paths begin at a, half at c. Of 3 visits of a, 2 go on to b: 1/2 * 2/3 meet b.
    paths = attribution.read_paths({"path": ["a > b", "a > b > a", "c"], "conversions": [1, 1, 2]})

    found = attribution.markov(paths)

    np.testing.assert_allclose(found.removal_effect, [1 / 2, 1 / 3, 1 / 2], atol=1e-15)
    assert "did not convert" in found.not_identified[0]


def test_a_channel_that_only_stands_on_lost_paths_gets_nothing() -> None:
    paths = attribution.read_paths(
        {"path": ["a", "b", "b > b"], "conversions": [2, 0, 0], "non_conversions": [1, 4, 2]}
    )

    for order in (1, 2, 3):
        assert attribution.markov(paths, order=order).credit.tolist() == [2, 0]


def test_without_a_conversion_there_is_nothing_to_share() -> None:
    paths = attribution.read_paths({"path": ["a > b"], "conversions": [0], "non_conversions": [9]})

    with pytest.raises(NotEnoughDataError, match="at least 1"):
        attribution.markov(paths)
    with pytest.raises(BadDataError, match="order 4"):
        attribution.markov(paths, order=4)


def test_worthless_conversions_share_no_value() -> None:
    paths = attribution.read_paths({"path": ["a > b"], "conversions": [3], "non_conversions": [9], "value": [0]})

    for order in (1, 2):
        found = attribution.markov(paths, order=order)
        assert found.credit.tolist() == [1.5, 1.5]
        assert found.value.tolist() == [0, 0]


def test_many_channels_are_counted_by_sorting() -> None:
    # 100 channels to the power of 4 are too many codes to count in a table.
    table = slow.random_table(11, channels=100, rows=40, longest=4)

    found = attribution.markov(slow.paths_of(table), order=3)

    expected = list(slow.removal_effects(table, 3, "conversions").values())
    np.testing.assert_allclose(found.removal_effect, expected, rtol=0, atol=1e-12)

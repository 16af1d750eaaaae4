"""Rules by the place of a touch: every share on paper."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.measure.attribution import slow

from fanwheel.measure import attribution
from fanwheel.measure.attribution import Credit, Paths
from fanwheel.measure.errors import BadDataError, NotEnoughDataError

# 10 conversions for 100 over a > b > b > c, 4 for 8 over c > a, 1 over b, 2 without a touch.
PATHS = attribution.read_paths(
    {
        "path": ["a > b > b > c", "c > a", "b", ""],
        "conversions": [10, 4, 1, 2],
        "non_conversions": [5, 0, 90, 0],
        "value": [100, 8, 50, 1],
    }
)


@pytest.mark.parametrize(
    ("found", "credit", "value"),
    [
        (attribution.first(PATHS), [10, 1, 4], [100, 50, 8]),
        (attribution.last(PATHS), [4, 1, 10], [8, 50, 100]),
        # linear: a 10/4 + 4/2, b 2 * 10/4 + 1, c 10/4 + 4/2
        (attribution.linear(PATHS), [4.5, 6, 4.5], [29, 100, 29]),
        # position: the ends of four touches get 0.4 each, those between 0.1 each; of two touches half each
        (attribution.position(PATHS), [4 + 2, 2 + 1, 4 + 2], [44, 70, 44]),
        # 0.5 first, 0.25 last: the middle 0.125 each; of two touches 2/3 and 1/3
        (
            attribution.position(PATHS, first_share=0.5, last_share=0.25),
            [5 + 4 / 3, 2.5 + 1, 2.5 + 8 / 3],
            [50 + 8 / 3, 25 + 50, 25 + 16 / 3],
        ),
        (attribution.position(PATHS, first_share=0, last_share=0), [2, 11, 2], [4, 150, 4]),
    ],
    ids=["first", "last", "linear", "position", "another position", "only between"],
)
def test_credit_by_hand(found: Credit, credit: list[float], value: list[float]) -> None:
    np.testing.assert_allclose(found.credit, credit, rtol=1e-14)
    np.testing.assert_allclose(found.value, value, rtol=1e-14)
    np.testing.assert_allclose(found.share, np.array(credit) / 15, rtol=1e-14)
    assert (found.unattributed, found.unattributed_value) == (2, 1)
    assert found.conversion_rate == 15 / 110


def test_time_decay_halves_with_every_half_life() -> None:
    sold = datetime(2026, 3, 20, tzinfo=UTC)
    ago = {"a": 14, "b": 7, "c": 0}
    touches = {"person": [1] * 3, "channel": list(ago), "at": [sold - timedelta(days=days) for days in ago.values()]}
    paths = attribution.build_paths(touches, {"person": [1], "at": [sold], "value": [70.0]})

    found = attribution.time_decay(paths)

    # 1/4, 1/2 and 1 of 7/4
    np.testing.assert_allclose(found.credit, [1 / 7, 2 / 7, 4 / 7], rtol=1e-14)
    np.testing.assert_allclose(found.value, [10, 20, 40], rtol=1e-14)
    # A second is nothing beside a day: even then no weight is lost, for the newest touch always weighs 1.
    assert attribution.time_decay(paths, half_life_days=1e-5).credit.tolist() == [0, 0, 1]


def test_time_decay_needs_times() -> None:
    with pytest.raises(BadDataError, match="no times"):
        attribution.time_decay(PATHS)
    with pytest.raises(BadDataError, match="half_life_days"):
        attribution.time_decay(PATHS, half_life_days=0)


def test_shares_of_the_ends_cannot_be_more_than_all() -> None:
    for first, last in ((0.6, 0.5), (-0.1, 0.5)):
        with pytest.raises(BadDataError):
            attribution.position(PATHS, first_share=first, last_share=last)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_rule_gives_away_each_conversion_once_and_minds_no_order_of_rows(seed: int) -> None:
    table = slow.random_table(seed, rows=15)
    paths, other = slow.paths_of(table), slow.paths_of([*table[::-1], *table])
    for rule in (attribution.first, attribution.last, attribution.linear, attribution.position):
        found, doubled = rule(paths), rule(other)

        assert found.credit.sum() == pytest.approx(paths.converted, rel=1e-12)
        assert found.value.sum() == pytest.approx(sum(row["value"] for row in table), rel=1e-12)
        np.testing.assert_allclose(doubled.credit, 2 * found.credit, rtol=1e-12)


@pytest.mark.parametrize("rule", ["first", "last", "linear", "position"])
def test_without_a_conversion_no_rule_answers(rule: str) -> None:
    nothing = attribution.read_paths({"path": ["a"], "conversions": [0], "non_conversions": [3]})

    with pytest.raises(NotEnoughDataError, match="at least 1"):
        getattr(attribution, rule)(nothing)


def test_an_answer_is_a_table_a_text_and_a_chart() -> None:
    found = attribution.last(PATHS)

    assert found.to_frame().to_pydict() == {
        "channel": ["a", "b", "c"],
        "credit": [4.0, 1.0, 10.0],
        "share": [4 / 15, 1 / 15, 10 / 15],
        "value": [8.0, 50.0, 100.0],
    }
    assert found.summary().startswith("Credit by last touch\nchannel")
    pytest.importorskip("matplotlib").use("agg")
    labels = [label.get_text() for label in found.plot().get_yticklabels()]
    assert labels == ["b", "a", "c"]


def test_the_table_of_paths_reads_back_as_the_same_paths() -> None:
    again: Paths = attribution.read_paths(PATHS.to_frame())

    assert again.to_frame().to_pydict() == PATHS.to_frame().to_pydict()
    assert attribution.linear(again).credit.tolist() == attribution.linear(PATHS).credit.tolist()

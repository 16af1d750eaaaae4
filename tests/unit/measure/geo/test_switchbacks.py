"""A channel switched on and off by blocks of time."""

from typing import Any

import numpy as np
import pytest
from scipy import signal

from fanwheel.measure import BadDataError, NotEnoughDataError, geo


def a_switchback(rng: np.random.Generator, *, blocks: int = 40, length: int = 7, carry: float = 0.0) -> dict[str, Any]:
    """Blocks with moods of their own, a weekly cycle, and an effect of 3 that lingers by ``carry`` a day."""
    on = rng.permutation(np.arange(blocks) % 2).repeat(length)
    days = np.arange(blocks * length)
    mood = rng.normal(0.0, 2.0, blocks).repeat(length) + rng.normal(0.0, 1.0, len(days))
    effect = signal.lfilter([3.0 * (1.0 - carry)], [1.0, -carry], on)
    return {"block": days // length, "treated": on, "day": np.datetime64("2026-01-01") + days,
            "value": 50.0 + mood + 5.0 * np.sin(2 * np.pi * days / 7) + effect}  # fmt: skip


def test_without_season_and_burn_in_it_is_the_difference_of_means() -> None:
    data = a_switchback(np.random.default_rng(70))
    on = data["treated"] == 1

    found = geo.switchback(data)

    assert found.estimate == pytest.approx(data["value"][on].mean() - data["value"][~on].mean(), rel=1e-12)
    # blocks of 7 rows, half of them on: a block's pull is the sum of its errors over 140
    error = np.where(on, data["value"] - data["value"][on].mean(), data["value"] - data["value"][~on].mean())
    pull = error.reshape(40, 7).sum(axis=1) / 140
    assert found.se == pytest.approx(np.sqrt((pull**2).sum() * 40 / 39 * 280 / 278), rel=1e-10)
    assert found.total == pytest.approx(found.estimate * 140)


def test_the_burn_in_leaves_out_days_after_each_switch_and_at_the_start() -> None:
    values = np.array([9.0, 1, 9, 5, 9, 1, 9, 5, 9, 1, 9, 5])  # the first day of each block is 9
    data = {"block": np.arange(12) // 2, "treated": (np.arange(12) // 2) % 2, "day": np.arange(12), "value": values}

    found = geo.switchback(data, burn_in=1)

    assert found.estimate == pytest.approx(4.0)
    assert found.days == (1.0, 3.0, 5.0, 7.0, 9.0, 11.0)


def test_intervals_hold_the_truth_if_the_burn_in_outlasts_the_carry_over() -> None:
    rng, held, estimates = np.random.default_rng(71), np.zeros(3), np.zeros(3)
    for _ in range(400):
        plain, lingering = a_switchback(rng), a_switchback(rng, carry=0.5)
        three = (geo.switchback(plain, season=7), geo.switchback(lingering, season=7, burn_in=4),
                 geo.switchback(lingering, season=7))  # fmt: skip
        held += [(one.lower or 0.0) <= 3.0 <= (one.upper or 0.0) for one in three]
        estimates += [one.estimate for one in three]

    assert ((held[:2] / 400 >= 0.92) & (held[:2] / 400 <= 0.975)).all()
    assert estimates / 400 == pytest.approx([3.0, 3.0, 2.55], abs=0.15)  # without burn-in the effect is watered down


def test_season_and_regions_are_taken_out_and_order_does_not_matter() -> None:
    rng = np.random.default_rng(72)
    one, two = a_switchback(rng), a_switchback(rng)
    both = {name: np.concatenate([one[name], two[name]]) for name in one}
    both |= {"region": np.repeat(["north", "south"], 280), "block": both["block"] + np.repeat([0, 100], 280)}
    both["value"] = both["value"] + 1000.0 * (both["region"] == "south")
    order = rng.permutation(560)

    found = geo.switchback(both, region="region", season=7, burn_in=2)
    shuffled = geo.switchback(
        {name: values[order] for name, values in both.items()}, region="region", season=7, burn_in=2
    )
    unseasoned = geo.switchback(both, region="region", burn_in=2)

    assert abs(found.estimate - 3.0) < 1.5
    assert (shuffled.estimate, shuffled.se) == (pytest.approx(found.estimate), pytest.approx(found.se))
    assert (found.se or 0.0) <= (unseasoned.se or 0.0)


def test_an_outcome_that_never_varies_has_no_error() -> None:
    found = geo.switchback(a_switchback(np.random.default_rng(73)) | {"value": np.full(280, 0.1)})

    assert (found.estimate, found.p) == (pytest.approx(0.0, abs=1e-12), 1.0)
    assert found.not_identified


@pytest.mark.parametrize(
    ("change", "how", "error", "says"),
    [
        ({"block": np.zeros(280)}, {}, BadDataError, "both on and off"),
        ({"treated": np.arange(280)}, {}, BadDataError, "not 0 or 1"),
        ({"day": np.zeros(280)}, {}, BadDataError, "second row"),
        ({"treated": np.ones(280)}, {}, NotEnoughDataError, "0 blocks off"),
        ({"treated": np.arange(280) % 2, "block": np.arange(280)}, {"season": 2}, NotEnoughDataError, "coincides"),
        ({}, {"burn_in": 7 * 40}, NotEnoughDataError, "0 blocks on"),
        ({}, {"burn_in": -1}, BadDataError, "burn_in"),
        ({}, {"season": 1}, BadDataError, "season"),
        ({}, {"alpha": 0.0}, BadDataError, "alpha"),
    ],
)
def test_bad_switchbacks_are_refused(change: Any, how: Any, error: type[Exception], says: str) -> None:
    data = a_switchback(np.random.default_rng(74)) | change

    with pytest.raises(error, match=says):
        geo.switchback(data, **how)

"""The branching process: published figures, recursion, simulation, and growth without end."""

from collections.abc import Callable

import numpy as np
import pytest

from fanwheel.measure import BadDataError, referral
from fanwheel.measure.referral.totals import log_chance


def test_the_published_total_for_k_of_035() -> None:
    found = referral.growth_forecast(0.35)

    assert (round(found.total, 5), round(found.total_variance, 5)) == (1.53846, 1.27447)
    assert not found.is_supercritical
    assert found.dies_out == 1
    assert found.not_identified == ()


def test_generations_by_hand() -> None:
    found = referral.growth_forecast(0.5, seeds=8, generations=3)

    assert found.people.tolist() == [8, 4, 2, 1]
    assert found.cumulative.tolist() == [8, 12, 14, 15]
    # Poisson, so V = 0.5: 8 * 0.5 * (1, 0.5 * 1.5, 0.25 * 1.75)
    np.testing.assert_allclose(found.people_variance, [0, 4, 3, 1.75])
    assert (found.total, found.total_variance) == (16, 8 * 0.5 / 0.125)


@pytest.mark.parametrize(("k", "variance"), [(0.3, 0.3), (0.9, 2.0), (1.0, 1.5), (1.7, 4.0)])
def test_variances_follow_the_recursion(k: float, variance: float) -> None:
    found = referral.growth_forecast(k, seeds=3, variance=variance, generations=12)

    mean, spread = 3.0, 0.0
    for generation in range(13):
        assert found.people[generation] == pytest.approx(mean, rel=1e-12)
        assert found.people_variance[generation] == pytest.approx(spread, rel=1e-12)
        mean, spread = k * mean, k * k * spread + variance * mean


@pytest.mark.parametrize(("k", "variance"), [(0.35, None), (0.6, None), (0.6, 1.5), (0.8, 3.0)])
def test_totals_equal_simulated_families(k: float, variance: float | None) -> None:
    rng = np.random.default_rng(17)
    seeds, runs = 25, 40_000
    bring = _bring(rng, k, variance)
    alive, total = np.full(runs, seeds), np.full(runs, seeds)
    while alive.any():
        alive = bring(alive)
        total += alive

    found = referral.growth_forecast(k, seeds=seeds, variance=variance)

    assert total.mean() == pytest.approx(found.total, rel=0.02)
    assert total.var() == pytest.approx(found.total_variance, rel=0.06)
    outside = ((total < found.total_lower).mean(), (total > found.total_upper).mean())
    assert max(outside) <= 0.025 + 0.004
    assert 0.94 <= ((total >= found.total_lower) & (total <= found.total_upper)).mean() <= 0.97


def _bring(rng: np.random.Generator, k: float, variance: float | None) -> Callable[[np.ndarray], np.ndarray]:
    if variance is None:
        return lambda alive: rng.poisson(k * alive)
    size = k * k / (variance - k)
    return lambda alive: rng.poisson(rng.gamma(np.maximum(size * alive, 1e-300), k / size)) * (alive > 0)


@pytest.mark.parametrize(("k", "variance"), [(0.35, 0.35), (0.8, 0.8), (0.35, 1.0)])
def test_chances_of_totals_sum_to_one_and_to_the_mean(k: float, variance: float) -> None:
    totals = np.arange(2.0, 20_000)
    chance = np.exp(log_chance(totals, k, variance, seeds=2))

    assert chance.sum() == pytest.approx(1, abs=1e-9)
    assert (chance * totals).sum() == pytest.approx(2 / (1 - k), rel=1e-7)
    if k == variance:
        assert chance[0] == pytest.approx(np.exp(-2 * k))  # nobody brings anybody


def test_above_one_it_says_that_growth_does_not_end_and_how_likely_it_dies_all_the_same() -> None:
    found = referral.growth_forecast(2.0, generations=3)
    geometric = referral.growth_forecast(2.0, variance=6.0, seeds=2)

    assert found.is_supercritical
    assert (found.total, found.total_variance, found.total_lower, found.total_upper) == (None,) * 4
    assert found.people.tolist() == pytest.approx([1, 2, 4, 8])
    assert "no limit" in found.not_identified[0]
    assert "does not end" in found.summary()
    assert found.dies_out == pytest.approx(0.2031878, abs=1e-7)  # Poisson with mean 2: q = exp(2 (q - 1))
    assert geometric.dies_out == pytest.approx(0.5**2)  # geometric with mean 2: q = 1/2, and two lines


def test_at_one_growth_has_no_limit_and_still_dies_out() -> None:
    found = referral.growth_forecast(1.0, seeds=5)

    assert (found.total, found.dies_out, found.is_supercritical) == (None, 1, False)
    assert found.cumulative[-1] == 55


def test_without_sharing_the_seeds_are_all() -> None:
    found = referral.growth_forecast(0.0, seeds=7)

    assert (found.total, found.total_variance, found.total_lower, found.total_upper) == (7, 0, 7, 7)
    assert found.people.tolist() == [7] + [0] * 10


@pytest.mark.parametrize("k", [0, 1e-9, 0.5, 0.999, 0.9999999, 1, 1.0001, 5, 1000])
@pytest.mark.parametrize("seeds", [1, 10**6])
@pytest.mark.parametrize("more", [0.0, 3.0])
def test_no_number_is_ever_infinite(k: float, seeds: int, more: float) -> None:
    found = referral.growth_forecast(k, seeds=seeds, variance=k + more * k, generations=200)

    for values in (found.people, found.people_variance, found.cumulative):
        assert np.isfinite(values).all()
    assert 0 <= found.dies_out <= 1
    if found.total_lower is None and k < 1:
        assert found.not_identified


@pytest.mark.parametrize(
    "wrong",
    [{"k": -0.1}, {"k": np.nan}, {"k": 0.5, "variance": 0.4}, {"k": 0.5, "seeds": 0}, {"k": 0.5, "generations": 0}],
)
def test_numbers_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadDataError):
        referral.growth_forecast(**wrong)

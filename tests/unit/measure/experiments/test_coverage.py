"""Intervals hold the truth as often as they say, and early looks do not break those that allow them."""

from typing import Any

import numpy as np
import pytest

from fanwheel.measure import experiments
from fanwheel.measure.experiments import kernels

LOOKS, A_LOOK, TESTS = 500, 20, 600


@pytest.fixture(scope="module", params=[0.05, 0.005])
def peeked(request: Any) -> tuple[kernels.Difference, np.ndarray, kernels.Sums]:
    """A/A tests of 10,000 an arm on a conversion, looked at 500 times: differences, people so far, control sums."""
    rng = np.random.default_rng(20)
    arms = np.cumsum(rng.binomial(A_LOOK, request.param, (2, TESTS, LOOKS)), axis=2).astype(np.float64)
    people = np.arange(1.0, LOOKS + 1.0) * A_LOOK
    treated, control = (kernels.Sums(people, arm, arm) for arm in arms)
    return kernels.mean_difference(treated, control), 2.0 * people, control


def ever_beyond(found: kernels.Difference, width: Any) -> float:
    return float((np.abs(found.estimate) > width).any(axis=1).mean())


def test_a_fixed_interval_looked_at_500_times_cries_wolf(peeked: Any) -> None:
    found, _, _ = peeked

    assert ever_beyond(found, 1.959964 * found.se) > 0.2


def test_a_confidence_sequence_looked_at_500_times_is_false_in_at_most_5_of_100(peeked: Any) -> None:
    found, people, _ = peeked

    width = kernels.confidence_sequence_half_width(found.se, people, planned_n=LOOKS * A_LOOK * 2.0, alpha=0.05)

    assert ever_beyond(found, width) <= 0.05


def test_a_one_sided_sequence_looked_at_500_times_is_false_in_at_most_5_of_100(peeked: Any) -> None:
    found, people, _ = peeked

    width = kernels.confidence_sequence_half_width(
        found.se, people, planned_n=LOOKS * A_LOOK * 2.0, alpha=0.05, sides=1
    )

    assert float((found.estimate > width).any(axis=1).mean()) <= 0.05


def test_a_mixture_test_looked_at_500_times_is_false_in_at_most_5_of_100(peeked: Any) -> None:
    found, people, control = peeked
    varies = found.se > 0
    variance = np.where(varies, found.se**2 * people, 1.0)

    mixture = kernels.msprt(found.estimate, variance, people, tau_squared=(0.3 * control.mean.mean()) ** 2, alpha=0.05)

    assert float((varies & (mixture.p < 0.05)).any(axis=1).mean()) <= 0.05


def test_a_sequence_finds_most_of_what_a_single_look_finds_and_earlier() -> None:
    rng = np.random.default_rng(21)
    arms = np.cumsum(rng.binomial(A_LOOK, [[[0.05]], [[0.065]]], (2, 300, LOOKS)), axis=2).astype(np.float64)
    people = np.arange(1.0, LOOKS + 1.0) * A_LOOK
    found = kernels.mean_difference(kernels.Sums(people, arms[1], arms[1]), kernels.Sums(people, arms[0], arms[0]))

    width = kernels.confidence_sequence_half_width(found.se, 2 * people, planned_n=LOOKS * A_LOOK * 2.0, alpha=0.05)
    beyond = found.estimate > width
    stop = np.argmax(beyond, axis=1)[beyond.any(axis=1)]

    assert beyond.any(axis=1).mean() > 0.9  # 95.6 % in the reference, with fewer looks
    assert np.median(stop) / LOOKS < 0.6


SIMULATIONS = 1000


def arms_of(rng: np.random.Generator, effect: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """1,000 tests of 900 and 100 people at once: pre-period, outcome, and who is treated (the first 900)."""
    taste = rng.gamma(1.5, 1.0, (SIMULATIONS, 1000))
    treated = np.arange(1000) < 900
    return (
        taste + rng.gamma(1.0, 0.7, taste.shape),
        taste + rng.gamma(1.0, 0.8, taste.shape) + effect * treated,
        treated,
    )


def coverage(estimates: Any, errors: Any, truth: float) -> float:
    return float((np.abs(np.asarray(estimates) - truth) <= 1.962 * np.asarray(errors)).mean())


def test_intervals_of_differences_and_of_lifts_hold_the_truth() -> None:
    _, spend, treated = arms_of(np.random.default_rng(22), 0.3)
    one, zero = kernels.sums(spend[:, treated]), kernels.sums(spend[:, ~treated])

    plain, lift = kernels.mean_difference(one, zero), kernels.relative_difference(one, zero)

    assert 0.92 <= coverage(plain.estimate, plain.se, 0.3) <= 0.97
    assert 0.92 <= coverage(lift.estimate, lift.se, 0.3 / 2.3) <= 0.97  # 1.5 + 0.8 without treatment


HOW: list[tuple[dict[str, Any], float]] = [
    ({"pre": "pre"}, 0.3),
    ({"pre": "pre", "relative": True}, 0.3 / 2.3),
    ({"ratio_to": "visits"}, 2.6 / 2.5 - 2.3 / 2.5),  # visits are 1 + Poisson of mean 1.5
    ({"ratio_to": "visits", "pre": "pre", "relative": True}, 0.3 / 2.3),
    ({"cluster": "tree"}, 0.3),
    ({"cluster": "tree", "pre": "pre", "ratio_to": "visits"}, 0.3 / 2.5),
]


@pytest.mark.parametrize(("how", "truth"), HOW)
def test_intervals_of_every_comparison_hold_the_truth(how: Any, truth: float) -> None:
    rng, held = np.random.default_rng(25), 0
    pre, spend, treated = arms_of(rng, 0.3)
    tree = np.arange(1000) // 4  # households of four in one arm, which share a whim
    for x, y in zip(pre[:800], spend[:800], strict=True):
        whim = rng.normal(0.0, 1.0, 250)[tree] if "cluster" in how else 0.0
        data = {"arm": treated, "spend": y + whim, "pre": x, "tree": tree, "visits": 1.0 + rng.poisson(1.5, 1000)}
        found = experiments.compare(data, outcome="spend", arm="arm", **how)
        held += found.lower <= truth <= found.upper

    assert 0.92 <= held / 800 <= 0.97


def test_without_clusters_a_household_whim_is_taken_for_proof() -> None:
    rng, held = np.random.default_rng(24), 0
    tree = np.arange(400) // 8
    for _ in range(300):
        data = {"arm": np.arange(400) < 200, "spend": rng.normal(0, 1, 50)[tree] + rng.normal(0, 1, 400)}
        found = experiments.compare(data, outcome="spend", arm="arm")
        held += found.lower <= 0 <= found.upper

    assert held / 300 < 0.8

"""The best of several variants: by hand, by a sum over every order, by simulation, and against printed figures."""

import math
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import integrate

from fanwheel.measure import experiments
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.experiments import kernels
from fanwheel.measure.experiments.races import concentration

ALPHA, TESTS, LOOKS = 0.05, 400, 60


def counts(people: Any, successes: Any) -> dict[str, Any]:
    return {"variant": ["a", "b", "c"][: len(people)], "people": people, "successes": successes}


@pytest.mark.parametrize(
    ("ours", "theirs", "evidence"),
    [
        # Uniform prior above one half (density 2): ∫ 2q dq / (1/2) = 2 (1 - 1/4) = 3/2.
        (1, 0, Fraction(3, 2)),
        # ∫ 2(1 - q) dq / (1/2) = 2 (1/4) = 1/2: what one success of ours gives, one of theirs takes.
        (0, 1, Fraction(1, 2)),
        # ∫ 2q² dq / (1/4) = 8 (1 - 1/8)/3 = 7/3.
        (2, 0, Fraction(7, 3)),
    ],
)
def test_evidence_of_one_or_two_successes_is_what_the_integral_by_hand_says(
    ours: int, theirs: int, evidence: Fraction
) -> None:
    found = math.exp(kernels.label_mixture(ours, theirs, share=0.5, concentration=2.0))

    assert found == pytest.approx(float(evidence), rel=1e-12)


@pytest.mark.parametrize(
    ("heads", "printed"),
    [
        (140, [0.25, 0.48, 0.82, 1.3, 1.8, 1.9, 1.7, 1.3, 1.1]),
        (141, [0.32, 0.61, 1.0, 1.6, 2.2, 2.3, 1.9, 1.4, 1.2]),
    ],
)
def test_evidence_against_a_fair_euro_is_that_of_mackay(heads: int, printed: list[float]) -> None:
    """MacKay (2003), Information Theory, Inference, and Learning Algorithms, 3.6: a coin spun 250 times."""
    priors = np.array([0.37, 1.0, 2.7, 7.4, 20.0, 55.0, 148.0, 403.0, 1096.0])

    found = np.exp(kernels.label_mixture(heads, 250 - heads, share=0.5, concentration=2.0 * priors, sides=2))

    assert [float(f"{value:.2g}") for value in found] == printed


def test_evidence_is_the_likelihood_averaged_over_the_better_half_of_the_prior() -> None:
    ours, theirs, share, weight = 37, 61, 0.3, 40.0

    def density(q: float) -> float:
        a, b = share * weight, (1 - share) * weight
        return float(q ** (a - 1) * (1 - q) ** (b - 1))

    def averaged(q: float) -> float:
        return density(q) * (q / share) ** ours * ((1 - q) / (1 - share)) ** theirs

    top, whole = (integrate.quad(function, share, 1.0, epsabs=0)[0] for function in (averaged, density))
    found = math.exp(kernels.label_mixture(ours, theirs, share=share, concentration=weight))
    assert found == pytest.approx(top / whole, rel=1e-8)


@pytest.mark.parametrize("share", [0.5, 0.2])
def test_no_difference_yields_no_evidence_on_average_over_every_order(share: float) -> None:
    expected = sum(
        share ** sum(labels)
        * (1 - share) ** (8 - sum(labels))
        * math.exp(kernels.label_mixture(sum(labels), 8 - sum(labels), share=share, concentration=10.0))
        for labels in product((0, 1), repeat=8)
    )

    assert expected == pytest.approx(1.0, rel=1e-10)


def ever_wins(successes: Any, people: Any) -> Any:
    """For each test, whether each variant (axis 1) is ever called the winner at any look (axis 2)."""
    variants = successes.shape[1]
    wins = []
    for mine in range(variants):
        others = [other for other in range(variants) if other != mine]
        least = np.min(
            [
                kernels.label_mixture(
                    successes[:, mine], successes[:, other],
                    share=people[mine] / (people[mine] + people[other]),
                    concentration=concentration(people[mine] / (people[mine] + people[other]), 0.2),
                )
                for other in others
            ],
            axis=0,
        )  # fmt: skip
        wins.append((least >= math.log(variants / ALPHA)).any(axis=1))
    return np.array(wins)


def batches(rng: Any, rates: Any, people: Any) -> Any:
    """People come in batches, and what they do shows at once."""
    return np.cumsum(
        rng.binomial(np.array(people)[:, None], np.array(rates)[:, None], (TESTS, len(rates), LOOKS)), axis=2
    )


def arrivals(rng: Any, rates: Any, people: Any) -> Any:
    """Everybody got the message at once; who will ever click does so at one of the looks, most of them early."""
    ever = rng.binomial(np.array(people) * LOOKS, rates, (TESTS, len(rates)))
    when = np.exp(-np.arange(LOOKS) / 20.0)
    return np.cumsum(rng.multinomial(ever, when / when.sum()), axis=2)


@pytest.mark.parametrize("come", [batches, arrivals])
@pytest.mark.parametrize(
    ("rates", "people"),
    [([0.05] * 3, [60, 60, 60]), ([0.4] * 2, [80, 80]), ([0.02] * 2, [300, 30]), ([0.04, 0.05, 0.05], [60, 60, 60])],
)
def test_a_look_after_every_batch_finds_a_false_winner_in_at_most_5_of_100(
    come: Any, rates: list[float], people: list[int]
) -> None:
    """No variant is better than each of the others: every winner is a false one."""
    wins = ever_wins(come(np.random.default_rng(20), rates, people), np.array(people, dtype=float))

    assert wins.any(axis=0).mean() <= ALPHA


@pytest.mark.parametrize("come", [batches, arrivals])
def test_the_truly_best_variant_wins_and_another_seldom_does(come: Any) -> None:
    wins = ever_wins(come(np.random.default_rng(20), [0.05, 0.05, 0.07], [120, 120, 120]), np.full(3, 120.0))

    assert wins[2].mean() > 0.9
    assert wins[:2].any(axis=0).mean() <= ALPHA


def test_a_race_names_its_winner_only_when_it_is_proven() -> None:
    early = experiments.race(counts([500, 500], [30, 22]))
    late = experiments.race(counts([5000, 5000], [300, 220]))

    assert (early.leader, early.winner) == ("a", None)
    assert (late.leader, late.winner) == ("a", "a")
    assert late.p == pytest.approx(
        2 * math.exp(-kernels.label_mixture(300, 220, share=0.5, concentration=4 / math.log(1.2) ** 2 - 1)), rel=1e-9
    )


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        (counts([10], [1]), NotEnoughDataError),
        (counts([10, 0], [1, 0]), NotEnoughDataError),
        (counts([10, 10], [1, 11]), BadDataError),
    ],
)
def test_a_race_that_cannot_be_judged_is_refused(rows: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        experiments.race(rows)

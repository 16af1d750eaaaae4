"""What an experiment says of two arms: by hand, by brute force, by simulation, and against published figures."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fanwheel.measure.experiments import compare
from fanwheel.measure.ledger.experiments import rules
from fanwheel.measure.ledger.experiments.contracts import Arm, Finding
from fanwheel.measure.ledger.experiments.service import deal

Vector = NDArray[np.floating[Any]]


def arm_of(outcome: Vector, before: Vector, *, is_treated: bool) -> Arm:
    return Arm(
        is_treated=is_treated, people=len(outcome), total=outcome.sum(), squares=(outcome**2).sum(),
        pre_total=before.sum(), pre_squares=(before**2).sum(), cross=(outcome * before).sum(),
    )  # fmt: skip


def judge(treated: Vector, control: Vector, *, pre: tuple[Vector, Vector] | None = None, **more: Any) -> Finding:
    before = pre or (np.zeros(len(treated)), np.zeros(len(control)))
    arms = [arm_of(treated, before[0], is_treated=True), arm_of(control, before[1], is_treated=False)]
    people = len(treated) + len(control)
    asked = {"in_both": 0, "treated_share": len(treated) / people, "elapsed": 1.0, "people": people}
    return rules.judge(arms, **{**asked, **more})


def test_the_effect_and_its_interval_are_those_worked_out_by_hand() -> None:
    treated, control = np.array([4.0, 6, 8, 6] * 50), np.array([3.0, 5, 7, 5] * 50)

    found = judge(treated, control)

    # Either arm has the sum of squares 400, so the variance 400/199, and the standard error √(2·400/199/200).
    se = math.sqrt(2 * 400 / 199 / 200)
    # At the planned end the confidence sequence is 1.5486 times as wide as 1.96 standard errors (Waudby-Smith et al.).
    assert found.estimate == pytest.approx(1.0)
    assert found.upper is not None
    assert found.lower is not None
    assert (found.upper - found.lower) / 2 == pytest.approx(1.5486 * 1.959964 * se, rel=1e-4)
    assert found.state == "helps"
    assert (found.gained, found.lift) == pytest.approx((200.0, 0.2))
    assert found.cautions == ()


def test_sums_say_the_same_as_rows() -> None:
    rng = np.random.default_rng(5)
    before = rng.gamma(1.0, 30.0, 900)
    outcome = before * rng.uniform(0, 1, 900) + rng.gamma(1.0, 10.0, 900)
    is_treated = np.arange(900) % 3 > 0
    rows = {"arm": np.where(is_treated, "treated", "control"), "outcome": outcome, "before": before}

    found = judge(
        outcome[is_treated], outcome[~is_treated], pre=(before[is_treated], before[~is_treated]), treated_share=2 / 3
    )
    plain = compare(rows, outcome="outcome", arm="arm", pre="before")

    assert found.estimate == pytest.approx(plain.estimate, rel=1e-9)
    assert found.variance_reduction == pytest.approx(plain.variance_reduction, rel=1e-6)
    assert found.variance_reduction > 0.3
    assert found.upper is not None
    assert found.upper - plain.estimate == pytest.approx(1.5486 * 1.959964 * plain.se, rel=1e-4)


def _weeks(rng: np.random.Generator, people: int, *, effect: float) -> tuple[Vector, Vector]:
    """What people spend, week by week, half of them treated; some buy far more often than others."""
    rate = rng.gamma(0.5, 0.6, people)[:, None] * np.ones(8)
    rate[: people // 2] *= 1.0 + effect
    spend = rng.poisson(rate) * rng.gamma(4.0, 25.0, (people, 8))
    return spend[: people // 2].cumsum(axis=1), spend[people // 2 :].cumsum(axis=1)


@pytest.mark.parametrize("effect", [0.0, 0.3])
def test_the_interval_holds_the_truth_at_every_look_as_often_as_it_says(effect: float) -> None:
    rng, missed = np.random.default_rng(8), 0
    for _ in range(200):
        treated, control = _weeks(rng, 600, effect=effect)
        looks = [
            judge(treated[:, week], control[:, week], treated_share=0.5, elapsed=(week + 1) / 8) for week in range(8)
        ]
        truths = [effect * 0.5 * 0.6 * 100 * (week + 1) for week in range(8)]
        missed += any(
            look.lower is not None and look.upper is not None and not look.lower <= truth <= look.upper
            for look, truth in zip(looks, truths, strict=True)
        )
    # 5 % of 200 are 10; it would be far more if the interval were that of a single look.
    assert missed <= 10


def test_one_look_s_intervals_would_miss_more_often() -> None:
    """What the sequence is for: the same looks with 1.96 standard errors miss the truth more than twice too often."""
    rng, missed = np.random.default_rng(8), 0
    for _ in range(200):
        treated, control = _weeks(rng, 600, effect=0.0)
        for week in range(8):
            se = math.sqrt(sum(arm[:, week].var(ddof=1) / 300 for arm in (treated, control)))
            if abs(treated[:, week].mean() - control[:, week].mean()) > 1.96 * se:
                missed += 1
                break
    assert missed > 20


def test_a_plan_s_smallest_effect_is_found_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    past = rng.poisson(rng.gamma(0.5, 1.2, 2_000)) * 100.0
    planned = rules.plan([arm_of(past, np.zeros(2_000), is_treated=True)], treated_share=0.5)
    assert planned.lift is not None
    assert planned.difference is not None
    assert planned.difference == pytest.approx(planned.lift * past.mean())

    # By hand: (1.5486·1.96 + 0.8416) · cv / √(n/4) = the lift that is found with probability 0.8.
    cv = past.std(ddof=1) / past.mean()
    assert planned.lift == pytest.approx((1.5486 * 1.959964 + 0.841621) * cv / math.sqrt(500), rel=1e-4)
    proven = 0
    for _ in range(300):
        control = rng.poisson(rng.gamma(0.5, 1.2, 1_000)) * 100.0
        treated = rng.poisson(rng.gamma(0.5, 1.2, 1_000)) * 100.0 + planned.difference
        proven += judge(treated, control).state == "helps"
    assert 0.72 * 300 < proven < 0.88 * 300


def test_what_cannot_be_told_says_why() -> None:
    nothing, one = np.zeros(50), np.ones(1)

    assert judge(nothing, nothing).cautions == ("no_outcomes",)
    assert judge(one, nothing).cautions == ("too_few_people",)
    assert rules.plan([arm_of(nothing, nothing, is_treated=True)], treated_share=0.5).lift is None
    assert rules.plan([], treated_share=0.5).people == 0


def test_arms_that_are_not_what_was_dealt_are_told() -> None:
    rng = np.random.default_rng(1)
    treated, control = rng.poisson(2.0, 700).astype(float), rng.poisson(2.0, 1_000).astype(float)

    assert judge(treated, control, treated_share=0.5).cautions == ("arms_unequal",)
    pre = (treated[:700] + 2.0, control)
    assert "arms_differed" in judge(treated, control, pre=pre).cautions
    assert "people_in_both" in judge(treated, control, in_both=3).cautions


def test_people_are_dealt_by_the_salt_alone_and_to_the_share() -> None:
    one = deal(range(1, 1_001), treated_share=0.3, salt="a")
    again = deal(reversed(range(1, 1_001)), treated_share=0.3, salt="a")
    other = deal(range(1, 1_001), treated_share=0.3, salt="b")

    assert one == again
    assert (len(one[True]), len(one[False])) == (300, 700)
    assert sorted(one[True] + one[False]) == list(range(1, 1_001))
    # Two dealings share as many of the treated as chance has it: 90 of 300, give or take.
    assert 60 < len(set(one[True]) & set(other[True])) < 120

"""Before a test, beside it and after it: plans, sample ratios, many outcomes, bets."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.unit.measure.experiments.builders import a_test

from fanwheel.measure import BadDataError, NotEnoughDataError, experiments


def test_a_plan_counts_people_days_and_money() -> None:
    plan = experiments.power(lift=0.1, cv=2.0, people_per_day=1000, value_per_person=20.0, cost_per_person=0.5)

    # 7.848880 · 4 / .01 / .09 = 34,883.9 people, 3,489 held out (rounded up), at 1,000 a day 35 days
    assert (plan.people, plan.held_out, plan.treated, plan.days) == (34_884, 3_489, 31_395, 35)
    assert plan.lost_revenue == pytest.approx(3_489 * 20 * 0.1)
    assert plan.saved_spend == pytest.approx(3_489 * 0.5)
    assert plan.cost == pytest.approx(6_978 - 1_744.5)


def test_a_plan_says_when_the_audience_is_too_small_and_what_it_could_show() -> None:
    plan = experiments.power(lift=0.02, cv=10.0, audience=1_000_000)
    shown = experiments.minimum_detectable_effect(people=1_000_000, cv=10.0)

    assert f"a lift of {shown.lift:.3g} or more" in plan.not_identified[0]


@given(
    lift=st.floats(0.01, 0.5), cv=st.floats(0.5, 20.0), holdout=st.floats(0.02, 0.98), reduction=st.floats(0.0, 0.9),
    sequential=st.booleans(),
)  # fmt: skip
def test_what_power_asks_for_minimum_detectable_effect_gives_back(
    lift: float, cv: float, holdout: float, reduction: float, sequential: bool
) -> None:
    how: dict[str, Any] = {"cv": cv, "holdout": holdout, "variance_reduction": reduction, "sequential": sequential}

    plan = experiments.power(lift=lift, **how)
    back = experiments.minimum_detectable_effect(people=plan.people, **how)

    assert back.lift == pytest.approx(lift, rel=0.5 / plan.people + 1e-9) or back.lift < lift


def test_a_planned_test_finds_its_lift_as_often_as_promised() -> None:
    plan = experiments.power(lift=0.1, cv=0.5, holdout=0.2)
    rng = np.random.default_rng(30)
    treated = rng.normal(1.1, 0.5, (1500, plan.treated))
    control = rng.normal(1.0, 0.5, (1500, plan.held_out))

    found = experiments.kernels.mean_difference(*(experiments.kernels.sums(arm) for arm in (treated, control)))

    assert 0.77 <= float((np.abs(found.estimate) > 1.96 * found.se).mean()) <= 0.83


def test_early_looks_cost_people_and_the_pre_period_saves_them() -> None:
    plain = experiments.power(lift=0.05, cv=2.0).people

    assert experiments.power(lift=0.05, cv=2.0, variance_reduction=0.5).people == pytest.approx(plain / 2, rel=1e-4)
    # deviates 1.5486·1.959964 + .841621 = 3.87683 in place of 2.801585
    assert experiments.power(lift=0.05, cv=2.0, sequential=True).people / plain == pytest.approx(1.91490, rel=1e-4)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"lift": 0.0}, "lift"),
        ({"cv": -1.0}, "cv"),
        ({"holdout": 10.0}, "holdout"),
        ({"alpha": 0.0}, "alpha"),
        ({"power": 0.01}, "power"),
        ({"variance_reduction": 1.0}, "variance_reduction"),
        ({"people_per_day": 0.0}, "people_per_day"),
        ({"alternative": "up"}, "alternative"),
    ],
)
def test_an_impossible_plan_is_refused(how: Any, says: str) -> None:
    with pytest.raises(BadDataError, match=says):
        experiments.power(**({"lift": 0.05, "cv": 2.0} | how))


def test_a_sample_ratio_equals_pearsons_chi_square() -> None:
    counts = {"arm": ["a", "b", "c", "a"], "people": [3000, 2000, 5100, 10]}

    found = experiments.sample_ratio(counts, arm="arm", people="people", planned={"a": 3, "b": 2, "c": 5})

    assert found.p == pytest.approx(
        stats.chisquare([3010, 2000, 5100], 10110 * np.array([0.3, 0.2, 0.5])).pvalue, rel=1e-9
    )
    assert not found.alarm


def test_a_lost_tenth_of_an_arm_raises_the_alarm() -> None:
    found = experiments.sample_ratio({"arm": ["a"] * 5000 + ["b"] * 4500}, arm="arm", planned={"a": 0.5, "b": 0.5})

    assert found.alarm
    assert found.expected == (4750.0, 4750.0)


@pytest.mark.parametrize(
    ("arms", "planned", "error"),
    [
        (["a", "b", "z"], {"a": 1, "b": 1}, BadDataError),
        (["a", "b"], {"a": 1}, BadDataError),
        (["a", "b"], {"a": 1, "b": 0}, BadDataError),
        (["a"] * 30, {"a": 0.9, "b": 0.1}, NotEnoughDataError),
    ],
)
def test_a_sample_ratio_that_cannot_be_judged_is_refused(arms: Any, planned: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        experiments.sample_ratio({"arm": arms}, arm="arm", planned=planned)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=40), st.sampled_from(["bh", "by"]))
def test_adjusted_p_equals_another_library(p: list[float], procedure: Any) -> None:
    assert experiments.adjust(np.array(p), procedure=procedure) == pytest.approx(
        stats.false_discovery_control(p, method=procedure), abs=1e-12
    )


def test_adjusted_p_by_hand() -> None:
    # sorted .01 .03 .04 .5: .01·4/1, .03·4/2 = .06, .04·4/3 = .0533, .5; each at most the next
    assert experiments.adjust(np.array([0.01, 0.04, 0.03, 0.5])) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])


def test_among_many_outcomes_few_discoveries_are_false() -> None:
    rng, false, found = np.random.default_rng(31), [], 0
    for _ in range(200):
        arm = rng.random(300) < 0.5
        data = {"arm": arm} | {f"m{i}": rng.normal(0.6 * (i < 4) * arm, 1.0) for i in range(10)}
        answer = experiments.compare_many(data, outcomes=[f"m{i}" for i in range(10)], arm="arm", level=0.1)
        names = [one.outcome for one in answer.discoveries]
        false.append(sum(int(name[1:]) >= 4 for name in names) / max(len(names), 1))
        found += len(names)

    assert np.mean(false) < 0.08  # at most level · 6/10
    assert found > 200 * 3.8


def test_many_arms_are_each_compared_with_the_control() -> None:
    data = a_test(seed=32, people=900)
    data["arm"] = np.array(["control", "mail", "sms"])[np.arange(900) % 3]

    many = experiments.compare_many(data, outcomes=["spend", "visits"], arm="arm", pre={"spend": "pre"})
    two = {name: values[data["arm"] != "sms"] for name, values in data.items()}

    assert [(one.outcome, one.treated) for one in many.answers] == [
        ("spend", "mail"), ("spend", "sms"), ("visits", "mail"), ("visits", "sms")]  # fmt: skip
    assert many.answers[0].estimate == pytest.approx(
        experiments.compare(two, outcome="spend", arm="arm", pre="pre").estimate, rel=1e-12
    )
    assert "of 4 comparisons hold up" in many.summary()


def test_a_belief_equals_integrals_over_the_posterior() -> None:
    found = experiments.compare(a_test(seed=33, effect=0.2), outcome="spend", arm="arm")

    belief = experiments.bayes(found, prior=(0.1, 0.3))

    effects = np.linspace(-3, 3, 600_001)
    density = stats.norm.pdf(effects, 0.1, 0.3) * stats.norm.pdf(found.estimate, effects, found.se)
    density /= density.sum()
    assert belief.chance_to_win == pytest.approx(density[effects > 0].sum(), abs=1e-4)
    assert belief.loss_if_chosen == pytest.approx((density * np.maximum(-effects, 0)).sum(), abs=1e-6)
    assert belief.loss_if_refused == pytest.approx((density * np.maximum(effects, 0)).sum(), abs=1e-6)
    assert belief.loss_if_refused - belief.loss_if_chosen == pytest.approx(belief.mean, rel=1e-9)
    assert "0.1 ± 0.3" in belief.summary()


def test_with_a_flat_prior_the_belief_is_the_interval() -> None:
    found = experiments.compare(a_test(seed=34, people=4000), outcome="spend", arm="arm")

    belief = experiments.bayes(found)

    assert (belief.lower, belief.upper) == pytest.approx((found.lower, found.upper), rel=1e-2)
    assert belief.chance_to_win == pytest.approx(stats.norm.cdf(found.estimate / found.se), abs=1e-12)


def test_a_test_without_error_leaves_the_prior() -> None:
    found = experiments.compare({"arm": [0, 0, 1, 1], "spend": [1.0] * 4}, outcome="spend", arm="arm")

    assert experiments.bayes(found, prior=(0.5, 1.0)).mean == 0.5
    assert experiments.bayes(found).chance_to_win == 0.5
    assert "State a prior" in experiments.bayes(found).summary()


@pytest.mark.parametrize("how", [{"prior": (0.0, 0.0)}, {"level": 95.0}])
def test_a_prior_without_spread_is_refused(how: Any) -> None:
    found = experiments.compare(a_test(seed=34), outcome="spend", arm="arm")

    with pytest.raises(BadDataError):
        experiments.bayes(found, **how)

"""What intervals promise: on worlds with known truth, at the end and at every look."""

from typing import Any

import numpy as np
import pytest
from tests.unit.measure.verdicts.brand import Brand

from fanwheel import measure
from fanwheel.measure import world
from fanwheel.measure.experiments import kernels
from fanwheel.measure.verdicts import State, scoring
from fanwheel.measure.world import effects

ORDER = float(np.exp(4.0 + 0.4**2 / 2))  # mean of a made-up brand's orders, 59.1; rounding moves it by less than 0.1


def judge(tables: dict[str, Any], **terms: Any) -> Any:
    four = [tables[name] for name in ("spend", "exposures", "assignments", "orders")]
    return measure.verdict(*four, **terms)


def test_intervals_hold_the_truth_as_often_as_they_say_and_estimates_are_centered() -> None:
    fixed, valid, deviates = [], [], []
    for seed in range(240):
        brand = Brand(people=1_200, effect=0.6, seed=1_000 + seed)
        truth = 0.6 * ORDER * (~brand.tables["exposures"]["ghost"]).sum()
        revenue = judge(brand.tables, **terms(brand)).of("ads").revenue
        fixed.append(revenue.fixed_low <= truth <= revenue.fixed_high)
        valid.append(revenue.low <= truth <= revenue.high)
        deviates.append((revenue.estimate - truth) / (revenue.fixed_high - revenue.estimate) * 1.96)

    assert 0.92 <= np.mean(fixed) <= 0.975
    assert np.mean(valid) >= 0.985
    assert abs(np.mean(deviates)) < 0.2  # standard error 0.065


def terms(brand: Brand) -> dict[str, Any]:
    return {name: value for name, value in brand.arguments.items() if name not in brand.tables}


def test_looking_every_week_at_people_of_lasting_habits_misses_no_more_often_than_promised() -> None:
    # Time counts in days here, not in people. Keen people stay keen, so looks resemble one another more than in the
    # theory, which can only make fewer of them miss.
    rng = np.random.default_rng(8)
    tests, people, weeks = 400, 1_200, 26
    is_shown = np.arange(people) >= 240
    week = np.arange(1, weeks + 1)
    ever, ever_one_sided, ever_fixed = np.zeros(tests, bool), np.zeros(tests, bool), np.zeros(tests, bool)
    for test in range(tests):
        orders = rng.poisson(rng.gamma(0.6, 0.1 / 0.6, people)[:, None], (people, weeks)).cumsum(axis=1).T
        found = kernels.mean_difference(
            kernels.sums(orders[:, is_shown].astype(float)), kernels.sums(orders[:, ~is_shown].astype(float))
        )
        options = {"planned_n": 182.0, "alpha": 0.05}
        wide = kernels.confidence_sequence_half_width(found.se, week * 7.0, **options)
        bound = kernels.confidence_sequence_half_width(found.se, week * 7.0, **options, sides=1)
        ever[test] = (np.abs(found.estimate) > wide).any()
        ever_one_sided[test] = (found.estimate + bound < 0).any()
        ever_fixed[test] = (np.abs(found.estimate) > 1.96 * found.se).any()

    assert ever.mean() <= 0.05
    assert ever_one_sided.mean() <= 0.05
    assert ever_fixed.mean() > 0.10  # what peeking does to the usual interval


@pytest.fixture(scope="module")
def scored() -> tuple[Any, dict[str, float], Any]:
    config = world.scored_config(people=16_000, seed=3, weeks=24)
    tables = world.World(config).tables
    found = judge(
        {name: getattr(tables, name) for name in ("spend", "exposures", "assignments", "orders")},
        margin=world.MARGIN, start=tables.start, end=tables.end, currency="CNY", rates=dict(config.rates),
        people=tables.people, segments=tables.segments, planned_days=77.0,
    )  # fmt: skip
    return found, {name: effect.iroas for name, effect in effects.measure_effects(config).items()}, tables


def test_a_verdict_on_a_small_world_is_wrong_about_nothing_that_it_proves(scored: Any) -> None:
    found, truth, _ = scored

    assert {line.channel for line in found.channels} == set(truth)
    for line in found.channels:
        assert line.evidence.kind == "ghost exposure"
        assert line.revenue.low <= truth[line.channel] * line.spend <= line.revenue.high
        assert not line.evidence.has_sample_ratio_alarm
        assert abs(line.evidence.balance_z) < 4
        if line.state is not State.UNPROVEN:
            assert (line.state is State.WASTED) == (truth[line.channel] < found.break_even)
    assert found.of("brand_search").last_touch > 4 * found.break_even * found.of("brand_search").spend
    assert len(found.cells) == 18


def test_all_channels_together_cause_about_the_sum_of_each(scored: Any) -> None:
    found, truth, _ = scored

    total = sum(truth[line.channel] * line.spend for line in found.channels)
    assert found.together.low < total < found.together.high


def test_the_score_of_a_perfect_a_blind_and_a_wrong_judge() -> None:
    truth = {"good": 4.0, "bad": 1.0}

    def tally(good: State, bad: State, revenue: float) -> dict[str, Any]:
        claims = [
            scoring.Claim(channel="good", spend=60.0, revenue=revenue, state=good, interval=(100.0, 300.0)),
            scoring.Claim(channel="bad", spend=40.0, revenue=40.0, state=bad, interval=(50.0, 60.0)),
        ]
        counted = scoring.Tally(method="some", margin=0.4)
        counted.count(claims, truth)
        return counted.line()

    perfect = tally(State.WORKING, State.WASTED, 240.0)
    blind = tally(State.UNPROVEN, State.UNPROVEN, 240.0)
    wrong = tally(State.WASTED, State.WORKING, 100.0)

    assert (perfect["wasted_spend_proven"], perfect["good_spend_wrongly_proven"], perfect["unproven"]) == (1, 0, 0)
    assert (perfect["regret_of_spend"], perfect["coverage_fixed"]) == (0.0, 0.5)  # 240 lies inside, 40 does not
    assert (blind["wasted_spend_proven"], blind["unproven"], blind["wasted_spend_named"]) == (0, 1, 1)
    assert (wrong["good_spend_wrongly_proven"], wrong["wasted_spend_proven_working"]) == (1, 1)
    # Cutting the good channel loses 0.4 * 240 - 60 = 36 of 100 spent.
    assert wrong["regret_of_spend"] == pytest.approx(0.36)


def test_plain_holdouts_and_rules_of_attribution_are_scored_on_the_same_tables(scored: Any) -> None:
    found, truth, tables = scored
    four = (tables.spend, tables.exposures, tables.assignments, tables.orders)
    claims = scoring.claims_of(found)
    claims |= scoring.simple_claims(four, found, rates=dict(tables.config.rates), people=tables.people)

    lines = {}
    for method, said in claims.items():
        tally = scoring.Tally(method=method, margin=world.MARGIN)
        tally.count(said, truth)
        lines[method] = tally.line()

    assert lines["last touch"]["wasted_spend_named"] < 0.3
    assert lines["last touch"]["regret_of_spend"] > 0.25
    assert lines["verdict"]["regret_of_spend"] < lines["last touch"]["regret_of_spend"]
    assert lines["holdout ITT"]["coverage_fixed"] >= 0.7  # of nine channels
    assert lines["holdout ITT + CUPED"]["coverage_fixed"] >= 0.7

"""Evidence from elsewhere stands in where a holdout has no answer, each in its place."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.unit.measure.verdicts.brand import END, START, Brand

from fanwheel import measure
from fanwheel.measure import BadDataError, NotEnoughDataError, geo
from fanwheel.measure.verdicts import Code, GeoTest, State, Step

NOBODY = {"person": np.zeros(0, dtype=np.int64), "holdout": np.zeros(0, dtype=np.str_), "since": np.array([], "M8[D]")}
BRAND = Brand(effect=0.5, seed=4)  # spends 20,000; break-even is a return of 2.5


def judge(**more: Any) -> Any:
    arguments = {**BRAND.arguments, **more}
    four = [arguments.pop(name) for name in ("spend", "exposures", "assignments", "orders")]
    return measure.verdict(*four, **arguments)


def a_test(low: float, revenue: float, high: float, **more: Any) -> GeoTest:
    told = {"channel": "ads", "first": date(2026, 1, 12), "last": date(2026, 2, 8), "regions": 6, "spend": 1_000.0}
    return GeoTest(revenue=revenue, low=low, high=high, **{**told, **more})


def a_model(roas: float, state: str = "calibrated") -> Any:
    one = np.array([roas])
    return SimpleNamespace(
        channel=("ads",), state=(state,), roas=one, roas_low=one - 0.1, roas_high=one + 0.1, at=np.array([START])
    )


@pytest.mark.parametrize(
    ("test", "state", "step"),
    [
        (a_test(100.0, 500.0, 900.0), State.WASTED, Step.CUT),  # a return of 0.9 at best
        (a_test(2_600.0, 4_000.0, 5_400.0), State.WORKING, Step.KEEP),  # 2.6 at worst
        (a_test(1_000.0, 2_000.0, 3_000.0), State.UNPROVEN, Step.TEST),
    ],
)
def test_a_test_by_region_decides_where_nobody_is_held_out(test: GeoTest, state: State, step: Step) -> None:
    line = judge(assignments=NOBODY, geo=[test]).of("ads")

    assert (line.state, line.action.step, line.evidence.kind) == (state, step, "geo test")
    assert line.revenue.estimate == pytest.approx(20 * test.revenue)  # twenty times the spend of the test
    assert line.evidence.regions == 6
    assert [note.code for note in line.evidence.notes] == [Code.GEO_TEST, Code.ONE_LOOK]


def test_an_open_test_leans_to_its_best_guess() -> None:
    assert judge(assignments=NOBODY, geo=[a_test(0.0, 2_000.0, 4_000.0)]).of("ads").action.meanwhile is Step.LEAN_CUT
    assert judge(assignments=NOBODY, geo=[a_test(0.0, 3_000.0, 6_000.0)]).of("ads").action.meanwhile is Step.LEAN_KEEP


def test_a_model_proves_nothing_however_sure_it_is() -> None:
    line = judge(assignments=NOBODY, prior=a_model(9.0)).of("ads")

    assert (line.state, line.evidence.kind, line.action.meanwhile) == (
        State.UNPROVEN, "calibrated prior", Step.LEAN_KEEP
    )  # fmt: skip
    assert line.revenue.estimate == pytest.approx(9.0 * line.spend)
    assert judge(assignments=NOBODY, prior=a_model(9.0, "not proven")).of("ads").evidence.kind == "none"


def test_a_holdout_outranks_a_geo_test_and_that_a_model() -> None:
    held = judge(geo=[a_test(100.0, 500.0, 900.0)], prior=a_model(9.0)).of("ads")
    switched = judge(assignments=NOBODY, geo=[a_test(100.0, 500.0, 900.0)], prior=a_model(9.0)).of("ads")

    assert held == judge().of("ads")
    assert (switched.evidence.kind, switched.state) == ("geo test", State.WASTED)


def test_of_several_tests_the_newest_counts_and_none_before_it_has_ended() -> None:
    tests = [
        a_test(100.0, 500.0, 900.0),
        a_test(2_600.0, 4_000.0, 5_400.0, first=date(2026, 3, 1), last=date(2026, 3, 20)),
    ]

    found = judge(assignments=NOBODY, geo=tests, looks=["2026-02-01", "2026-03-02"])

    kinds = [(then.of("ads").evidence.kind, then.of("ads").state) for then in (*found.history, found)]
    assert kinds == [("none", State.UNPROVEN), ("geo test", State.WASTED), ("geo test", State.WORKING)]


def test_an_effect_by_region_becomes_a_test() -> None:
    rng = np.random.default_rng(3)
    sales = 100 + rng.normal(0, 1, (20, 40))
    sales[:8, 20:] -= 5  # switched off in eight regions from day 20 on
    rows = {
        "region": np.repeat([f"r{place}" for place in range(20)], 40),
        "day": np.tile(np.datetime64("2026-01-01") + np.arange(40), 20),
        "value": sales.reshape(-1),
    }
    effect = geo.difference_in_differences(rows, treated=[f"r{place}" for place in range(8)], start="2026-01-21")

    test = GeoTest.of(
        effect, channel="ads", spend=100.0, first=date(2026, 1, 21), last=date(2026, 2, 9), is_off=True
    )  # fmt: skip

    assert test.low < 8 * 20 * 5 < test.high
    assert (test.regions, test.revenue) == (8, -effect.total)


@pytest.mark.parametrize("wrong", [{"spend": 0.0}, {"low": 600.0}, {"high": float("nan")}, {"last": date(2026, 1, 1)}])
def test_tests_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    told = {"low": 100.0, "revenue": 500.0, "high": 900.0, **wrong}
    with pytest.raises(BadDataError):
        a_test(**told)


def test_an_effect_without_bounds_is_no_test() -> None:
    effect: Any = SimpleNamespace(total_lower=None, total_upper=3.0, total=1.0, treated=("r",))

    with pytest.raises(NotEnoughDataError, match="no interval"):
        GeoTest.of(effect, channel="ads", spend=1.0, first=date(2026, 1, 1), last=date(2026, 1, 2))


def test_who_is_held_out_of_the_whole_channel_stands_in_neither_arm_of_its_campaign() -> None:
    held = BRAND.tables["assignments"]
    whole = np.arange(0, BRAND.people, 9)
    both = {
        "person": np.concatenate([held["person"], whole]),
        "holdout": np.array(["ads"] * len(held["person"]) + ["all ads"] * len(whole)),
        "since": np.full(len(held["person"]) + len(whole), START),
    }

    found = judge(assignments=both, parts={"ads": "all ads"}, end=END).of("ads")

    met = set(BRAND.tables["exposures"]["person"].tolist())
    assert found.evidence.shown + found.evidence.held == len(met - set(whole.tolist()))
    none = judge(assignments=NOBODY, parts={"ads": "all ads"}).of("ads")
    assert [note.code for note in none.evidence.notes] == [Code.CAMPAIGN_NOT_HELD_OUT]

"""The verdict: right by hand, the same however the tables are written, and silent where nothing is proven."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from tests.unit.measure.verdicts.brand import END, START, Brand, stamps

from fanwheel import measure
from fanwheel.measure import BadDataError, NotEnoughDataError
from fanwheel.measure.verdicts import State, Step

NOTHING = {"person": np.zeros(0, dtype=np.int64), "holdout": np.zeros(0, dtype=np.str_), "since": np.array([], "M8[D]")}


def judge(brand: Brand, **changes: Any) -> Any:
    arguments = {**brand.arguments, **changes}
    four = [arguments.pop(name) for name in ("spend", "exposures", "assignments", "orders")]
    return measure.verdict(*four, **arguments)


def shuffled(table: dict[str, Any], seed: int = 5) -> dict[str, Any]:
    order = np.random.default_rng(seed).permutation(len(next(iter(table.values()))))
    return {name: values[order] for name, values in table.items()}


@pytest.fixture(scope="module")
def brand() -> Brand:
    return Brand(effect=0.6, seed=2)


def test_a_tiny_brand_is_judged_as_by_hand() -> None:
    # 38 people are shown the ads and 32 are held out, too few for any covariate. 19 shown people buy for 60 each after
    # their exposure, and 16 of those held out for 20: (19*60/38 - 16*20/32) * 38 = (30 - 10) * 38 = 760 is caused.
    person = np.arange(70)
    held = person >= 38
    buyer = np.concatenate([np.arange(19), np.arange(38, 54)])
    tables = (
        {"channel": ["ads"], "day": [START], "amount": [100.0]},
        {"person": person, "channel": ["ads"] * 70, "at": stamps(np.full(70, 1.0)), "ghost": held},
        {"person": person[held], "holdout": ["ads"] * 32, "since": [START] * 32},
        {"person": buyer, "at": stamps(np.full(35, 2.0)), "value": np.where(buyer < 38, 60.0, 20.0)},
    )

    found = measure.verdict(*tables, margin=0.5, start=START, end=END)

    line = found.of("ads")
    assert line.revenue.estimate == pytest.approx(760.0)
    assert line.profit.estimate == pytest.approx(0.5 * 760 - 100)
    # s² = 60²/4*38/37 and 20²/4*32/31 by arm: se = 38 sqrt(924.3/38 + 103.2/32) = 199.4, and 1.95996 se = 390.9.
    assert line.revenue.fixed_high - 760.0 == pytest.approx(390.92, abs=0.01)
    assert line.last_touch == pytest.approx(19 * 60)
    assert line.markov == pytest.approx(19 * 60)
    assert (line.evidence.kind, line.evidence.shown, line.evidence.held) == ("ghost exposure", 38, 32)


def test_a_referred_order_counts_for_the_referrer_too() -> None:
    person = np.arange(80)
    held = person >= 40
    tables = [
        {"channel": ["ads"], "day": [START], "amount": [100.0]},
        {"person": person, "channel": ["ads"] * 80, "at": stamps(np.full(80, 1.0)), "ghost": held},
        {"person": person[held], "holdout": ["ads"] * 40, "since": [START] * 40},
        {"person": np.arange(80) % 40 * 2, "at": stamps(np.arange(80) / 10 + 1.5), "value": np.full(80, 10.0)},
    ]
    plain = measure.verdict(*tables, margin=0.5, start=START, end=END).of("ads").revenue.estimate

    # Somebody whom no ad meets buys for 400 after person 0 invited them: 400/40 more a head, times 40 shown.
    orders = tables[3]
    orders["person"], orders["value"] = np.append(orders["person"], 99), np.append(orders["value"], 400.0)
    orders["at"] = np.append(orders["at"], stamps(30.0))
    orders["referrer"] = np.append(np.full(80, np.nan), 0.0)
    referred = measure.verdict(*tables, margin=0.5, start=START, end=END).of("ads").revenue.estimate

    assert referred - plain == pytest.approx(400.0)


def test_a_channel_that_adds_much_works_and_one_that_adds_nothing_is_wasted(brand: Brand) -> None:
    works = judge(brand, spend={**brand.tables["spend"], "amount": brand.tables["spend"]["amount"] / 10}).of("ads")
    wasted = judge(Brand(effect=0.0, people=6_000)).of("ads")

    assert (works.state, works.action.step) == (State.WORKING, Step.SCALE)
    assert (wasted.state, wasted.action.step) == (State.WASTED, Step.CUT)
    assert wasted.last_touch * 0.4 > wasted.spend  # last touch would have kept it
    assert wasted.profit.high < 0


def test_what_is_not_proven_is_tested_with_a_plan(brand: Brand) -> None:
    line = judge(Brand(effect=0.5, seed=4)).of("ads")

    assert line.state is State.UNPROVEN
    assert line.action.step is Step.TEST
    assert 0.05 <= line.action.holdout_share <= 0.5
    assert 7 <= line.action.days <= 364
    assert line.action.worth > 0


def test_it_answers_the_same_to_the_bit_twice(brand: Brand) -> None:
    assert judge(brand) == judge(brand)


def test_order_of_rows_and_names_of_people_change_nothing(brand: Brand) -> None:
    plain = judge(brand).of("ads")
    mixed = {name: shuffled(table) for name, table in brand.tables.items()}
    for name in ("exposures", "assignments", "orders"):
        mixed[name]["person"] = np.array([f"p{number}" for number in mixed[name]["person"]], dtype=object)

    again = judge(brand, **mixed).of("ads")

    assert again.revenue.estimate == pytest.approx(plain.revenue.estimate, rel=1e-9)
    assert again.revenue.high == pytest.approx(plain.revenue.high, rel=1e-9)
    assert again.state is plain.state


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame])
def test_any_dataframe_gives_the_same_and_gets_its_own_kind_back(brand: Brand, library: Any) -> None:
    framed = {name: library(dict(table)) for name, table in brand.tables.items()}

    found = judge(brand, **framed)

    assert found.of("ads") == judge(brand).of("ads")
    assert isinstance(found.to_frame(), library)


@pytest.mark.parametrize("scale", [0.01, 7.1, 1e6])
def test_a_change_of_the_unit_of_money_scales_every_sum(brand: Brand, scale: float) -> None:
    spend = {**brand.tables["spend"], "amount": brand.tables["spend"]["amount"] * scale}
    orders = {**brand.tables["orders"], "value": brand.tables["orders"]["value"] * scale}

    plain, scaled = judge(brand).of("ads"), judge(brand, spend=spend, orders=orders).of("ads")

    assert scaled.revenue.estimate == pytest.approx(scale * plain.revenue.estimate, rel=1e-6)
    assert scaled.profit.low == pytest.approx(scale * plain.profit.low, rel=1e-6)
    assert scaled.state is plain.state


def test_two_currencies_become_one_by_rates(brand: Brand) -> None:
    spend = {**brand.tables["spend"], "currency": np.array(["USD"] * 91), "amount": brand.tables["spend"]["amount"] / 7}
    orders = {**brand.tables["orders"], "currency": np.array(["CNY"] * len(brand.tables["orders"]["person"]))}

    found = judge(brand, spend=spend, orders=orders, currency="CNY", rates={"USD": 7.0})

    assert found.currency == "CNY"
    assert found.of("ads").profit.estimate == pytest.approx(judge(brand).of("ads").profit.estimate)


def test_spend_in_more_rows_changes_nothing(brand: Brand) -> None:
    half = {**brand.tables["spend"], "amount": brand.tables["spend"]["amount"] / 2}
    campaign = np.repeat(["one", "two"], 91)
    twice = {name: np.concatenate([values, values]) for name, values in half.items()} | {"campaign": campaign}

    assert judge(brand, spend=twice).of("ads").profit == judge(brand).of("ads").profit


def test_without_a_holdout_nothing_is_proven_however_good_last_touch_looks(brand: Brand) -> None:
    found = judge(brand, assignments=NOTHING)

    line = found.of("ads")
    assert (line.state, line.revenue, line.evidence.kind) == (State.UNPROVEN, None, "none")
    assert line.action.step is Step.TEST
    assert line.last_touch > line.spend
    assert "Nobody is held out" in found.not_identified[0]
    assert found.wasted_spend == 0


def test_without_ghosts_everybody_is_compared_and_the_interval_is_wider() -> None:
    ghosts = Brand(effect=0.5, seed=6)
    blind = Brand(effect=0.5, seed=6, is_ghosted=False)

    sharp, wide = judge(ghosts).of("ads"), judge(blind, people=blind.people).of("ads")

    assert (sharp.evidence.kind, wide.evidence.kind) == ("ghost exposure", "intent to treat")
    assert wide.evidence.shown + wide.evidence.held == blind.people
    assert wide.revenue.high - wide.revenue.low > sharp.revenue.high - sharp.revenue.low


def test_people_in_no_table_thin_the_comparison_of_everybody_and_change_no_sum_much() -> None:
    blind = Brand(effect=0.5, seed=6, is_ghosted=False)

    found = judge(blind, people=blind.people + 5_000)

    assert found.people == blind.people + 5_000
    assert found.of("ads").evidence.shown > 5_000


def test_a_universal_holdout_tells_what_all_channels_caused_together(brand: Brand) -> None:
    held = brand.tables["assignments"]["person"]
    everybody_out = {"person": held, "holdout": np.array(["universal"] * len(held)), "since": [START] * len(held)}

    found = judge(brand, assignments=everybody_out, people=brand.people)

    truth = 0.6 * 59.1 * (~brand.tables["exposures"]["ghost"]).sum()  # an order is worth exp(4 + 0.4²/2) = 59.1
    assert found.together.low < truth < found.together.high
    assert found.together.low > 0
    assert found.of("ads").state is State.UNPROVEN


def test_each_segment_gets_its_own_line_and_they_share_the_spend(brand: Brand) -> None:
    segments = {"person": np.arange(brand.people), "segment": np.where(np.arange(brand.people) % 3, "old", "new")}

    found = judge(brand, segments=segments)

    cells = [found.of("ads", "new"), found.of("ads", "old")]
    assert sum(cell.spend for cell in cells) == pytest.approx(found.of("ads").spend)
    assert sum(cell.last_touch for cell in cells) == pytest.approx(found.of("ads").last_touch)
    assert sum(cell.evidence.held for cell in cells) == found.of("ads").evidence.held
    width = found.of("ads").revenue.high - found.of("ads").revenue.low
    assert sum(cell.revenue.estimate for cell in cells) == pytest.approx(found.of("ads").revenue.estimate, abs=width)


def test_a_lopsided_split_raises_the_alarm_and_proves_nothing() -> None:
    wasted = Brand(effect=0.0, spend=60_000.0, people=6_000)

    fair, odd = judge(wasted, shares={"ads": 0.2}).of("ads"), judge(wasted, shares={"ads": 0.3}).of("ads")

    assert (fair.state, fair.evidence.has_sample_ratio_alarm) == (State.WASTED, False)
    assert (odd.state, odd.evidence.has_sample_ratio_alarm) == (State.UNPROVEN, True)
    assert "more than chance" in odd.evidence.note


def test_leaks_into_the_holdout_are_counted(brand: Brand) -> None:
    exposures = dict(brand.tables["exposures"])
    held = np.flatnonzero(exposures["ghost"])
    exposures["ghost"] = exposures["ghost"].copy()
    exposures["ghost"][held[: len(held) // 4]] = False

    line = judge(brand, exposures=exposures).of("ads")

    assert line.evidence.reached == pytest.approx(0.25, abs=0.01)
    assert "met it all the same" in line.evidence.note


def test_people_met_before_their_own_holdout_began_are_left_out(brand: Brand) -> None:
    assignments = dict(brand.tables["assignments"])
    assignments["since"] = assignments["since"].copy()
    assignments["since"][1:100] = START + 60  # every exposure comes in the first 45 days

    line = judge(brand, assignments=assignments).of("ads")

    exposed = set(brand.tables["exposures"]["person"].tolist())
    assert line.evidence.left_out == len(exposed & set(assignments["person"][1:100].tolist()))


def test_the_pre_period_takes_noise_away(brand: Brand) -> None:
    orders = brand.tables["orders"]
    late = orders["at"] >= START
    blind = judge(brand, orders={name: values[late] for name, values in orders.items()}).of("ads")
    sharp = judge(brand).of("ads")

    assert sharp.evidence.variance_reduction > blind.evidence.variance_reduction
    assert sharp.revenue.high - sharp.revenue.low < blind.revenue.high - blind.revenue.low


@pytest.mark.parametrize(
    ("table", "column", "row", "value", "says"),
    [
        ("spend", "amount", 3, -1.0, "spend: “amount” is below 0 in 1 rows (rows 3)"),
        ("spend", "amount", 3, np.nan, "spend: “amount” is missing"),
        ("orders", "value", 5, -2.0, "orders: “value” is below 0 in 1 rows (rows 5)"),
        ("orders", "value", 5, np.inf, "not finite"),
        ("orders", "at", 7, np.datetime64("NaT"), "orders: “at” is missing in 1 rows (rows 7)"),
        ("orders", "at", 7, np.datetime64("2031-01-01"), "orders: a time is at or after end in 1 rows (rows 7)"),
        ("exposures", "at", 2, np.datetime64("2031-01-01"), "exposures: a time is at or after end in 1 rows (rows 2)"),
        ("assignments", "holdout", 0, "tv", "holdout “tv” is neither “universal” nor a channel in 1 rows (rows 0)"),
        ("spend", "day", 1, START, "spend: a row repeats another in 1 rows"),
    ],
)
def test_bad_rows_are_named(brand: Brand, table: str, column: str, row: int, value: Any, says: str) -> None:
    spoiled = {name: np.array(values) for name, values in brand.tables[table].items()}
    spoiled[column][row] = value

    with pytest.raises(BadDataError) as error:
        judge(brand, **{table: spoiled})

    assert says in str(error.value)


@pytest.mark.parametrize("table", ["assignments", "orders"])
def test_copies_of_rows_are_named(brand: Brand, table: str) -> None:
    twice = {name: np.append(values, values[4:5]) for name, values in brand.tables[table].items()}

    with pytest.raises(BadDataError, match=f"{table}: a row repeats another in 1 rows"):
        judge(brand, **{table: twice})


def test_missing_people_and_mixed_names_are_refused(brand: Brand) -> None:
    people = brand.tables["orders"]["person"].astype(object)
    people[3] = None
    with pytest.raises(BadDataError, match=r"orders: “person” is missing in 1 rows \(rows 3\)"):
        judge(brand, orders={**brand.tables["orders"], "person": people})

    people[3] = "anna"
    with pytest.raises(BadDataError, match="different types"):
        judge(brand, orders={**brand.tables["orders"], "person": people})


@pytest.mark.parametrize("table", ["spend", "exposures", "orders"])
def test_empty_tables_are_refused(brand: Brand, table: str) -> None:
    with pytest.raises(BadDataError, match=f"{table} is empty"):
        judge(brand, **{table: {name: values[:0] for name, values in brand.tables[table].items()}})


def test_mixed_currencies_need_rates(brand: Brand) -> None:
    currency = np.array(["CNY", "USD"] * 46)[:91]
    spend = {**brand.tables["spend"], "currency": currency}

    with pytest.raises(BadDataError, match="mix CNY, USD"):
        judge(brand, spend=spend)
    with pytest.raises(BadDataError, match="no rate for USD"):
        judge(brand, spend=spend, currency="CNY", rates={"EUR": 8.0})


@pytest.mark.parametrize(
    "wrong",
    [
        {"margin": 0.0},
        {"margin": 1.2},
        {"alpha": 0.7},
        {"planned_days": 0},
        {"start": "yesterday"},
        {"start": "2027-01-01"},
        {"people": 5},
    ],
)
def test_terms_that_make_no_sense_are_refused(brand: Brand, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadDataError):
        judge(brand, **wrong)


def test_a_column_that_is_not_there_is_named(brand: Brand) -> None:
    orders = {name: values for name, values in brand.tables["orders"].items() if name != "value"}

    with pytest.raises(BadDataError, match="orders has no column “value”"):
        judge(brand, orders=orders)


def test_a_holdout_that_is_too_small_says_how_large_would_do() -> None:
    with pytest.raises(NotEnoughDataError, match="30 in each are needed"):
        judge(Brand(people=100))


def test_a_result_can_be_printed_and_drawn(brand: Brand) -> None:
    import matplotlib

    matplotlib.use("Agg")
    found = judge(brand)

    assert "of spend is proven wasted" in found.summary()
    assert found.plot().get_title() == found.summary().splitlines()[0]
    assert len(found.to_frame()) == 1


def test_earlier_looks_are_what_was_known_then(brand: Brand) -> None:
    look = START + 56
    cut = {
        name: {column: values[table[when] < look] for column, values in table.items()}
        for name, when in (("spend", "day"), ("exposures", "at"), ("orders", "at"))
        for table in [brand.tables[name]]
    }

    history = judge(brand, looks=[look, START + 1]).history

    assert [str(then.end) for then in history] == ["2026-01-06", "2026-03-02"]
    assert history[0].of("ads").state is State.UNPROVEN  # a day is too little, but no reason to fail
    assert history[1].of("ads").revenue == judge(brand, **cut, end=look, people=None).of("ads").revenue
    with pytest.raises(BadDataError, match="A look lies outside"):
        judge(brand, looks=["2020-01-01"])


def test_nothing_but_the_channel_in_question_moves_its_figures(brand: Brand) -> None:
    spend = brand.tables["spend"]
    more = {name: np.concatenate([values, values]) for name, values in spend.items()}
    more["channel"] = np.repeat(["ads", "print"], 91)

    found = judge(brand, spend=more)

    assert found.of("ads").revenue == judge(brand).of("ads").revenue
    assert found.of("print").state is State.UNPROVEN
    assert replace(found.of("print"), spend=0.0).last_touch == 0.0

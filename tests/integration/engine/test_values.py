"""The page on customer value says what the library says of the same purchases."""

import random
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from tests.integration.engine.worlds import START, World

from fanwheel.infra.engine.on_duckdb import DuckDBEngine
from fanwheel.measure import clv
from fanwheel.measure.insights import scoring, values
from fanwheel.measure.insights.answers import BUYERS
from fanwheel.measure.insights.sitting import Sitting
from fanwheel.measure.reports import datasets
from fanwheel.measure.reports.cubes import date_of, number_of

DAYS = 300
AS_OF = START + timedelta(days=DAYS)
TODAY = number_of(AS_OF.date())


def brand(seed: int, people: int = 400) -> World:
    """Buyers with their own paces who may leave after each purchase; some orders do not count, some come in pairs."""
    rng = random.Random(seed)
    world = World()
    for person in range(1, people + 1):
        pace, price = rng.gammavariate(1.5, 20), rng.gammavariate(6, 8_00)
        leaves, day = rng.betavariate(0.7, 2), rng.uniform(0, 200)
        while day < DAYS:
            world.order(person, START + timedelta(days=day), round(rng.gammavariate(4, price / 4)))
            if rng.random() < 0.1:
                world.order(person, START + timedelta(days=day), 5_00)  # on the same day
            if rng.random() < 0.1:
                world.order(person, START + timedelta(days=day + 1), 1_00, status="cancelled")
            if rng.random() < leaves:
                break
            day += 1 + rng.expovariate(1 / pace)
    world.order(people + 1, AS_OF + timedelta(days=3), 9_99)  # placed in the future
    return world


def sitting(world: World, folder: Path) -> Sitting:
    engine = DuckDBEngine(memory_mb=256, temp_dir=folder / "tmp", threads=1)
    datasets.fill(engine, world.place, world.files(folder / "lake", Random(1)), world.arrow(), kept=["orders"])
    return Sitting(engine=engine, place=world.place)


def orders_of(world: World) -> dict[str, np.ndarray[tuple[int], np.dtype[np.generic]]]:
    rows = [row for row in world.tables["home_order"] if row["status"] == "paid" and row["placed_at"] <= AS_OF]
    return {
        "person": np.array([row["home_id"] for row in rows]),
        "at": np.array([row["placed_at"].replace(tzinfo=None) for row in rows], dtype="datetime64[us]"),
        "value": np.array([row["net_minor"] for row in rows], dtype=np.float64),
    }


def fitted(data: Any) -> clv.BgNbd:
    """As the page fits: a weak prior helps where the data alone cannot tell."""
    plain = clv.fit_bg_nbd(data)
    return clv.fit_bg_nbd(data, prior="weak") if plain.not_identified else plain


def test_the_statement_summarizes_as_the_library_does(tmp_path: Path) -> None:
    world = brand(1)
    looked = sitting(world, tmp_path)
    looked.engine.keep("purchase", BUYERS["purchase"], until_day=TODAY)

    table, cut = values.histories(looked.engine, BUYERS, today=TODAY)

    summary = clv.summarize(orders_of(world), until=AS_OF.date())
    assert table["person_id"].to_pylist() == summary.person.tolist()
    for name in ("frequency", "recency", "age"):
        assert table[name].to_pylist() == getattr(summary, name).tolist()
    assert table["mean_value"].to_numpy() == pytest.approx(summary.mean_value, rel=1e-12)
    first = number_of(START.date())
    assert cut == first + int((TODAY - first) * 2 / 3)


def test_the_page_shows_the_fit_of_the_library(tmp_path: Path) -> None:
    world = brand(2)

    page = values.report(sitting(world, tmp_path), BUYERS, as_of=AS_OF)

    orders = orders_of(world)
    summary = clv.summarize(orders, until=AS_OF.date())
    model, spending = clv.fit_bg_nbd(summary), clv.fit_gamma_gamma(summary)
    worth = model.value(summary, spending, horizon=365)
    assert (page.model, page.people, page.horizon_days, page.why_not) == ("BG/NBD · Gamma-Gamma", 400, 365, None)
    expected = {**model.parameters(), **spending.parameters()}
    assert {row.name: row.estimate for row in page.parameters} == pytest.approx(expected, rel=1e-6)
    assert all(row.standard_error and row.standard_error > 0 for row in page.parameters)
    assert page.mean_minor == pytest.approx(worth.mean, abs=1)
    assert sum(bar.people for bar in page.distribution) == 400
    assert page.distribution[-1].high_minor >= worth.values.max()


def test_the_calibration_is_that_of_the_library(tmp_path: Path) -> None:
    world = brand(3)

    page = values.report(sitting(world, tmp_path), BUYERS, as_of=AS_OF)

    cut = date_of(number_of(START.date()) + int((TODAY - number_of(START.date())) * 2 / 3))
    table = clv.evaluate(orders_of(world), cut, until=AS_OF.date(), fit=fitted).to_frame().to_pydict()
    assert page.calibration is not None
    assert [row.frequency for row in page.calibration] == [int(name.rstrip("+")) for name in table["frequency"]]
    assert [row.people for row in page.calibration] == table["people"]
    assert [row.actual for row in page.calibration] == pytest.approx(table["actual"], rel=1e-12)
    assert [row.predicted for row in page.calibration] == pytest.approx(table["predicted"], rel=1e-6)


def test_a_flat_likelihood_is_named_and_every_number_is_one(tmp_path: Path) -> None:
    # Everybody bought twice, a week apart, for the same money: nobody differs from anybody.
    world = World()
    for person in range(1, 60):
        for day in (0, 7):
            world.order(person, START + timedelta(days=day), 10_00)

    page = values.report(sitting(world, tmp_path), BUYERS, as_of=START + timedelta(days=60))

    assert page.why_not is None
    assert page.model.startswith("BG/NBD (weak prior)")
    assert sum(bar.people for bar in page.distribution) == 59
    assert page.mean_minor >= 0


@pytest.mark.parametrize(("repeaters", "is_told"), [(29, False), (30, True)])
def test_too_few_who_bought_again_are_counted(repeaters: int, is_told: bool, tmp_path: Path) -> None:
    world = World()
    for person in range(1, 50):
        for day in (0, 7 + person) if person <= repeaters else (0,):
            world.order(person, START + timedelta(days=day), 10_00 + person)

    page = values.report(sitting(world, tmp_path), BUYERS, as_of=START + timedelta(days=90))

    told = None if is_told else "29 people have bought again; 30 are the least from whom habits can be told."
    assert page.why_not == told
    assert page.people == 49


@pytest.mark.parametrize(
    ("worth", "bars"),
    [
        ([0.0, 0.0], [(0, 1, 2)]),  # nobody is worth anything
        # 23 steps of 5 reach the highest hundredth of 0 to 99, so the last holds 95 to 99.
        ([float(n) for n in range(100)], [(n * 5, n * 5 + 5, 5) for n in range(20)]),
    ],
)
def test_bars_have_round_edges_and_hold_everybody(worth: list[float], bars: list[tuple[int, int, int]]) -> None:
    found = values.bars(np.array(worth))

    assert [(bar.low_minor, bar.high_minor, bar.people) for bar in found] == bars


def test_the_last_bar_reaches_whoever_is_far_off() -> None:
    found = values.bars(np.array([10.0] * 999 + [1e9]))

    assert (found[-1].people, found[-1].high_minor) == (1, 10**9)
    assert sum(bar.people for bar in found) == 1000


def test_scores_name_everybody_once_in_the_currency_of_the_place(tmp_path: Path) -> None:
    world = brand(4, people=120)

    rows = scoring.scores(sitting(world, tmp_path), now=AS_OF)

    assert [row.person_id for row in rows] == list(range(1, 121))
    summary = clv.summarize(orders_of(world), until=AS_OF.date())
    model = fitted(summary)
    alive = model.probability_alive(summary).values
    worth = model.value(summary, clv.fit_gamma_gamma(summary), horizon=365).values / 100
    assert [row.scores["p_alive"] for row in rows] == pytest.approx(alive, abs=1e-4)
    assert [row.scores["clv_12m"] for row in rows] == pytest.approx(worth, abs=0.011)
    assert all(date.fromisoformat(str(row.scores["next_purchase_due"])) > START.date() for row in rows)

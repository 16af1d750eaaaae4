"""Paths that the engine builds from events equal those of the library on the same touches and orders."""

import random
from pathlib import Path

import pytest
from tests.integration.engine.brute import Brute
from tests.integration.engine.test_reports_by_hand import ANN, BOB, DOUYIN, GOOGLE, NEWSLETTER, WECOM, on
from tests.integration.engine.worlds import SOURCES, World, random_world

from fanwheel.infra.engine.on_duckdb import DuckDBEngine
from fanwheel.measure import NotEnoughDataError, attribution
from fanwheel.measure.attribution import Paths
from fanwheel.measure.reports import datasets
from fanwheel.measure.reports.cubes import Period

NAMES = {number: source["slug"] for number, source in SOURCES.items()}


def paths_of(world: World, folder: Path, *, lookback_days: int = 30, names: dict[int, str] | None = None) -> Paths:
    with DuckDBEngine(memory_mb=256, temp_dir=folder / "tmp", threads=1) as engine:
        datasets.fill(engine, world.place, world.files(folder / "lake", random.Random(1)), world.arrow())
        return attribution.paths_from_events(engine, lookback_days=lookback_days, names=names)


def test_paths_by_hand(tmp_path: Path) -> None:
    world = World(zone="Asia/Shanghai")
    world.merge(2, ANN)
    world.event(2, on(1), source_id=DOUYIN)
    world.event(ANN, on(2), source_id=GOOGLE)
    world.event(ANN, on(2, 5), source_id=WECOM)
    world.order(ANN, on(3), 100_00)  # Douyin, Google, WeCom
    world.order(ANN, on(9), 50_00)  # the same again
    world.order(ANN, on(9), 70_00, status="cancelled")
    world.event(BOB, on(20, month=1), source_id=GOOGLE)  # 44 days before the order, and nothing for 43 days
    world.event(BOB, on(5), source_id=NEWSLETTER)
    world.order(BOB, on(5), 30_00)  # the newsletter, of the same instant
    world.event(BOB, on(6), source_id=WECOM)  # after the last order
    world.order(9, on(6), None)  # without a touch, of unknown worth

    paths = paths_of(world, tmp_path, names=NAMES)

    assert paths.to_frame().to_pydict() == {
        "path": ["google-ads", "newsletter", "wecom", "douyin > google-ads > wecom"],
        "conversions": [0, 1, 0, 2],
        "non_conversions": [1, 0, 1, 0],
        "value": [0, 30_00, 0, 150_00],
    }
    assert (paths.untouched, paths.untouched_value) == (1, 0)


@pytest.mark.parametrize("lookback_days", [3, 30])
@pytest.mark.parametrize("seed", range(6))
def test_the_statement_and_the_library_build_the_same_paths(seed: int, lookback_days: int, tmp_path: Path) -> None:
    world = random_world(seed)
    slow = Brute(world)
    touches = [{**touch, "person": person} for person in slow.people for touch in slow.touches(person)]
    orders = [order for orders in slow.orders.values() for order in orders]

    found = paths_of(world, tmp_path, lookback_days=lookback_days)

    expected = attribution.build_paths(
        {
            "person": [touch["person"] for touch in touches],
            "channel": [str(touch["source_id"]) for touch in touches],
            "at": [touch["occurred_at"] for touch in touches],
        },
        {
            "person": [order["person_id"] for order in orders],
            "at": [order["placed_at"] for order in orders],
            "value": [order["net_minor"] or 0 for order in orders],
        },
        lookback_days=lookback_days,
    )
    assert found.to_frame().to_pydict() == expected.to_frame().to_pydict()
    assert (found.untouched, found.untouched_value) == (expected.untouched, expected.untouched_value)


@pytest.mark.parametrize("seed", range(3))
def test_the_last_touch_of_paths_is_that_of_the_report(seed: int, tmp_path: Path) -> None:
    world = random_world(seed)
    first = min(row["placed_at"] for row in world.tables["home_order"]).date()
    report = Brute(world).attribution(Period(first.replace(year=2025), first.replace(year=2027)))

    found = attribution.last(paths_of(world, tmp_path))

    credited = {int(source): (found.value[place], found.credit[place]) for place, source in enumerate(found.channel)}
    assert credited == {
        source: (revenue, orders) for source, (_, revenue, orders, _) in report.items() if source in credited
    }
    assert (found.unattributed_value, found.unattributed) == report[0][1:3]


def test_nothing_has_happened_yet(tmp_path: Path) -> None:
    world = World()
    world.event(1, on(1), source_id=DOUYIN)

    with pytest.raises(NotEnoughDataError):
        attribution.markov(paths_of(world, tmp_path))

"""Every statement gives the same answer on DuckDB and on a real Spark cluster over the same files."""

import random
import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.cluster.compare import differences
from tests.cluster.standalone import Cluster
from tests.integration.engine.macros import CASES, NUMBERS
from tests.integration.engine.worlds import START, WORKSPACE, Files, World, random_world

from fanwheel.infra import sqlfile
from fanwheel.infra.engine import Engine
from fanwheel.infra.engine.on_duckdb import DuckDBEngine
from fanwheel.infra.engine.on_spark import SparkEngine
from fanwheel.measure.insights import funnels
from fanwheel.measure.insights.answers import BUYERS
from fanwheel.measure.ledger.datasets import OWN_DEEDS
from fanwheel.measure.reports import datasets
from fanwheel.measure.reports.cubes import number_of

pytestmark = [pytest.mark.cluster, pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(900)]

PACKAGES = (
    "fanwheel.measure.reports",
    "fanwheel.measure.ledger",
    "fanwheel.measure.ledger.geo_tests",
    "fanwheel.measure.attribution",
    "fanwheel.measure.insights",
    "fanwheel.infra.engine",
    "fanwheel.cdp.events",
)
SEEDS = (1, 2)
# One step twice, and a window in which later first steps matter.
STEPS = ("Product Viewed", "Channel Joined", "Product Viewed", "Order Completed")
FUNNEL = funnels.plan(STEPS, window_days=20, first=START.date(), last=START.date() + timedelta(days=90), zone="UTC")
TODAY = number_of(START.date()) + 200
KEPT = {**{name: BUYERS[name] for name in ("purchase", "rfm_person")}, "funnel_step": funnels.SQL["funnel_step"]}
REGIONS = pa.table(
    {
        "person_id": pa.array(range(1, 101), pa.int64()),
        "trait": ["city"] * 100,
        "region": [("上海", "Łódź", "paris")[person % 3] for person in range(100)],
    }
)
# An ORDER BY of the whole statement; those of windows stand further in.
IN_ORDER = re.compile(r"^ ORDER BY", re.MULTILINE)


def portable() -> dict[str, str]:
    """Every statement of the product whose header says that it runs on both engines."""
    found = {}
    for package in PACKAGES:
        for file in sorted(resources.files(package).iterdir(), key=lambda item: item.name):
            if file.name.endswith(".sql"):
                for name, text in sqlfile.load(package, file.name).items():
                    if "-- engine: DuckDB, Spark" in text:
                        found[name] = text
    return found


STATEMENTS = portable()


def test_every_statement_of_a_book_says_that_it_runs_on_both_engines() -> None:
    assert {*datasets.KEPT.values(), *datasets.CUBES.values()} <= {*STATEMENTS.values()}


class Pair:
    """The same world on both engines."""

    def __init__(self, world: World, events: Files, folder: Path, url: str) -> None:
        self.world = world
        self.engines: list[Engine] = [DuckDBEngine(memory_mb=512, temp_dir=folder), SparkEngine(url)]
        wanted = pa.table({"home_id": pa.array([1, 2, 3, 5, 8, 13], pa.int64())})
        for engine in self.engines:
            datasets.fill(engine, world.place, events, world.arrow())
            if not world.tables["erased"]:
                engine.define("any_event", STATEMENTS["event"], workspace=WORKSPACE)
            engine.table("wanted", wanted)
            engine.table("own_deed", OWN_DEEDS)
            engine.table("person_region", REGIONS)
            for name, sql in KEPT.items():
                engine.keep(name, sql, **self.params)

    @property
    def params(self) -> dict[str, Any]:
        days = {"until_day": TODAY, "cut_day": TODAY - 100}
        return {**self.world.place.params, **FUNNEL.params, **days}

    def ask(self, sql: str) -> tuple[pa.Table, pa.Table]:
        last = self.world.events[len(self.world.events) // 2]
        params = {
            **self.params,
            "workspace": WORKSPACE,
            "before_at": last["occurred_at"],
            "before_id": last["event_id"],
            "limit": 50,
        }
        one, other = (engine.query(sql, **params) for engine in self.engines)
        return one, other

    def close(self) -> None:
        for engine in self.engines:
            engine.close()


@pytest.fixture(scope="session", params=SEEDS)
def pair(request: pytest.FixtureRequest, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("pair")
    world = random_world(request.param, people=150, events=4000)
    made = Pair(world, world.files(folder / "lake", random.Random(request.param)), folder / "tmp", cluster.url)
    yield made
    made.close()


@pytest.mark.parametrize("name", STATEMENTS)
def test_both_engines_agree_on(pair: Pair, name: str) -> None:
    sql = STATEMENTS[name]

    one, other = pair.ask(sql)

    assert one.num_rows > 0
    assert differences(one, other, ordered=IN_ORDER.search(sql) is not None) == []


@pytest.mark.parametrize("name", CASES)
def test_both_engines_agree_on_the_macro(pair: Pair, name: str) -> None:
    for engine in pair.engines:
        engine.table("numbers", NUMBERS)

    one, other = pair.ask(CASES[name])

    assert one.num_rows > 0
    assert differences(one, other, ordered=True) == []


def test_both_engines_agree_where_nothing_has_happened_yet(cluster: Cluster, tmp_path: Path) -> None:
    world = World()
    nothing = Pair(world, world.files(tmp_path / "lake", random.Random(0)), tmp_path / "tmp", cluster.url)

    wrong = {name: differences(*_answers(nothing, sql), ordered=True) for name, sql in datasets.CUBES.items()}
    nothing.close()

    assert not any(wrong.values()), wrong


def _answers(pair: Pair, sql: str) -> tuple[pa.Table, pa.Table]:
    one, other = (engine.query(sql, **pair.world.place.params) for engine in pair.engines)
    return one, other


class Asking(threading.Thread):
    """Spark works out a whole book, statement by statement."""

    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self.pair = pair
        self.answers: dict[str, pa.Table] = {}
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            for name, sql in datasets.CUBES.items():
                self.answers[name] = self.pair.engines[1].query(sql, **self.pair.world.place.params)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            self.error = error


def test_a_worker_killed_in_mid_query_changes_no_answer(cluster: Cluster, tmp_path: Path) -> None:
    world = random_world(11, people=3000, events=60_000)
    pair = Pair(world, world.files(tmp_path / "lake", random.Random(11), files=8), tmp_path / "tmp", cluster.url)
    asking = Asking(pair)

    asking.start()
    _wait_for_running_tasks()
    cluster.kill_worker(0)
    still_at_it = asking.is_alive()
    asking.join()
    wrong = {
        name: differences(pair.engines[0].query(sql, **world.place.params), asking.answers[name], ordered=True)
        for name, sql in datasets.CUBES.items()
        if name in asking.answers
    }
    cluster.restart_worker(0)
    again = pair.ask(datasets.CUBES["stages"])
    pair.close()

    assert asking.error is None
    assert still_at_it, "the worker was killed too late"
    assert wrong.keys() == datasets.CUBES.keys()
    assert not any(wrong.values()), wrong
    assert differences(*again, ordered=True) == []


def _wait_for_running_tasks() -> None:
    """Return while a task of some stage runs on the cluster."""
    from pyspark.sql import SparkSession

    tracker = SparkSession.builder.getOrCreate().sparkContext.statusTracker()
    until = time.monotonic() + 120
    while time.monotonic() < until:
        stages: list[Any] = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        if any(stage and stage.numActiveTasks > 0 for stage in stages):
            return
        time.sleep(0.01)
    raise TimeoutError("no task began")

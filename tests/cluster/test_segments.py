"""Segments built on a real Spark cluster are those that DuckDB builds."""

from pathlib import Path
from random import Random

import pytest
from tests.cluster.standalone import Cluster
from tests.support import segments_analytic
from tests.support import segments_random as chance

from fanwheel.cdp.segments import reading
from fanwheel.cdp.segments.analytic.build import Build, work_out
from fanwheel.infra.engine import Engine
from fanwheel.infra.engine.on_duckdb import DuckDBEngine
from fanwheel.infra.engine.on_spark import SparkEngine

pytestmark = [pytest.mark.cluster, pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(900)]

RULES = 24


def build(engine: Engine, seed: int, folder: Path) -> Build:
    rng = Random(seed)
    world = chance.random_world(rng, homes=12)
    rules = {number: reading.read_rule(chance.random_rule(rng)) for number in range(RULES)}
    now = chance.random_instant(rng)
    with engine:
        rows = segments_analytic.fill(engine, world, 1, rng, folder)
        return work_out(engine, segments_analytic.place_of(world, now), rows, rules)


@pytest.mark.parametrize("seed", [1, 2])
def test_both_engines_build_the_same_segments(cluster: Cluster, tmp_path: Path, seed: int) -> None:
    one = build(DuckDBEngine(memory_mb=512, temp_dir=tmp_path / "spill"), seed, tmp_path / "one")
    other = build(SparkEngine(cluster.url), seed, tmp_path / "other")

    members = [{number: ids.tolist() for number, ids in built} for built in (one, other)]
    assert members[0] == members[1]
    assert sum(0 < len(ids) < len(one.people) for ids in members[0].values()) >= RULES // 4
    assert [column.tolist() for column in one.due] == [column.tolist() for column in other.due]

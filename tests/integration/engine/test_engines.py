"""Engines: what is named can be asked, what is not there is empty or told, and nothing is fetched from outside."""

import asyncio
import dataclasses
import random
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pytest
from tests.integration.engine.worlds import World
from tests.support.stream import NOON, Event, Stream

from fanwheel.infra import lake
from fanwheel.infra.engine import EngineDownError, EngineMissingError, open_engine, register_events
from fanwheel.infra.engine.events import SCHEMA
from fanwheel.infra.engine.on_duckdb import DuckDBEngine
from fanwheel.infra.lake import Exporter, LakeOptions, LakeSnapshot
from fanwheel.infra.settings import Settings
from fanwheel.measure.reports import Reports, rules
from fanwheel.measure.reports.cubes import Period


@pytest.fixture
def engine(tmp_path: Path) -> DuckDBEngine:
    return DuckDBEngine(memory_mb=64, temp_dir=tmp_path / "tmp", threads=1)


def test_without_files_the_table_of_events_is_there_and_empty(engine: DuckDBEngine, tmp_path: Path) -> None:
    nobody = pa.table({"home_id": pa.array([], pa.int64())})

    register_events(engine, World().files(tmp_path, random.Random(0)), 1, erased=nobody)

    found = engine.query("SELECT event_id, home_id, occurred_at, properties FROM event")
    assert found.num_rows == 0
    assert found.schema.field("occurred_at").type == pa.timestamp("us", "UTC")
    assert found.schema.field("event_id").type == SCHEMA.field("event_id").type


def test_a_value_is_a_value_whatever_it_looks_like(engine: DuckDBEngine) -> None:
    engine.table("item", pa.table({"name": ["x' OR '1'='1", "@day(", "%(name)s"]}))

    found = [
        engine.query("SELECT name FROM item WHERE name = %(name)s", name=name, unused=1).column("name").to_pylist()
        for name in ("x' OR '1'='1", "@day(", "%(name)s")
    ]

    assert found == [["x' OR '1'='1"], ["@day("], ["%(name)s"]]


def test_a_kept_result_is_not_worked_out_again(engine: DuckDBEngine) -> None:
    engine.table("item", pa.table({"n": [1, 2, 3]}))
    engine.keep("total", "SELECT CAST(sum(n) AS BIGINT) AS n FROM item WHERE n > %(over)s", over=1)
    engine.table("item", pa.table({"n": [7]}))

    assert engine.query("SELECT n FROM total").to_pylist() == [{"n": 5}]


def test_a_name_is_free_again_once_its_result_is_forgotten(engine: DuckDBEngine) -> None:
    engine.keep("total", "SELECT 5 AS n")
    engine.forget("total")
    engine.keep("total", "SELECT 7 AS n")

    assert engine.query("SELECT n FROM total").to_pylist() == [{"n": 7}]


def test_a_statement_cannot_fetch_an_extension_or_change_the_limits(engine: DuckDBEngine) -> None:
    for sql in ("SET memory_limit = '9GB'", "SET autoinstall_known_extensions = true"):
        with pytest.raises(Exception, match="locked"):
            engine.query(sql)


def test_a_file_that_is_gone_is_told_as_such(engine: DuckDBEngine, tmp_path: Path) -> None:
    with pytest.raises(EngineDownError):
        engine.files("lake_event", [str(tmp_path / "gone.parquet")], root=tmp_path, schema=SCHEMA)


@pytest.mark.skipif(find_spec("pyspark") is not None, reason="pyspark is installed here")
def test_spark_without_pyspark_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(EngineMissingError) as told:
        open_engine(Settings(home=tmp_path, engine="spark://127.0.0.1:7077"))

    assert told.value.hint is not None
    assert "pyspark" in told.value.hint


def test_a_report_survives_files_that_an_erasure_takes_away_under_it(
    stream: Stream, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream.put(Event(who="u1", source=1, domain=1))
    exporter = Exporter(settings, stream.dsn, options=LakeOptions(erasure_grace_s=0))
    exporter.run_once()
    exporter.close()
    look = lake.snapshot
    looks: list[LakeSnapshot] = []

    def stale_at_first(home: Path, dsn: str, *, workspace: int) -> LakeSnapshot:
        looks.append(look(home, dsn, workspace=workspace))
        if len(looks) > 1:
            return looks[-1]
        return dataclasses.replace(looks[0], files=[*looks[0].files, str(looks[0].root / "gone.parquet")])

    monkeypatch.setattr(lake, "snapshot", stale_at_first)
    reports = Reports.of(settings, stream.dsn)
    book = asyncio.run(reports.book(stream.workspace))
    reports.close()

    assert len(looks) == 2
    assert rules.flows(book, Period(NOON.date(), NOON.date())).domains[0].touches == 1

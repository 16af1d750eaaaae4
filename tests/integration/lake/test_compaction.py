"""Rewriting arranges files by person and changes no row."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.integration.lake.conftest import EAGER, in_database, in_files, in_snapshot, put_now

from fanwheel.infra.lake import Exporter, LakeOptions, LakeRivalError, compaction, rules, snapshot
from fanwheel.infra.lake.datasets import LakeReader
from fanwheel.infra.lake.table import EventTable
from fanwheel.infra.settings import Settings

Make = Callable[..., Exporter]
LONG_AGO = datetime(2026, 3, 14, 12, tzinfo=UTC)


def _buckets(settings: Settings) -> list[int]:
    return sorted(file.bucket for file in EventTable.open(settings.lake_path / "event").files())


def test_a_closed_month_becomes_sixteen_sorted_buckets(dsn: str, settings: Settings, make_exporter: Make) -> None:
    exporter = make_exporter()
    for _ in range(3):
        put_now(dsn, 400, occurred_at=LONG_AGO)
        exporter.run_once()

    rewritten = exporter.compact_once()

    files = snapshot(settings.home, dsn).files
    assert rewritten == 3
    assert _buckets(settings) == list(range(16))
    assert in_files(files) == in_database(dsn)
    for file in files:
        rows = pq.read_table(file, columns=["workspace_id", "person_id", "occurred_at"]).to_pylist()
        assert rows == sorted(rows, key=lambda row: (row["workspace_id"], row["person_id"], row["occurred_at"]))


def test_a_rewrite_that_reads_in_passes_gives_the_same(dsn: str, settings: Settings, make_exporter: Make) -> None:
    put_now(dsn, 5000, occurred_at=LONG_AGO)
    exporter = make_exporter(LakeOptions(bucket_rows=500, pass_mb=1, memory_mb=64))
    exporter.run_once()

    exporter.compact_once()

    assert _buckets(settings) == list(range(16))
    assert in_files(snapshot(settings.home, dsn).files) == in_database(dsn)


def test_a_small_closed_month_becomes_one_sorted_file_and_stays(
    dsn: str, settings: Settings, make_exporter: Make
) -> None:
    exporter = make_exporter()
    for _ in range(3):
        put_now(dsn, 20, occurred_at=LONG_AGO)
        exporter.run_once()

    turns = [exporter.compact_once() for _ in range(2)]

    assert turns == [3, 0]
    assert _buckets(settings) == [-1]


def test_late_events_join_the_buckets_and_runs_are_merged(dsn: str, settings: Settings, make_exporter: Make) -> None:
    exporter = make_exporter(LakeOptions(bucket_rows=500, max_runs=2))
    for _ in range(4):
        put_now(dsn, 800, occurred_at=LONG_AGO)
        exporter.run_once()
        exporter.compact_once()
    exporter.compact_once()

    assert len(_buckets(settings)) <= 32
    assert in_files(snapshot(settings.home, dsn).files) == in_database(dsn)


def test_a_trickle_of_late_events_does_not_rewrite_a_month(dsn: str, make_exporter: Make) -> None:
    exporter = make_exporter()
    put_now(dsn, 1000, occurred_at=LONG_AGO)
    exporter.run_once()
    exporter.compact_once()
    put_now(dsn, 10, occurred_at=LONG_AGO)
    exporter.run_once()

    assert exporter.compact_once() == 0


def test_many_small_files_of_the_open_month_become_one(dsn: str, settings: Settings, make_exporter: Make) -> None:
    exporter = make_exporter(LakeOptions(merge_files=4))
    for _ in range(4):
        put_now(dsn, 5)
        exporter.run_once()

    assert exporter.compact_once() == 4
    assert _buckets(settings) == [-1]
    assert in_files(snapshot(settings.home, dsn).files) == in_database(dsn)


def test_large_files_of_the_open_month_are_arranged_by_person(
    dsn: str, settings: Settings, make_exporter: Make
) -> None:
    exporter = make_exporter(LakeOptions(merge_files=4, small_rows=50))
    for row_count in (200, 200, 200, 200, 5):
        put_now(dsn, row_count)
        exporter.run_once()

    assert exporter.compact_once() == 4
    assert _buckets(settings) == list(range(-1, 16))
    assert in_files(snapshot(settings.home, dsn).files) == in_database(dsn)


def test_sorted_runs_of_like_size_become_one(dsn: str, settings: Settings, make_exporter: Make) -> None:
    exporter = make_exporter(LakeOptions(merge_files=2, small_rows=50))
    for _ in range(4):
        put_now(dsn, 300)
        exporter.run_once()
        exporter.compact_once()

    runs = {file.run for file in EventTable.open(settings.lake_path / "event").files()}
    assert len(runs) == 2
    assert exporter.compact_once() == 32
    assert _buckets(settings) == list(range(16))
    assert in_files(snapshot(settings.home, dsn).files) == in_database(dsn)


@pytest.mark.parametrize("moment", ["rewrite_begun", "rewrite_written"])
def test_an_export_in_the_middle_of_a_rewrite_is_kept(
    dsn: str, settings: Settings, make_exporter: Make, moment: str
) -> None:
    seen = []

    def meanwhile(step: str) -> None:
        if step == moment:
            put_now(dsn, 100, occurred_at=LONG_AGO)
            other = threading.Thread(target=exporter.run_once)
            other.start()
            other.join()
        if step.startswith("rewrite"):
            seen.append(in_snapshot(snapshot(settings.home, dsn)) == in_database(dsn))

    exporter = make_exporter(LakeOptions(bucket_rows=500, on_step=meanwhile))
    put_now(dsn, 600, occurred_at=LONG_AGO)
    exporter.run_once()
    exporter.compact_once()

    assert seen == [True, True, True]
    assert -1 in _buckets(settings)  # the export's file, beside the buckets
    assert in_files(snapshot(settings.home, dsn).files) == in_database(dsn)


def test_of_two_rewrites_from_one_state_the_second_is_refused(
    dsn: str, settings: Settings, make_exporter: Make
) -> None:
    put_now(dsn, 600, occurred_at=LONG_AGO)
    root = settings.lake_path / "event"

    def outrun(step: str) -> None:
        if step == "rewrite_written":
            # Another process that believes to lead rewrites the same files. Delta alone would let both through.
            table = EventTable.open(root)
            (due,) = rules.plan(table.files(), now=datetime.now(UTC), options=EAGER)
            with LakeReader(settings.home / "rival", memory_mb=64) as reader:
                compaction.rewrite(table, due, reader=reader, options=EAGER)

    exporter = make_exporter(LakeOptions(bucket_rows=500, on_step=outrun))
    exporter.run_once()

    with pytest.raises(LakeRivalError):
        exporter.compact_once()
    assert in_files(snapshot(settings.home, dsn).files) == in_database(dsn)


def test_removed_files_outlive_running_readers_and_then_go(dsn: str, settings: Settings, make_exporter: Make) -> None:
    put_now(dsn, 600, occurred_at=LONG_AGO)
    exporter = make_exporter()
    exporter.run_once()
    before = snapshot(settings.home, dsn)
    exporter.compact_once()

    assert in_snapshot(before) == in_database(dsn)  # a reader of the older state
    EventTable.open(settings.lake_path / "event").vacuum(0)
    assert not [path for path in before.files if Path(path).exists()]
    assert in_snapshot(snapshot(settings.home, dsn)) == in_database(dsn)

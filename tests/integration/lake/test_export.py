"""What is committed is in the lake once, whatever order it was committed in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pyarrow.compute as pc
import pytest
from tests.integration.lake.conftest import in_database, in_files, in_snapshot, put, put_now

from fanwheel.infra import sqlfile
from fanwheel.infra.lake import SCHEMA, Exporter, LakeOptions, hot_tail, snapshot
from fanwheel.infra.settings import Settings

Make = Callable[..., Exporter]


def test_committed_events_reach_the_lake_once(dsn: str, settings: Settings, make_exporter: Make) -> None:
    put_now(dsn, 300)
    put_now(dsn, 200, occurred_at=datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC))
    exporter = make_exporter()

    first, second = exporter.run_once(), exporter.run_once()

    state = snapshot(settings.home, dsn)
    assert (first.row_count, second.row_count) == (500, 0)
    assert in_files(state.files) == in_database(dsn)
    assert state.tail.num_rows == 0


def test_a_transaction_that_commits_late_is_not_skipped(dsn: str, settings: Settings, make_exporter: Make) -> None:
    exporter = make_exporter()
    with psycopg.connect(dsn) as slow:
        put(slow, 10)
        put_now(dsn, 20)

        exporter.run_once()
        held = snapshot(settings.home, dsn)

        assert held.files == []  # the open transaction is older than the committed one
        assert held.tail.num_rows == 20
    exporter.run_once()
    assert len(in_files(snapshot(settings.home, dsn).files)) == 30


def test_rolled_back_events_never_appear(dsn: str, settings: Settings, make_exporter: Make) -> None:
    with psycopg.connect(dsn) as conn:
        put(conn, 50)
        conn.rollback()
    kept = put_now(dsn, 5)

    make_exporter().run_once()

    assert [row[0] for row in in_files(snapshot(settings.home, dsn).files)] == sorted(kept)


def test_the_watermark_stays_at_ids_that_a_crash_cannot_take_back(dsn: str, make_exporter: Make) -> None:
    put_now(dsn, 5)
    with psycopg.connect(dsn) as conn:
        last = conn.execute("SELECT max(tx) FROM event").fetchone()
        for _ in range(20):  # ids that no log record names: after a crash they are handed out again
            conn.execute("SELECT pg_current_xact_id()")
            conn.rollback()

    result = make_exporter().run_once()

    assert last is not None
    assert result.watermark == last[0] + 1


def test_a_backlog_becomes_slices(dsn: str, settings: Settings, make_exporter: Make) -> None:
    for _ in range(10):
        put_now(dsn, 100)

    result = make_exporter(LakeOptions(slice_rows=250)).run_once()

    assert result.commits == 4
    assert in_files(snapshot(settings.home, dsn).files) == in_database(dsn)


def test_only_one_exporter_leads_until_it_ends(dsn: str, make_exporter: Make) -> None:
    first, second = make_exporter(), make_exporter()
    put_now(dsn, 5)

    assert first.run_once().is_leader
    assert not second.run_once().is_leader
    first.close()
    assert second.run_once().is_leader


def test_an_exporter_that_lost_its_lock_unnoticed_doubles_nothing(
    dsn: str, settings: Settings, make_exporter: Make
) -> None:
    put_now(dsn, 40)
    second = make_exporter()

    def lose(step: str) -> None:
        if step == "export_written":
            with psycopg.connect(dsn, autocommit=True) as conn:
                conn.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 8400002"
                    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                )
            while not second.run_once().is_leader:
                pass

    first = make_exporter(LakeOptions(on_step=lose))
    try:
        first.run_once()
    except Exception as error:  # noqa: BLE001
        refusal = type(error).__name__

    assert refusal == "LakeRivalError"
    assert in_files(snapshot(settings.home, dsn).files) == in_database(dsn)


def test_a_session_that_is_cut_is_taken_up_again(dsn: str, settings: Settings, make_exporter: Make) -> None:
    exporter = make_exporter()
    put_now(dsn, 5)
    exporter.run_once()
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database() AND backend_type = 'client backend'"
        )
    put_now(dsn, 7)

    outcomes = []
    for _ in range(2):
        try:
            outcomes.append(str(exporter.run_once().row_count))
        except Exception as error:  # noqa: BLE001
            outcomes.append(type(error).__name__)

    assert outcomes == ["DatabaseDownError", "7"]
    assert in_files(snapshot(settings.home, dsn).files) == in_database(dsn)


def test_a_snapshot_holds_each_event_once_while_one_is_exported(
    dsn: str, settings: Settings, make_exporter: Make
) -> None:
    put_now(dsn, 50)
    states = []
    options = LakeOptions(on_step=lambda _: states.append(snapshot(settings.home, dsn)))

    make_exporter(options).run_once()
    put_now(dsn, 10)
    states.append(snapshot(settings.home, dsn))

    assert [in_snapshot(state) for state in states[:-1]] == [in_database(dsn)[:50]] * 3
    assert in_snapshot(states[-1]) == in_database(dsn)


def test_the_tail_has_the_shape_of_the_lake_and_knows_workspaces(dsn: str) -> None:
    put_now(dsn, 3, workspace=1)
    put_now(dsn, 4, workspace=2)

    assert hot_tail(dsn, 0).schema == SCHEMA
    assert hot_tail(dsn, 0).num_rows == 7
    assert pc.unique(hot_tail(dsn, 0, workspace=2)["workspace_id"]).to_pylist() == [2]


def test_months_are_dropped_once_they_are_old_and_archived(dsn: str, settings: Settings, make_exporter: Make) -> None:
    old = datetime.now(UTC) - timedelta(days=100)
    with psycopg.connect(dsn) as conn:
        conn.execute("SELECT ensure_event_partitions(%s, 1)", [old])
        put(conn, 10, received_at=old, occurred_at=old)
        put(conn, 10)
    exporter = make_exporter()

    before = exporter.drop_partitions_once()
    exporter.run_once()
    after = exporter.drop_partitions_once()

    assert before == [] or old.year * 100 + old.month not in before
    assert old.year * 100 + old.month in after
    assert len(in_database(dsn)) == 10
    assert len(in_snapshot(snapshot(settings.home, dsn))) == 20


def test_a_month_that_just_reached_the_lake_is_kept_for_readers(dsn: str, make_exporter: Make) -> None:
    old = datetime.now(UTC) - timedelta(days=100)
    with psycopg.connect(dsn) as conn:
        conn.execute("SELECT ensure_event_partitions(%s, 0)", [old])
        put(conn, 10, received_at=old)
    exporter = make_exporter(LakeOptions(settle_minutes=10))
    exporter.run_once()

    assert exporter.drop_partitions_once() == []
    assert len(in_database(dsn)) == 10


@pytest.mark.parametrize("name", ["plan", "tail"])
def test_an_idle_turn_reads_no_old_blocks(dsn: str, make_exporter: Make, name: str) -> None:
    for _ in range(3):
        put_now(dsn, 20_000)
    exporter = make_exporter(LakeOptions(summarize_rows=1))
    watermark = exporter.run_once().watermark

    statement = sqlfile.load("fanwheel.infra.lake")[name].rstrip(";")
    with psycopg.connect(dsn) as conn:
        conn.execute("SELECT set_config('fanwheel.from_tx', %s, false)", [str(watermark)])
        conn.execute("SET enable_seqscan = off")  # as the exporter's sessions do
        rows = conn.execute(
            f"EXPLAIN (ANALYZE, COSTS OFF) {statement}".encode(), {"from_tx": watermark, "slice_rows": 1000}
        ).fetchall()

    plan = [row[0].strip() for row in rows]
    read = [int(line.split("lossy=")[1]) for line in plan if line.startswith("Heap Blocks: lossy=")]
    assert not [line for line in plan if "Seq Scan" in line]
    assert sum(read) <= 64  # the last range, which is still being filled

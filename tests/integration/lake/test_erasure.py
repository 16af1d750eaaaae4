"""Who is erased is in no file any more, and does not come back."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from tests.integration.lake.conftest import EAGER, in_database, in_files, put, put_now

from fanwheel.infra.lake import Exporter, LakeOptions, LakeRivalError, snapshot
from fanwheel.infra.settings import Settings

Make = Callable[..., Exporter]
LONG_AGO = datetime(2026, 3, 14, 12, tzinfo=UTC)
SECRET = "Zebrafinch-Lane-17"


def _ask(dsn: str, homes: list[int], *, workspace: int = 1) -> None:
    with psycopg.connect(dsn) as conn:
        conn.execute(
            "INSERT INTO workspace (slug, name) SELECT 's' || n, 'n' FROM generate_series(1, 2) AS n"
            " ON CONFLICT DO NOTHING"
        )
        conn.execute(
            "INSERT INTO erasure (workspace_id, home_ids, requested_by) VALUES (%s, %s, 'user:1')", [workspace, homes]
        )


def _is_pending(dsn: str) -> bool:
    with psycopg.connect(dsn) as conn:
        return conn.execute("SELECT 1 FROM erasure WHERE lake_done_at IS NULL").fetchone() is not None


def _traces(home: Path) -> list[str]:
    import pyarrow.parquet as pq

    found = []
    for path in (home / "lake").rglob("*"):
        if path.suffix == ".parquet" and "_delta_log" not in path.parts:
            if SECRET in "".join(pq.read_table(path, columns=["properties"])["properties"].to_pylist()):
                found.append(str(path))
        elif path.is_file() and SECRET.encode() in path.read_bytes():
            found.append(str(path))
    return found


def test_an_erased_person_is_in_no_file_on_disk(dsn: str, settings: Settings, make_exporter: Make) -> None:
    exporter = make_exporter()
    for at in (LONG_AGO, None):
        put_now(dsn, 30, person=7, occurred_at=at, text=SECRET)
        put_now(dsn, 600, occurred_at=at)
        exporter.run_once()
    exporter.compact_once()  # the files before it are still on disk
    put_now(dsn, 5, person=7, text=SECRET)  # and these are not in the lake yet
    assert _traces(settings.home)

    _ask(dsn, [7, 999_999])
    done = exporter.erase_once()
    exporter.run_once()

    assert done == 1
    assert not _is_pending(dsn)
    assert _traces(settings.home) == []
    left = in_files(snapshot(settings.home, dsn).files)
    assert left == in_database(dsn)
    assert not [row for row in left if row[1] == 7]
    assert len(left) > 1000


def test_the_same_home_of_another_workspace_stays(dsn: str, settings: Settings, make_exporter: Make) -> None:
    exporter = make_exporter()
    put_now(dsn, 10, person=7, workspace=1)
    kept = put_now(dsn, 10, person=7, workspace=2)
    exporter.run_once()

    _ask(dsn, [7], workspace=1)
    exporter.erase_once()

    assert [row[0] for row in in_files(snapshot(settings.home, dsn).files)] == sorted(kept)


def test_an_export_that_had_read_the_person_is_refused(dsn: str, settings: Settings, make_exporter: Make) -> None:
    put_now(dsn, 10, person=7, text=SECRET)
    put_now(dsn, 10, person=8)
    second = make_exporter()

    def lose(step: str) -> None:
        if step == "export_written":  # its files hold the person, its session is cut, another one leads and erases
            with psycopg.connect(dsn, autocommit=True) as conn:
                conn.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                )
            _ask(dsn, [7])
            while not second.erase_once():
                pass

    first = make_exporter(LakeOptions(on_step=lose))
    with pytest.raises(LakeRivalError):
        first.run_once()
    second.run_once()

    assert _traces(settings.home) == []
    assert [row[1] for row in in_files(snapshot(settings.home, dsn).files)] == [8] * 10


def test_an_erasure_waits_for_events_on_their_way_in(dsn: str, make_exporter: Make) -> None:
    exporter = make_exporter()
    with psycopg.connect(dsn) as slow:
        put(slow, 3, person=7)
        _ask(dsn, [7])
        waiting = exporter.erase_once()
    done = exporter.erase_once()

    assert (waiting, done) == (0, 1)
    assert in_database(dsn) == []


def test_an_erasure_is_carried_out_once(dsn: str, settings: Settings, make_exporter: Make) -> None:
    exporter = make_exporter(EAGER)
    put_now(dsn, 10, person=8)
    exporter.run_once()
    _ask(dsn, [7])

    assert [exporter.erase_once(), exporter.erase_once()] == [1, 0]
    assert len(in_files(snapshot(settings.home, dsn).files)) == 10

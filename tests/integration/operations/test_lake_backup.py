"""A backup and the lake: after a restore every event is in the lake, or in PostgreSQL and then in the lake, once."""

import threading
from collections import Counter
from pathlib import Path

import psycopg
import pyarrow.dataset as ds
import pytest
from deltalake import DeltaTable
from tests.integration.operations.conftest import add_events

from fanwheel.infra.lake import Exporter, LakeOptions
from fanwheel.infra.operations import back_up, lakefiles, restore
from fanwheel.infra.operations.errors import NotFreshError
from fanwheel.infra.settings import Settings

EAGER = LakeOptions(settle_minutes=0, retention_hours=0, slice_rows=200)


def exporter(home: Path, dsn: str) -> Exporter:
    return Exporter(Settings(home=home, hot_days=8), dsn, options=EAGER)


def in_lake(home: Path) -> Counter[bytes]:
    files = DeltaTable(home / "lake/event").file_uris()
    return Counter(ds.dataset([uri.removeprefix("file://") for uri in files]).to_table()["event_id"].to_pylist())


def in_postgres(dsn: str) -> Counter[bytes]:
    with psycopg.connect(dsn) as conn:
        return Counter(row[0].bytes for row in conn.execute("SELECT event_id FROM event"))


def test_after_a_restore_every_event_reaches_the_lake_once(filled_dsn: str, empty_dsn: str, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    everything = in_postgres(filled_dsn)
    first = exporter(old, filled_dsn)
    first.run_once()
    assert first.drop_partitions_once() == [202503]  # those 300 are in the lake only, from now on
    first.close()
    with psycopg.connect(filled_dsn) as conn:
        add_events(conn, 50)  # and these only in PostgreSQL
    everything |= in_postgres(filled_dsn)

    back_up(filled_dsn, old, tmp_path / "backup.zip")
    restore(empty_dsn, new, tmp_path / "backup.zip")
    second = exporter(new, empty_dsn)
    second.run_once()
    with psycopg.connect(empty_dsn) as conn:
        add_events(conn, 5)
    second.run_once()
    second.close()

    assert len(everything) == 1050
    assert in_lake(new) == everything | in_postgres(empty_dsn)
    assert in_lake(new).total() == 1055


def test_a_backup_beside_a_running_exporter_loses_and_doubles_nothing(
    filled_dsn: str, empty_dsn: str, tmp_path: Path
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    enough = threading.Event()

    def export() -> None:
        running = exporter(old, filled_dsn)
        with psycopg.connect(filled_dsn) as conn:
            while not enough.is_set():
                add_events(conn, 20)
                conn.commit()
                running.run_once()
                running.compact_once()
        running.close()

    busy = threading.Thread(target=export)
    busy.start()
    try:
        for number in range(3):
            back_up(filled_dsn, old, tmp_path / f"{number}.zip")
    finally:
        enough.set()
        busy.join()
    restore(empty_dsn, new, tmp_path / "2.zip")
    restored = in_postgres(empty_dsn)
    after = exporter(new, empty_dsn)
    after.run_once()
    after.close()

    assert in_lake(new) == restored
    assert restored.total() > 1000


def test_files_of_a_held_lake_outlive_their_removal(filled_dsn: str, tmp_path: Path) -> None:
    running = exporter(tmp_path, filled_dsn)
    running.run_once()

    with lakefiles.held(tmp_path) as files:
        for path in (tmp_path / "lake/event").rglob("*.parquet"):
            path.unlink()
        sizes = {name: path.stat().st_size for path, name in files}

    running.close()
    assert any(name.endswith(".parquet") for name in sizes)
    assert min(sizes.values()) > 0
    assert not list(tmp_path.glob("backup-*"))


def test_a_home_without_a_lake_holds_no_files(tmp_path: Path) -> None:
    with lakefiles.held(tmp_path) as files:
        assert files == []


def test_a_restore_under_a_running_worker_is_refused(filled_dsn: str, empty_dsn: str, tmp_path: Path) -> None:
    from fanwheel.infra.postgres.migrate import _migrate

    back_up(filled_dsn, tmp_path / "old", tmp_path / "backup.zip")
    _migrate(empty_dsn)
    worker = exporter(tmp_path / "new", empty_dsn)
    worker.run_once()

    with pytest.raises(NotFreshError, match="worker"):
        restore(empty_dsn, tmp_path / "new", tmp_path / "backup.zip")

    worker.close()
    restore(empty_dsn, tmp_path / "new", tmp_path / "backup.zip")
    assert in_postgres(empty_dsn) == in_postgres(filled_dsn)

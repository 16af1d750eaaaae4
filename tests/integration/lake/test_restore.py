"""A restored database and the lake find together again."""

import asyncio
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.integration.lake.conftest import EAGER, in_database, in_files, put_now

from fanwheel.infra.lake import Exporter, LakeSettlingError, snapshot
from fanwheel.infra.postgres import binaries, migrate
from fanwheel.infra.postgres.supervisor import embedded
from fanwheel.infra.settings import Settings


@pytest.fixture
def other_server() -> Iterator[str]:
    """Another cluster, whose transaction ids begin anew."""
    with tempfile.TemporaryDirectory(prefix="fw-lake-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with embedded(Path(folder) / "home") as dsn:
            asyncio.run(migrate(dsn))  # makes the roles
            yield dsn


def _burn_transaction_ids(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("DO $$ BEGIN FOR n IN 1..3000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$")


def _copy(source: str, target: str) -> str:
    """Dump one database into a new one of another server; return its DSN."""
    programs = binaries.find()
    restored = make_conninfo(target, dbname="restored")
    with psycopg.connect(target, autocommit=True) as conn:
        conn.execute("CREATE DATABASE restored")
    dump = subprocess.run([programs.program("pg_dump"), "-Fc", "--no-owner", source], check=True, capture_output=True)
    subprocess.run(
        [programs.program("pg_restore"), "--no-owner", "-d", restored],
        input=dump.stdout,
        check=True,
        capture_output=True,
    )
    return restored


@pytest.mark.parametrize("is_announced", [True, False])
def test_a_restored_database_and_the_lake_agree_again(
    dsn: str, other_server: str, settings: Settings, is_announced: bool
) -> None:
    _burn_transaction_ids(dsn)
    exporter = Exporter(settings, dsn, options=EAGER)
    put_now(dsn, 400)
    exporter.run_once()
    exporter.compact_once()
    put_now(dsn, 50)
    restored = _copy(dsn, other_server)
    put_now(dsn, 30)  # lost with the old server, but for the lake
    exporter.run_once()
    exporter.close()
    lost = set(in_database(dsn)) - set(in_database(restored))

    if is_announced:  # as fanwheel restore does
        with psycopg.connect(restored) as conn:
            conn.execute("UPDATE installation SET lake_system = NULL")
    put_now(restored, 70)
    with pytest.raises(LakeSettlingError):
        snapshot(settings.home, restored)
    exporter = Exporter(settings, restored, options=EAGER)
    results = [exporter.run_once().row_count for _ in range(2)]
    put_now(restored, 20)

    state = snapshot(settings.home, restored)
    exporter.run_once()
    exporter.close()
    assert results == [70, 0]
    assert state.tail.num_rows == 20
    assert len(lost) == 30
    assert in_files(snapshot(settings.home, restored).files) == sorted([*in_database(restored), *lost])


def test_a_database_restored_without_anything_new_settles(dsn: str, other_server: str, settings: Settings) -> None:
    exporter = Exporter(settings, dsn, options=EAGER)
    put_now(dsn, 40)
    exporter.run_once()
    exporter.close()
    restored = _copy(dsn, other_server)

    exporter = Exporter(settings, restored, options=EAGER)
    result = exporter.run_once()
    exporter.close()

    assert result.row_count == 0
    assert in_files(snapshot(settings.home, restored).files) == in_database(restored)


def test_consumers_go_on_where_they_were_after_a_restore(dsn: str, other_server: str, settings: Settings) -> None:
    _burn_transaction_ids(dsn)
    read = put_now(dsn, 10)
    with psycopg.connect(dsn) as conn:
        conn.execute("INSERT INTO consumer SELECT 'fast', max(tx) + 1 FROM event")
        conn.execute("INSERT INTO consumer VALUES ('slow', 0)")
    unread = put_now(dsn, 5)
    restored = _copy(dsn, other_server)

    new = put_now(restored, 3)
    exporter = Exporter(settings, restored, options=EAGER)
    exporter.run_once()
    exporter.close()
    new += put_now(restored, 3)

    with psycopg.connect(restored) as conn:
        left = {
            name: {row[0] for row in conn.execute("SELECT event_id FROM event WHERE tx >= %s", [next_tx])}
            for name, next_tx in conn.execute("SELECT consumer_name, next_tx FROM consumer").fetchall()
        }
    assert left == {"fast": {*unread, *new}, "slow": {*read, *unread, *new}}


def test_a_lake_beside_an_older_copy_of_the_same_cluster_is_not_believed(
    dsn: str, settings: Settings, make_exporter: Callable[..., Exporter]
) -> None:
    put_now(dsn, 20)
    exporter = make_exporter()
    exporter.run_once()
    exporter.close()
    with psycopg.connect(dsn) as conn:  # as if the lake had seen a later life of this database
        epoch = conn.execute("SELECT lake_epoch FROM installation").fetchone()
        conn.execute("UPDATE installation SET lake_system = lake_system + 1")
    put_now(dsn, 5)

    result = make_exporter().run_once()

    with psycopg.connect(dsn) as conn:
        assert conn.execute("SELECT lake_epoch FROM installation").fetchone() != epoch
    assert result.row_count == 5
    assert in_files(snapshot(settings.home, dsn).files) == in_database(dsn)

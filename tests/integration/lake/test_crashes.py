"""An exporter killed at any step, among writers of all kinds, loses no event and doubles none."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import duckdb
import psycopg
import pytest
from tests.integration.lake.conftest import in_database, in_files, in_snapshot, put, put_now

from fanwheel.infra.lake import Exporter, snapshot
from fanwheel.infra.settings import Settings

STEPS = [
    *("export_begun", "export_written", "export_committed"),
    *("rewrite_begun", "rewrite_written", "rewrite_committed"),
    *("erasure_begun", "erasure_written", "erasure_committed", "erasure_vacuumed"),
]
LONG_AGO = datetime(2026, 3, 14, 12, tzinfo=UTC)
DOOMED = range(1001, 1011)


class Writers:
    """Four sessions that insert without end, keep transactions open and roll every tenth back."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._ended = threading.Event()
        self.committed: set[UUID] = set()
        self._threads = [threading.Thread(target=self._write, args=[number]) for number in range(4)]

    def _write(self, number: int) -> None:
        rng = random.Random(number)
        with psycopg.connect(self._dsn) as conn:
            while not self._ended.is_set():
                at = LONG_AGO if rng.random() < 0.5 else None
                ids = put(conn, rng.randrange(1, 60), occurred_at=at)
                self._ended.wait(rng.choice([0.01, 0.05, 0.3]))
                if rng.random() < 0.1:
                    conn.rollback()
                else:
                    conn.commit()
                    self.committed.update(ids)

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()


@contextmanager
def _child(home: Path, dsn: str, fatal: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, str(Path(__file__).with_name("child.py")), str(home), dsn, fatal]
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def _ask_for_erasure(dsn: str, home: int) -> None:
    with psycopg.connect(dsn) as conn:
        conn.execute("INSERT INTO workspace (slug, name) VALUES ('one', 'One') ON CONFLICT DO NOTHING")
        conn.execute("INSERT INTO erasure (workspace_id, home_ids, requested_by) VALUES (1, %s, 'user:1')", [[home]])


def _totals(files: list[str]) -> tuple[int, int, int]:
    with duckdb.connect() as duck:
        row = duck.execute(
            "SELECT count(*), count(DISTINCT event_id), sum((properties->>'total')::BIGINT)::BIGINT"
            "  FROM read_parquet(?, hive_partitioning = true)",
            [files],
        ).fetchone()
    assert row is not None
    return row


@pytest.mark.timeout(900)
def test_a_kill_at_every_step_changes_nothing(
    dsn: str, settings: Settings, make_exporter: Callable[..., Exporter]
) -> None:
    for home in DOOMED:
        put_now(dsn, 5, person=home, occurred_at=LONG_AGO)

    with Writers(dsn) as writers:
        for number, step in enumerate(STEPS):
            if step.startswith("erasure"):
                _ask_for_erasure(dsn, DOOMED[number])
            with _child(settings.home, dsn, step) as child:
                assert child.wait(timeout=120) == -signal.SIGKILL, step
            before = set(writers.committed)
            seen = [row[0] for row in in_snapshot(snapshot(settings.home, dsn))]
            assert len(seen) == len(set(seen)), step
            assert before <= set(seen), step

    exporter = make_exporter()
    exporter.erase_once()
    exporter.run_once()
    exporter.compact_once()
    _assert_equal(dsn, settings, writers.committed)


@pytest.mark.parametrize("seed", range(2))
def test_a_kill_at_any_moment_changes_nothing(
    dsn: str, settings: Settings, make_exporter: Callable[..., Exporter], seed: int
) -> None:
    rng = random.Random(seed)
    with Writers(dsn) as writers:
        for _ in range(5):
            with _child(settings.home, dsn, "never") as child:
                assert child.stdout is not None
                while child.stdout.readline() != b"exported\n":
                    pass
                time.sleep(rng.random())

    make_exporter().run_once()
    _assert_equal(dsn, settings, writers.committed)


def _assert_equal(dsn: str, settings: Settings, committed: set[UUID]) -> None:
    state = snapshot(settings.home, dsn)
    rows = in_database(dsn)
    assert committed <= {row[0] for row in rows}
    assert state.tail.num_rows == 0
    assert in_files(state.files) == rows
    with psycopg.connect(dsn) as conn:
        expected = conn.execute(
            "SELECT count(*), count(DISTINCT event_id), sum((properties::json->>'total')::bigint)::bigint FROM event"
        ).fetchone()
        left = conn.execute("SELECT count(*) FROM erasure WHERE lake_done_at IS NULL").fetchone()
    assert _totals(state.files) == expected
    assert left == (0,)

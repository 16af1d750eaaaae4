"""Killed at any moment, the server or its owner, nothing committed is lost and the next start works."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.integration.postgres.conftest import Holder
from tests.integration.postgres.test_supervisor import answers, store, stored

from fanwheel.infra.postgres import process
from fanwheel.infra.postgres.supervisor import embedded

pytestmark = pytest.mark.embedded


def claim_of(home: Path) -> process.PidFile:
    claim = process.read_pid_file(home / "postgres/data")
    assert claim is not None
    return claim


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until ``what`` holds; pytest's own limit ends a wait that is in vain."""
    while not what():
        time.sleep(0.02)


def test_a_killed_postmaster_comes_back_with_every_committed_row(home: Path) -> None:
    with embedded(home) as dsn:
        with psycopg.connect(dsn) as conn:
            conn.execute("CREATE TABLE kept (number integer)")
        committed = []
        for number in range(200):
            with psycopg.connect(dsn) as conn:
                conn.execute("INSERT INTO kept VALUES (%s)", [number])
            committed.append(number)
        killed = claim_of(home).pid
        os.kill(killed, signal.SIGKILL)

        wait_for(lambda: answers(dsn))

        assert claim_of(home).pid != killed
        assert stored(dsn) == committed


def test_the_server_ends_cleanly_when_its_owner_is_killed(home: Path, hold: Callable[[Path], Holder]) -> None:
    owner = hold(home)
    dsn = owner.dsn()
    store(dsn, 1)
    server = claim_of(home).pid

    owner.kill()

    wait_for(lambda: not process.is_alive(server))
    # A server that was shut down in order takes its claim away; one that crashed leaves it.
    assert not (home / "postgres/data/postmaster.pid").exists()
    with embedded(home) as dsn:
        assert stored(dsn) == [1]


def test_owner_and_server_may_die_together(home: Path, hold: Callable[[Path], Holder]) -> None:
    owner = hold(home)
    store(owner.dsn(), 1)
    session = psycopg.connect(owner_dsn(home))
    server = claim_of(home).pid

    os.kill(server, signal.SIGSTOP)  # so that it cannot shut down in order before it is killed
    owner.kill()
    os.kill(server, signal.SIGKILL)

    with embedded(home) as dsn:
        assert stored(dsn) == [1]
    session.close()


def owner_dsn(home: Path) -> str:
    return f"postgresql://fanwheel@/fanwheel?host={home}/postgres/run&port=5432"


def test_a_start_right_after_a_kill_waits_for_the_old_server_to_end(home: Path, hold: Callable[[Path], Holder]) -> None:
    for number in range(5):
        owner = hold(home)
        store(owner.dsn(), number)
        owner.kill()

    with embedded(home) as dsn:
        assert stored(dsn) == [0, 1, 2, 3, 4]


def test_our_process_may_be_killed_at_any_moment_of_the_first_start(home: Path, hold: Callable[[Path], Holder]) -> None:
    # From before initdb, through it and the first start, until after the first connection (0.7 s on a quiet machine).
    for step in range(16):
        owner = hold(home / str(step % 2))
        time.sleep(0.06 * step)
        owner.kill()

    for name in ("0", "1"):
        with embedded(home / name) as dsn:
            assert answers(dsn)
        assert not list((home / name / "postgres").glob("data.tmp-*"))


@pytest.mark.parametrize("same_user", [True, False])
def test_a_claim_whose_process_id_now_belongs_to_a_stranger_is_no_obstacle(home: Path, same_user: bool) -> None:
    with embedded(home) as dsn:
        store(dsn, 9)
    data = home / "postgres/data"
    owner = data.stat()
    identity = {"user": owner.st_uid, "group": owner.st_gid} if same_user and os.geteuid() == 0 else {}
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **identity)  # type: ignore[call-overload]
    try:
        text = f"{stranger.pid}\n{data}\n1700000000\n5432\n{home / 'postgres/run'}\n\n  1234567         0\nready   \n"
        (data / "postmaster.pid").write_text(text)
        os.chown(data / "postmaster.pid", owner.st_uid, owner.st_gid)

        with embedded(home) as dsn:
            assert stored(dsn) == [9]

        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_claim_that_was_half_written_is_no_obstacle(home: Path) -> None:
    with embedded(home) as dsn:
        store(dsn, 4)
    claim = home / "postgres/data/postmaster.pid"
    owner = claim.parent.stat()
    claim.write_text("")
    os.chown(claim, owner.st_uid, owner.st_gid)

    with embedded(home) as dsn:
        assert stored(dsn) == [4]


def test_recovery_may_take_its_time(home: Path, hold: Callable[[Path], Holder]) -> None:
    owner = hold(home)
    dsn = owner.dsn()
    with psycopg.connect(dsn) as conn:
        conn.execute("CREATE TABLE kept AS SELECT number FROM generate_series(1, 300000) AS number")
    server = claim_of(home).pid
    os.kill(server, signal.SIGSTOP)
    owner.kill()
    os.kill(server, signal.SIGKILL)

    with embedded(home) as dsn, psycopg.connect(dsn) as conn:
        assert conn.execute("SELECT count(*) FROM kept").fetchone() == (300000,)

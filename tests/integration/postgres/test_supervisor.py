"""The embedded server starts, stops, is shared, and refuses what it must not touch."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from tests.integration.postgres.conftest import Holder, in_child

from fanwheel.infra.postgres import binaries, process
from fanwheel.infra.postgres.errors import (
    DataDirectoryInUseError,
    DataDirectoryOwnerError,
    NoBinariesError,
    NoClusterError,
    OtherVersionError,
    UnsuitableServerError,
)
from fanwheel.infra.postgres.supervisor import database, embedded
from fanwheel.infra.settings import Settings

pytestmark = pytest.mark.embedded
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
NOBODY = pwd.getpwnam("nobody").pw_uid


def store(dsn: str, number: int) -> None:
    with psycopg.connect(dsn) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS kept (number integer)")
        conn.execute("INSERT INTO kept VALUES (%s)", [number])


def stored(dsn: str) -> list[int]:
    with psycopg.connect(dsn) as conn:
        return [row[0] for row in conn.execute("SELECT number FROM kept ORDER BY number")]


def answers(dsn: str) -> bool:
    try:
        psycopg.connect(dsn, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_warm_start_finds_what_was_committed_and_the_end_stops_the_server(home: Path) -> None:
    with embedded(home) as dsn:
        store(dsn, 1)

    with embedded(home) as again:
        assert stored(again) == [1]

    assert not answers(again)
    assert not (home / "postgres/data/postmaster.pid").exists()


def test_the_server_is_durable_checksummed_and_listens_on_no_port(home: Path) -> None:
    names = ["fsync", "synchronous_commit", "full_page_writes", "data_checksums", "jit", "listen_addresses"]

    with embedded(home) as dsn, psycopg.connect(dsn) as conn:
        shown = [conn.execute("SELECT current_setting(%s)", [name]).fetchone() for name in names]
        encoding, collates = conn.execute(
            "SELECT pg_encoding_to_char(encoding), 'Z' < 'a' COLLATE \"default\" FROM pg_database "
            "WHERE datname = current_database()"
        ).fetchone() or ("", False)

    assert [row[0] for row in shown if row] == ["on", "on", "on", "on", "off", ""]
    assert (encoding, collates) == ("UTF8", True)


def test_only_the_owner_of_the_home_can_enter_the_data_and_the_socket(home: Path) -> None:
    with embedded(home):
        modes = {(home / "postgres" / name).stat().st_mode & 0o777 for name in ("data", "run")}

    assert modes == {0o700}


def test_a_second_process_attaches_and_leaves_the_server_running(home: Path, hold: Callable[[Path], Holder]) -> None:
    with embedded(home) as dsn:
        guest = hold(home)

        assert guest.dsn() == dsn
        assert guest.close() == 0
        assert answers(dsn)


def test_a_guest_becomes_the_owner_when_the_owner_is_killed_before_the_server_is_ready(
    home: Path, hold: Callable[[Path], Holder]
) -> None:
    owner = hold(home)

    owner.kill()

    with embedded(home) as dsn:
        assert answers(dsn)


@pytest.mark.parametrize("depth", [1, 20])
def test_a_home_may_be_private_and_deep(tmp_path: Path, depth: int) -> None:
    home = tmp_path.joinpath(*["a-long-name"] * depth)
    tmp_path.chmod(0o700)

    with embedded(home) as dsn:
        store(dsn, 7)
    with embedded(home) as dsn:
        assert stored(dsn) == [7]
        outside = Path(psycopg.conninfo.conninfo_to_dict(dsn)["host"])  # type: ignore[arg-type]

    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert not outside.is_relative_to("/tmp") or not outside.exists()


@AS_ROOT
def test_root_runs_the_server_as_somebody_else(home: Path) -> None:
    with embedded(home) as dsn:
        claim = process.read_pid_file(home / "postgres/data")
        assert claim is not None
        owner = Path(f"/proc/{claim.pid}").stat().st_uid

        assert owner != 0
        assert (home / "postgres/data").stat().st_uid == owner
        assert answers(dsn)


@AS_ROOT
def test_root_takes_back_a_cluster_that_root_copied(home: Path) -> None:
    with embedded(home) as dsn:
        store(dsn, 3)
    copy = home.with_name("copy")
    shutil.copytree(home, copy)

    with embedded(copy) as dsn:
        assert stored(dsn) == [3]


@AS_ROOT
def test_an_ordinary_user_runs_the_server_too(home: Path) -> None:
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)

    def start() -> str:
        with embedded(home) as dsn, psycopg.connect(dsn) as conn:
            row = conn.execute("SELECT current_user").fetchone()
        return str(row)

    assert in_child(start, uid=NOBODY) == "('fanwheel',)"
    assert (home / "postgres/data").stat().st_uid == NOBODY


@AS_ROOT
def test_an_ordinary_user_is_told_that_the_data_is_roots(home: Path) -> None:
    with embedded(home):
        pass

    def start() -> str:
        with embedded(home) as dsn:
            return dsn

    assert in_child(start, uid=NOBODY).startswith(DataDirectoryOwnerError.__name__)


@AS_ROOT
def test_programs_below_a_private_directory_are_copied_and_its_mode_stays(home: Path, tmp_path: Path) -> None:
    found = binaries.find()
    package = found.bin_dir.parent.parent
    tmp_path.chmod(0o700)
    private = tmp_path / package.name / found.bin_dir.parent.name
    shutil.copytree(found.bin_dir.parent, private, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, tmp_path / libraries.name, symlinks=True)

    with embedded(home, bin_dir=private / found.bin_dir.name) as dsn:
        assert answers(dsn)

    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert list((home / "postgres/programs").glob("programs-*"))


def test_a_server_that_somebody_else_started_is_refused(home: Path) -> None:
    with embedded(home):
        pass
    data = home / "postgres/data"
    owner = data.stat()
    identity = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
    command = [binaries.find().program("postgres"), "-D", data, "-k", home / "postgres/run", "-p", "18101"]
    foreign = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd="/", **identity)  # type: ignore[call-overload]
    try:
        while not ((claim := process.read_pid_file(data)) and claim.is_ready):
            assert foreign.poll() is None

        with pytest.raises(DataDirectoryInUseError) as refused, embedded(home):
            pass

        assert str(foreign.pid) in refused.value.message
        assert foreign.poll() is None
    finally:
        foreign.terminate()
        foreign.wait()


@pytest.mark.parametrize(("major", "word"), [("99", "newer"), ("14", "older")])
def test_a_cluster_of_another_major_version_is_refused_unharmed(home: Path, major: str, word: str) -> None:
    with embedded(home) as dsn:
        store(dsn, 5)
    version = home / "postgres/data/PG_VERSION"
    ours = version.read_text()
    version.write_text(f"{major}\n")

    with pytest.raises(OtherVersionError, match=word) as refused, embedded(home):
        pass

    assert "FANWHEEL_POSTGRES_BIN" in (refused.value.hint or "")
    version.write_text(ours)
    with embedded(home) as dsn:
        assert stored(dsn) == [5]


def test_a_directory_that_holds_something_else_is_refused_unharmed(home: Path) -> None:
    treasure = home / "postgres/data/treasure.txt"
    treasure.parent.mkdir(parents=True)
    treasure.write_text("mine")

    with pytest.raises(NoClusterError), embedded(home):
        pass

    assert treasure.read_text() == "mine"


def test_a_directory_without_programs_is_refused(home: Path) -> None:
    with pytest.raises(NoBinariesError, match="holds no PostgreSQL"), embedded(home, bin_dir=Path("/tmp")):
        pass


def test_a_system_postgresql_serves_as_well(home: Path) -> None:
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "postgres").exists()]
    if not found:
        pytest.skip("no system PostgreSQL here")

    with embedded(home, bin_dir=found[0]) as dsn:
        store(dsn, 2)
    with embedded(home, bin_dir=found[0]) as dsn:
        assert stored(dsn) == [2]


def test_an_external_server_is_used_as_it_is(home: Path) -> None:
    with embedded(home) as dsn, database(Settings(home=home / "unused", database_url=dsn)) as used:
        assert used == dsn

    assert not (home / "unused").exists()


def test_an_external_server_that_does_not_answer_is_named(home: Path) -> None:
    settings = Settings(home=home, database_url=f"postgresql:///x?host={home}")

    with pytest.raises(UnsuitableServerError, match="does not answer"), database(settings):
        pass

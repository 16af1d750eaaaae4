"""The embedded server: started by the first process that needs it, shared by the others, ended with the first.

The owner holds a lock on ``<home>/postgres/owner.lock``; a process that finds it taken attaches to the running
server. The kernel stops the server (a clean, fast shutdown) when the owner ends in whatever way.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

import psycopg
import structlog

from fanwheel.infra.postgres import account as accounts
from fanwheel.infra.postgres import binaries, cluster, process
from fanwheel.infra.postgres.cluster import ROLE, Place
from fanwheel.infra.postgres.errors import DataDirectoryInUseError, DataDirectoryOwnerError, UnsuitableServerError
from fanwheel.infra.postgres.keeper import Keeper
from fanwheel.infra.postgres.pool import EMBEDDED
from fanwheel.infra.postgres.sockets import PORT
from fanwheel.infra.settings import Settings

_log = structlog.get_logger(__name__)
_POLL_S: Final = 0.02
_ATTACH_S: Final = 120.0


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The DSN of the installation's database: the external one if there is one, else the embedded server.

    Raises
    ------
    UnsuitableServerError
        If the external server cannot be reached or is older than PostgreSQL 15.
    """
    if settings.database_url:
        require_suitable(settings.database_url)
        yield settings.database_url
        return
    with embedded(settings.home, bin_dir=settings.postgres_bin) as dsn:
        yield dsn


async def write_out(settings: Settings, dsn: str) -> None:
    """Let the embedded server write down what it only remembers, so that it ends sooner; another's is left alone."""
    if settings.database_url:
        return
    with suppress(psycopg.Error):
        async with await psycopg.AsyncConnection.connect(dsn, autocommit=True, connect_timeout=2) as conn:
            await conn.execute("CHECKPOINT")


def require_suitable(dsn: str) -> int:
    """The server's version number, such as 150004.

    Raises
    ------
    UnsuitableServerError
        If the server cannot be reached or is too old.
    """
    try:
        with psycopg.connect(dsn, connect_timeout=10) as conn:
            version = conn.info.server_version
    except psycopg.Error as error:
        raise UnsuitableServerError(
            f"The PostgreSQL server of FANWHEEL_DATABASE_URL does not answer: {' '.join(str(error).split())}",
            hint="Check the address, the role, the password and that the database exists.",
        ) from error
    if version < binaries.MINIMUM_MAJOR * 10_000:
        raise UnsuitableServerError(
            f"FANWHEEL_DATABASE_URL names a PostgreSQL {version // 10_000}; {binaries.MINIMUM_MAJOR} is the oldest "
            "that will do.",
            hint="Upgrade that server, or unset FANWHEEL_DATABASE_URL to use the embedded one.",
        )
    return version


@contextmanager
def embedded(home: Path, *, bin_dir: Path | None = None) -> Iterator[str]:
    """The DSN of the server in ``home``: one that runs already, or one that stops when the block ends.

    Raises
    ------
    FanwheelError
        If it cannot be had; the hint names the remedy.
    """
    root = _prepare(home)
    with ExitStack() as stack:
        lock = stack.enter_context(_open_lock(root / "owner.lock"))
        waited_from = time.monotonic()
        while not _acquire(lock):
            if dsn := _attach(root / "data"):
                yield dsn
                return
            if time.monotonic() - waited_from > _ATTACH_S and not _somebody_serves(root / "data"):
                raise DataDirectoryInUseError(
                    f"Process {_holder(lock)} holds {root / 'owner.lock'} but runs no server.",
                    hint="End that process, or wait for it to finish, and start again.",
                )
            time.sleep(_POLL_S)
        keeper = stack.enter_context(_start(root, bin_dir))
        yield _dsn(keeper.socket_dir)


def _prepare(home: Path) -> Path:
    root = home.absolute() / "postgres"
    # Root's server runs as another user, who must be able to pass through the directories that we make.
    mode = 0o711 if os.geteuid() == 0 else 0o700
    try:
        home.mkdir(mode=mode, parents=True, exist_ok=True)
        root.mkdir(mode=mode, exist_ok=True)
    except PermissionError as error:
        raise DataDirectoryOwnerError(
            f"{root} cannot be made: {error.strerror}.", hint="Set FANWHEEL_HOME to a directory that you may write to."
        ) from error
    return root


def _open_lock(path: Path) -> IO[str]:
    try:
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+", encoding="utf-8")
    except PermissionError:
        raise DataDirectoryOwnerError(
            f"{path.parent} belongs to another user.",
            hint="Run Fanwheel as the user who made the data directory, or set FANWHEEL_HOME to another one.",
        ) from None


def _acquire(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    lock.seek(0)
    lock.truncate()
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return True


def _holder(lock: IO[str]) -> str:
    lock.seek(0)
    return lock.read().strip() or "unknown"


def _attach(data: Path) -> str | None:
    claim = process.read_pid_file(data) if data.exists() else None
    if claim is None or not claim.is_ready or not process.serves(claim.pid, data):
        return None
    dsn = _dsn(Path(claim.socket_dir))
    try:
        psycopg.connect(dsn, connect_timeout=10).close()
    except psycopg.OperationalError:  # the owner has not made the database yet, or is just leaving
        return None
    return dsn


def _somebody_serves(data: Path) -> bool:
    claim = process.read_pid_file(data) if data.exists() else None
    return claim is not None and process.serves(claim.pid, data)


@contextmanager
def _start(root: Path, bin_dir: Path | None) -> Iterator[Keeper]:
    data = root / "data"
    account = accounts.choose(data)
    programs = binaries.staged(binaries.find(bin_dir), account=account, home=root / "programs")
    with _opened(root, account) as place:
        exists = cluster.require_version(place, programs)
        Keeper.end_predecessor(data)
        if exists:
            cluster.repair(place, account)
        else:
            _log.info("making a new database cluster", directory=str(data))
            cluster.create(place, programs, account)
        cluster.tune(place, account)
        with Keeper(place, programs, account) as keeper:
            _make_database(keeper.socket_dir)
            yield keeper


@contextmanager
def _opened(root: Path, account: accounts.Account) -> Iterator[Place]:
    if account.can_enter_below(root):
        yield Place(root=root, seen=root, fds=())
        return
    # A parent is closed to the server's account, and a parent's mode is not ours to change. Through a directory
    # that we hold open the server needs no permission on the parents.
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        root.chmod(root.stat().st_mode | 0o011)
        seen = Path(f"/proc/self/fd/{handle}")
        if not seen.exists():
            raise DataDirectoryOwnerError(
                f"{root} lies below a directory that uid {account.uid} cannot enter.",
                hint="Set FANWHEEL_HOME to a directory that every user can pass through, such as /var/lib/fanwheel.",
            )
        yield Place(root=root, seen=seen, fds=(handle,))
    finally:
        os.close(handle)


def _make_database(socket_dir: Path) -> None:
    with psycopg.connect(_dsn(socket_dir, name="postgres"), autocommit=True) as conn:
        if not conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE]).fetchone():
            conn.execute("CREATE DATABASE fanwheel")


def _dsn(socket_dir: Path, *, name: str = ROLE) -> str:
    place = f"host={quote(str(socket_dir), safe='')}&port={PORT}"
    return f"postgresql://{ROLE}@/{name}?{place}&application_name={EMBEDDED}"

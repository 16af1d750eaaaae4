"""The doctor: every check looks at one thing, and says what to do when it is not as it should be."""

import os
import shutil
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from fanwheel.infra.operations import lakefiles
from fanwheel.infra.operations.contracts import Finding
from fanwheel.infra.operations.errors import HalfRestoredError
from fanwheel.infra.operations.repository import OperationsRepository, connect
from fanwheel.infra.operations.restore import require_no_half_restore
from fanwheel.infra.postgres import binaries, check_migrations
from fanwheel.infra.postgres.supervisor import database
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.errors import FanwheelError

_FEW_BYTES: Final = 1 << 30
_SOME_BYTES: Final = 5 << 30
_LARGEST_SKEW: Final = timedelta(seconds=5)


def examine(settings: Settings) -> list[Finding]:
    """What every check saw, in order; a check that fails does not keep the others from looking."""
    return [*_outside(settings), *_inside(settings)]


def _outside(settings: Settings) -> Iterator[Finding]:
    if settings.database_url is None:
        yield _guarded("PostgreSQL programs", lambda: _programs(settings))
    yield _guarded("data directory", lambda: _home(settings.home))
    yield _guarded("disk space", lambda: _disk(settings.home))
    yield _guarded("port", lambda: _port(settings))


def _inside(settings: Settings) -> Iterator[Finding]:
    try:
        with database(settings) as dsn:
            yield from _of_database(dsn)
            yield _guarded("lake", lambda: _lake(settings.home))
    except FanwheelError as error:
        yield _failure("database", error.message, error.hint)


def _of_database(dsn: str) -> Iterator[Finding]:
    with connect(dsn) as conn:
        conn.autocommit = True
        rows = OperationsRepository(conn)
        yield _guarded("PostgreSQL", lambda: _server(rows))
        yield _guarded("clock", lambda: _clock(rows))
        pending = check_migrations(dsn)
        if pending:
            yield _failure("migrations", f"missing: {', '.join(pending)}", "Run fanwheel migrate.")
            return
        yield _ok("migrations", "up to date")
        yield _guarded("row-level security", lambda: _fence(rows))
        yield _guarded("long transactions", lambda: _transactions(rows))


def _guarded(check: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except FanwheelError as error:
        return _failure(check, error.message, error.hint)
    except OSError as error:
        return _failure(check, str(error), None)


def _ok(check: str, detail: str) -> Finding:
    return Finding(check=check, state="ok", detail=detail)


def _warning(check: str, detail: str, remedy: str) -> Finding:
    return Finding(check=check, state="warning", detail=detail, remedy=remedy)


def _failure(check: str, detail: str, remedy: str | None) -> Finding:
    return Finding(check=check, state="failure", detail=detail, remedy=remedy)


def _programs(settings: Settings) -> Finding:
    found = binaries.find(settings.postgres_bin)
    return _ok("PostgreSQL programs", f"{found.version} in {found.bin_dir}")


def _home(home: Path) -> Finding:
    check = "data directory"
    place = _nearest(home)
    if not os.access(place, os.W_OK | os.X_OK):
        return _failure(check, f"{place} cannot be written to", "Set FANWHEEL_HOME to a directory of your own.")
    try:
        require_no_half_restore(home)
    except HalfRestoredError as error:
        return _failure(check, error.message, error.hint)
    for name in ("postgres/data", "postgres/run"):
        inner = home / name
        if inner.exists() and inner.stat().st_mode & 0o077:
            return _failure(check, f"{inner} is open to other users", f"Run: chmod 700 {inner}")
    for key in home.glob("*.key"):
        if key.stat().st_mode & 0o077:
            return _failure(check, f"{key} is open to other users", f"Run: chmod 600 {key}")
    return _ok(check, str(home))


def _nearest(home: Path) -> Path:
    return next(path for path in (home, *home.parents) if path.exists())


def _disk(home: Path) -> Finding:
    free = shutil.disk_usage(_nearest(home)).free
    detail = f"{free / (1 << 30):,.1f} GB free"
    remedy = "Free some space, or move FANWHEEL_HOME to a larger disk; when it is full, ingest answers 503."
    if free < _FEW_BYTES:
        return _failure("disk space", detail, remedy)
    return _warning("disk space", detail, remedy) if free < _SOME_BYTES else _ok("disk space", detail)


def _port(settings: Settings) -> Finding:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            return _taken_port(settings, error)
    return _ok("port", f"{settings.host}:{settings.port} is free")


def _taken_port(settings: Settings, error: OSError) -> Finding:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    try:
        with urllib.request.urlopen(f"http://{host}:{settings.port}/healthz", timeout=3) as answer:
            if b'"ok"' in answer.read(100):
                return _ok("port", f"Fanwheel answers on {settings.host}:{settings.port}")
    except (urllib.error.URLError, OSError):
        pass
    return _failure(
        "port",
        f"{settings.host}:{settings.port} cannot be had: {error.strerror}",
        "Stop the program that listens there, or set FANWHEEL_PORT to another port.",
    )


def _server(rows: OperationsRepository) -> Finding:
    server = rows.server()
    if server["number"] < binaries.MINIMUM_MAJOR * 10_000:
        return _failure("PostgreSQL", f"version {server['version']}", f"Upgrade to {binaries.MINIMUM_MAJOR} or newer.")
    if server["checksums"] != "on":
        return _warning(
            "PostgreSQL",
            f"version {server['version']}, without data checksums",
            "Turn them on with pg_checksums, so that a failing disk is noticed.",
        )
    return _ok("PostgreSQL", f"version {server['version']}")


def _clock(rows: OperationsRepository) -> Finding:
    skew = rows.server()["server_time"] - utc_now()
    if abs(skew) > _LARGEST_SKEW:
        return _failure(
            "clock",
            f"the database's clock differs by {skew.total_seconds():.0f} s from this machine's",
            "Synchronize both with NTP: times of events are corrected by this clock.",
        )
    return _ok("clock", "agrees with the database's")


def _fence(rows: OperationsRepository) -> Finding:
    check = "row-level security"
    remedy = "Run fanwheel migrate: it puts the fence up again."
    if missing := rows.missing_roles():
        return _failure(check, f"roles do not exist: {', '.join(missing)}", remedy)
    if unfenced := rows.unfenced_tables():
        return _failure(check, f"not guarded: {', '.join(unfenced)}", remedy)
    if loose := rows.loose_roles():
        return _failure(
            check,
            f"can get past it: {', '.join(loose)}",
            "Take SUPERUSER, BYPASSRLS and the ownership of tables from them.",
        )
    if seen := rows.rows_seen_without_workspace():
        return _failure(check, f"{seen} identifiers are seen without a workspace", remedy)
    return _ok(check, "every workspace sees its own rows only")


def _transactions(rows: OperationsRepository) -> Finding:
    check = "long transactions"
    if prepared := rows.prepared_transactions():
        return _failure(check, f"prepared and never ended: {', '.join(prepared)}", "ROLLBACK PREPARED '...' them.")
    held = rows.long_transactions()
    if held:
        oldest = held[0]
        return _warning(
            check,
            f"process {oldest['pid']} {oldest['application']} has written for {oldest['seconds']} s; until it ends, "
            "no reader sees newer events",
            f"Let it finish, or end it: SELECT pg_terminate_backend({oldest['pid']})",
        )
    return _ok(check, "none holds the readers of events back")


def _lake(home: Path) -> Finding:
    with lakefiles.held(home) as files:
        size_mb = sum(path.stat().st_size for path, _ in files) / 1e6
    return _ok("lake", f"{len(files)} files, {size_mb:,.0f} MB" if files else "not begun yet")

"""Migrations: SQL files, forward only, under one lock, then the fence of row-level security."""

import asyncio
import hashlib
from importlib import resources
from typing import ClassVar, Final

import psycopg
from psycopg import sql

from fanwheel.kernel.errors import ErrorKind, FanwheelError

_LOCK: Final = 8_400_001
_LEDGER: Final = """
CREATE TABLE IF NOT EXISTS schema_migration (
    name        text PRIMARY KEY,
    digest      text NOT NULL,
    applied_at  timestamptz NOT NULL DEFAULT now()
)"""


class NewerSchemaError(FanwheelError):
    """The database was written by a newer Fanwheel."""

    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT


def _scripts() -> dict[str, str]:
    folder = resources.files("fanwheel.infra.postgres").joinpath("migrations")
    names = sorted(item.name for item in folder.iterdir() if item.name[:4].isdigit())
    return {name: folder.joinpath(name).read_text(encoding="utf-8") for name in names}


def _script(name: str) -> str:
    return resources.files("fanwheel.infra.postgres").joinpath(f"migrations/{name}").read_text(encoding="utf-8")


def _pending(conn: psycopg.Connection[tuple[str, ...]]) -> list[str]:
    scripts = _scripts()
    exists = conn.execute("SELECT to_regclass('public.schema_migration') IS NOT NULL").fetchone()
    if exists is None or not exists[0]:
        return list(scripts)
    done = {row[0] for row in conn.execute("SELECT name FROM schema_migration")}
    if unknown := sorted(done - scripts.keys()):
        raise NewerSchemaError(
            f"The database has migrations that this version does not know: {', '.join(unknown)}.",
            hint="Install the version of Fanwheel that wrote it, or a newer one.",
        )
    return [name for name in scripts if name not in done]


def check_migrations(dsn: str) -> list[str]:
    """Names of the migrations that have not been applied yet, in order."""
    with psycopg.connect(dsn) as conn:
        return _pending(conn)


async def migrate(dsn: str, *, upto: str | None = None) -> list[str]:
    """Bring the database up to date; return the names applied. Several processes may call it at once.

    ``upto`` names the last migration to apply, for a restore that fills an older schema before it goes on; the
    fence is left to the call without it.
    """
    return await asyncio.to_thread(_migrate, dsn, upto)


def _migrate(dsn: str, upto: str | None = None) -> list[str]:
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("SET lock_timeout = '30s'")
        conn.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            applied = _apply(conn, upto)
        finally:
            conn.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
    return applied


def _apply(conn: psycopg.Connection[tuple[str, ...]], upto: str | None) -> list[str]:
    pending = [name for name in _pending(conn) if upto is None or name <= upto]
    with conn.transaction():
        conn.execute(_LEDGER)
        conn.execute(_script("roles.sql").encode())
        for name in pending:
            script = _scripts()[name]
            conn.execute(script.encode())
            digest = hashlib.sha256(script.encode()).hexdigest()
            conn.execute("INSERT INTO schema_migration (name, digest) VALUES (%s, %s)", [name, digest])
        if upto is not None:
            return pending
        _fence(conn, is_due=bool(pending))
        conn.execute("SELECT ensure_event_partitions(now())")
    return pending


def _fence(conn: psycopg.Connection[tuple[str, ...]], *, is_due: bool) -> None:
    """Put up row-level security after migrations, and when its own text has changed.

    Not at every start: it locks every table, and would wait for, or stop, a server that runs already.
    """
    script = _script("rls.sql")
    digest = hashlib.sha256(script.encode()).hexdigest()
    stands = conn.execute("SELECT obj_description('schema_migration'::regclass)").fetchone()
    if is_due or stands is None or stands[0] != digest:
        conn.execute(script.encode())
        conn.execute(sql.SQL("COMMENT ON TABLE schema_migration IS {}").format(sql.Literal(digest)))

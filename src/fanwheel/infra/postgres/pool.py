"""Connections and transactions: one transaction of one workspace, under a role that row-level security binds."""

import os
import selectors
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, ClassVar, Final, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from fanwheel.kernel.errors import ErrorKind, FanwheelError
from fanwheel.kernel.ids import WorkspaceId

Row = dict[str, Any]
Connection = psycopg.AsyncConnection[Row]
EMBEDDED: Final = "fanwheel-embedded"  # application_name: marks a DSN of our own server


class DatabaseDownError(FanwheelError):
    """The database cannot be reached or has no room left; nothing was stored."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE


def dsn_for_role(dsn: str, role: str, **settings: object) -> str:
    """``dsn`` whose sessions act as ``role``, with further session settings.

    On the embedded server they log in as the role, so nothing that they run can put it off again. A server of
    someone else lets us log in as its owner only; there the role is put on when the session starts.
    """
    parts = conninfo_to_dict(dsn)
    options = [str(parts.get("options") or ""), f"-c role={role}"]
    options += [f"-c {name.replace('__', '.')}={value}" for name, value in settings.items()]
    user = role if parts.get("application_name") == EMBEDDED else parts.get("user")
    return make_conninfo(dsn, user=user, options=" ".join(options).strip())


async def _require_alive(conn: Connection) -> None:
    """Keep connections of a server that has gone away from being handed out.

    Such a connection has its end to read; one that is well has nothing, so looking costs no round trip.
    """
    watch = selectors.SelectSelector() if sys.platform == "win32" else selectors.PollSelector()
    with watch:
        watch.register(conn.pgconn.socket, selectors.EVENT_READ)
        if watch.select(0):
            await conn.execute("SELECT 1")
            await conn.rollback()


class Transaction:
    """Statements of one transaction; named parameters, ``%(workspace)s`` always among them."""

    def __init__(self, conn: Connection, workspace: WorkspaceId | None) -> None:
        self.conn = conn
        self.workspace = workspace

    async def _execute(self, sql: str, params: Mapping[str, object]) -> psycopg.AsyncCursor[Row]:
        bound = {"workspace": self.workspace, **params}
        # Statements come from .sql files of the package, never from a request.
        return await self.conn.execute(sql.encode(), bound)

    async def all(self, sql: str, **params: object) -> list[Row]:
        """Every row."""
        return await (await self._execute(sql, params)).fetchall()

    async def one_or_none(self, sql: str, **params: object) -> Row | None:
        """The first row, or none."""
        return await (await self._execute(sql, params)).fetchone()

    async def one(self, sql: str, **params: object) -> Row:
        """The first row; that there is one is the statement's promise."""
        row = await self.one_or_none(sql, **params)
        if row is None:
            raise LookupError("the statement gave no row")
        return row

    async def value(self, sql: str, **params: object) -> Any:
        """The first column of the first row, or None without a row."""
        row = await self.one_or_none(sql, **params)
        return None if row is None else next(iter(row.values()))

    async def run(self, sql: str, **params: object) -> int:
        """How many rows the statement touched."""
        return (await self._execute(sql, params)).rowcount


async def _give_way(niceness: int, conn: Connection) -> None:
    """Lower the priority of the server's process behind ``conn``, if it is on this machine and ours to lower."""
    if conn.info.host.startswith("/"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, conn.info.backend_pid, niceness)


class Database:
    """A pool of connections that act as one role."""

    def __init__(self, pool: AsyncConnectionPool[Connection], dsn: str) -> None:
        self._pool = pool
        self.dsn = dsn

    @classmethod
    async def open(
        cls, dsn: str, *, role: str = "fanwheel_app", max_size: int = 10, autocommit: bool = False, niceness: int = 0
    ) -> Self:
        """Connect as ``role``; the pool opens connections when they are needed.

        ``niceness`` (0 to 19) lets the server's own processes for these connections give way to others, where the
        server runs on this machine.
        """
        pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            dsn_for_role(dsn, role, timezone="UTC"),
            min_size=1,
            max_size=max_size,
            max_idle=60,
            timeout=10,
            reconnect_timeout=30,
            open=False,
            check=_require_alive,
            configure=partial(_give_way, niceness) if niceness else None,
            kwargs={"row_factory": dict_row, "autocommit": autocommit},
        )
        await pool.open(wait=False)
        return cls(pool, dsn)

    async def close(self) -> None:
        """Give every connection back."""
        await self._pool.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def transaction(self, workspace: int) -> AsyncIterator[Transaction]:
        """One transaction of one workspace; commits when the block ends, rolls back when it raises."""
        async with self.connection() as conn, conn.transaction():
            await conn.execute("SELECT set_config('fanwheel.workspace', %s, true)", [str(workspace)])
            yield Transaction(conn, WorkspaceId(workspace))

    @asynccontextmanager
    async def installation(self) -> AsyncIterator[Transaction]:
        """One transaction outside any workspace: it sees the installation's tables only."""
        async with self.connection() as conn, conn.transaction():
            yield Transaction(conn, None)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A bare connection, for callers that say themselves where a transaction begins and ends."""
        try:
            async with self._pool.connection() as conn:
                yield conn
        except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure):
            raise  # not down: the caller may try again
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise DatabaseDownError(hint="Try again shortly; if it stays, run fanwheel doctor.") from error

"""Connections and transactions: one transaction of one workspace, under a role that row-level security binds."""

import asyncio
import os
import selectors
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from time import monotonic
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

# A connection that takes longer than this is looked into: is the server there at all?
_PROMPT_S: Final = 1.0
# While it is, and only busy, a connection may take so long.
_BUSY_S: Final = 10.0
# Once it is found to be down nobody waits to find out again, for so long.
_DOWN_S: Final = 0.5
# A database that had no room is taken to have none for so long.
_FULL_S: Final = 5.0
# Short, because the pool tries ever more seldom within it and anew after it: what came back is found at once.
_RECONNECT_S: Final = 2.0


class DatabaseDownError(FanwheelError):
    """The database cannot be reached or has no room left; nothing was stored."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE


class DatabaseFullError(DatabaseDownError):
    """The database has no room left; nothing was stored."""


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


class _Lookout:
    """Tells a server that is down from one that is busy; asks once for all who want to know."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._asking: asyncio.Task[None] | None = None
        self._down_until = float("-inf")

    @property
    def knows_it_down(self) -> bool:
        """Whether it was found to be down a moment ago."""
        return monotonic() < self._down_until

    async def require_up(self) -> None:
        """Raise ``OperationalError`` if the server takes no connection."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        await asyncio.shield(self._asking)

    async def _ask(self) -> None:
        try:
            conn = await psycopg.AsyncConnection.connect(self._dsn, connect_timeout=2)  # libpq's shortest
        except psycopg.OperationalError:
            self._down_until = monotonic() + _DOWN_S
            raise
        await conn.close()


class Database:
    """A pool of connections that act as one role."""

    _full_until: ClassVar[float] = float("-inf")  # of all pools of the process: they have one disk

    def __init__(self, pool: AsyncConnectionPool[Connection], dsn: str, *, own_dsn: str) -> None:
        self._pool = pool
        self._lookout = _Lookout(own_dsn)
        self.dsn = dsn

    @classmethod
    async def open(
        cls,
        dsn: str,
        *,
        role: str = "fanwheel_app",
        max_size: int = 10,
        autocommit: bool = False,
        niceness: int = 0,
        plans_once: bool = False,
    ) -> Self:
        """Connect as ``role``; the pool opens connections when they are needed.

        ``niceness`` (0 to 19) lets the server's own processes for these connections give way to others, where the
        server runs on this machine. ``plans_once`` has statements that come again planned without their values, for
        callers whose statements all find rows by their keys: planning a large one takes longer than running it.
        """
        more = {"plan_cache_mode": "force_generic_plan"} if plans_once else {}
        own_dsn = dsn_for_role(dsn, role, timezone="UTC", **more)
        pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            own_dsn,
            min_size=1,
            max_size=max_size,
            max_idle=60,
            reconnect_timeout=_RECONNECT_S,
            open=False,
            check=_require_alive,
            configure=partial(_give_way, niceness) if niceness else None,
            kwargs={"row_factory": dict_row, "autocommit": autocommit},
        )
        await pool.open(wait=False)
        return cls(pool, dsn, own_dsn=own_dsn)

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
            async with AsyncExitStack() as stack:
                yield await self._lend(stack)
        except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure):
            raise  # not down: the caller may try again
        except psycopg.errors.DiskFull as error:
            Database._full_until = monotonic() + _FULL_S
            raise DatabaseFullError(hint="Make room on its disk; everything goes on by itself then.") from error
        except (PoolTimeout, psycopg.OperationalError) as error:
            raise DatabaseDownError(hint="Try again shortly; if it stays, run fanwheel doctor.") from error

    def require_room(self) -> None:
        """Raise ``DatabaseFullError`` if this process was told so a moment ago."""
        if monotonic() < self._full_until:
            raise DatabaseFullError(hint="Make room on its disk; everything goes on by itself then.")

    async def _lend(self, stack: AsyncExitStack) -> Connection:
        """A connection, given back when ``stack`` ends: at once, or after a wait if the server is only busy."""
        if self._lookout.knows_it_down and not self._pool.get_stats()["pool_available"]:
            raise psycopg.OperationalError("the server was down a moment ago")
        try:
            return await stack.enter_async_context(self._pool.connection(timeout=_PROMPT_S))
        except PoolTimeout:
            await self._lookout.require_up()
        return await stack.enter_async_context(self._pool.connection(timeout=_BUSY_S))

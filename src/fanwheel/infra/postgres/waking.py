"""Waking: a worker's steps begin when something was written, so that they need not look again and again.

One connection hears what is told by ``NOTIFY`` at once, and sees within moments that anything at all was written: then
the write-ahead log has grown, whoever wrote. What time alone makes due is no writing; steps that wait for it look by
themselves, as do all of them now and then, so that nothing hangs on a bell alone.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any, Final

import psycopg
from psycopg import sql

from fanwheel.infra.postgres.pool import dsn_for_role

# One for all, so that waiting for several things costs nothing more; what is told says what it is about.
CHANNEL: Final = "fanwheel_work"
_LOOK_S: Final = 0.2
# Where nothing was written for so long it is looked for less often.
_LIVELY_S: Final = 60.0
_SELDOM_S: Final = 0.5
# The log grows a moment before what was committed can be seen, so bells go on ringing for so long.
_ECHO_S: Final = 1.0
_RETRY_S: Final = 2.0
_WRITTEN: Final = b"SELECT pg_current_wal_insert_lsn()"


class Bell:
    """Rung when something was written; one for each step that waits."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._rung.set()

    def ring(self) -> None:
        """Let the step begin."""
        self._rung.set()

    def hush(self) -> None:
        """What was rung for is looked at now."""
        self._rung.clear()

    async def wait(self, seconds: float) -> None:
        """Wait until it is rung, but no longer than so long."""
        if not self._rung.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), seconds)


class Waking:
    """Rings bells; one for a worker."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn_for_role(dsn, "fanwheel_app")
        self._bells: list[Bell] = []
        self._told: dict[str, Bell] = {}
        self._called: dict[str, Callable[[], None]] = {}

    def call(self, channel: str, act: Callable[[], None]) -> None:
        """Do something at once when something is told on another channel."""
        self._called[channel] = act

    def bell(self, topic: str | None = None) -> Bell:
        """A bell that is rung when anything was written, and at once when somebody tells of ``topic``."""
        bell = Bell()
        self._bells.append(bell)
        if topic is not None:
            self._told[topic] = bell
        return bell

    def ring(self) -> None:
        """Ring all of them."""
        for bell in self._bells:
            bell.ring()

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until ``stop`` is set; then every step is woken to see that it is."""
        listening = asyncio.create_task(self._listen_always())
        await stop.wait()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        self.ring()

    async def _listen_always(self) -> None:
        while True:
            with suppress(psycopg.Error, OSError):
                async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as conn:
                    conn.add_notify_handler(self._hear)
                    for channel in (CHANNEL, *self._called):
                        await conn.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                    # What was told while nobody listened is not told again.
                    self.ring()
                    for act in self._called.values():
                        act()
                    await self._listen(conn)
            await asyncio.sleep(_RETRY_S)

    def _hear(self, told: psycopg.Notify) -> None:
        if act := self._called.get(told.channel):
            act()
        elif bell := self._told.get(told.payload):
            bell.ring()

    async def _listen(self, conn: "psycopg.AsyncConnection[Any]") -> None:
        known, moved_at = None, monotonic()
        while True:
            await self._hear_for(conn, _LOOK_S if monotonic() - moved_at < _LIVELY_S else _SELDOM_S)
            written = await (await conn.execute(_WRITTEN)).fetchone()
            if written != known:
                known, moved_at = written, monotonic()
            if monotonic() - moved_at <= _ECHO_S:
                self.ring()

    async def _hear_for(self, conn: "psycopg.AsyncConnection[Any]", seconds: float) -> None:
        """Hear what is told meanwhile. The driver's own way of waiting wakes ten times a second."""
        loop, pgconn = asyncio.get_running_loop(), conn.pgconn

        def hear() -> None:
            try:
                pgconn.consume_input()
            except psycopg.OperationalError:
                loop.remove_reader(pgconn.socket)  # the next statement finds out, and says so
                return
            while told := pgconn.notifies():
                self._hear(psycopg.Notify(told.relname.decode(), told.extra.decode(), told.be_pid))

        loop.add_reader(pgconn.socket, hear)
        try:
            await asyncio.sleep(seconds)
        finally:
            loop.remove_reader(pgconn.socket)

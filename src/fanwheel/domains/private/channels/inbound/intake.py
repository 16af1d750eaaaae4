"""Intake: callbacks that come together are kept in one transaction, and each is answered after it."""

import asyncio
from collections import defaultdict
from datetime import datetime
from typing import Final, NamedTuple

import psycopg

from fanwheel.domains.private.channels.inbound.contracts import Kept
from fanwheel.domains.private.channels.inbound.repository import InboundRepository
from fanwheel.infra.postgres import Database

_ATTEMPTS: Final = 3


class _Offered(NamedTuple):
    rows: list[Kept]
    done: asyncio.Future[None]


class Intake:
    """Keeps what came in to any workspace; one for a process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._offered: defaultdict[int, list[_Offered]] = defaultdict(list)
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def put(self, workspace: int, rows: list[Kept], *, now: datetime) -> None:
        """Keep what came in; returns after the commit."""
        if not rows:
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._offered[workspace].append(_Offered(rows, done))
        task = self._tasks.get(workspace)
        if task is None or task.done():
            self._tasks[workspace] = asyncio.create_task(self._store_all(workspace, now))
        await done

    async def _store_all(self, workspace: int, now: datetime) -> None:
        """Store what is offered, and what is offered meanwhile."""
        while offered := self._offered.pop(workspace, []):
            try:
                await self._store(workspace, [row for each in offered for row in each.rows], now)
            except Exception as error:  # noqa: BLE001 - whoever waits is told; the next ones are tried all the same
                for each in offered:
                    if not each.done.done():
                        each.done.set_exception(error)
            else:
                for each in offered:
                    if not each.done.done():
                        each.done.set_result(None)

    async def _store(self, workspace: int, rows: list[Kept], now: datetime) -> None:
        for attempt in range(_ATTEMPTS):
            try:
                async with self._database.transaction(workspace) as tx:
                    await InboundRepository(tx).put(rows, now=now)
            except psycopg.errors.DeadlockDetected:
                # Two processes were told the same things in another order.
                if attempt + 1 == _ATTEMPTS:
                    raise
            else:
                return

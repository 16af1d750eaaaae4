"""Who looks at the inbox hears of changes at once: one listener and one reading for everybody in a process."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, NamedTuple

import psycopg
import structlog
from fastapi.encoders import jsonable_encoder

from fanwheel.infra.postgres import Database, DatabaseDownError
from fanwheel.infra.postgres.pool import dsn_for_role
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate.conversations import listing
from fanwheel.loop.operate.conversations.repository import InboxRepository
from fanwheel.loop.operate.conversations.threads import CHANNEL

_log: Final = structlog.get_logger(__name__)
_GATHER_S: Final = 0.1
_RETRY_S: Final = 1.0
_ROOM: Final = 200
MOST: Final = 300


class Changes(NamedTuple):
    """Conversations as they are now; ``is_too_many``: load the list again."""

    items: list[Any]
    is_too_many: bool
    next: int


RESET: Final = Changes([], True, 0)
_Queue = asyncio.Queue[Changes | None]


class Hub:
    """Everybody of one process who looks at an inbox, or waits for an answer in a chat."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._lookers: defaultdict[int, set[_Queue]] = defaultdict(set)
        self._waiting: defaultdict[tuple[int, int], set[asyncio.Event]] = defaultdict(set)
        self._changed: defaultdict[int, set[int]] = defaultdict(set)
        self._tasks: list[asyncio.Task[None]] = []
        self._woken = asyncio.Event()
        self._heard = asyncio.Event()
        self._is_ending = False

    @asynccontextmanager
    async def look(self, workspace: int) -> AsyncIterator[_Queue]:
        """A queue of what changes in a workspace; None is the end."""
        queue: _Queue = asyncio.Queue(_ROOM)
        await self._listen()
        self._lookers[workspace].add(queue)
        if self._is_ending:
            queue.put_nowait(None)
        try:
            yield queue
        finally:
            self._lookers[workspace].discard(queue)

    @asynccontextmanager
    async def expect(self, workspace: int, conversation_id: int) -> AsyncIterator[Callable[[float], Any]]:
        """A way to wait until something is said in a conversation, so many seconds at most."""
        event = asyncio.Event()
        await self._listen()
        waiting = self._waiting[workspace, conversation_id]
        waiting.add(event)

        async def wait(seconds: float) -> None:
            if not self._is_ending:
                with suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), seconds)

        try:
            yield wait
        finally:
            waiting.discard(event)
            if not waiting:
                self._waiting.pop((workspace, conversation_id), None)

    def end(self) -> None:
        """Let everybody go who only looks."""
        self._is_ending = True
        for queues in self._lookers.values():
            for queue in queues:
                _put(queue, None)
        for events in self._waiting.values():
            for event in events:
                event.set()

    async def close(self) -> None:
        """Listen no more."""
        self.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self) -> None:
        if not self._tasks and not self._is_ending:
            self._tasks = [asyncio.create_task(self._hear()), asyncio.create_task(self._pass_on())]
        with suppress(TimeoutError):
            await asyncio.wait_for(self._heard.wait(), _RETRY_S)

    async def _hear(self) -> None:
        dsn = dsn_for_role(self._db.dsn, "fanwheel_app")
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as conn:
                    await conn.execute(f"LISTEN {CHANNEL}".encode())
                    self._heard.set()
                    self._reset()
                    async for notice in conn.notifies():
                        self._take(notice.payload)
            except psycopg.OperationalError:
                self._heard.clear()
                _log.warning("the inbox cannot hear the database; trying again")
                await asyncio.sleep(_RETRY_S)

    def _take(self, payload: str) -> None:
        told = json.loads(payload)
        workspace = told["workspace"]
        for conversation_id in told["changed"]:
            for event in self._waiting.get((workspace, conversation_id), ()):
                event.set()
        if self._lookers.get(workspace):
            self._changed[workspace].update(told["changed"], told["watched"])
            self._woken.set()

    def _reset(self) -> None:
        """What was said while nobody heard is not known: have everybody load again."""
        for queues in self._lookers.values():
            for queue in queues:
                _put(queue, RESET)

    async def _pass_on(self) -> None:
        while True:
            await self._woken.wait()
            await asyncio.sleep(_GATHER_S)
            self._woken.clear()
            changed, self._changed = self._changed, defaultdict(set)
            for workspace, ids in changed.items():
                try:
                    told = await read(self._db, workspace, sorted(ids))
                except DatabaseDownError:
                    told = RESET
                for queue in tuple(self._lookers.get(workspace, ())):
                    _put(queue, told)


async def read(db: Database, workspace: int, ids: list[int]) -> Changes:
    """Conversations as everybody may see them now."""
    async with db.transaction(workspace) as tx:
        # First, so that nothing that is committed meanwhile is passed over next time.
        horizon = await InboxRepository(tx).get_horizon()
        if len(ids) > MOST:
            return Changes([], True, horizon)
        rows = await listing.describe(tx, ids, user=None, now=utc_now())
    return Changes(jsonable_encoder(rows), False, horizon)


async def read_since(db: Database, workspace: int, since: int | None) -> Changes:
    """What was changed since a transaction; nothing yet for whoever begins now."""
    async with db.transaction(workspace) as tx:
        inbox = InboxRepository(tx)
        horizon = await inbox.get_horizon()
        ids = [] if since is None else await inbox.list_changed(since=since, limit=MOST + 1)
    if len(ids) > MOST:
        return Changes([], True, horizon)
    return (await read(db, workspace, ids))._replace(next=horizon)


def _put(queue: _Queue, told: Changes | None) -> None:
    if queue.full():
        # Whoever cannot follow loads again; what waited for them is thrown away.
        while not queue.empty():
            queue.get_nowait()
        told = None if told is None else RESET
    queue.put_nowait(told)

"""Group commit: requests that arrive together share one transaction, and each is answered after it."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Final

import psycopg
import structlog

from fanwheel.cdp.events.commit import Commit, DuplicateKeyError
from fanwheel.cdp.events.contracts import Counts, Submission
from fanwheel.cdp.events.known import Known
from fanwheel.cdp.events.wire import Refusal
from fanwheel.infra import telemetry
from fanwheel.infra.postgres import Connection, Database, DatabaseDownError
from fanwheel.kernel.errors import ErrorKind, FanwheelError

_log: Final = structlog.get_logger()
_MAX_GROUP: Final = 1_000
_ATTEMPTS: Final = 5
# A writer in another process may hold the lock that merges need, or be the other side of a deadlock.
_AGAIN: Final = (DuplicateKeyError, psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)


class IngestBusyError(FanwheelError):
    """More events are waiting than may wait; nothing of this request was stored."""

    kind: ClassVar[ErrorKind] = ErrorKind.THROTTLED


@dataclass(slots=True)
class _Waiting:
    submission: Submission
    done: asyncio.Future[Counts]


class Writer:
    """Stores events; one per process.

    ``in_flight`` groups may be under way at once: with 2, the next is prepared while PostgreSQL stores one, which
    helps a process that is alone. Beside others 1 is better, because groups grow larger and commits fewer.
    """

    def __init__(self, dsn: str, *, limit_bytes: int, in_flight: int = 2) -> None:
        self._dsn = dsn
        self._in_flight = in_flight
        self._limit_bytes = limit_bytes
        self._queue: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._wake = asyncio.Event()
        self._known: defaultdict[int, Known] = defaultdict(Known)
        self._months: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self._database: Database | None = None

    async def start(self) -> None:
        """Open the connection and begin to commit."""
        self._database = await Database.open(
            self._dsn, role="fanwheel_ingest", max_size=self._in_flight, autocommit=True
        )
        self._tasks = [asyncio.create_task(self._run(), name=f"ingest-writer-{n}") for n in range(self._in_flight)]

    async def stop(self) -> None:
        """Commit what waits, then end."""
        self._stopping = True
        self._wake.set()
        await asyncio.gather(*self._tasks)
        if self._database is not None:
            await self._database.close()

    async def submit(self, submission: Submission) -> Counts:
        """Store the events of one request; returns after the commit.

        Raises
        ------
        IngestBusyError
            If too much is waiting already: nothing was stored, try again.
        DatabaseDownError
            If the database cannot take it: nothing was stored, try again.
        """
        if self._stopping:
            raise DatabaseDownError("The server is stopping; nothing was stored.")
        if self._waiting_bytes + submission.size > self._limit_bytes and self._queue:
            raise IngestBusyError(hint="Send it again after the time in Retry-After.")
        done: asyncio.Future[Counts] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(submission, done))
        self._waiting_bytes += submission.size
        telemetry.INGEST_WAITING.set(self._waiting_bytes)
        self._wake.set()
        return await done

    async def _run(self) -> None:
        while self._queue or not self._stopping:
            if not self._queue:
                self._wake.clear()
                await self._wake.wait()
                continue
            group = self._take()
            by_workspace: defaultdict[int, list[_Waiting]] = defaultdict(list)
            for item in group:
                by_workspace[item.submission.workspace].append(item)
            for workspace, items in by_workspace.items():
                await self._settle(workspace, items)
            self._waiting_bytes -= sum(item.submission.size for item in group)
            telemetry.INGEST_WAITING.set(self._waiting_bytes)

    def _take(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        count = 0
        while self._queue and (not group or count + len(self._queue[0].submission.events) <= _MAX_GROUP):
            item = self._queue.popleft()
            count += len(item.submission.events)
            group.append(item)
        return group

    async def _settle(self, workspace: int, items: Sequence[_Waiting]) -> None:
        """Commit one workspace's share of a group and answer everybody in it."""
        try:
            counts = await self._commit(workspace, [item.submission for item in items])
        except FanwheelError as error:
            for item in items:
                _answer_with(item.done, error)
        except (psycopg.errors.DataError, psycopg.errors.IntegrityError):
            await self._isolate(workspace, items)
        except Exception as error:  # noqa: BLE001 - the loop must live on; the cause goes to the log and the clients
            _log.exception("ingest commit failed")
            for item in items:
                _answer_with(item.done, DatabaseDownError(hint=f"The commit failed: {type(error).__name__}."))
        else:
            for item, count in zip(items, counts, strict=True):
                if not item.done.done():
                    item.done.set_result(count)

    async def _isolate(self, workspace: int, items: Sequence[_Waiting]) -> None:
        """Find the event that PostgreSQL cannot hold by halving, so that its neighbors are taken."""
        if len(items) > 1:
            for item in items:
                await self._settle(workspace, [item])
            return
        item = items[0]
        submission = item.submission
        if len(submission.events) == 1:
            event = submission.events[0]
            refusal = Refusal("unstorable", "The event holds text that cannot be stored; send valid UTF-8.")
            bad = event.name + b" " + event.properties
            replaced = Submission(
                workspace=workspace, key_id=submission.key_id, received_at=submission.received_at, events=[],
                refused=[*submission.refused, (refusal, bad)],
            )  # fmt: skip
            await self._settle(workspace, [_Waiting(replaced, item.done)])
            return
        middle = len(submission.events) // 2
        halves = [
            Submission(
                workspace=workspace, key_id=submission.key_id, received_at=submission.received_at, events=events,
                refused=refused,
            )
            for events, refused in (
                (submission.events[:middle], submission.refused), (submission.events[middle:], []),
            )
        ]  # fmt: skip
        total = Counts()
        for half in halves:
            part: asyncio.Future[Counts] = asyncio.get_running_loop().create_future()
            await self._settle(workspace, [_Waiting(half, part)])
            if part.exception() is not None:
                _answer_with(item.done, part.exception())
                return
            total = total + part.result()
        if not item.done.done():
            item.done.set_result(total)

    async def _commit(self, workspace: int, submissions: Sequence[Submission]) -> list[Counts]:
        assert self._database is not None
        known = self._known[workspace]
        for attempt in range(_ATTEMPTS):
            commit = Commit(known=known, submissions=submissions, now=datetime.now(UTC), months=self._months)
            try:
                with telemetry.INGEST_COMMIT.time():
                    async with self._database.connection() as conn:
                        await _whole(conn, commit.run(conn, workspace, check_keys=attempt > 0))
            except BaseException as error:
                known.book.forget()
                if not isinstance(error, _AGAIN):
                    raise
                if attempt + 1 == _ATTEMPTS:
                    raise
                continue
            commit.remember()
            _count(commit.counts)
            return commit.counts
        raise AssertionError("unreachable")


async def _whole(conn: Connection, transaction: Awaitable[None]) -> None:
    """Roll back what a failed transaction left open before the connection goes back to its pool."""
    try:
        await transaction
    except BaseException:
        if not conn.closed:
            await conn.rollback()
        raise


def _answer_with(done: asyncio.Future[Counts], error: BaseException | None) -> None:
    if not done.done() and error is not None:
        done.set_exception(error)


def _count(counts: Iterable[Counts]) -> None:
    for count in counts:
        telemetry.INGEST_EVENTS.labels("accepted").inc(count.accepted)
        telemetry.INGEST_EVENTS.labels("rejected").inc(count.rejected)
        telemetry.INGEST_EVENTS.labels("duplicate").inc(count.duplicate)

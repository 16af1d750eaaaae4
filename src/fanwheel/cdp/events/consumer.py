"""A reader of the event stream that handles every committed event exactly once.

A slice is a range of transactions that have all ended: below ``pg_snapshot_xmin`` nothing can appear any
more. Its effects and the cursor's step are committed together, so a crash at any instant repeats nothing
and loses nothing. One transaction crosses workspaces by naming each in turn, under the role that
row-level security binds.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from psycopg.rows import tuple_row

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.kernel.ids import HomeId, SourceId, WorkspaceId

_SQL: Final = sqlfile.load("fanwheel.cdp.events", "consumer.sql")
SLICE: Final = 20_000
_FIRST_WIDTH: Final = 256
_WIDEST: Final = 1 << 40


class StreamEvent(NamedTuple):
    """An event as consumers see it; ``at_us`` is when it occurred, in epoch microseconds.

    Ids, ``properties`` and ``context`` are text, empty where the consumer has no use for them.
    """

    event_id: str
    message_key: str
    home_id: HomeId
    kind: int
    name: str
    at_us: int
    source_id: SourceId
    domain: int
    properties: str
    context: str


class Told(NamedTuple):
    """A track event with what it told; numbers with a point are decimals, so that no amount is bent."""

    event: StreamEvent
    properties: dict[str, Any]


Handle = Callable[[Transaction, Sequence[StreamEvent]], Awaitable[None]]
Also = Callable[[Transaction], Awaitable[Sequence[str]]]


class Consumer:
    """Reads the stream under one name.

    Parameters
    ----------
    name
        Under which the cursor is kept; two consumers of one name take turns.
    handle
        Called once per workspace and slice, inside the transaction that moves the cursor.
    names
        Names of track events whose properties ``handle`` needs. Those of identify events, and everything
        of events with a source, are read anyway; the rest stays in the database.
    also
        Called before the events of each workspace are read, in the same transaction: further names of track, page
        and screen events whose ids and properties ``handle`` needs.
    limit
        Events of a slice. A single transaction with more is read in several calls, still committed as one.
    """

    def __init__(
        self, name: str, handle: Handle, *, names: Sequence[str], also: Also | None = None, limit: int = SLICE
    ) -> None:
        self._name = name
        self._handle = handle
        self._names = list(names)
        self._also = also
        self._limit = limit
        self._width = _FIRST_WIDTH
        self.is_behind = False  # whether the last slice ended before the stream did
        self._empty_until = 0

    async def run_once(self, db: Database) -> int:
        """Handle the next slice; how many events it held. 0: nothing is left, or another worker is at it."""
        async with db.installation() as tx:
            if not await tx.value(_SQL["hold"], name=self._name):
                return 0
            place = await tx.one(_SQL["cursor"], name=self._name)
            # What was seen to be empty is skipped, but not written down: an idle consumer writes nothing.
            begin, horizon = max(place["next_tx"], self._empty_until), place["horizon"]
            if begin >= horizon:
                return 0
            if self.is_behind:
                await tx.run(_SQL["summarize"])
            end, counts = await self._cut(tx, begin, horizon)
            if not counts:
                self._empty_until = end
                self.is_behind = False
                return 0
            for workspace in sorted(counts):
                await self._handle_workspace(tx.conn, WorkspaceId(workspace), begin, end)
            await tx.run(_SQL["leave_workspace"])
            await tx.run(_SQL["step"], name=self._name, next_tx=end)
            return sum(counts.values())

    async def count_arrived(self, db: Database) -> int:
        """How many events have been stored since the server began to count; it does so about once a second."""
        async with db.installation() as tx:
            return int(await tx.value(_SQL["arrived"]))

    async def _cut(self, tx: Transaction, begin: int, horizon: int) -> tuple[int, dict[int, int]]:
        """The end of the next slice, and how many events each workspace has in it."""
        start = begin
        while True:
            end = min(start + self._width, horizon)
            rows = await tx.all(_SQL["count"], begin=start, end=end)
            if rows or end == horizon:
                break
            # Transactions that wrote no events also use numbers up: look further ahead each time.
            start, self._width = end, min(self._width * 4, _WIDEST)
        counts: dict[int, int] = defaultdict(int)
        taken = 0
        for number, group in groupby(rows, key=lambda row: row["tx"]):
            written = list(group)
            size = sum(row["events"] for row in written)
            if taken and taken + size > self._limit:
                self._width, self.is_behind = max(1, number - start), True
                return number, counts
            taken += size
            for row in written:
                counts[row["workspace_id"]] += row["events"]
        self.is_behind = end < horizon
        if taken < self._limit // 4:
            self._width = min(self._width * 2, _WIDEST)
        return end, counts

    async def _handle_workspace(self, conn: Any, workspace: WorkspaceId, begin: int, end: int) -> None:
        tx = Transaction(conn, workspace)
        await tx.run(_SQL["enter_workspace"])
        also = [] if self._also is None else list(await self._also(tx))
        async with conn.cursor("slice", row_factory=tuple_row) as cursor:
            window = {"workspace": workspace, "begin": begin, "end": end, "names": self._names, "also": also}
            await cursor.execute(_SQL["read"].encode(), window)
            while rows := await cursor.fetchmany(self._limit):
                await self._handle(tx, [StreamEvent(*row) for row in rows])


async def hold(tx: Transaction, name: str) -> None:
    """Wait for the consumer's slice to end, then keep it from beginning another until this transaction ends."""
    await tx.run(_SQL["hold_and_wait"], name=name)

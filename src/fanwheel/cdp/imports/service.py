"""Running an import: chunk by chunk into a sink, noting how far it came."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Any, Final, Protocol

from fanwheel.cdp.events.asgi import Key
from fanwheel.cdp.events.contracts import Submission
from fanwheel.cdp.events.writer import IngestBusyError, Writer
from fanwheel.cdp.imports.chunks import chunks
from fanwheel.cdp.imports.contracts import Chunk, Counts, Mapping, Refused, Report
from fanwheel.cdp.imports.preparing import Preparer
from fanwheel.cdp.imports.readers import Rows, open_rows
from fanwheel.cdp.imports.refused import RefusedFile
from fanwheel.cdp.imports.repository import Run, RunRepository
from fanwheel.cdp.imports.rules import mapping as mappings
from fanwheel.infra.postgres import Database

_SHOWN: Final = 10
_IN_FLIGHT: Final = 2

Progress = Callable[[int, int | None], None]


class Sink(Protocol):
    """Where drafts go."""

    async def store(self, chunk: Chunk, *, now: datetime) -> Counts:
        """Store the drafts of a chunk; what became of them."""
        ...


@dataclass(slots=True, kw_only=True)
class Plan:
    """A file, opened, and the mapping completed for its columns."""

    path: Path
    mapping: Mapping
    rows: Rows


@dataclass(slots=True)
class _Tally:
    rows: int = 0
    messages: int = 0
    accepted: int = 0
    duplicate: int = 0
    refused: int = 0
    first_refused: list[Refused] = field(default_factory=list)


def plan(path: Path, mapping: Mapping) -> Plan:
    """The import of ``path``, checked as far as that goes without reading its rows."""
    rows = open_rows(path, mapping.reading, tuple(mapping.lookups))
    return Plan(path=path, mapping=mappings.bind(mapping, rows.names, file=path.name), rows=rows)


def fingerprint(plan: Plan) -> str:
    """A name for this file with this mapping."""
    with plan.path.open("rb") as file:
        content = file_digest(file, "sha256").hexdigest()
    said = f"{content}|{plan.mapping!r}"
    return blake2b(said.encode(), digest_size=16).hexdigest()


async def try_out(plan: Plan, *, now: datetime, progress: Progress) -> Report:
    """What an import would do; nothing is written."""
    tally = _Tally()
    preparer = Preparer(now)
    for chunk in chunks(plan.rows, plan.mapping, skip=0, now=now):
        refused = [] if plan.mapping.what == "spend" else preparer.prepare(chunk)[1]
        _count(tally, chunk, Counts(accepted=len(chunk.drafts) - len(refused), refused=refused))
        progress(tally.rows, plan.rows.total)
    return _report(tally)


async def run(
    plan: Plan, sink: Sink, db: Database, workspace: int, *, now: datetime, progress: Progress, again: bool = False
) -> Report:
    """Import the file, going on where an earlier run stopped; a file that is done is left alone.

    Refused rows are written beside the file, with the reason in their last column.
    """
    name = fingerprint(plan)
    before = await _find(db, workspace, name)
    if before is not None and before.finished_at is not None and not again:
        return _done_before(plan, before)
    goes_on = before is not None and before.finished_at is None
    skip, refused_before = (before.rows_done, before.rows_refused) if before is not None and goes_on else (0, 0)
    tally = _Tally(rows=skip)
    # Refusals of the earlier run stand in the file already.
    refused_file = RefusedFile(plan.path, goes_on=skip > 0)
    pending: deque[tuple[Chunk, asyncio.Task[Counts]]] = deque()
    with refused_file:

        async def settle() -> None:
            chunk, task = pending.popleft()
            counts = await task
            refused_file.write(_count(tally, chunk, counts))
            async with db.transaction(workspace) as tx:
                await RunRepository(tx).put_progress(
                    name, plan.mapping.what, rows_done=tally.rows, rows_refused=refused_before + tally.refused
                )
            progress(tally.rows, plan.rows.total)

        try:
            parts = chunks(plan.rows, plan.mapping, skip=skip, now=now)
            # In a thread, so that what is with PostgreSQL goes on meanwhile.
            while (chunk := await asyncio.to_thread(next, parts, None)) is not None:
                pending.append((chunk, asyncio.create_task(sink.store(chunk, now=now))))
                while len(pending) >= _IN_FLIGHT:
                    await settle()
            while pending:
                await settle()
        finally:
            await asyncio.gather(*(task for _, task in pending), return_exceptions=True)
    async with db.transaction(workspace) as tx:
        await RunRepository(tx).finish(name, now=now)
    return _report(tally, refused_file=refused_file.path if refused_file.rows else None, resumed_at=skip)


class EventSink:
    """Drafts into the event stream, through the same writer as everything that comes over HTTP."""

    def __init__(self, writer: Writer, key: Key) -> None:
        self._writer = writer
        self._key = key
        self._preparer: Preparer | None = None

    async def store(self, chunk: Chunk, *, now: datetime) -> Counts:
        """Store the drafts of a chunk as events."""
        if self._preparer is None:
            self._preparer = Preparer(now)
        ready, refused = self._preparer.prepare(chunk)
        if not ready:
            return Counts(refused=refused)
        size = sum(len(event.properties) for event in ready)
        submission = Submission(
            workspace=self._key.workspace, key_id=self._key.key_id, received_at=now, events=ready, size=size
        )
        counts = await self._submit(submission)
        return Counts(accepted=counts.accepted, duplicate=counts.duplicate, refused=refused)

    async def _submit(self, submission: Submission) -> Any:
        while True:
            try:
                return await self._writer.submit(submission)
            except IngestBusyError:
                await asyncio.sleep(0.1)


async def _find(db: Database, workspace: int, name: str) -> Run | None:
    async with db.transaction(workspace) as tx:
        return await RunRepository(tx).find(name)


def _count(tally: _Tally, chunk: Chunk, counts: Counts) -> list[Refused]:
    """Add a chunk to the tally; its refused rows, those refused by ingest among them."""
    late = [Refused(chunk.drafts[index].first_row, reason, {}) for index, reason in counts.refused]
    refused = [*chunk.refused, *late]
    tally.rows += chunk.rows
    tally.messages += len(chunk.drafts)
    tally.accepted += counts.accepted
    tally.duplicate += counts.duplicate
    tally.refused += len(refused)
    tally.first_refused += refused[: max(0, _SHOWN - len(tally.first_refused))]
    return refused


def _done_before(plan: Plan, run: Run) -> Report:
    """What is known of an import that was done before."""
    written = RefusedFile(plan.path)
    first = written.first(_SHOWN) if run.rows_refused else []
    return Report(
        was_done=True,
        rows=run.rows_done,
        refused=run.rows_refused,
        first_refused=tuple(first),
        refused_file=written.path if first else None,
    )


def _report(tally: _Tally, *, refused_file: Path | None = None, resumed_at: int = 0) -> Report:
    return Report(
        rows=tally.rows,
        messages=tally.messages,
        accepted=tally.accepted,
        duplicate=tally.duplicate,
        refused=tally.refused,
        first_refused=tuple(tally.first_refused),
        refused_file=refused_file,
        resumed_at=resumed_at,
    )

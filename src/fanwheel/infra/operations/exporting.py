"""A workspace's data in files that any program reads: people, orders, spend, and events from lake and database."""

from collections.abc import AsyncIterator, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final, Literal, get_args
from uuid import UUID

import pyarrow as pa
import pyarrow.dataset as ds
from psycopg.rows import dict_row

from fanwheel.infra import lake, sqlfile
from fanwheel.infra.operations import tables
from fanwheel.infra.operations.errors import ExportTargetError
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.kernel.domain import Domain

What = Literal["people", "orders", "spend", "events"]
WHATS: Final[tuple[What, ...]] = get_args(What)
_SQL: Final = sqlfile.load("fanwheel.infra.operations", "exports.sql")
_BATCH_ROWS: Final = 20_000
_KINDS: Final = {1: "track", 2: "identify", 3: "page", 4: "screen", 5: "group", 6: "alias"}
_LAKE_COLUMNS: Final = [
    "event_id", "message_key", "person_id", "kind", "name", "occurred_at", "received_at", "source_id", "domain",
    "properties", "context",
]  # fmt: skip


async def export(db: Database, home: Path, target: Path, *, workspace: int, what: str) -> int:
    """Write one kind of a workspace's data to a .csv, .parquet or .jsonl file; how many rows.

    Raises
    ------
    ExportTargetError
        If there is no such kind, or the file cannot be written.
    """
    if what not in WHATS:
        raise ExportTargetError(f"{what!r} cannot be exported.", hint=f"Choose from {', '.join(WHATS)}.")
    count = 0
    with tables.writer(target, tables.SCHEMAS[what]) as put:
        rows = _events(db, home, workspace) if what == "events" else _rows(db, workspace, what)
        async for table in rows:
            put(table)
            count += table.num_rows
    return count


async def find_person(tx: Transaction, identifier_hash: UUID) -> int | None:
    """The person who owns an identifier, if any."""
    found = await tx.value(_SQL["find_person"], hash=identifier_hash)
    return None if found is None else int(found)


async def region(tx: Transaction) -> str:
    """The workspace's default region for phone numbers."""
    return str(await tx.value(_SQL["region"]))


async def _rows(db: Database, workspace: int, what: str) -> AsyncIterator[pa.Table]:
    async with db.transaction(workspace) as tx, tx.conn.cursor(f"export_{what}", row_factory=dict_row) as cursor:
        cursor.itersize = _BATCH_ROWS
        await cursor.execute(_SQL[what].encode(), {"workspace": workspace})
        while batch := await cursor.fetchmany(_BATCH_ROWS):
            yield _table([dict(row) for row in batch], tables.SCHEMAS[what])


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    money = [field.name for field in schema if pa.types.is_decimal(field.type)]
    for row in rows:
        for name in money:
            row[name] = None if row[name] is None else round(row[name], 6)
    return pa.Table.from_pylist(rows, schema)


async def _events(db: Database, home: Path, workspace: int) -> AsyncIterator[pa.Table]:
    async with db.transaction(workspace) as tx:
        homes = await tx.all(_SQL["list_homes"])
        sources = {row["source_id"]: row["slug"] for row in await tx.all(_SQL["list_sources"])}
    person_of = {row["home_id"]: row["person_id"] for row in homes}
    state = lake.snapshot(home, db.dsn, workspace=workspace)
    for batch in chain(_filed(state.files, workspace), state.tail.select(_LAKE_COLUMNS).to_batches()):
        rows = [_event(row, person_of, sources) for row in batch.to_pylist() if row["person_id"] in person_of]
        if rows:
            yield pa.Table.from_pylist(rows, tables.SCHEMAS["events"])


def _filed(files: list[str], workspace: int) -> Iterator[pa.RecordBatch]:
    if files:
        stored = ds.dataset([name.removeprefix("file://") for name in files], format="parquet")
        mine = ds.field("workspace_id") == workspace
        yield from stored.to_batches(columns=_LAKE_COLUMNS, filter=mine, batch_size=_BATCH_ROWS)


def _event(row: dict[str, Any], person_of: dict[int, int], sources: dict[int, str]) -> dict[str, Any]:
    return {
        **row,
        "event_id": str(UUID(bytes=row["event_id"])),
        "message_key": str(UUID(bytes=row["message_key"])),
        "person_id": person_of[row["person_id"]],
        "kind": _KINDS[row["kind"]],
        "source": sources.get(row["source_id"], ""),
        "domain": Domain(row["domain"]).label,
    }

"""Parquet files below the table's directory: written whole and on disk before anything refers to them."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from fanwheel.infra.lake.arrow import compute
from fanwheel.infra.lake.contracts import FILE_SCHEMA, FRESH

_GROUP_ROWS: Final = 131_072  # rows of a row group, the grain at which readers skip
_FILE_ROWS: Final = 5_000_000
_WAITING_BYTES: Final = 192 << 20  # rows of many months may wait for a full row group in this much memory
_LAYOUT: Final[dict[str, Any]] = {
    "compression": "zstd",
    "compression_level": 1,
    # Ids and JSON texts hardly repeat: a dictionary of them costs time and gains nothing.
    "use_dictionary": ["workspace_id", "kind", "name", "source_id", "domain"],
    "write_statistics": ["workspace_id", "person_id", "kind", "name", "occurred_at"],
}


class NewFile:
    """A file that is written but not yet part of the table."""

    def __init__(self, path: str, *, month: int, bucket: int) -> None:
        self.path = path
        self.month = month
        self.bucket = bucket
        self.row_count = 0
        self.size_bytes = 0
        self._low: dict[str, Any] = {}
        self._high: dict[str, Any] = {}

    def count(self, table: pa.Table) -> None:
        """Take rows into the statistics, which name numbers and times only: a log outlives erased rows."""
        self.row_count += table.num_rows
        for name in ("workspace_id", "person_id", "occurred_at"):
            ends = compute.min_max(table[name]).as_py()
            self._low[name] = min(self._low.get(name, ends["min"]), ends["min"])
            self._high[name] = max(self._high.get(name, ends["max"]), ends["max"])

    def stats(self) -> str:
        """The statistics as the Delta protocol writes them."""
        ends = {"minValues": self._low, "maxValues": self._high}
        shown = {
            title: {name: value if isinstance(value, int) else value.isoformat() for name, value in values.items()}
            for title, values in ends.items()
        }
        return json.dumps({"numRecords": self.row_count, **shown})


class FileWriter:
    """Writes rows into files by month and bucket; on an error the files are gone. A context manager.

    Rows of ``run`` are given in order and stay in it; without one they are as exported. Commit after the block: a
    commit that fails may have succeeded all the same, so its files are left to the vacuum.
    """

    def __init__(self, root: Path, *, run: str | None = None) -> None:
        self._root = root
        self._prefix = f"sorted-{run}" if run else "part"
        self._waiting: dict[tuple[int, int], list[pa.Table]] = {}
        self._open: dict[tuple[int, int], tuple[NewFile, pq.ParquetWriter]] = {}
        self.files: list[NewFile] = []

    def write(self, rows: pa.Table, *, month: int, bucket: int = FRESH) -> None:
        """Add rows of ``FILE_SCHEMA`` that belong into one partition."""
        waiting = self._waiting.setdefault((month, bucket), [])
        waiting.append(rows)
        if sum(table.num_rows for table in waiting) >= _GROUP_ROWS:
            self._flush((month, bucket))
        elif len(self._waiting) > 1 and self._bytes_waiting() > _WAITING_BYTES:
            self._flush(max(self._waiting, key=lambda place: sum(t.nbytes for t in self._waiting[place])))

    def finish(self) -> list[NewFile]:
        """Complete the files and bring them to the disk."""
        for place in list(self._waiting):
            self._flush(place)
        for place in list(self._open):
            self._close(place)
        folders = {(self._root / file.path).parent for file in self.files}
        for folder in folders | {folder.parent for folder in folders} | {self._root}:
            sync(folder)
        return self.files

    def _bytes_waiting(self) -> int:
        return sum(table.nbytes for tables in self._waiting.values() for table in tables)

    def _flush(self, place: tuple[int, int]) -> None:
        rows = pa.concat_tables(self._waiting.pop(place))
        file, writer = self._open.get(place) or self._start(place)
        writer.write_table(rows, row_group_size=_GROUP_ROWS)
        file.count(rows)
        if file.row_count >= _FILE_ROWS:
            self._close(place)

    def _start(self, place: tuple[int, int]) -> tuple[NewFile, pq.ParquetWriter]:
        month, bucket = place
        path = f"month={month}/bucket={bucket}/{self._prefix}-{uuid4().hex}.parquet"
        (self._root / path).parent.mkdir(parents=True, exist_ok=True)
        file = NewFile(path, month=month, bucket=bucket)
        self.files.append(file)
        writer = pq.ParquetWriter(self._root / path, FILE_SCHEMA, **_LAYOUT)
        self._open[place] = (file, writer)
        return file, writer

    def _close(self, place: tuple[int, int]) -> None:
        file, writer = self._open.pop(place)
        writer.close()
        file.size_bytes = (self._root / file.path).stat().st_size
        sync(self._root / file.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            return
        for _, writer in self._open.values():
            writer.close()
        for file in self.files:
            (self._root / file.path).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Have the disk hold what was written to a file or a directory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def by_month(rows: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    """Rows apart by the month in which they occurred."""
    if not rows.num_rows:
        return
    months = month_column(rows)
    low, high = compute.min_max(months).as_py().values()
    if low == high:
        yield low, rows
        return
    for month in compute.unique(months).to_pylist():
        yield month, rows.filter(compute.equal(months, month))


def month_column(rows: pa.Table) -> pa.ChunkedArray:
    """The month partition of each row."""
    at = rows["occurred_at"]
    return compute.add(compute.multiply(compute.year(at), 100), compute.month(at)).cast(pa.int32())


def as_lake_rows(batch: pa.RecordBatch) -> pa.Table:
    """Rows as PostgreSQL gave them in the types of ``FILE_SCHEMA``: a uuid becomes its 16 bytes."""
    columns = [column.storage if isinstance(column, pa.ExtensionArray) else column for column in batch.columns]
    return pa.table(columns, names=FILE_SCHEMA.names).cast(FILE_SCHEMA)

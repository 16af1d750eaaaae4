"""Rewriting: many files as they were exported become few, sorted by person and time."""

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import uuid4

import pyarrow as pa

from fanwheel.infra.lake.arrow import compute
from fanwheel.infra.lake.contracts import BUCKETS, FILE_SCHEMA, LakeFile, LakeOptions
from fanwheel.infra.lake.datasets import LakeReader
from fanwheel.infra.lake.files import FileWriter, NewFile
from fanwheel.infra.lake.rules import Rewrite
from fanwheel.infra.lake.table import EventTable

# What an event takes in memory while it is sorted; measured 470 to 560 bytes in PostgreSQL.
_ROW_BYTES: Final = 600


def rewrite(table: EventTable, due: Rewrite, *, reader: LakeReader, options: LakeOptions) -> None:
    """Write the files of a rewrite anew and put them in the place of the old ones, in one commit."""
    options.on_step("rewrite_begun")
    with FileWriter(table.root, run=uuid4().hex) as writer:
        paths = [str(table.root / file.path) for file in due.files]
        for rows in _sorted(reader, paths, due, pass_mb=options.pass_mb):
            for bucket, part in _by_bucket(rows):
                writer.write(part, month=due.month, bucket=bucket)
        files = writer.finish()
        _require_equal(due.files, files)
    options.on_step("rewrite_written")
    table.replace(due.files, files)
    options.on_step("rewrite_committed")


def _sorted(reader: LakeReader, paths: Sequence[str], due: Rewrite, *, pass_mb: int) -> Iterator[pa.Table]:
    if not due.is_bucketed:
        yield from reader.sorted_by_person(paths)
        return
    passes = min(BUCKETS, 1 + due.row_count * _ROW_BYTES // (pass_mb << 20))
    width = -(-BUCKETS // passes)
    for first in range(0, BUCKETS, width):
        yield from reader.sorted_by_bucket(paths, first=first, last=min(first + width, BUCKETS) - 1)


def _by_bucket(rows: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    bare = rows.select(FILE_SCHEMA.names).cast(FILE_SCHEMA)
    for bucket in compute.unique(rows["bucket"]).to_pylist():
        yield bucket, bare.filter(compute.equal(rows["bucket"], bucket))


def _require_equal(old: Sequence[LakeFile], new: Sequence[NewFile]) -> None:
    before, after = sum(file.row_count for file in old), sum(file.row_count for file in new)
    if before != after:
        raise RuntimeError(f"a rewrite of {before} rows gave {after}")

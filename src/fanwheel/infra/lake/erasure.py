"""Erasure: the rows of a person leave the files, and the files that held them leave the disk."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from fanwheel.infra.lake.arrow import compute
from fanwheel.infra.lake.contracts import FILE_SCHEMA, LakeFile, LakeOptions
from fanwheel.infra.lake.datasets import LakeReader
from fanwheel.infra.lake.files import FileWriter, NewFile
from fanwheel.infra.lake.table import EventTable

_BATCH_ROWS = 65_536
Homes = Mapping[int, Sequence[int]]  # workspace_id -> home ids


def erase(table: EventTable, homes: Homes, *, app: str, reader: LakeReader, options: LakeOptions) -> int:
    """Take the events of homes out of the lake for good; return how many files held some.

    Nothing else may write to the lake meanwhile: whatever does not belong to the table is deleted, what an
    exporter or a rewrite had prepared and older states that running readers may still have open included.
    """
    options.on_step("erasure_begun")
    old = _find_holding(table, homes, reader)
    new = [file for held in old for file in _without(table, held, homes)]
    options.on_step("erasure_written")
    table.erase(old, new, app=app)
    options.on_step("erasure_committed")
    table.vacuum(0)
    options.on_step("erasure_vacuumed")
    return len(old)


def _find_holding(table: EventTable, homes: Homes, reader: LakeReader) -> list[LakeFile]:
    pairs = [(workspace, home) for workspace, ids in homes.items() for home in ids]
    erased = pa.table(
        {
            "workspace_id": pa.array([workspace for workspace, _ in pairs], pa.int32()),
            "person_id": pa.array([home for _, home in pairs], pa.int64()),
        }
    )
    files = {str(table.root / file.path): file for file in table.files()}
    return [files[path] for path in sorted(reader.find_holding(list(files), erased))]


def _without(table: EventTable, held: LakeFile, homes: Homes) -> list[NewFile]:
    """The rows of a file that stay, in new files in the same order."""
    with FileWriter(table.root, run=held.run) as writer, pq.ParquetFile(table.root / held.path) as source:
        for batch in source.iter_batches(batch_size=_BATCH_ROWS):
            rows = pa.Table.from_batches([batch]).cast(FILE_SCHEMA)
            kept = rows.filter(compute.invert(_belongs(rows, homes)))
            if kept.num_rows:
                writer.write(kept, month=held.month, bucket=held.bucket)
        return writer.finish()


def _belongs(rows: pa.Table, homes: Homes) -> pa.ChunkedArray:
    mask = pa.chunked_array([pa.repeat(False, rows.num_rows)])
    for workspace, ids in homes.items():
        is_home = compute.is_in(rows["person_id"], value_set=pa.array(ids, pa.int64()))
        mask = compute.or_(mask, compute.and_(compute.equal(rows["workspace_id"], workspace), is_home))
    return mask

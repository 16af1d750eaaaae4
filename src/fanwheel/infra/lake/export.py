"""One slice of events, from PostgreSQL into one commit of the lake."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa

from fanwheel.infra.lake.arrow import compute
from fanwheel.infra.lake.contracts import LakeOptions
from fanwheel.infra.lake.datasets import LakeReader
from fanwheel.infra.lake.files import FileWriter, NewFile, by_month
from fanwheel.infra.lake.leadership import Lead
from fanwheel.infra.lake.repository import EventStream, Slice
from fanwheel.infra.lake.table import EventTable


def export(lead: Lead, part: Slice, *, dsn: str, scratch: Path, options: LakeOptions) -> int:
    """Move the events of a slice; return how many the lake gained."""
    options.on_step("export_begun")
    lead.confirm()
    with EventStream(dsn, from_tx=lead.watermark, until_tx=part.until_tx) as stream:
        rows = stream.window()
        files = _write(lead.table.root, _unknown(rows, lead, scratch, options) if lead.is_in_doubt else rows)
    options.on_step("export_written")
    lead.table.append(files, app=lead.app, watermark=part.until_tx)
    options.on_step("export_committed")
    lead.advance(part.until_tx)
    return sum(file.row_count for file in files)


def _write(root: Path, rows: Iterable[pa.Table]) -> list[NewFile]:
    with FileWriter(root) as writer:
        for some in _one_ahead(iter(rows)):
            for month, part in by_month(some):
                writer.write(part, month=month)
        return writer.finish()


def _one_ahead(rows: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The same rows; the next part is read while the last one is written, on the other core."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, rows, None)
        while (some := coming.result()) is not None:
            coming = reader.submit(next, rows, None)
            yield some


def _unknown(rows: Iterable[pa.Table], lead: Lead, scratch: Path, options: LakeOptions) -> Iterator[pa.Table]:
    """The rows that the lake does not hold yet."""
    with LakeReader(scratch, memory_mb=options.memory_mb) as reader:
        for some in _in_parts(rows, options.doubt_rows):
            months = {month for month, _ in by_month(some)}
            paths = _paths(lead.table, months)
            known = reader.find_known(paths, some["event_id"])
            yield some.filter(compute.invert(compute.is_in(some["event_id"], value_set=known.combine_chunks())))


def _in_parts(rows: Iterable[pa.Table], row_count: int) -> Iterator[pa.Table]:
    waiting: list[pa.Table] = []
    for some in rows:
        waiting.append(some)
        if sum(table.num_rows for table in waiting) >= row_count:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def _paths(table: EventTable, months: set[int]) -> list[str]:
    return [str(table.root / file.path) for file in table.files() if file.month in months]

"""One state of all events: the lake's files and what PostgreSQL holds beyond them."""

from pathlib import Path

import pyarrow as pa

from fanwheel.infra.lake import rules
from fanwheel.infra.lake.contracts import FRESH, SCHEMA, LakeSnapshot
from fanwheel.infra.lake.errors import LakeSettlingError
from fanwheel.infra.lake.files import month_column
from fanwheel.infra.lake.repository import EventStream, ExportRepository, LakeState, database_errors
from fanwheel.infra.lake.table import EventTable


def hot_tail(dsn: str, since_tx: int, *, workspace: int | None = None) -> pa.Table:
    """Committed events with tx >= ``since_tx``, in the lake's schema, of one workspace or of all."""
    with database_errors(), EventStream(dsn, from_tx=since_tx, workspace=workspace) as stream:
        rows = stream.tail()
    bucket = pa.chunked_array([pa.repeat(pa.scalar(FRESH, pa.int32()), rows.num_rows)])
    return rows.append_column("month", month_column(rows)).append_column("bucket", bucket).cast(SCHEMA)


def snapshot(home: Path, dsn: str, *, workspace: int | None = None) -> LakeSnapshot:
    """Every committed event once: those in ``files`` and those in ``tail``.

    The lake is read first. It holds exactly the rows below its watermark, all of which were decided when it
    was written, so what PostgreSQL then has from the watermark on completes it, whatever is exported meanwhile.

    Raises
    ------
    LakeSettlingError
        For some minutes after a restore.
    """
    root = home / "lake" / "event"
    state = _state(dsn)
    table = EventTable.find(root)
    if table is None:
        return LakeSnapshot(root=root, files=[], version=-1, watermark=0, tail=hot_tail(dsn, 0, workspace=workspace))
    watermark = table.watermark(rules.app_id(state.lake_epoch))
    files = table.uris()
    if files and not _is_settled(state, watermark):
        raise LakeSettlingError(hint="Try again in a minute; the worker must be running.")
    tail = hot_tail(dsn, watermark or 0, workspace=workspace)
    return LakeSnapshot(root=root, files=files, version=table.version, watermark=watermark or 0, tail=tail)


def _is_settled(state: LakeState, watermark: int | None) -> bool:
    return state.trusts(watermark) and (watermark or 0) >= state.lake_doubt_tx


def _state(dsn: str) -> LakeState:
    with database_errors():
        repository = ExportRepository(dsn)
        try:
            return repository.state()
        finally:
            repository.close()

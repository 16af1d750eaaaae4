"""PostgreSQL as the lake needs it: one session that leads, one that streams."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, Self
from uuid import UUID

import psycopg
import pyarrow as pa
from psycopg.rows import dict_row

from fanwheel.infra import sqlfile
from fanwheel.infra.lake.contracts import FILE_SCHEMA, Holdback
from fanwheel.infra.lake.files import as_lake_rows
from fanwheel.infra.postgres import DatabaseDownError, dsn_for_role
from fanwheel.infra.postgres.arrow import ArrowBrokenError, ArrowSession

_SQL: Final = sqlfile.load("fanwheel.infra.lake")
_ROLE: Final = "fanwheel_export"
_SESSION: Final = {
    "timezone": "UTC",
    # Until the table is analyzed, and whenever what is known of it is old, the planner would read whole partitions
    # for their newest rows; the block index is hardly dearer even when everything is asked for.
    "enable_seqscan": "off",
    # The other cores are for ingest and reports.
    "max_parallel_workers_per_gather": 0,
    "jit": "off",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """A part of what is committed and not exported: rows with tx below ``until_tx``."""

    until_tx: int
    row_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeState:
    """What the installation says about the lake, and on which cluster it says so."""

    lake_epoch: UUID
    lake_system: int | None
    lake_ready_epoch: UUID | None
    lake_doubt_tx: int
    system: int
    next_tx: int

    def trusts(self, watermark: int | None) -> bool:
        """Whether a watermark of this epoch belongs to this life of this cluster."""
        if self.lake_ready_epoch != self.lake_epoch or self.lake_system != self.system:
            return False
        return watermark is None or watermark <= self.next_tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Homes of a workspace whose events must go."""

    workspace_id: int
    erasure_id: int
    home_ids: list[int]


class ExportRepository:
    """The control session of an exporter; statements commit by themselves."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._conn = psycopg.connect(
            dsn_for_role(dsn, _ROLE, **_SESSION),
            autocommit=True,
            connect_timeout=10,
            prepare_threshold=None,  # a plan for any watermark would read whole partitions
        )

    def close(self) -> None:
        """Give the lock back and end the session."""
        # The server would do it too, but only once it has noticed that we are gone.
        with suppress(psycopg.Error):
            self._one("release")
        self._conn.close()

    def _all(self, name: str, **params: object) -> list[dict[str, Any]]:
        with self._conn.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(_SQL[name].encode(), params).fetchall()

    def _one(self, name: str, **params: object) -> dict[str, Any]:
        return self._all(name, **params)[0]

    def lead(self) -> bool:
        """Take the lock of the one exporter, if it is free."""
        return bool(self._one("lead")["is_leader"])

    def state(self) -> LakeState:
        """What the installation says about the lake."""
        return LakeState(**self._one("state"))

    def settle(self, *, start_anew: bool, lake_is_empty: bool) -> None:
        """Make the installation fit this cluster and this lake."""
        self._one("settle", start_anew=start_anew, lake_is_empty=lake_is_empty)

    def plan(self, from_tx: int, *, slice_rows: int) -> list[Slice]:
        """What is committed from a tx on and can no longer change, in slices of about so many rows."""
        return [Slice(**row) for row in self._all("plan", from_tx=from_tx, slice_rows=slice_rows)]

    def decided_tx(self) -> int:
        """The tx below which every transaction has ended."""
        return int(self._one("decided")["decided_tx"])

    def find_oldest_writer(self) -> Holdback | None:
        """The transaction that holds readers back, if one does."""
        rows = self._all("oldest_writer")
        return Holdback(**rows[0]) if rows else None

    def summarize(self) -> None:
        """Bring the block index of the partitions up to date."""
        self._one("summarize")

    def list_pending_erasures(self, *, grace_s: float) -> list[Erasure]:
        """Erasures to be carried out, oldest first."""
        return [Erasure(**row) for row in self._all("pending_erasures", grace_s=grace_s)]

    def finish_erasure(self, erasure: Erasure) -> None:
        """Note that the lake holds nothing of it any more."""
        self._conn.execute(
            _SQL["erasure_done"].encode(), {"workspace": erasure.workspace_id, "erasure": erasure.erasure_id}
        )

    def delete_events(self, workspace: int, homes: Sequence[int]) -> int:
        """Delete the events of homes in PostgreSQL; return how many."""
        fenced = dsn_for_role(self._dsn, "fanwheel_app", fanwheel__workspace=workspace)
        with psycopg.connect(fenced, connect_timeout=10) as conn:
            return conn.execute(_SQL["delete_events"].encode(), {"workspace": workspace, "homes": list(homes)}).rowcount

    def list_months(self) -> list[int]:
        """Months that have a partition, oldest first."""
        return [row["month"] for row in self._all("months")]

    def drop_month(self, month: int, *, watermark: int, hot_days: int) -> bool:
        """Drop a month's partition if every row of it is below ``watermark`` and old enough."""
        return bool(self._one("drop_month", month=month, watermark=watermark, hot_days=hot_days)["is_dropped"])


class EventStream:
    """Events as Arrow, streamed by COPY; a context manager.

    COPY takes no parameters, so the window is in the settings of the session, and a session has one window.
    """

    def __init__(self, dsn: str, *, from_tx: int, until_tx: int = 0, workspace: int | None = None) -> None:
        self._is_fenced = workspace is not None
        window = dsn_for_role(
            dsn,
            _ROLE,
            **_SESSION,
            fanwheel__from_tx=from_tx,
            fanwheel__until_tx=until_tx,
            fanwheel__workspace=workspace or 0,
        )
        self._session = ArrowSession(window, autocommit=True)

    def window(self) -> Iterator[pa.Table]:
        """Events of the window in parts of some 16 MB, in the types of the lake."""
        yield from self._stream("events")

    def tail(self) -> pa.Table:
        """Committed events from the first tx on, as one snapshot of the database sees them."""
        parts = self._stream("tail_of_workspace" if self._is_fenced else "tail")
        return pa.concat_tables([FILE_SCHEMA.empty_table(), *parts])

    def _stream(self, name: str) -> Iterator[pa.Table]:
        for batch in self._session.batches(_SQL[name]):
            yield as_lake_rows(batch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()


@contextmanager
def database_errors() -> Iterator[None]:
    """Translate failures of the drivers into an error that callers know."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError, ArrowBrokenError) as error:
        raise DatabaseDownError(hint="Try again shortly; if it stays, run fanwheel doctor.") from error

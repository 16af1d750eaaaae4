"""The exporter: moves committed events into the lake exactly once, and keeps the lake in order.

The watermark is in the same Delta commit as the files, so a process killed at any step repeats only work that
nobody has seen. A lock held by a session of PostgreSQL keeps exporters one at a time; should that session die
unnoticed, Delta refuses the commit of whoever began from an older watermark.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import structlog
from deltalake.exceptions import CommitFailedError

from fanwheel.infra.lake import compaction, erasure, memory, rules
from fanwheel.infra.lake.contracts import ExportResult, LakeOptions
from fanwheel.infra.lake.datasets import LakeReader
from fanwheel.infra.lake.errors import LakeRivalError
from fanwheel.infra.lake.export import export
from fanwheel.infra.lake.holdback import HoldbackWatch
from fanwheel.infra.lake.leadership import Lead
from fanwheel.infra.lake.repository import Erasure, ExportRepository, Slice, database_errors
from fanwheel.infra.lake.table import EventTable
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import Clock, utc_now

_DEFAULTS: Final = LakeOptions()
_log: Final = structlog.get_logger(__name__)


class Exporter:
    """Each call does one turn of one duty and returns; calls may come from several threads.

    All raise ``DatabaseDownError`` without a database and ``LakeRivalError`` if another process took over
    meanwhile; the next call starts afresh.
    """

    def __init__(
        self, settings: Settings, dsn: str, *, options: LakeOptions = _DEFAULTS, clock: Clock = utc_now
    ) -> None:
        self._root = settings.lake_path / "event"
        self._scratch = settings.lake_path / "scratch"
        self._hot_days = settings.hot_days
        self._dsn = dsn
        self._options = options
        self._clock = clock
        self._watch = HoldbackWatch(warn_after_s=options.warn_after_s, every_s=options.watch_every_s)
        self._repository: ExportRepository | None = None
        self._lead: Lead | None = None
        self._unsummarized = 0
        self._leading = threading.Lock()  # it is decided once at a time who leads
        self._exporting = threading.Lock()  # a slice is read and committed, or an erasure keeps that from happening
        self._rewriting = threading.Lock()  # one duty at a time replaces files

    def run_once(self) -> ExportResult:
        """Export what is committed and can no longer change."""
        with self._leadership() as lead:
            if lead is None:
                return ExportResult(is_leader=False)
            self._watch.look(lead.repository)
            slices = lead.plan(slice_rows=self._options.slice_rows)
            row_count = sum(self._export(lead, part) for part in slices)
            self._summarize(lead, row_count)
            return ExportResult(is_leader=True, row_count=row_count, commits=len(slices), watermark=lead.watermark)

    def compact_once(self) -> int:
        """Rewrite the files that are due into sorted ones; return how many became fewer."""
        with self._leadership() as lead, self._rewriting:
            if lead is None:
                return 0
            table = EventTable.open(self._root)
            due = rules.plan(table.files(), now=self._clock(), options=self._options)
            if due:
                with LakeReader(self._scratch / "rewrite", memory_mb=self._options.memory_mb) as reader:
                    for rewrite in due:
                        compaction.rewrite(table, rewrite, reader=reader, options=self._options)
                table.checkpoint()
                memory.give_back()
            table.vacuum(self._options.retention_hours)
            return sum(len(rewrite.files) for rewrite in due)

    def erase_once(self) -> int:
        """Carry out pending erasures, in PostgreSQL first and then in the lake; return how many."""
        with self._leadership() as lead, self._rewriting:
            pending = lead.repository.list_pending_erasures(grace_s=self._options.erasure_grace_s) if lead else []
            if lead is None or not pending:
                return 0
            homes = _by_workspace(pending)
            for workspace, ids in homes.items():
                lead.repository.delete_events(workspace, ids)
            # No slice is under way below, and the next one is read from a database without the erased events.
            with self._exporting, LakeReader(self._scratch / "rewrite", memory_mb=self._options.memory_mb) as reader:
                table = EventTable.open(self._root)
                erasure.erase(table, homes, app=lead.app, reader=reader, options=self._options)
            for done in pending:
                lead.repository.finish_erasure(done)
            return len(pending)

    def drop_partitions_once(self) -> list[int]:
        """Drop months that have long been in the lake from PostgreSQL; return them as year * 100 + month."""
        with self._leadership() as lead:
            if lead is None:
                return []
            # The watermark of some minutes ago: a reader that still works with an older state of the lake
            # must find in PostgreSQL what that state lacks.
            settled_at = self._clock() - timedelta(minutes=self._options.settle_minutes)
            watermark = EventTable.open(self._root).watermark_at(lead.app, settled_at)
            return [
                month
                for month in lead.repository.list_months()
                if lead.repository.drop_month(month, watermark=watermark, hot_days=self._hot_days)
            ]

    def close(self) -> None:
        """Let another process lead."""
        with self._leading:
            self._resign()

    def _export(self, lead: Lead, part: Slice) -> int:
        with self._exporting:
            return export(lead, part, dsn=self._dsn, scratch=self._scratch / "export", options=self._options)

    def _summarize(self, lead: Lead, row_count: int) -> None:
        self._unsummarized += row_count
        if self._unsummarized >= self._options.summarize_rows:
            lead.repository.summarize()
            self._unsummarized = 0
            memory.give_back()

    @contextmanager
    def _leadership(self) -> Iterator[Lead | None]:
        """The lead, or None while another process has it; given up on any trouble, to start from what is true."""
        try:
            with database_errors():
                yield self._take_lead()
        except CommitFailedError as error:
            self.close()
            raise LakeRivalError from error
        except BaseException:
            self.close()
            raise

    def _take_lead(self) -> Lead | None:
        with self._leading:
            if self._lead is None:
                self._repository = self._repository or ExportRepository(self._dsn)
                self._lead = Lead.take(self._repository, self._root)
                if self._lead:
                    _log.info("lake.lead", watermark=self._lead.watermark)
            return self._lead

    def _resign(self) -> None:
        self._lead = None
        if self._repository:
            self._repository.close()
            self._repository = None


def _by_workspace(pending: Sequence[Erasure]) -> dict[int, list[int]]:
    homes: dict[int, list[int]] = defaultdict(list)
    for item in pending:
        homes[item.workspace_id] += item.home_ids
    return homes

"""Who exports: one process at a time, with a watermark that belongs to this life of this database."""

from pathlib import Path
from typing import Self

from fanwheel.infra.lake import rules
from fanwheel.infra.lake.errors import LakeRivalError
from fanwheel.infra.lake.repository import ExportRepository, LakeState, Slice
from fanwheel.infra.lake.table import EventTable


class Lead:
    """What the one exporter knows while its session holds the lock."""

    def __init__(self, repository: ExportRepository, table: EventTable, state: LakeState) -> None:
        self.repository = repository
        self.table = table
        self.app = rules.app_id(state.lake_epoch)
        self.watermark = table.watermark(self.app) or 0
        self._doubt_tx = state.lake_doubt_tx

    @classmethod
    def take(cls, repository: ExportRepository, root: Path) -> Self | None:
        """Lead, unless another process does; after a restore, begin a new epoch first."""
        if not repository.lead():
            return None
        table, state = EventTable.open(root), repository.state()
        watermark = table.watermark(rules.app_id(state.lake_epoch))
        if not state.trusts(watermark):
            repository.settle(start_anew=watermark is not None, lake_is_empty=not table.files())
            state = repository.state()
        return cls(repository, table, state)

    @property
    def is_in_doubt(self) -> bool:
        """Whether the next rows may be in the lake already, from before a restore."""
        return self.watermark < self._doubt_tx

    def plan(self, *, slice_rows: int) -> list[Slice]:
        """What is to be exported, in slices of about so many rows."""
        decided_tx = self.repository.decided_tx() if self.is_in_doubt else 0
        slices = self.repository.plan(self.watermark, slice_rows=slice_rows)
        reached = slices[-1].until_tx if slices else self.watermark
        if reached < self._doubt_tx <= decided_tx:
            # Nothing more is in doubt. That id is known to survive a crash: its transaction wrote it down.
            slices.append(Slice(until_tx=self._doubt_tx, row_count=0))
        return slices

    def confirm(self) -> None:
        """Make sure that nobody else has led meanwhile.

        Raises
        ------
        LakeRivalError
            If somebody has.
        """
        self.table.refresh()
        state = self.repository.state()
        if rules.app_id(state.lake_epoch) != self.app or (self.table.watermark(self.app) or 0) != self.watermark:
            raise LakeRivalError

    def advance(self, watermark: int) -> None:
        """Remember a commit."""
        self.watermark = watermark

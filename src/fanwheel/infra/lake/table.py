"""The Delta table: which files hold the events, and how far the export has come, in one atomic log."""

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Self

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Schema, Transaction
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

from fanwheel.infra.lake.contracts import PARTITIONS, SCHEMA, LakeFile
from fanwheel.infra.lake.files import NewFile, sync

# Each rewrite names the one before it, so that of two that began from the same state one is refused: Delta itself
# would let both remove a file, and double its rows.
_REWRITE: Final = "fanwheel-rewrite"
_CONFIGURATION: Final = {
    "delta.checkpointInterval": "100",
    "delta.logRetentionDuration": "interval 2 days",
    "delta.deletedFileRetentionDuration": "interval 2 hours",
}


class EventTable:
    """The table as it was when it was opened; a commit fails if a rival has moved the same mark since."""

    def __init__(self, root: Path, delta: DeltaTable) -> None:
        self.root = root
        self._delta = delta

    @classmethod
    def find(cls, root: Path) -> Self | None:
        """The table, or None if there is none yet."""
        try:
            return cls(root, DeltaTable(root))
        except TableNotFoundError:
            return None

    @classmethod
    def open(cls, root: Path) -> Self:
        """The table, made if there is none yet."""
        if table := cls.find(root):
            return table
        root.mkdir(parents=True, exist_ok=True)
        DeltaTable.create(
            root,
            Schema.from_arrow(SCHEMA),
            mode="ignore",
            partition_by=list(PARTITIONS),
            name="event",
            configuration=_CONFIGURATION,
        )
        table = cls(root, DeltaTable(root))
        table._sync_log(first=0)
        return table

    def refresh(self) -> None:
        """Go to the newest state."""
        self._delta.update_incremental()

    @property
    def version(self) -> int:
        """The number of the newest commit seen."""
        return self._delta.version()

    def watermark(self, app: str) -> int | None:
        """The first tx that is not exported yet, or None if this epoch has exported nothing."""
        return self._delta.transaction_version(app)

    def watermark_at(self, app: str, at: datetime) -> int:
        """What the watermark was at that moment, 0 if the log does not reach back."""
        past = DeltaTable(self.root)
        try:
            past.load_as_version(at)
        except Exception:  # noqa: BLE001 (delta-rs raises a bare exception for a moment before its log)
            return 0
        return past.transaction_version(app) or 0

    def uris(self) -> list[str]:
        """Full paths of the files."""
        return sorted(self._delta.file_uris())

    def files(self) -> list[LakeFile]:
        """The files with their partition and size."""
        rows = pa.table(self._delta.get_add_actions(flatten=True)).to_pylist()
        return [
            LakeFile(
                path=row["path"],
                month=row["partition.month"],
                bucket=row["partition.bucket"],
                row_count=row["num_records"],
                size_bytes=row["size_bytes"],
            )
            for row in rows
        ]

    def append(self, files: Sequence[NewFile], *, app: str, watermark: int) -> None:
        """Add exported files and move the watermark in the same commit."""
        self._commit([_add(file, data_change=True) for file in files], [Transaction(app, watermark)])

    def replace(self, old: Sequence[LakeFile], new: Sequence[NewFile]) -> None:
        """Put rewritten files in the place of others; the rows are the same."""
        removed = [_remove(file, data_change=False) for file in old]
        self._commit([*removed, *(_add(file, data_change=False) for file in new)], [self._next_rewrite()])

    def erase(self, old: Sequence[LakeFile], new: Sequence[NewFile], *, app: str) -> None:
        """Put files without the erased rows in the place of others.

        Every export and rewrite that began before is refused from now on: it may have read what is erased.
        """
        removed = [_remove(file, data_change=True) for file in old]
        marks = [self._next_rewrite(), Transaction(app, self.watermark(app) or 0)]
        self._commit([*removed, *(_add(file, data_change=True) for file in new)], marks)

    def vacuum(self, retention_hours: int) -> int:
        """Delete files that have not belonged to the table for so long; return how many."""
        gone = self._delta.vacuum(retention_hours, dry_run=True, enforce_retention_duration=False, full=True)
        if gone:
            self._delta.vacuum(retention_hours, dry_run=False, enforce_retention_duration=False, full=True)
            self.refresh()
        return len(gone)

    def checkpoint(self) -> None:
        """Sum the log up, so that opening the table stays quick."""
        self._delta.create_checkpoint()

    def _next_rewrite(self) -> Transaction:
        return Transaction(_REWRITE, (self._delta.transaction_version(_REWRITE) or 0) + 1)

    def _commit(self, actions: list[AddAction | RemoveAction], marks: list[Transaction]) -> None:
        seen = self.version
        self._delta.create_write_transaction(
            actions,
            "append",
            Schema.from_arrow(SCHEMA),
            list(PARTITIONS),
            commit_properties=CommitProperties(app_transactions=marks, max_commit_retries=50),
            post_commithook_properties=PostCommitHookProperties(),
        )
        self.refresh()
        self._sync_log(first=seen + 1)

    def _sync_log(self, *, first: int) -> None:
        # delta-rs leaves this to the kernel; a power cut could leave an empty commit that nobody can read past.
        log = self.root / "_delta_log"
        for version in range(first, self.version + 1):
            sync(log / f"{version:020}.json")
        sync(log)


def _add(file: NewFile, *, data_change: bool) -> AddAction:
    return AddAction(
        path=file.path,
        size=file.size_bytes,
        partition_values={"month": str(file.month), "bucket": str(file.bucket)},
        modification_time=int(time.time() * 1000),
        data_change=data_change,
        stats=file.stats(),
    )


def _remove(file: LakeFile, *, data_change: bool) -> RemoveAction:
    return RemoveAction(
        file.path,
        data_change,
        int(time.time() * 1000),
        file.size_bytes,
        {"month": str(file.month), "bucket": str(file.bucket)},
    )

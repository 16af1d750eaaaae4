"""What the lake holds, in what shape, and how it is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

BUCKETS: Final = 16
FRESH: Final = -1

# Binary ids: PostgreSQL hands them over as they are, and plain BYTE_ARRAY is what both DuckDB and Spark read
# (Spark refuses Parquet's UUID). They sort like the ids they are, UUIDv7 by time.
FILE_SCHEMA: Final = pa.schema(
    [
        ("workspace_id", pa.int32()),
        ("event_id", pa.binary()),
        ("person_id", pa.int64()),
        ("kind", pa.int16()),
        ("name", pa.string()),
        ("occurred_at", pa.timestamp("us", "UTC")),
        ("received_at", pa.timestamp("us", "UTC")),
        ("source_id", pa.int32()),
        ("domain", pa.int16()),
        ("properties", pa.string()),
        ("context", pa.string()),
        ("message_key", pa.binary()),
    ]
)

# Partitions. A month is year * 100 + month of occurred_at in UTC, a whole number: engines guess a text such as
# "2026-11" to be a date or not. A bucket is person_id % 16, or -1 while the file is not yet arranged by person.
SCHEMA: Final = FILE_SCHEMA.append(pa.field("month", pa.int32())).append(pa.field("bucket", pa.int32()))
PARTITIONS: Final = ("month", "bucket")


def _ignore(step: str) -> None:
    """Nobody listens to the steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeOptions:
    """How the lake is kept; the defaults suit two cores and 300 MB."""

    slice_rows: int = 1_000_000  # one commit of the export holds about so many
    bucket_rows: int = 200_000  # a closed month with fewer stays in one file
    small_rows: int = 65_536  # files with fewer are merged before they are arranged
    merge_files: int = 16  # so many files of a month, or sorted runs of like size, make a rewrite worth it
    max_runs: int = 4  # a bucket with more sorted files has them merged into one
    late_share: float = 0.05  # a closed month is arranged again when so much of it is new
    memory_mb: int = 512  # what a rewrite may use before it spills to disk
    pass_mb: int = 4096  # a rewrite reads its input again rather than spill more than this
    retention_hours: int = 2  # how long a file outlives its removal, for readers that still have it open
    settle_minutes: int = 10  # how long a month must be in the lake before PostgreSQL drops it
    warn_after_s: float = 60.0  # a transaction that holds the watermark back so long is reported
    watch_every_s: float = 10.0  # how often that is looked for
    doubt_rows: int = 250_000  # after a restore, so many rows at a time are compared with the lake
    erasure_grace_s: float = 10.0  # an erasure waits so long for events that were on their way in
    summarize_rows: int = 50_000  # PostgreSQL's block index is brought up to date after so many
    on_step: Callable[[str], None] = _ignore  # told each step, so that a test can end the process there


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeFile:
    """One Parquet file that belongs to the table."""

    path: str  # below the table's directory
    month: int
    bucket: int
    row_count: int
    size_bytes: int

    @property
    def run(self) -> str | None:
        """The rewrite that sorted this file; None for one that is as it was exported."""
        stem = Path(self.path).name.removesuffix(".parquet")
        return stem.split("-")[1] if stem.startswith("sorted-") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportResult:
    """What one turn of the exporter did."""

    is_leader: bool  # False: another worker exports
    row_count: int = 0
    commits: int = 0
    watermark: int = 0  # rows with tx below it are in the lake


@dataclass(frozen=True, slots=True, kw_only=True)
class LakeSnapshot:
    """One consistent state of all events: ``files`` and ``tail`` hold each committed event once."""

    root: Path
    files: list[str]
    version: int  # -1 while there is no lake yet
    watermark: int
    tail: pa.Table  # of SCHEMA: rows that are not in the files


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdback:
    """The transaction that keeps new events from every reader."""

    pid: int  # 0: a prepared transaction, which has no process
    age_s: float
    lag_tx: int  # how many transactions began since

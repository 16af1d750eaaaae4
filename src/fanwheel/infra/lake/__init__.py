"""The lake: every event in Parquet files that DuckDB, Spark and anything else can read."""

from fanwheel.infra.lake.contracts import BUCKETS, PARTITIONS, SCHEMA, ExportResult, LakeOptions, LakeSnapshot
from fanwheel.infra.lake.errors import LakeRivalError, LakeSettlingError
from fanwheel.infra.lake.exporter import Exporter
from fanwheel.infra.lake.snapshot import hot_tail, snapshot

__all__ = [
    "BUCKETS",
    "PARTITIONS",
    "SCHEMA",
    "ExportResult",
    "Exporter",
    "LakeOptions",
    "LakeRivalError",
    "LakeSettlingError",
    "LakeSnapshot",
    "hot_tail",
    "snapshot",
]

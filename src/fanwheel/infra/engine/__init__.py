"""Where analytic statements run: DuckDB in this process, or Spark on a cluster, over the same files."""

from typing import TYPE_CHECKING

from fanwheel.infra.engine.contracts import Engine
from fanwheel.infra.engine.errors import BadStatementError, EngineDownError, EngineMissingError
from fanwheel.infra.engine.events import EventFiles, register_events
from fanwheel.infra.engine.tables import WorkspaceReader

if TYPE_CHECKING:
    from fanwheel.infra.settings import Settings

__all__ = [
    "BadStatementError",
    "Engine",
    "EngineDownError",
    "EngineMissingError",
    "EventFiles",
    "WorkspaceReader",
    "open_duckdb",
    "open_engine",
    "register_events",
]


def open_engine(settings: "Settings") -> Engine:
    """The engine that the settings name, with no table in it.

    Raises
    ------
    EngineMissingError
        If it is Spark and pyspark is not installed.
    EngineDownError
        If the cluster cannot be reached.
    """
    if settings.engine.startswith("spark://"):
        # Imported late: each engine is heavy, and an installation uses one of them.
        from fanwheel.infra.engine.on_spark import SparkEngine

        return SparkEngine(settings.engine)
    return open_duckdb(settings)


def open_duckdb(settings: "Settings") -> Engine:
    """An engine in this process, whatever the settings name: for one person's rows, where a cluster is too slow."""
    from fanwheel.infra.engine.on_duckdb import DuckDBEngine

    return DuckDBEngine(memory_mb=settings.engine_memory_mb, temp_dir=settings.home / "tmp")

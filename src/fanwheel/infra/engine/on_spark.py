"""Spark: the engine of a cluster that sees the same files under the same paths."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

import pyarrow as pa

from fanwheel.infra.engine.dialect import SPARK, Rendered
from fanwheel.infra.engine.errors import EngineDownError, EngineMissingError

_CONFIG: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # Directory names like month=2026-01 stay text, whatever they look like.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.ui.enabled": "false",
}
_FEWEST_PARTITIONS: Final = 6


class SparkEngine:
    """Tables and statements of one report on a Spark cluster; the session itself is shared and stays open."""

    name = "spark"

    def __init__(self, master: str) -> None:
        self._session = _connect(master).newSession()
        for key, value in _CONFIG.items():
            if key.startswith("spark.sql."):
                self._session.conf.set(key, value)
        # Three tasks a core: Spark's own 200 would spend most of a small report on starting tasks.
        partitions = max(_FEWEST_PARTITIONS, 3 * self._session.sparkContext.defaultParallelism)
        self._session.conf.set("spark.sql.shuffle.partitions", str(partitions))
        self._kept: dict[str, Any] = {}

    def files(self, name: str, files: Sequence[str], *, root: Path, schema: pa.Schema) -> None:
        """Name a list of Parquet files below ``root``, which the workers must see under the same path."""
        if not files:
            self.table(name, schema.empty_table())
            return
        reader = self._session.read.option("basePath", str(root))
        frame = reader.parquet(*files)
        # As DuckDB has it. Cast in a statement it would cost DuckDB its choice of files.
        if "bucket" in frame.columns:
            frame = frame.withColumn("bucket", frame["bucket"].cast("int"))
        frame.createOrReplaceTempView(name)

    def table(self, name: str, table: pa.Table) -> None:
        """Name an Arrow table; it is shipped to the cluster."""
        self._session.createDataFrame(table).createOrReplaceTempView(name)

    def define(self, name: str, sql: str, **params: int) -> None:
        """Name a statement as a view."""
        self._frame(sql, params).createOrReplaceTempView(name)

    def keep(self, name: str, sql: str, **params: object) -> None:
        """Name a statement's result, kept by the workers (and worked out again where a worker is lost)."""
        frame = self._frame(sql, params).persist()
        frame.createOrReplaceTempView(name)
        self._kept[name] = frame

    def forget(self, name: str) -> None:
        """Give back a result that was kept."""
        self._session.catalog.dropTempView(name)
        self._kept.pop(name).unpersist()

    def query(self, sql: str, **params: object) -> pa.Table:
        """The result of a statement."""
        frame = self._frame(sql, params)
        try:
            return frame.toArrow()
        except Exception as error:  # py4j and pyspark raise unrelated classes here
            raise EngineDownError(f"Spark could not compute a report: {error}") from error

    def stream(self, sql: str, **params: object) -> Iterator[pa.RecordBatch]:
        """The result of a statement a part at a time, in no order; it was shipped as a whole."""
        yield from self.query(sql, **params).to_batches()

    def close(self) -> None:
        """Let the cluster forget what was kept; the session stays for the next report."""
        while self._kept:
            self._kept.popitem()[1].unpersist()
        for table in self._session.catalog.listTables():
            if table.isTemporary:
                self._session.catalog.dropTempView(table.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _frame(self, sql: str, params: Mapping[str, object]) -> Any:
        rendered = SPARK.render(sql)
        return self._session.sql(rendered.text, args=_used(rendered, params) or None)


def _used(rendered: Rendered, params: Mapping[str, object]) -> dict[str, object]:
    return {name: params[name] for name in rendered.names}


def _connect(master: str) -> Any:
    try:
        from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        hint = "Install pyspark 4 and Java 17 beside Fanwheel, or set FANWHEEL_ENGINE=duckdb."
        raise EngineMissingError(f"Reports are to run on {master}, but pyspark is not installed.", hint=hint) from error
    builder = SparkSession.builder.master(master).appName("fanwheel")
    for key, value in _CONFIG.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as error:  # a missing Java and a refused port raise unrelated classes
        raise EngineDownError(f"Spark at {master} cannot be reached: {error}") from error

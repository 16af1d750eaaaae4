"""DuckDB: the engine of one machine, in this process, with bounded memory."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

import duckdb
import pyarrow as pa

from fanwheel.infra.engine.dialect import DUCKDB, Rendered
from fanwheel.infra.engine.errors import EngineDownError

_MAX_THREADS: Final = 8
_BATCH_ROWS: Final = 1 << 20


class DuckDBEngine:
    """One private in-memory DuckDB; it spills to ``temp_dir`` and loads no extension."""

    name = "duckdb"

    def __init__(self, *, memory_mb: int, temp_dir: Path, threads: int | None = None) -> None:
        temp_dir.mkdir(parents=True, exist_ok=True)
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{memory_mb}MB",
            "threads": str(threads or min(_MAX_THREADS, os.cpu_count() or 1)),
            "temp_directory": str(temp_dir),
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        self._conn = duckdb.connect(":memory:", config=config)
        self._conn.execute("SET TimeZone = 'UTC'")
        self._conn.execute("SET lock_configuration = true")

    def files(self, name: str, files: Sequence[str], *, root: Path, schema: pa.Schema) -> None:
        """Name a list of Parquet files; without files the table is empty and has ``schema``."""
        if not files:
            self.table(name, schema.empty_table())
            return
        with _translated():
            self._conn.read_parquet(list(files), hive_partitioning=True).create_view(name)

    def table(self, name: str, table: pa.Table) -> None:
        """Name an Arrow table; its memory is shared, not copied."""
        self._conn.register(name, table)

    def define(self, name: str, sql: str, **params: int) -> None:
        """Name a statement as a view; a view cannot hold parameters, so whole numbers are written into it."""
        rendered = DUCKDB.render(sql)
        text = re.sub(r"\$(\w+)", lambda found: str(int(params[found[1]])), rendered.text)
        self._run(f'CREATE VIEW "{name}" AS {text}', {})

    def keep(self, name: str, sql: str, **params: object) -> None:
        """Name a statement's result as a temporary table."""
        rendered = DUCKDB.render(sql)
        self._run(f'CREATE TEMP TABLE "{name}" AS {rendered.text}', _used(rendered, params))

    def forget(self, name: str) -> None:
        """Give back a result that was kept."""
        self._run(f'DROP TABLE "{name}"', {})

    def query(self, sql: str, **params: object) -> pa.Table:
        """The result of a statement."""
        rendered = DUCKDB.render(sql)
        with _translated():
            return self._conn.sql(rendered.text, params=_used(rendered, params)).to_arrow_table()

    def stream(self, sql: str, **params: object) -> Iterator[pa.RecordBatch]:
        """The result of a statement a part at a time, in no order."""
        rendered = DUCKDB.render(sql)
        with _translated():
            yield from self._conn.sql(rendered.text, params=_used(rendered, params)).to_arrow_reader(_BATCH_ROWS)

    def close(self) -> None:
        """Give memory and temporary files back."""
        self._conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, text: str, params: Mapping[str, object]) -> None:
        with _translated():
            self._conn.execute(text, params)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        hint = "Give reports more memory (FANWHEEL_ENGINE_MEMORY_MB), or look at the disk."
        raise EngineDownError(f"A report could not be computed: {error}", hint=hint) from error


def _used(rendered: Rendered, params: Mapping[str, object]) -> dict[str, object]:
    return {name: params[name] for name in rendered.names}

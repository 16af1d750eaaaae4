"""DuckDB over the lake's files: sort, find, compare, in bounded memory."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Self

import duckdb
import pyarrow as pa

from fanwheel.infra import sqlfile

_SQL: Final = sqlfile.load("fanwheel.infra.lake", "lake.sql")
_BATCH_ROWS: Final = 65_536


class LakeReader:
    """One DuckDB that spills into ``scratch``; a context manager that leaves nothing there.

    ``scratch`` belongs to the one exporter, so what a killed process left in it is removed at the start.
    """

    def __init__(self, scratch: Path, *, memory_mb: int) -> None:
        self._scratch = scratch
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        self._duck = duckdb.connect(
            config={
                "memory_limit": f"{memory_mb}MB",
                "temp_directory": str(scratch),
                "threads": 2,
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
            }
        )

    def sorted_by_bucket(self, files: Sequence[str], *, first: int, last: int) -> Iterator[pa.Table]:
        """Events of the buckets ``first`` to ``last`` by bucket, person and time, with a column ``bucket``."""
        return self._stream("sorted", files=list(files), first=first, last=last)

    def sorted_by_person(self, files: Sequence[str]) -> Iterator[pa.Table]:
        """Events by person and time."""
        return self._stream("merged", files=list(files))

    def find_holding(self, files: Sequence[str], erased: pa.Table) -> set[str]:
        """Those of ``files`` that hold an event of an erased (workspace_id, person_id)."""
        self._duck.register("erased", erased)
        return {name for part in self._stream("holding", files=list(files)) for name in part["filename"].to_pylist()}

    def find_known(self, files: Sequence[str], event_ids: pa.ChunkedArray) -> pa.ChunkedArray:
        """Those of ``event_ids`` that ``files`` hold."""
        self._duck.register("fresh", pa.table({"event_id": event_ids}))
        parts = [part["event_id"] for part in self._stream("known", files=list(files))]
        return pa.chunked_array([chunk for part in parts for chunk in part.chunks], type=pa.binary())

    def _stream(self, name: str, **params: object) -> Iterator[pa.Table]:
        if not params["files"]:
            return
        # A relation hands rows on as they come; a cursor would first copy them all.
        for batch in self._duck.sql(_SQL[name], params=params).to_arrow_reader(_BATCH_ROWS):
            yield pa.Table.from_batches([batch])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._duck.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

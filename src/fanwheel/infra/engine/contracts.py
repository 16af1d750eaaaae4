"""What an engine is: tables under names, statements in the shared SQL, Arrow out."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol, Self

import pyarrow as pa


class Engine(Protocol):
    """A place where analytic statements run; a context manager that forgets its tables at the end."""

    name: str

    def files(self, name: str, files: Sequence[str], *, root: Path, schema: pa.Schema) -> None:
        """Name a list of Parquet files below ``root``; without files the table is empty and has ``schema``."""

    def table(self, name: str, table: pa.Table) -> None:
        """Name an Arrow table."""

    def define(self, name: str, sql: str, **params: int) -> None:
        """Name a statement, to be worked out each time it is used."""

    def keep(self, name: str, sql: str, **params: object) -> None:
        """Name a statement's result, worked out once."""

    def forget(self, name: str) -> None:
        """Give back a result that was kept."""

    def query(self, sql: str, **params: object) -> pa.Table:
        """The result of a statement; parameters that it does not name are left out."""

    def stream(self, sql: str, **params: object) -> Iterator[pa.RecordBatch]:
        """The result of a statement a part at a time, in no order."""
        ...

    def close(self) -> None:
        """Give memory and temporary files back."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

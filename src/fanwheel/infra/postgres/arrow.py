"""Rows of PostgreSQL as Arrow batches, streamed by COPY."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Final

import adbc_driver_manager as adbc
import adbc_driver_postgresql
import pyarrow as pa

# Below the driver's DB-API, which loads pandas, Polars and Arrow's datasets where they are installed: 60 MB and a
# second of every start.
_FAILURES: Final = (adbc.OperationalError, adbc.InterfaceError, adbc.InternalError)


class ArrowBrokenError(Exception):
    """The session to PostgreSQL cannot be opened, or broke."""


class ArrowSession:
    """One connection that reads; a context manager."""

    def __init__(self, dsn: str, *, autocommit: bool = False) -> None:
        with ExitStack() as stack, _failures():
            self._database = stack.enter_context(adbc_driver_postgresql.connect(dsn))
            self._connection = stack.enter_context(adbc.AdbcConnection(self._database))
            self._connection.set_autocommit(autocommit)
            self._stack = stack.pop_all()

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """The rows of ``sql``, in parts of some 16 MB."""
        with self._reader(sql) as reader:
            while True:
                try:
                    batch = reader.read_next_batch()
                except StopIteration:
                    return
                except (pa.ArrowException, OSError) as error:
                    raise ArrowBrokenError(str(error)) from error
                yield batch

    def table(self, sql: str) -> pa.Table:
        """All rows of ``sql``."""
        with self._reader(sql) as reader:
            try:
                return reader.read_all()
            except (pa.ArrowException, OSError) as error:
                raise ArrowBrokenError(str(error)) from error

    @contextmanager
    def _reader(self, sql: str) -> Iterator[pa.RecordBatchReader]:
        with adbc.AdbcStatement(self._connection) as statement:
            statement.set_sql_query(sql)
            with _failures():
                handle, _ = statement.execute_query()
            with pa.RecordBatchReader._import_from_c(handle.address) as reader:
                yield reader

    def close(self) -> None:
        """End the session; a transaction is rolled back."""
        with suppress(*_FAILURES):
            self._stack.close()

    def __enter__(self) -> "ArrowSession":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except _FAILURES as error:
        raise ArrowBrokenError(str(error)) from error

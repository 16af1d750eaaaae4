"""Rows of PostgreSQL as Arrow tables, under the fence of one workspace."""

from typing import Final

import adbc_driver_postgresql.dbapi as adbc
import pyarrow as pa

from fanwheel.infra.postgres import DatabaseDownError, dsn_for_role

_ROLE: Final = "fanwheel_app"


class WorkspaceReader:
    """One connection that sees one workspace only; a context manager."""

    def __init__(self, dsn: str, workspace: int) -> None:
        # Every table is read from the same instant.
        fenced = dsn_for_role(
            dsn,
            _ROLE,
            fanwheel__workspace=workspace,
            timezone="UTC",
            default_transaction_isolation="repeatable\\ read",
        )
        try:
            self._conn = adbc.connect(fenced)
        except adbc.Error as error:
            raise DatabaseDownError(hint="Try again shortly; if it stays, run fanwheel doctor.") from error

    def read(self, sql: str) -> pa.Table:
        """The rows of ``sql``; the workspace is ``current_setting('fanwheel.workspace')`` there."""
        with self._conn.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetch_arrow_table()

    def __enter__(self) -> "WorkspaceReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._conn.close()

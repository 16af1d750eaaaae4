"""Rows of PostgreSQL as Arrow tables, under the fence of one workspace."""

from typing import Final

import pyarrow as pa

from fanwheel.infra.postgres import DatabaseDownError, dsn_for_role
from fanwheel.infra.postgres.arrow import ArrowBrokenError, ArrowSession

_ROLE: Final = "fanwheel_app"


class WorkspaceReader:
    """One connection that sees one workspace only; a context manager.

    ``told`` are further settings of the session, ``fanwheel.<name>``, because what is read by COPY takes no parameters.
    """

    def __init__(self, dsn: str, workspace: int, **told: str) -> None:
        # Every table is read from the same instant.
        fenced = dsn_for_role(
            dsn,
            _ROLE,
            fanwheel__workspace=workspace,
            timezone="UTC",
            default_transaction_isolation="repeatable\\ read",
            **{f"fanwheel__{name}": value for name, value in told.items()},
        )
        try:
            self._session = ArrowSession(fenced)
        except ArrowBrokenError as error:
            raise DatabaseDownError(hint="Try again shortly; if it stays, run fanwheel doctor.") from error

    def read(self, sql: str) -> pa.Table:
        """The rows of ``sql``; the workspace is ``current_setting('fanwheel.workspace')`` there."""
        return self._session.table(sql)

    def __enter__(self) -> "WorkspaceReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

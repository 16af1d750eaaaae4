"""Import runs in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.cdp.imports")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How far the import of one file with one mapping has come."""

    fingerprint: str
    what: str
    rows_done: int
    rows_refused: int
    finished_at: datetime | None
    updated_at: datetime


class RunRepository:
    """The runs of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self, fingerprint: str) -> Run | None:
        """The run with that fingerprint, if it was begun."""
        row = await self._tx.one_or_none(_SQL["find_run"], fingerprint=fingerprint)
        return Run(**row) if row else None

    async def find_newest(self, what: str) -> Run | None:
        """The run of a kind that was touched last."""
        row = await self._tx.one_or_none(_SQL["find_newest_run"], what=what)
        return Run(**row) if row else None

    async def put_progress(self, fingerprint: str, what: str, *, rows_done: int, rows_refused: int = 0) -> None:
        """Note how many rows are done."""
        await self._tx.run(
            _SQL["put_progress"], fingerprint=fingerprint, what=what, rows_done=rows_done, rows_refused=rows_refused
        )

    async def finish(self, fingerprint: str, *, now: datetime) -> None:
        """Note that every row is done."""
        await self._tx.run(_SQL["finish_run"], fingerprint=fingerprint, now=now)

"""Spend, read and written through one transaction."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from fanwheel.domains.commercial.spend.contracts import Cost, Entry
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows
from fanwheel.kernel.domain import Domain

_SQL: Final = sqlfile.load("fanwheel.domains.commercial.spend")


class SpendRepository:
    """The spend of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def reporting_currency(self) -> str:
        """The currency of rows that name none, and of totals."""
        return str(await self._tx.value(_SQL["reporting_currency"]))

    async def put(self, entries: Iterable[Entry]) -> None:
        """Store ``entries``; amounts stored before for the same key are replaced."""
        await self._tx.run(_SQL["put_spend"], entries=to_json_rows([entry._asdict() for entry in entries]))

    async def list_costs(self, first: date, last: date) -> list[Cost]:
        """Spend from ``first`` to ``last``, both included, newest day first."""
        rows = await self._tx.all(_SQL["list_spend"], first=first, last=last)
        return [
            Cost(
                row["source_id"],
                row["slug"],
                Domain.of(row["domain"]),
                *(row[name] for name in ("spent_on", "campaign", "currency", "amount_minor", "reporting_minor")),
            )
            for row in rows
        ]

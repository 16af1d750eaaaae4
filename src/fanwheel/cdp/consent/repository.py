"""The ledger of consent, written through one transaction."""

from collections.abc import Iterable
from typing import Final

from fanwheel.cdp.consent.contracts import Statement
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows

_SQL: Final = sqlfile.load("fanwheel.cdp.consent")


class ConsentRepository:
    """Statements of consent of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def append(self, statements: Iterable[Statement]) -> int:
        """Add ``statements``; how many were new."""
        rows = [statement._asdict() for statement in statements]
        return await self._tx.run(_SQL["append"], statements=to_json_rows(rows))

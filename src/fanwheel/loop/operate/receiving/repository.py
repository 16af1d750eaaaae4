"""What receiving must know of a workspace and its people."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.loop.operate.receiving")


class Owner(NamedTuple):
    """Whose a home is."""

    person_id: int
    first_seen_at: datetime


class ReceivingRepository:
    """One workspace, asked through one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get_region(self) -> str:
        """The country of phones without a country code."""
        return str(await self._tx.value(_SQL["region"]))

    async def list_owners(self, homes: Collection[int]) -> dict[int, Owner]:
        """The persons behind some homes as of now."""
        rows = await self._tx.all(_SQL["list_persons"], homes=sorted(homes))
        return {row["home_id"]: Owner(row["person_id"], row["first_seen_at"]) for row in rows}

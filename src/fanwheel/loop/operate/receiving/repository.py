"""What receiving must know of a workspace and its people."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

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

    async def list_staff(self, contacts: Sequence[tuple[int, UUID]]) -> list[tuple[tuple[int, UUID], str]]:
        """Which members of staff people have added, by account and address."""
        accounts, hashes = zip(*contacts, strict=True)
        rows = await self._tx.all(_SQL["list_staff"], accounts=list(accounts), hashes=list(hashes))
        return [((row["account_id"], row["address_hash"]), row["staff"]) for row in rows]

    async def change_staff(self, came: Sequence[tuple[int, UUID, str]], went: Sequence[tuple[int, UUID, str]]) -> None:
        """Keep who added whom, and who removed whom."""
        for name, changed in (("put_staff", came), ("drop_staff", went)):
            if changed:
                accounts, hashes, staff = zip(*sorted(changed), strict=True)
                await self._tx.run(_SQL[name], accounts=list(accounts), hashes=list(hashes), staff=list(staff))

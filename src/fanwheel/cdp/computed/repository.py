"""Computed traits, read and written through one transaction."""

from typing import Final, Literal

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.cdp.computed")


class ComputedRepository:
    """The computed traits of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def put(self, name: str, formula: str) -> bool:
        """Save a formula to be built; whether it is another."""
        return await self._tx.run(_SQL["put_formula"], name=name, formula=formula) > 0

    async def retire(self, name: str) -> bool:
        """Note that a trait is computed no more; whether it was."""
        return await self._tx.run(_SQL["retire_formula"], name=name) > 0

    async def list_states(self) -> dict[str, Literal["building", "ready"]]:
        """Every computed trait: whether it is being built."""
        rows = await self._tx.all(_SQL["list_states"])
        return {row["name"]: "building" if row["is_building"] else "ready" for row in rows}

    async def list_recent(self, *, most: int) -> list[tuple[int, int]]:
        """The homes of the people who were seen last, each with its person."""
        return [(row["home_id"], row["person_id"]) for row in await self._tx.all(_SQL["list_recent"], most=most)]

    async def find_zone(self) -> str:
        """The workspace's time zone."""
        return str(await self._tx.value(_SQL["find_zone"]))

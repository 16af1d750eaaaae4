"""The outbox, read and written through one transaction."""

from typing import Final

from fanwheel.infra import sqlfile
from fanwheel.infra.outbox.contracts import Fact
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.infra.outbox")


class OutboxRepository:
    """Facts of one workspace that wait to become events."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, facts: str) -> None:
        """Add facts, given as a JSON list."""
        await self._tx.run(_SQL["add"], facts=facts)

    async def take(self, *, most: int) -> list[Fact]:
        """Take the oldest facts out."""
        rows = await self._tx.all(_SQL["take"], most=most)
        return [
            Fact(
                key=row["key"],
                name=row["name"],
                at=row["happened_at"],
                refs=[(kind, value) for kind, value in row["refs"]],
                properties=row["properties"],
                kind=row["kind"],
            )
            for row in rows
        ]

    async def list_workspaces(self) -> list[int]:
        """Which workspaces have facts waiting; outside any workspace."""
        return [row["workspace_id"] for row in await self._tx.all(_SQL["list_workspaces"])]

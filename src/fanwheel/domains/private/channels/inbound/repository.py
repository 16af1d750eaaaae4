"""What came in, read and written through one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from fanwheel.domains.private.channels.inbound.contracts import Failed, Kept, Waiting
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.waking import CHANNEL

# What the worker is told when something came in.
TOPIC: Final = "inbound"
_SQL: Final = sqlfile.load("fanwheel.domains.private.channels.inbound")


class InboundRepository:
    """What came in to one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def put(self, rows: Sequence[Kept], *, now: datetime) -> int:
        """Keep what came in; how much of it was new."""
        row = await self._tx.one(
            _SQL["put"],
            channel=CHANNEL,
            topic=TOPIC,
            accounts=[row.account_id for row in rows],
            keys=[row.key for row in rows],
            bodies=[row.body for row in rows],
            turns=[row.turn for row in rows],
            next_ats=[row.next_at for row in rows],
            now=now,
        )
        return int(row["added"])

    async def hold(self) -> bool:
        """Keep others from taking it in until the transaction ends; whether nobody does already."""
        return bool(await self._tx.value(_SQL["hold"]))

    async def claim(self, *, now: datetime, most: int, last: int | None) -> list[Waiting]:
        """What waits, in its order."""
        return [Waiting(**row) for row in await self._tx.all(_SQL["claim"], now=now, most=most, last=last)]

    async def claim_for_callbacks(self, accounts: Sequence[int], keys: Sequence[str]) -> list[Waiting]:
        """What single callbacks brought, once nobody else takes anything in."""
        await self._tx.run(_SQL["hold_for_callbacks"])
        rows = await self._tx.all(_SQL["claim_for_callbacks"], accounts=list(accounts), keys=list(keys))
        return [Waiting(**row) for row in rows]

    async def release(self, accounts: Sequence[int], keys: Sequence[str]) -> int:
        """Leave it to the worker; how much that was."""
        return await self._tx.run(_SQL["release"], accounts=list(accounts), keys=list(keys))

    async def settle(self, ids: Sequence[int], *, now: datetime) -> None:
        """Note what was handled."""
        await self._tx.run(_SQL["settle"], ids=list(ids), now=now)

    async def set_aside(self, inbound_id: int, *, error: str, next_at: datetime | None) -> None:
        """Note what could not be handled."""
        await self._tx.run(_SQL["set_aside"], inbound_id=inbound_id, error=error, next_at=next_at)

    async def list_failed(self, *, before: int | None, limit: int) -> list[Failed]:
        """What could not be handled, newest first."""
        return [Failed(**row) for row in await self._tx.all(_SQL["list_failed"], before=before, limit=limit)]

    async def retry(self, inbound_id: int) -> int:
        """Let it be tried again; how many there were."""
        return await self._tx.run(_SQL["retry"], inbound_id=inbound_id)

    async def forget(self, *, now: datetime) -> int:
        """Delete what is old; how many."""
        return await self._tx.run(_SQL["forget"], now=now)

    async def list_workspaces(self) -> list[int]:
        """Which workspaces have something to handle; outside any workspace."""
        return [row["workspace_id"] for row in await self._tx.all(_SQL["list_workspaces"])]

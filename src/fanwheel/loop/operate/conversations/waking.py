"""Waking up what was snoozed, in every workspace."""

from datetime import datetime
from typing import Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Database
from fanwheel.loop.operate.conversations import service

_SQL: Final = sqlfile.load("fanwheel.loop.operate.conversations", "waking.sql")


async def wake_due(database: Database, *, now: datetime) -> bool:
    """Open the conversations again whose time has come; whether there were any."""
    async with database.installation() as tx:
        places = [row["workspace_id"] for row in await tx.all(_SQL["list_workspaces"])]
    woken = 0
    for place in places:
        async with database.transaction(place) as tx:
            woken += await service.wake(tx, now=now)
    return woken > 0

"""Business hours, read and written through one transaction."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.hours.contracts import Special, Weekly
from fanwheel.loop.operate.hours.rules import Hours

_SQL: Final = sqlfile.load("fanwheel.loop.operate.hours")


class HoursRepository:
    """The business hours of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self) -> Hours:
        """The hours; always open where there are none."""
        row = await self._tx.one(_SQL["get_hours"])
        zone = ZoneInfo(row["time_zone"])
        if row["weekly"] is None:
            return Hours(zone)
        return Hours(
            zone,
            msgspec.json.decode(row["weekly"], type=list[Weekly]),
            msgspec.json.decode(row["exceptions"], type=list[Special]),
        )

    async def put(self, weekly: Sequence[Weekly], special: Sequence[Special], *, actor: str) -> None:
        """Store the hours."""
        await self._tx.run(
            _SQL["put_hours"],
            weekly=msgspec.json.encode(weekly).decode(),
            special=msgspec.json.encode(special).decode(),
            actor=actor,
        )

"""What product reports read from PostgreSQL before they ask the engine."""

from typing import Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.measure.insights")


async def find_time_zone(tx: Transaction) -> str:
    """The workspace's time zone."""
    zone: str = await tx.value(_SQL["find_time_zone"])
    return zone

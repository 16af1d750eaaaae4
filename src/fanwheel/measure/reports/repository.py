"""What reports read from PostgreSQL at the moment of the answer: names, which no cube may hold, and order lines."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.measure.reports.cubes import Period

_SQL: Final = sqlfile.load("fanwheel.measure.reports")


async def list_names(tx: Transaction, person_ids: Sequence[int]) -> dict[int, str]:
    """Display names by person, of those who still exist."""
    rows = await tx.all(_SQL["names"], person_ids=list(person_ids))
    return {row["person_id"]: row["display_name"] for row in rows}


async def count_lines(tx: Transaction, period: Period, *, time_zone: str) -> dict[date, int]:
    """Lines of paid orders by the day on which the orders were placed."""
    rows = await tx.all(_SQL["lines_by_day"], time_zone=time_zone, first=period.first, last=period.last)
    return {row["placed_on"]: row["lines"] for row in rows}

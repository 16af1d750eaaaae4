"""What reports read from PostgreSQL at the moment of the answer: names, which no cube may hold."""

from collections.abc import Sequence
from typing import Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.measure.reports")


async def list_names(tx: Transaction, person_ids: Sequence[int]) -> dict[int, str]:
    """Display names by person, of those who still exist."""
    rows = await tx.all(_SQL["names"], person_ids=list(person_ids))
    return {row["person_id"]: row["display_name"] for row in rows}

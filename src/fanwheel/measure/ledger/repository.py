"""What the ledger reads and writes through one transaction."""

from typing import Final, NamedTuple

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.measure.ledger")


class Terms(NamedTuple):
    """What a workspace holds its verdicts against."""

    time_zone: str
    margin: float


async def get_terms(tx: Transaction) -> Terms:
    """The terms of the workspace in hand."""
    row = await tx.one(_SQL["terms"])
    return Terms(row["time_zone"], row["margin"])

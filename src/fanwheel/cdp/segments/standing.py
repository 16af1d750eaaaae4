"""Who is in which segments, asked for a few people at once."""

from collections.abc import Collection
from typing import Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.cdp.segments", "standing.sql")


async def list_inside(tx: Transaction, persons: Collection[int], segments: Collection[int]) -> dict[int, set[int]]:
    """Of some segments, those that each person is in; who is in none is left out."""
    if not persons or not segments:
        return {}
    rows = await tx.all(_SQL["list_inside"], persons=sorted(persons), segments=sorted(segments))
    return {row["person_id"]: set(row["inside"]) for row in rows}

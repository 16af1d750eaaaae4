"""Who is in which class: people move as the rules of classes begin and cease to hold."""

from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.cdp.layers")


async def settle(tx: Transaction, moves: dict[str, Any]) -> set[int]:
    """Move people into the classes that follow from rules as they are; who is in another class now.

    ``moves`` are columns: ``segments`` and ``persons`` that may have moved, ``moments`` at which; and ``homes``, the
    persons among them who cannot be erased meanwhile.
    """
    return {row["person_id"] for row in await tx.all(_SQL["settle"], **moves)}


async def list_in_class(tx: Transaction, segment_id: int, *, after: int, most: int) -> list[int]:
    """Homes after one that are in the class of a rule, in order."""
    rows = await tx.all(_SQL["list_in_class"], segment_id=segment_id, after=after, most=most)
    return [row["home_id"] for row in rows]

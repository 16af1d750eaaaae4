"""What rules of tags keep on people: tags follow who is in the hidden segments of their rules."""

from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.cdp.tags", "ruling.sql")


async def settle(tx: Transaction, moves: dict[str, Any]) -> set[int]:
    """Put tags on people and take them off where rules are as they are; who carries other tags now.

    ``moves`` are columns: ``segments`` and ``persons`` that may have moved, ``moments`` at which; and ``homes``, the
    persons among them who cannot be erased meanwhile.
    """
    off = await tx.all(_SQL["take_off"], **{name: moves[name] for name in ("segments", "persons", "moments")})
    on = await tx.all(_SQL["put_on"], **moves)
    return {row["home_id"] for row in (*off, *on)}


async def list_kept(tx: Transaction, segment_id: int, *, after: int, most: int) -> list[int]:
    """Homes after one that carry the tag of a rule because of it, in order."""
    rows = await tx.all(_SQL["list_kept"], segment_id=segment_id, after=after, most=most)
    return [row["home_id"] for row in rows]

"""What is kept of a person in the slices that speak and listen, read through one transaction."""

from collections.abc import Sequence
from typing import Any, Final, Literal

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.loop.operate.disclosure")
Part = Literal["conversations", "files", "sends", "visits"]


class DisclosureRepository:
    """What one workspace keeps of a person."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_part(self, part: Part, homes: Sequence[int], *, most: int) -> list[dict[str, Any]]:
        """One part, oldest first."""
        return await self._tx.all(_SQL[f"list_{part}"], homes=list(homes), most=most)

"""What the public pages show besides consent itself, read through one transaction."""

from typing import Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.loop.operate.preferences")


class PreferenceRepository:
    """Brand and language of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get_brand(self) -> str:
        """The name that people know the brand by."""
        return str(await self._tx.value(_SQL["get_brand"]))

    async def get_language(self, home_id: int) -> str | None:
        """The language that a person is addressed in, if it is known."""
        found = await self._tx.value(_SQL["get_language"], home=home_id)
        return None if found is None else str(found)

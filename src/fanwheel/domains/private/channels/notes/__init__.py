"""Notes about single addresses, kept sealed for the account that wrote them."""

from typing import Final

from fanwheel.domains.private.channels.contracts import Address
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Database
from fanwheel.infra.sealing import Seal
from fanwheel.kernel.clock import Clock

__all__ = ["AccountNotes"]

_SQL: Final = sqlfile.load("fanwheel.domains.private.channels.notes")


class AccountNotes:
    """The notes of one account; ``adapter.Notes`` says what for."""

    def __init__(self, database: Database, seal: Seal, *, workspace: int, account_id: int, clock: Clock) -> None:
        self._database = database
        self._seal = seal
        self._workspace = workspace
        self._account_id = account_id
        self._clock = clock

    async def find(self, address: Address) -> str | None:
        """What was put last."""
        async with self._database.transaction(self._workspace) as tx:
            row = await tx.one_or_none(
                _SQL["find_note"], account_id=self._account_id, kind=address.kind, value=address.value
            )
        return None if row is None else self._seal.open(bytes(row["sealed_text"]), workspace=self._workspace)

    async def put(self, address: Address, text: str) -> None:
        """Keep it in the place of what was there."""
        async with self._database.transaction(self._workspace) as tx:
            await tx.run(
                _SQL["put_note"],
                account_id=self._account_id,
                kind=address.kind,
                value=address.value,
                sealed_text=self._seal.close(text, workspace=self._workspace),
                now=self._clock(),
            )

    async def drop(self, address: Address) -> None:
        """Keep nothing."""
        async with self._database.transaction(self._workspace) as tx:
            await tx.run(_SQL["drop_note"], account_id=self._account_id, kind=address.kind, value=address.value)

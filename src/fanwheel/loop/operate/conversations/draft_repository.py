"""Drafts' settings and what drafts are made of, through one transaction."""

from collections.abc import Mapping
from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.loop.operate.conversations", "drafting.sql")


class DraftRepository:
    """How one workspace has answers drafted."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find(self) -> Row | None:
        """How drafts are made, if it was ever said."""
        return await self._tx.one_or_none(_SQL["find_drafting"])

    async def put(self, values: Mapping[str, Any], *, actor: str) -> None:
        """Write how drafts are made."""
        await self._tx.run(_SQL["put_drafting"], **values, actor=actor)

    async def is_on(self) -> bool:
        """Whether drafts can be asked for."""
        return bool(await self._tx.value(_SQL["is_drafting"]))

    async def list_said(self, conversation_id: int, *, most: int) -> list[Row]:
        """What both sides said last, the newest first."""
        return await self._tx.all(_SQL["list_said"], conversation_id=conversation_id, most=most)

"""Visitors of the web chat, through one transaction."""

from datetime import datetime
from typing import Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.loop.operate.conversations", "visiting.sql")


class VisitorRepository:
    """The visitors of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, token_hash: bytes, *, account_id: int, home_id: int, language: str) -> None:
        """Remember a browser that began a chat."""
        await self._tx.run(
            _SQL["add_visitor"], token_hash=token_hash, account_id=account_id, home_id=home_id, language=language
        )

    async def find(self, token_hash: bytes, *, account_id: int) -> Row | None:
        """Whose a token is."""
        return await self._tx.one_or_none(_SQL["find_visitor"], token_hash=token_hash, account_id=account_id)

    async def is_agent_typing(self, conversation_id: int, *, now: datetime) -> bool:
        """Whether somebody of the brand types in a conversation."""
        return bool(await self._tx.value(_SQL["is_agent_typing"], conversation_id=conversation_id, now=now))

    async def get_brand(self) -> str:
        """The name of the brand."""
        return str(await self._tx.value(_SQL["get_brand"]))

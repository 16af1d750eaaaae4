"""Webhooks and their messages, read and written through one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.infra.webhooks.contracts import Due, Message, Webhook

_SQL: Final = sqlfile.load("fanwheel.infra.webhooks")


class WebhookRepository:
    """The webhooks of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_workspaces(self) -> list[int]:
        """Which workspaces have webhooks; outside any workspace."""
        return [row["workspace_id"] for row in await self._tx.all(_SQL["list_workspaces"])]

    async def list_webhooks(self, *, one: int | None = None) -> list[Webhook]:
        """Webhooks, newest first."""
        return [Webhook(**row) for row in await self._tx.all(_SQL["list_webhooks"], one=one)]

    async def add(self, **values: Any) -> int:
        """The number of a new webhook."""
        return int(await self._tx.value(_SQL["add_webhook"], **values))

    async def change(self, webhook_id: int, **values: Any) -> int:
        """Change a webhook; how many there were."""
        return await self._tx.run(_SQL["change_webhook"], webhook_id=webhook_id, **values)

    async def change_secret(self, webhook_id: int, *, sealed_secret: bytes) -> None:
        """Give a webhook another secret."""
        await self._tx.run(_SQL["change_secret"], webhook_id=webhook_id, sealed_secret=sealed_secret)

    async def delete(self, webhook_id: int) -> int:
        """Delete a webhook with its messages; how many there were."""
        await self._tx.run(_SQL["delete_messages"], webhook_id=webhook_id)
        return await self._tx.run(_SQL["delete_webhook"], webhook_id=webhook_id)

    async def hold(self) -> list[Row]:
        """The webhooks that are to be told, and how far each was."""
        return await self._tx.all(_SQL["hold_webhooks"])

    async def put_messages(self, webhook_id: int, messages: Sequence[tuple[str, str]], *, told_to: int) -> None:
        """Add messages (topic and body), and note how far the webhook was told."""
        if messages:
            topics, bodies = [topic for topic, _ in messages], [body for _, body in messages]
            await self._tx.run(_SQL["add_messages"], webhook_id=webhook_id, topics=topics, bodies=bodies)
        await self._tx.run(_SQL["step"], webhook_id=webhook_id, told_to=told_to)

    async def put_message(self, webhook_id: int, *, topic: str, body: str) -> int:
        """The number of one more message."""
        return int(await self._tx.value(_SQL["add_message"], webhook_id=webhook_id, topic=topic, body=body))

    async def hasten(self, webhook_id: int, message_id: int) -> bool:
        """Let a message be sent at once; whether it was not taken yet."""
        return await self._tx.value(_SQL["hasten"], webhook_id=webhook_id, message_id=message_id) is not None

    async def claim(self, *, now: datetime, until: datetime, most: int) -> list[Due]:
        """Messages whose time has come, which nobody else sends until a moment."""
        return [Due(**row) for row in await self._tx.all(_SQL["claim"], now=now, until=until, most=most)]

    async def settle(self, message_id: int, **values: Any) -> None:
        """Note what became of an attempt."""
        await self._tx.run(_SQL["settle"], message_id=message_id, **values)

    async def switch_off(self, webhook_id: int, *, error: str) -> None:
        """Tell an address no more."""
        await self._tx.run(_SQL["switch_off"], webhook_id=webhook_id, error=error)

    async def list_messages(
        self, webhook_id: int, *, before: int | None = None, one: int | None = None, limit: int
    ) -> list[Message]:
        """Messages of a webhook, newest first; or one."""
        rows = await self._tx.all(_SQL["list_messages"], webhook_id=webhook_id, before=before, one=one, limit=limit)
        return [Message(**row) for row in rows]

    async def forget(self) -> int:
        """Delete old messages; how many."""
        return await self._tx.run(_SQL["forget"])

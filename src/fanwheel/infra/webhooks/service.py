"""What people decide about webhooks, and the making of messages."""

import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from fanwheel.infra.http.addresses import is_address
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.sealing import Seal
from fanwheel.infra.webhooks import rules
from fanwheel.infra.webhooks.contracts import Fact, Message, Webhook
from fanwheel.infra.webhooks.errors import (
    BadWebhookError,
    MessageNotFoundError,
    MessageTakenError,
    WebhookNotFoundError,
    WebhookOffError,
)
from fanwheel.infra.webhooks.repository import WebhookRepository

# Facts after a number, in their order, at most so many.
Source = Callable[[int, int], Awaitable[Sequence[Fact]]]
_AT_ONCE: Final = 500


async def add(
    tx: Transaction,
    seal: Seal,
    *,
    url: str,
    description: str,
    topics: Sequence[str],
    segment_ids: Sequence[int],
    actor: str,
) -> tuple[Webhook, str]:
    """Make a webhook; its secret, which cannot be shown again, comes with it."""
    assert tx.workspace is not None
    require_address(url)
    secret = rules.new_secret(os.urandom)
    webhook_id = await WebhookRepository(tx).add(
        url=url,
        description=description,
        topics=list(topics),
        segment_ids=list(segment_ids),
        sealed_secret=seal.close(secret, workspace=tx.workspace),
        actor=actor,
    )
    return await get(tx, webhook_id), secret


async def change(
    tx: Transaction,
    webhook_id: int,
    *,
    url: str | None = None,
    description: str | None = None,
    topics: Sequence[str] | None = None,
    segment_ids: Sequence[int] | None = None,
    is_active: bool | None = None,
) -> Webhook:
    """Change a webhook; what is None stays."""
    if url is not None:
        require_address(url)
    await WebhookRepository(tx).change(
        webhook_id,
        url=url,
        description=description,
        topics=None if topics is None else list(topics),
        segment_ids=None if segment_ids is None else list(segment_ids),
        is_active=is_active,
    )
    return await get(tx, webhook_id)


async def change_secret(tx: Transaction, seal: Seal, webhook_id: int) -> tuple[Webhook, str]:
    """Sign with a new secret from now on; what the receiver refuses until it knows it is sent again later."""
    assert tx.workspace is not None
    found = await get(tx, webhook_id)
    secret = rules.new_secret(os.urandom)
    await WebhookRepository(tx).change_secret(webhook_id, sealed_secret=seal.close(secret, workspace=tx.workspace))
    return found, secret


async def ping(tx: Transaction, webhook_id: int, *, now: datetime) -> Message:
    """Send a message that says nothing, once, to see whether it is taken; raises ``WebhookOffError``."""
    found = await get(tx, webhook_id)
    if not found.is_active:
        raise WebhookOffError(hint="Switch it on first.")
    told = {"type": rules.PING, "timestamp": now, "data": {"webhook_id": webhook_id}}
    body = msgspec.json.encode(told).decode()
    message_id = await WebhookRepository(tx).put_message(webhook_id, topic=rules.PING, body=body)
    return await _get_message(tx, webhook_id, message_id)


async def retry(tx: Transaction, webhook_id: int, message_id: int) -> Message:
    """Send a message that was not taken again, now; raises ``MessageTakenError`` if it was."""
    found = await get(tx, webhook_id)
    if not found.is_active:
        raise WebhookOffError(hint="Switch it on first.")
    await _get_message(tx, webhook_id, message_id)
    if not await WebhookRepository(tx).hasten(webhook_id, message_id):
        raise MessageTakenError
    return await _get_message(tx, webhook_id, message_id)


async def _get_message(tx: Transaction, webhook_id: int, message_id: int) -> Message:
    found = await WebhookRepository(tx).list_messages(webhook_id, one=message_id, limit=1)
    if not found:
        raise MessageNotFoundError
    return found[0]


async def delete(tx: Transaction, webhook_id: int) -> None:
    """Delete a webhook and its messages; raises ``WebhookNotFoundError``."""
    if not await WebhookRepository(tx).delete(webhook_id):
        raise WebhookNotFoundError


async def get(tx: Transaction, webhook_id: int) -> Webhook:
    """A webhook; raises ``WebhookNotFoundError``."""
    found = await WebhookRepository(tx).list_webhooks(one=webhook_id)
    if not found:
        raise WebhookNotFoundError
    return found[0]


async def list_webhooks(tx: Transaction) -> list[Webhook]:
    """Webhooks, newest first."""
    return await WebhookRepository(tx).list_webhooks()


async def list_messages(tx: Transaction, webhook_id: int, *, before: int | None, limit: int) -> list[Message]:
    """What a webhook was told, newest first; raises ``WebhookNotFoundError``."""
    await get(tx, webhook_id)
    return await WebhookRepository(tx).list_messages(webhook_id, before=before, limit=limit)


async def tell(tx: Transaction, source: Source) -> int:
    """Make messages of the facts that each webhook has not been told yet; how many facts were looked at."""
    webhooks = WebhookRepository(tx)
    looked = 0
    for row in await webhooks.hold():
        facts = await source(row["told_to"], _AT_ONCE)
        if not facts:
            continue
        looked += len(facts)
        wanted = [
            fact
            for fact in facts
            if fact.topic in row["topics"] and (not row["segment_ids"] or fact.segment_id in row["segment_ids"])
        ]
        messages = [(fact.topic, _body(fact)) for fact in wanted]
        await webhooks.put_messages(row["webhook_id"], messages, told_to=facts[-1].number)
    return looked


async def list_workspaces(db: Database) -> list[int]:
    """Which workspaces have webhooks that are switched on."""
    async with db.installation() as tx:
        return await WebhookRepository(tx).list_workspaces()


async def tidy(tx: Transaction) -> int:
    """Delete messages that are over and older than 30 days; how many."""
    return await WebhookRepository(tx).forget()


def require_address(url: str) -> None:
    """Refuse what cannot be posted to."""
    if not is_address(url):
        raise BadWebhookError(hint="Write an address such as https://shop.example/hooks, without a password in it.")


def _body(fact: Fact) -> str:
    told = {"type": fact.topic, "timestamp": fact.happened_at, "data": fact.data}
    return msgspec.json.encode(told).decode()

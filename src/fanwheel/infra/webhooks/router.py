"""Webhooks over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, Page, SettingsDep
from fanwheel.infra.sealing import Seal
from fanwheel.infra.webhooks import schemas, service
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])

Reader = Annotated[Principal, allow("webhooks:read")]
Writer = Annotated[Principal, allow("webhooks:write")]


@router.get("")
async def list_webhooks(db: DatabaseDep, principal: Reader) -> schemas.Webhooks:
    """Webhooks without their secrets, newest first."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_webhooks(tx)
    return schemas.Webhooks.model_validate({"items": found}, from_attributes=True)


@router.post("", status_code=201)
async def add_webhook(
    db: DatabaseDep, settings: SettingsDep, principal: Writer, body: schemas.NewWebhook
) -> schemas.WebhookMade:
    """Have an address told of entries and exits from now on; its secret is shown this once.

    Messages are signed as Standard Webhooks 1.0 says and sent until they are taken, for about three days.
    """
    async with db.transaction(principal.workspace_id) as tx:
        made, secret = await service.add(tx, Seal(settings, "webhooks"), actor=principal.actor, **body.model_dump())
        await audit.write(tx, principal, "webhook.create", str(made.webhook_id), {"url": made.url})
    told = schemas.Webhook.model_validate(made, from_attributes=True)
    return schemas.WebhookMade(**told.model_dump(), secret=secret)


@router.patch("/{webhook_id}")
async def change_webhook(
    db: DatabaseDep, principal: Writer, webhook_id: int, body: schemas.WebhookPatch
) -> schemas.Webhook:
    """Change a webhook, or switch it off and on; while it is off nothing is kept for it."""
    async with db.transaction(principal.workspace_id) as tx:
        changed = await service.change(tx, webhook_id, **body.model_dump())
        fields = sorted(body.model_dump(exclude_none=True))
        await audit.write(tx, principal, "webhook.change", str(webhook_id), {"fields": fields})
    return schemas.Webhook.model_validate(changed, from_attributes=True)


@router.post("/{webhook_id}/secret")
async def change_secret(
    db: DatabaseDep, settings: SettingsDep, principal: Writer, webhook_id: int
) -> schemas.WebhookMade:
    """Sign with a new secret from now on; it is shown this once, and the old one is worth nothing any more.

    What the receiver refuses until it knows the new one is sent again later, as always.
    """
    async with db.transaction(principal.workspace_id) as tx:
        changed, secret = await service.change_secret(tx, Seal(settings, "webhooks"), webhook_id)
        await audit.write(tx, principal, "webhook.secret", str(webhook_id))
    told = schemas.Webhook.model_validate(changed, from_attributes=True)
    return schemas.WebhookMade(**told.model_dump(), secret=secret)


@router.post("/{webhook_id}/ping", status_code=202)
async def ping(db: DatabaseDep, principal: Writer, webhook_id: int) -> schemas.Message:
    """Send a message of the type ``webhook.ping``, once; the log shows within a moment what came of it."""
    async with db.transaction(principal.workspace_id) as tx:
        message = await service.ping(tx, webhook_id, now=utc_now())
        await audit.write(tx, principal, "webhook.ping", str(webhook_id))
    return schemas.Message.model_validate(message, from_attributes=True)


@router.post("/{webhook_id}/messages/{message_id}/retry", status_code=202)
async def retry(db: DatabaseDep, principal: Writer, webhook_id: int, message_id: int) -> schemas.Message:
    """Send a message that was not taken, or not yet, again at once."""
    async with db.transaction(principal.workspace_id) as tx:
        message = await service.retry(tx, webhook_id, message_id)
        await audit.write(tx, principal, "webhook.retry", str(webhook_id), {"message_id": message_id})
    return schemas.Message.model_validate(message, from_attributes=True)


@router.delete("/{webhook_id}", status_code=204)
async def delete_webhook(db: DatabaseDep, principal: Writer, webhook_id: int) -> None:
    """Tell an address no more, and forget what it was told."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.delete(tx, webhook_id)
        await audit.write(tx, principal, "webhook.delete", str(webhook_id))


@router.get("/{webhook_id}/messages")
async def list_messages(
    db: DatabaseDep,
    principal: Reader,
    webhook_id: int,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[schemas.Message]:
    """What a webhook was told in the last 30 days, newest first, and what came of each attempt."""
    before = _before(cursor) if cursor else None
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_messages(tx, webhook_id, before=before, limit=limit + 1)
    items = [schemas.Message.model_validate(each, from_attributes=True) for each in found[:limit]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].message_id) if len(found) > limit else None)


def _before(cursor: str) -> int:
    (before,) = decode_cursor(cursor, 1)
    if not isinstance(before, int) or not 0 < before < 2**63:
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    return before

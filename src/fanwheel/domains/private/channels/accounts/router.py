"""Channels and their accounts over HTTP."""

from typing import Annotated

from fastapi import APIRouter

from fanwheel.domains.private.channels import registry
from fanwheel.domains.private.channels.accounts import schemas, service
from fanwheel.domains.private.channels.accounts.dependencies import OpenerDep
from fanwheel.domains.private.channels.accounts.secrets import a_seal
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, SettingsDep
from fanwheel.kernel.clock import utc_now

router = APIRouter(prefix="/api/channels", tags=["channels"])

Reader = Annotated[Principal, allow("channels:read")]
Operator = Annotated[Principal, allow("channels:write")]
Writer = Annotated[Principal, allow("accounts:write")]


@router.get("")
async def list_kinds(_: Reader) -> schemas.KindsOut:
    """Kinds of channels that are installed: what each needs, can do and allows."""
    return schemas.KindsOut(items=[schemas.KindOut.of(adapter.about) for adapter in registry.adapters().values()])


@router.get("/accounts")
async def list_accounts(db: DatabaseDep, settings: SettingsDep, principal: Reader) -> schemas.AccountsOut:
    """Accounts without their secrets, by channel and name."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_accounts(tx)
    return schemas.AccountsOut(items=[schemas.AccountOut.of(row, url=settings.url) for row in found])


@router.post("/accounts", status_code=201)
async def add_account(
    db: DatabaseDep, settings: SettingsDep, principal: Writer, body: schemas.AccountIn
) -> schemas.AccountOut:
    """Make an account of a channel; its secrets are sealed and cannot be read again."""
    async with db.transaction(principal.workspace_id) as tx:
        made = await service.add(tx, a_seal(settings), actor=principal.actor, **body.model_dump())
        await audit.write(tx, principal, "channel.create", str(made.account_id), {"channel": made.channel})
    return schemas.AccountOut.of(made, url=settings.url)


@router.get("/accounts/{account_id}")
async def get_account(db: DatabaseDep, settings: SettingsDep, principal: Reader, account_id: int) -> schemas.AccountOut:
    """One account."""
    async with db.transaction(principal.workspace_id) as tx:
        return schemas.AccountOut.of(await service.get(tx, account_id), url=settings.url)


@router.patch("/accounts/{account_id}")
async def change_account(
    db: DatabaseDep, settings: SettingsDep, principal: Writer, account_id: int, body: schemas.AccountPatch
) -> schemas.AccountOut:
    """Change an account; a secret that is not named stays."""
    async with db.transaction(principal.workspace_id) as tx:
        changed = await service.change(tx, a_seal(settings), account_id, name=body.name, values=body.values)
        await audit.write(tx, principal, "channel.change", str(account_id), {"fields": sorted(body.values)})
    return schemas.AccountOut.of(changed, url=settings.url)


@router.delete("/accounts/{account_id}", status_code=204)
async def delete_account(db: DatabaseDep, principal: Writer, account_id: int) -> None:
    """Forget an account and its secrets; what was said through it stays."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.delete(tx, account_id)
        await audit.write(tx, principal, "channel.delete", str(account_id))


@router.post("/accounts/{account_id}/check")
async def check_account(db: DatabaseDep, opener: OpenerDep, principal: Operator, account_id: int) -> schemas.CheckOut:
    """Ask the platform whether the account works; nobody is sent anything."""
    found = await service.check(db, opener, principal.workspace_id, account_id, now=utc_now())
    async with db.transaction(principal.workspace_id) as tx:
        await audit.write(tx, principal, "channel.check", str(account_id), {"is_fine": found.is_fine})
    return schemas.CheckOut(is_fine=found.is_fine, message=found.message, facts=dict(found.facts), code=found.code)


@router.post("/accounts/{account_id}/pause")
async def pause_account(
    db: DatabaseDep, settings: SettingsDep, principal: Operator, account_id: int
) -> schemas.AccountOut:
    """Let nothing go out through the account; what people say still comes in."""
    async with db.transaction(principal.workspace_id) as tx:
        paused = await service.pause(tx, account_id, is_active=False)
        await audit.write(tx, principal, "channel.pause", str(account_id))
    return schemas.AccountOut.of(paused, url=settings.url)


@router.post("/accounts/{account_id}/resume")
async def resume_account(
    db: DatabaseDep, settings: SettingsDep, principal: Operator, account_id: int
) -> schemas.AccountOut:
    """Let messages go out through the account again."""
    async with db.transaction(principal.workspace_id) as tx:
        resumed = await service.pause(tx, account_id, is_active=True)
        await audit.write(tx, principal, "channel.resume", str(account_id))
    return schemas.AccountOut.of(resumed, url=settings.url)

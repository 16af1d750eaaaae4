"""Routes of members, invitations and the audit log."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query

from fanwheel.infra.access import members, schemas
from fanwheel.infra.access.contracts import Principal
from fanwheel.infra.access.dependencies import allow
from fanwheel.infra.access.repository import WorkspaceRepository
from fanwheel.infra.access.routes import views
from fanwheel.infra.http import DatabaseDep, Page, SettingsDep
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor

router = APIRouter(prefix="/api", tags=["members"])
Reader = Annotated[Principal, allow("members:read")]
Writer = Annotated[Principal, allow("members:write")]
_NEWEST = 2**63 - 1


@router.get("/members")
async def list_members(db: DatabaseDep, principal: Reader) -> schemas.Members:
    """Members and invited, oldest first."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await WorkspaceRepository(tx).list_members()
    return schemas.Members(items=[schemas.MemberOut.model_validate(member) for member in found])


@router.post("/members", status_code=201)
async def invite(db: DatabaseDep, settings: SettingsDep, principal: Writer, body: schemas.InviteIn) -> schemas.Invited:
    """Invite someone; hand the link over. Inviting again replaces role and link."""
    async with db.transaction(principal.workspace_id) as tx:
        member, token = await members.invite(
            tx, principal, email=body.email, role=body.role, name=body.name, now=utc_now()
        )
    shown = schemas.MemberOut.model_validate(member)
    return schemas.Invited(**shown.model_dump(), link=_link(settings, token))


@router.patch("/members/{user_id}")
async def give_role(db: DatabaseDep, principal: Writer, user_id: int, body: schemas.RoleIn) -> schemas.MemberOut:
    """Change a member's role."""
    async with db.transaction(principal.workspace_id) as tx:
        return schemas.MemberOut.model_validate(await members.give_role(tx, principal, user_id=user_id, role=body.role))


@router.delete("/members/{user_id}", status_code=204)
async def remove(db: DatabaseDep, principal: Writer, user_id: int) -> None:
    """Remove a member: the sessions in this workspace end at once."""
    async with db.transaction(principal.workspace_id) as tx:
        await members.remove(tx, principal, user_id=user_id)


@router.post("/members/{user_id}/reset", status_code=201)
async def reset(db: DatabaseDep, settings: SettingsDep, principal: Writer, user_id: int) -> schemas.LinkGiven:
    """A link with which a member sets a new password; hand it over."""
    async with db.transaction(principal.workspace_id) as tx:
        token = await members.reset(tx, principal, user_id=user_id, now=utc_now())
    return schemas.LinkGiven(link=_link(settings, token))


@router.get("/audit")
async def list_audit(
    db: DatabaseDep,
    principal: Annotated[Principal, allow("audit:read")],
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Page[schemas.AuditOut]:
    """Every change of the workspace and who made it, newest first."""
    before = decode_cursor(cursor, 1)[0] if cursor else _NEWEST
    if not isinstance(before, int):
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    async with db.transaction(principal.workspace_id) as tx:
        found = await WorkspaceRepository(tx).list_audit(before=before, limit=limit + 1)
    items = [views.audit_entry(entry) for entry in found[:limit]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].id) if len(found) > limit else None)


def _link(settings: Settings, token: str) -> str:
    return f"{settings.url}/accept?{urlencode({'token': token})}"

"""Routes of API keys."""

from typing import Annotated

from fastapi import APIRouter

from fanwheel.infra.access import schemas, service
from fanwheel.infra.access.contracts import Principal
from fanwheel.infra.access.dependencies import allow
from fanwheel.infra.access.repository import WorkspaceRepository
from fanwheel.infra.access.routes import views
from fanwheel.infra.http import DatabaseDep

router = APIRouter(prefix="/api/keys", tags=["keys"])
Writer = Annotated[Principal, allow("keys:write")]


@router.get("")
async def list_keys(db: DatabaseDep, principal: Annotated[Principal, allow("keys:read")]) -> schemas.Keys:
    """Every key without its secret, newest first."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await WorkspaceRepository(tx).list_keys()
    return schemas.Keys(items=[views.key(key) for key in found])


@router.post("", status_code=201)
async def add_key(db: DatabaseDep, principal: Writer, body: schemas.KeyIn) -> schemas.NewKeyOut:
    """Make a key; its secret is shown this once."""
    async with db.transaction(principal.workspace_id) as tx:
        key, secret = await service.add_key(tx, principal, kind=body.kind, name=body.name, role=body.role)
    return schemas.NewKeyOut(**views.key(key).model_dump(), secret=secret)


@router.delete("/{api_key_id}", status_code=204)
async def revoke_key(db: DatabaseDep, principal: Writer, api_key_id: int) -> None:
    """End a key for good, within five seconds everywhere."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.revoke_key(tx, principal, api_key_id)

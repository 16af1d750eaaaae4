"""Routes of workspaces and their currency rates."""

from typing import Annotated

from fastapi import APIRouter

from fanwheel.infra.access import schemas, workspaces
from fanwheel.infra.access.contracts import CurrencyRate, Principal
from fanwheel.infra.access.dependencies import allow
from fanwheel.infra.access.repository import WorkspaceRepository
from fanwheel.infra.access.routes import views
from fanwheel.infra.http import DatabaseDep
from fanwheel.kernel.clock import utc_now

router = APIRouter(prefix="/api", tags=["workspaces"])


@router.get("/workspace")
async def get_workspace(
    db: DatabaseDep, principal: Annotated[Principal, allow("workspace:read")]
) -> schemas.WorkspaceOut:
    """The workspace in hand."""
    async with db.transaction(principal.workspace_id) as tx:
        return views.workspace(await WorkspaceRepository(tx).get())


@router.patch("/workspace")
async def change_workspace(
    db: DatabaseDep, principal: Annotated[Principal, allow("workspace:write")], body: schemas.WorkspacePatch
) -> schemas.WorkspaceOut:
    """Change the workspace in hand."""
    async with db.transaction(principal.workspace_id) as tx:
        return views.workspace(await workspaces.change(tx, principal, **body.model_dump()))


@router.post("/workspaces", status_code=201)
async def add_workspace(
    db: DatabaseDep, principal: Annotated[Principal, allow("workspaces:write")], body: schemas.WorkspaceIn
) -> schemas.WorkspaceOut:
    """Make another workspace, owned by the asking user."""
    draft = workspaces.Draft(**body.model_dump())
    async with db.installation() as tx:
        inside = await workspaces.create(tx, draft, owner_id=principal.user_id, now=utc_now())
        return views.workspace(await WorkspaceRepository(inside).get())


@router.get("/currency-rates")
async def list_rates(db: DatabaseDep, principal: Annotated[Principal, allow("rates:read")]) -> schemas.Rates:
    """Dated rates to the reporting currency."""
    async with db.transaction(principal.workspace_id) as tx:
        return _rates(await WorkspaceRepository(tx).list_rates())


@router.put("/currency-rates")
async def put_rates(
    db: DatabaseDep, principal: Annotated[Principal, allow("rates:write")], body: schemas.Rates
) -> schemas.Rates:
    """Replace every dated rate."""
    rates = [CurrencyRate(**rate.model_dump()) for rate in body.items]
    async with db.transaction(principal.workspace_id) as tx:
        return _rates(await workspaces.put_rates(tx, principal, rates))


def _rates(found: list[CurrencyRate]) -> schemas.Rates:
    return schemas.Rates(items=[schemas.Rate.model_validate(rate) for rate in found])

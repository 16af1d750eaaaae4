"""Retention over HTTP."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.infra.retention import service
from fanwheel.infra.retention.contracts import MOST_DAYS, Kind

router = APIRouter(prefix="/api/retention", tags=["retention"])

Reader = Annotated[Principal, allow("workspace:read")]
Writer = Annotated[Principal, allow("workspace:write")]


class RetentionPeriod(BaseModel):
    """How many days a kind of data is kept; nothing: for ever."""

    kind: Kind
    days: int | None
    least_days: int


class RetentionPeriods(BaseModel):
    """How long each kind of data is kept."""

    items: list[RetentionPeriod]


class NewPeriod(BaseModel):
    """How many days a kind of data is kept from now on; nothing: for ever."""

    kind: Kind
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] | None


class NewPeriods(BaseModel):
    """The periods that are to change; the others stay."""

    items: Annotated[list[NewPeriod], Field(max_length=20)]


@router.get("")
async def list_periods(db: DatabaseDep, principal: Reader) -> RetentionPeriods:
    """How long each kind of data is kept."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_periods(tx)
    return RetentionPeriods(items=[RetentionPeriod.model_validate(period._asdict()) for period in found])


@router.put("", status_code=204)
async def put_periods(db: DatabaseDep, principal: Writer, body: NewPeriods) -> None:
    """Keep kinds of data so many days; the worker lets go of what is older within minutes, for good."""
    async with db.transaction(principal.workspace_id) as tx:
        for item in body.items:
            await service.put(tx, item.kind, item.days, actor=principal.actor)
        await audit.write(tx, principal, "retention.change", None, {item.kind: item.days for item in body.items})

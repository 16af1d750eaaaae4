"""Retention over HTTP."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.infra.retention import service
from fanwheel.infra.retention.contracts import MOST_DAYS, Kind
from fanwheel.kernel.clock import utc_now

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


class RetentionPreview(BaseModel):
    """How much of a kind of data would go, and when the oldest of it is from."""

    items: int
    oldest_at: datetime | None


@router.get("")
async def list_periods(db: DatabaseDep, principal: Reader) -> RetentionPeriods:
    """How long each kind of data is kept."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_periods(tx)
    return RetentionPeriods(items=[RetentionPeriod.model_validate(period._asdict()) for period in found])


@router.get("/preview")
async def preview_period(
    db: DatabaseDep, principal: Reader, kind: Kind, days: Annotated[int, Query(ge=1, le=MOST_DAYS)]
) -> RetentionPreview:
    """How much would go at once if a kind of data were kept so many days; nothing goes."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.preview(tx, kind, days, now=utc_now())
    return RetentionPreview.model_validate(found._asdict())


@router.put("", status_code=204)
async def put_periods(db: DatabaseDep, principal: Writer, body: NewPeriods) -> None:
    """Keep kinds of data so many days; the worker lets go of what is older within minutes, for good."""
    async with db.transaction(principal.workspace_id) as tx:
        for item in body.items:
            await service.put(tx, item.kind, item.days, actor=principal.actor)
        await audit.write(tx, principal, "retention.change", None, {item.kind: item.days for item in body.items})

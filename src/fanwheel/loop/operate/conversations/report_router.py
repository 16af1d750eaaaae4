"""Reports of the inbox over HTTP: how fast people were answered, and how they found it."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from fanwheel.infra.access import Principal, allow
from fanwheel.infra.http import DatabaseDep
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate.conversations import report_schemas as schemas
from fanwheel.loop.operate.conversations import reporting

router = APIRouter(prefix="/api/inbox", tags=["conversations"])

Reader = Annotated[Principal, allow("inbox:read")]
Until = Annotated[AwareDatetime | None, Query(description="Up to this moment; now if left out.")]
_USUAL = timedelta(days=30)


@router.get("/report")
async def get_report(
    db: DatabaseDep,
    principal: Reader,
    group_by: reporting.GroupBy = "none",
    since: AwareDatetime | None = None,
    until: Until = None,
) -> schemas.InboxReport:
    """Response and resolution times and ratings of conversations opened in a period: the last 30 days if left out."""
    begin, end = _period(since, until)
    async with db.transaction(principal.workspace_id) as tx:
        rows = await reporting.report(tx, group_by=group_by, since=begin, until=end)
    return schemas.InboxReport.model_validate({"items": rows})


@router.get("/ratings")
async def list_ratings(
    db: DatabaseDep,
    principal: Reader,
    since: AwareDatetime | None = None,
    until: Until = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> schemas.GivenRatings:
    """What people answered who were asked how it was, the newest first: in the last 30 days if left out."""
    begin, end = _period(since, until)
    async with db.transaction(principal.workspace_id) as tx:
        rows = await reporting.list_scores(tx, since=begin, until=end, most=limit)
    return schemas.GivenRatings.model_validate({"items": rows})


def _period(since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    end = until or utc_now()
    return since or end - _USUAL, end

"""Business hours over HTTP."""

from typing import Annotated

from fastapi import APIRouter

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate.hours import schemas, service
from fanwheel.loop.operate.hours.contracts import Opening, Special, Weekly
from fanwheel.loop.operate.hours.rules import Hours

router = APIRouter(prefix="/api/business-hours", tags=["auto-replies"])


@router.get("")
async def get_hours(db: DatabaseDep, principal: Annotated[Principal, allow("replies:read")]) -> schemas.HoursOut:
    """When the brand answers in person: on the workspace's clock, by day of the week, with dates of their own."""
    async with db.transaction(principal.workspace_id) as tx:
        return _told(await service.get(tx))


@router.put("")
async def put_hours(
    db: DatabaseDep, principal: Annotated[Principal, allow("replies:write")], body: schemas.HoursIn
) -> schemas.HoursOut:
    """Set business hours in the place of those that were there; without any the brand is always open."""
    weekly = [Weekly(each.day, each.opens, each.closes) for each in body.weekly]
    special = [
        Special(each.date, tuple(Opening(span.opens, span.closes) for span in each.spans)) for each in body.special
    ]
    async with db.transaction(principal.workspace_id) as tx:
        hours = await service.put(tx, weekly, special, actor=principal.actor)
        await audit.write(tx, principal, "business_hours.put")
    return _told(hours)


def _told(hours: Hours) -> schemas.HoursOut:
    return schemas.HoursOut(
        weekly=[schemas.WeeklyBody(day=each.day, opens=each.opens, closes=each.closes) for each in hours.weekly],
        special=[
            schemas.SpecialBody(
                date=each.date,
                spans=[schemas.OpeningBody(opens=span.opens, closes=span.closes) for span in each.spans],
            )
            for each in hours.special
        ],
        time_zone=hours.zone.key,
        is_open=hours.is_open(utc_now()),
    )

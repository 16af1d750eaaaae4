"""What a broadcast has caused, over HTTP."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query

from fanwheel.infra.access import Principal, allow
from fanwheel.infra.http import DatabaseDep, one_per_server
from fanwheel.measure.ledger.broadcasts import schemas, service
from fanwheel.measure.ledger.broadcasts.contracts import ORDER
from fanwheel.measure.ledger.broadcasts.service import Asked, Lifts

router: Final = APIRouter(tags=["measure"])

Reader = Annotated[Principal, allow("measure:read")]
LiftsDep = Annotated[Lifts, Depends(one_per_server("lifts", Lifts.of))]


@router.get("/broadcasts/{broadcast_id}")
async def get_broadcast_lift(
    who: Reader,
    lifts: LiftsDep,
    database: DatabaseDep,
    broadcast_id: int,
    goal: Annotated[str, Query(min_length=1, max_length=200, description="“order”, or the name of an event.")] = ORDER,
    days: Annotated[int, Query(ge=1, le=90, description="What is done within so many days counts.")] = 7,
) -> schemas.BroadcastLift:
    """What a broadcast has caused, by those whom a holdout kept from it; valid however often one looks."""
    async with database.transaction(who.workspace_id) as tx:
        found = await service.find(tx, broadcast_id)
    asked = Asked(who.workspace_id, f"broadcast:{broadcast_id}", goal, days)
    lift = service.judge(await lifts.ask(asked), asked, step_share=found["holdout_share"])
    return schemas.of(lift, goal=goal, days=days, currency=found["currency"])

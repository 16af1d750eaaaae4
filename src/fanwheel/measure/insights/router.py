"""Product reports over HTTP, under /api/measure."""

from typing import Annotated, Final, cast

from fastapi import APIRouter, Depends, Query

from fanwheel.infra.http import DatabaseDep, one_per_server
from fanwheel.measure.insights import repository, schemas
from fanwheel.measure.insights.service import (
    ClvAsked,
    EventsAsked,
    FunnelAsked,
    Insights,
    PathsAsked,
    RfmAsked,
)
from fanwheel.measure.reports.router import First, Last, Reader, period_of

router: Final = APIRouter(prefix="/api/measure", tags=["measure"])
_Name = Annotated[str, Query(min_length=1, max_length=200)]
InsightsDep = Annotated[Insights, Depends(one_per_server("insights", Insights.of))]


@router.get("/funnel")
async def get_funnel(
    who: Reader,
    insights: InsightsDep,
    database: DatabaseDep,
    step: Annotated[
        list[_Name], Query(min_length=2, max_length=8, description="Names of events, in order: “step” once for each.")
    ],
    window_days: Annotated[int, Query(ge=1, le=365, description="From the first step to the last, in days.")] = 30,
    first: First = None,
    last: Last = None,
) -> schemas.Funnel:
    """How many people did some events in order, the first of them in the period and all within the window."""
    async with database.transaction(who.workspace_id) as tx:
        zone = await repository.find_time_zone(tx)
    period = period_of(zone, first, last)
    asked = FunnelAsked(who.workspace_id, tuple(step), window_days, period.first, period.last)
    return cast(schemas.Funnel, await insights.ask(asked))


@router.get("/events")
async def get_event_names(who: Reader, insights: InsightsDep) -> schemas.Events:
    """Names of events that occurred, those of most people first: what a funnel can be made of."""
    return cast(schemas.Events, await insights.ask(EventsAsked(who.workspace_id)))


@router.get("/rfm")
async def get_rfm(who: Reader, insights: InsightsDep) -> schemas.Rfm:
    """Buyers by how lately and how often they bought, each scored 1 to 5, and their revenue."""
    return cast(schemas.Rfm, await insights.ask(RfmAsked(who.workspace_id)))


@router.get("/clv")
async def get_clv(who: Reader, insights: InsightsDep) -> schemas.Clv:
    """What buyers are expected to spend in the next year, and whether such predictions have come true."""
    return cast(schemas.Clv, await insights.ask(ClvAsked(who.workspace_id)))


@router.get("/paths")
async def get_paths(
    who: Reader,
    insights: InsightsDep,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    lookback_days: Annotated[int, Query(ge=1, le=365, description="How old a touch may be at the order.")] = 30,
) -> schemas.Paths:
    """The ways over channels that led to most paid orders."""
    return cast(schemas.Paths, await insights.ask(PathsAsked(who.workspace_id, limit, lookback_days)))

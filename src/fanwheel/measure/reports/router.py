"""Reports over HTTP, under /api/measure."""

from datetime import date, datetime, timedelta
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query

from fanwheel.infra.access import GRANTS, Principal, allow
from fanwheel.infra.http import DatabaseDep, one_per_server
from fanwheel.measure.reports import repository, rules, schemas
from fanwheel.measure.reports.cubes import Period
from fanwheel.measure.reports.errors import BadPeriodError
from fanwheel.measure.reports.service import Reports

router: Final = APIRouter(prefix="/api/measure", tags=["measure"])
_DEFAULT_DAYS: Final = 28
_MOST_DAYS: Final = 3660
_MOST_MEMBERS: Final = 1000

Reader = Annotated[Principal, allow("measure:read")]
First = Annotated[date | None, Query(alias="from", description="First day, in the workspace's time zone.")]
Last = Annotated[date | None, Query(alias="to", description="Last day, included. Default: today.")]
ReportsDep = Annotated[Reports, Depends(one_per_server("reports", Reports.of))]


def period_of(time_zone: str, first: date | None, last: date | None) -> Period:
    """The period asked for; without a beginning the last four weeks."""
    until = last or datetime.now(ZoneInfo(time_zone)).date()
    since = first or until - timedelta(days=_DEFAULT_DAYS - 1)
    if since > until:
        raise BadPeriodError(f"The period begins on {since}, after its end on {until}.", hint="Swap “from” and “to”.")
    period = Period(since, until)
    # The period before is shown too, so both must be dates that exist.
    if period.days > _MOST_DAYS or since.toordinal() <= period.days:
        raise BadPeriodError(f"A period has at most {_MOST_DAYS} days.", hint="Choose a later “from”.")
    return period


@router.get("/stages")
async def get_stages(who: Reader, reports: ReportsDep, first: First = None, last: Last = None) -> schemas.Stages:
    """People by stage of the wheel, and those who entered each stage by day."""
    book = await reports.book(who.workspace_id)
    return rules.stages(book, period_of(book.time_zone, first, last))


@router.get("/flows")
async def get_flows(who: Reader, reports: ReportsDep, first: First = None, last: Last = None) -> schemas.Flows:
    """Traffic between the domains, and the way from first source to first channel to outcome."""
    book = await reports.book(who.workspace_id)
    return rules.flows(book, period_of(book.time_zone, first, last))


@router.get("/readouts")
async def get_readouts(who: Reader, reports: ReportsDep, first: First = None, last: Last = None) -> schemas.Readouts:
    """Fans, revenue, orders and spend, beside the period before."""
    book = await reports.book(who.workspace_id)
    return rules.readouts(book, period_of(book.time_zone, first, last))


@router.get("/attribution")
async def get_attribution(
    who: Reader,
    reports: ReportsDep,
    first: First = None,
    last: Last = None,
    model: Annotated[
        Literal["last_touch"], Query(description="The rule that gives credit; none is proof.")
    ] = "last_touch",
) -> schemas.Attribution:
    """Spend by source with the revenue that last touch credits to it: not proof of anything."""
    del model
    book = await reports.book(who.workspace_id)
    return rules.attribution(book, period_of(book.time_zone, first, last))


@router.get("/cohorts")
async def get_cohorts(who: Reader, reports: ReportsDep, grain: schemas.Grain = "month") -> schemas.Cohorts:
    """Buyers by month or week of their first order: how many came back, and what they brought."""
    return rules.cohorts(await reports.book(who.workspace_id), grain)


@router.get("/referral")
async def get_referral(
    who: Reader,
    reports: ReportsDep,
    database: DatabaseDep,
    limit: Annotated[int, Query(ge=1, le=_MOST_MEMBERS)] = 200,
) -> schemas.Referral:
    """Who brought whom, and the K-factor. Names only for those who may see people."""
    book = await reports.book(who.workspace_id)
    names: dict[int, str] = {}
    if "people:read" in GRANTS[who.role]:
        async with database.transaction(who.workspace_id) as tx:
            names = await repository.list_names(tx, [branch.person_id for branch in book.branches[:limit]])
    return rules.referral(book, limit, names)


@router.get("/totals")
async def get_totals(
    who: Reader, reports: ReportsDep, database: DatabaseDep, first: First = None, last: Last = None
) -> schemas.Totals:
    """Paid orders, lines and revenue by day: what an import can be checked against."""
    book = await reports.book(who.workspace_id)
    period = period_of(book.time_zone, first, last)
    async with database.transaction(who.workspace_id) as tx:
        lines = await repository.count_lines(tx, period, time_zone=book.time_zone)
    return rules.totals(book, period, lines)

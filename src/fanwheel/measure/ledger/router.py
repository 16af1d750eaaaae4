"""The ledger over HTTP, under /api/measure."""

from datetime import date, datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from fanwheel.infra.access import Principal, allow
from fanwheel.infra.http import DatabaseDep, one_per_server
from fanwheel.measure.ledger import report, repository, schemas
from fanwheel.measure.ledger.broadcasts.router import router as broadcasts
from fanwheel.measure.ledger.service import Asked, Ledgers
from fanwheel.measure.reports.errors import BadPeriodError

router: Final = APIRouter(prefix="/api/measure", tags=["measure"])
router.include_router(broadcasts)
_MOST_DAYS: Final = 3660

Reader = Annotated[Principal, allow("measure:read")]
First = Annotated[
    date | None,
    Query(alias="from", description="First day, in the workspace's time zone. Default: that of the first holdout."),
]
Last = Annotated[date | None, Query(alias="to", description="Last day, included. Default: today.")]
LedgersDep = Annotated[Ledgers, Depends(one_per_server("ledgers", Ledgers.of))]


@router.get("/verdict")
async def get_verdict(
    who: Reader,
    ledgers: LedgersDep,
    database: DatabaseDep,
    first: First = None,
    last: Last = None,
    by: Annotated[schemas.By, Query(description="What a row is.")] = "channel",
) -> schemas.Ledger:
    """Which half is wasted: what each channel cost, was credited with and caused, and what to do about it."""
    return await ledgers.ask(await _asked(who, database, first, last, by))


# Not by response_class, which would describe failures as HTML too.
@router.get("/verdict/report", responses={200: {"content": {"text/html": {"schema": {"type": "string"}}}}})
async def get_report(
    who: Reader,
    ledgers: LedgersDep,
    database: DatabaseDep,
    first: First = None,
    last: Last = None,
    locale: Annotated[report.Locale, Query(description="Language of the report.")] = "en",
) -> HTMLResponse:
    """The same as one page of HTML to print or to keep as PDF; it needs nothing else."""
    return HTMLResponse(report.render(await ledgers.ask(await _asked(who, database, first, last, "channel")), locale))


async def _asked(who: Principal, database: DatabaseDep, first: date | None, last: date | None, by: schemas.By) -> Asked:
    async with database.transaction(who.workspace_id) as tx:
        terms = await repository.get_terms(tx)
    until = last or datetime.now(ZoneInfo(terms.time_zone)).date()
    if first is not None and first > until:
        raise BadPeriodError(f"The period begins on {first}, after its end on {until}.", hint="Swap “from” and “to”.")
    if until.year > 9000 or (first is not None and until - first > timedelta(days=_MOST_DAYS)):
        raise BadPeriodError(f"A period has at most {_MOST_DAYS} days.", hint="Choose a later “from”.")
    return Asked(
        workspace=who.workspace_id, first=first, last=until, by=by, margin=terms.margin, geo_tests=terms.geo_tests
    )

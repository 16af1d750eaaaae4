"""What came of a broadcast, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from fanwheel.infra.access import Principal, allow
from fanwheel.infra.http import DatabaseDep, Page
from fanwheel.infra.postgres.pool import Row
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor
from fanwheel.loop.operate.broadcasts import reporting, reporting_rules, reporting_schemas
from fanwheel.loop.operate.broadcasts.reporting import Place
from fanwheel.loop.operate.reach.contracts import State

router = APIRouter(tags=["broadcasts"])

Reader = Annotated[Principal, allow("broadcasts:read")]
PeopleReader = Annotated[Principal, allow("people:read")]
Days = Annotated[int, Query(ge=1, le=30)]


@router.get("/{broadcast_id}/report")
async def get_report(
    db: DatabaseDep, principal: Reader, broadcast_id: int, days: Days = reporting_rules.DAYS
) -> reporting_schemas.BroadcastReport:
    """What came of a broadcast: by route and by variant, why not, when, the test of its variants, and its cost."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await reporting.report(tx, broadcast_id, days=days, now=utc_now())
    return reporting_schemas.BroadcastReport.model_validate(found)


@router.get("/{broadcast_id}/people")
async def list_people(
    db: DatabaseDep,
    principal: PeopleReader,
    broadcast_id: int,
    state: State | None = None,
    rule: Annotated[str | None, Query(max_length=60)] = None,
    variant: Annotated[str | None, Query(max_length=60)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[reporting_schemas.BroadcastPerson]:
    """The people of a broadcast and what became of the message to each; “waiting” takes in what is on its way."""
    after = _after(cursor) if cursor else None
    async with db.transaction(principal.workspace_id) as tx:
        found = await reporting.list_people(
            tx, broadcast_id, state=state, rule=rule, variant=variant, after=after, limit=limit + 1
        )
    rows = found[:limit]
    next_cursor = encode_cursor(rows[-1]["occurrence"], rows[-1]["home_id"]) if len(found) > limit else None
    return Page(items=[_person(row) for row in rows], next_cursor=next_cursor)


def _person(row: Row) -> reporting_schemas.BroadcastPerson:
    return reporting_schemas.BroadcastPerson.model_validate({**row, "route": int(row["occurrence"])})


def _after(cursor: str) -> Place:
    occurrence, home_id = decode_cursor(cursor, 2)
    if not isinstance(occurrence, str) or not isinstance(home_id, int) or not 0 < home_id < 2**63:
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    return Place(occurrence, home_id)

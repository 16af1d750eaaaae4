"""The ingest pages' API."""

from typing import Annotated, cast
from uuid import UUID

from fastapi import APIRouter, Query, Request

from fanwheel.cdp.events import schemas, service
from fanwheel.cdp.events.writer import Writer
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, Page
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor

router = APIRouter(prefix="/api/ingest", tags=["ingest"])

Reader = Annotated[Principal, allow("ingest:read")]
Operator = Annotated[Principal, allow("ingest:write")]
PayloadReader = Annotated[Principal, allow("events:read")]


@router.get("/stats")
async def stats(
    db: DatabaseDep, principal: Reader, minutes: Annotated[int, Query(ge=1, le=10_080)] = 60
) -> schemas.IngestStats:
    """How many events were accepted, rejected and recognized as duplicates, per key and minute."""
    async with db.transaction(principal.workspace_id) as tx:
        return schemas.IngestStats.model_validate(await service.stats(tx, minutes=minutes, now=utc_now()))


@router.get("/rejected")
async def list_rejected(
    db: DatabaseDep,
    principal: PayloadReader,
    cursor: str | None = None,
    waiting: bool = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Page[schemas.RejectedEvent]:
    """Refused events with the reason, newest first; ``waiting`` leaves out those replayed since."""
    before = decode_cursor(cursor, 1)[0] if cursor else None
    if not isinstance(before, int | None):
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    async with db.transaction(principal.workspace_id) as tx:
        rows = await service.list_rejected(tx, before=before, waiting=waiting, limit=limit + 1)
    items = [schemas.RejectedEvent.model_validate(row) for row in rows[:limit]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].id) if len(rows) > limit else None)


@router.post("/rejected/replay")
async def replay_all(request: Request, db: DatabaseDep, principal: Operator) -> schemas.ReplayedAll:
    """Send every waiting refused event again."""
    accepted, rejected = await service.replay_all(db, _writer(request), principal.workspace_id, now=utc_now())
    # The writer commits each event on its own, so the entry can only follow.
    async with db.transaction(principal.workspace_id) as tx:
        await audit.write(tx, principal, "rejected.replay", None, {"accepted": accepted, "rejected": rejected})
    return schemas.ReplayedAll(accepted=accepted, rejected=rejected)


@router.post("/rejected/{rejected_id}/replay")
async def replay(
    request: Request, db: DatabaseDep, principal: Operator, rejected_id: int, body: schemas.Replay | None = None
) -> schemas.Replayed:
    """Send one refused event again, mended if ``payload`` is given."""
    payload = body.payload if body else None
    why = await service.replay(
        db, _writer(request), principal.workspace_id, rejected_id=rejected_id, payload=payload, now=utc_now()
    )
    async with db.transaction(principal.workspace_id) as tx:
        await audit.write(tx, principal, "rejected.replay", f"rejected:{rejected_id}", {"accepted": why is None})
    return schemas.Replayed(accepted=why is None, message=why)


@router.get("/live")
async def live(
    db: DatabaseDep,
    principal: PayloadReader,
    after: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> schemas.Live:
    """The newest events, newest first; ``after`` gives only those that came after an event."""
    async with db.transaction(principal.workspace_id) as tx:
        rows = await service.live(tx, after=after, limit=limit)
    return schemas.Live(items=[schemas.LiveEvent.model_validate(row) for row in rows])


def _writer(request: Request) -> Writer:
    return cast(Writer, request.app.state.writer)

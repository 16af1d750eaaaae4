"""Broadcasts over HTTP: as they are written, tried, and looked at."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Query

from fanwheel.cdp.consent.router import HasherDep
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor
from fanwheel.loop.operate.broadcasts import checking, forecasting, schemas, service, showing, trials
from fanwheel.loop.operate.broadcasts.contracts import State
from fanwheel.loop.operate.broadcasts.reporting_router import router as reports
from fanwheel.loop.operate.broadcasts.repository import BroadcastRepository

router = APIRouter(prefix="/api/broadcasts", tags=["broadcasts"])

Reader = Annotated[Principal, allow("broadcasts:read")]
Writer = Annotated[Principal, allow("broadcasts:write")]
Keeper = Annotated[Principal, allow("workspace:write")]
_Search = Annotated[str | None, Query(max_length=200, description="Part of the name.")]


@router.get("")
async def list_broadcasts(
    db: DatabaseDep,
    principal: Reader,
    state: State | None = None,
    q: _Search = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> schemas.BroadcastSummaries:
    """Broadcasts, those made last first."""
    before = _before(cursor) if cursor else None
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_broadcasts(tx, state=state, q=q, before=before, limit=limit + 1)
    items = [showing.summarize(each) for each in found[:limit]]
    return schemas.BroadcastSummaries(
        items=items, next=encode_cursor(items[-1].broadcast_id) if len(found) > limit else None
    )


@router.post("", status_code=201)
async def add_broadcast(db: DatabaseDep, principal: Writer, body: schemas.BroadcastIn) -> schemas.BroadcastOut:
    """Begin a broadcast; it is a draft, and nothing goes out."""
    async with db.transaction(principal.workspace_id) as tx:
        broadcast_id = await service.create(tx, body.model_dump(), actor=principal.actor)
        await audit.write(tx, principal, "broadcast.create", str(broadcast_id), {"name": body.name})
        return await showing.show(tx, broadcast_id, principal)


@router.get("/settings")
async def get_settings(db: DatabaseDep, principal: Reader) -> schemas.BroadcastSettings:
    """Above how many people a second person must agree; null: never."""
    async with db.transaction(principal.workspace_id) as tx:
        return schemas.BroadcastSettings(approval_above=await BroadcastRepository(tx).get_approval_above())


@router.put("/settings")
async def put_settings(
    db: DatabaseDep, principal: Keeper, body: schemas.BroadcastSettings
) -> schemas.BroadcastSettings:
    """Say above how many people a second person must agree; 0: always, null: never."""
    async with db.transaction(principal.workspace_id) as tx:
        await BroadcastRepository(tx).put_approval_above(body.approval_above, actor=principal.actor)
        await audit.write(tx, principal, "broadcast.settings", None, body.model_dump())
    return body


@router.get("/{broadcast_id}")
async def get_broadcast(db: DatabaseDep, principal: Reader, broadcast_id: int) -> schemas.BroadcastOut:
    """A broadcast with all that was said of it."""
    async with db.transaction(principal.workspace_id) as tx:
        return await showing.show(tx, broadcast_id, principal)


@router.patch("/{broadcast_id}")
async def change_broadcast(
    db: DatabaseDep, principal: Writer, broadcast_id: int, body: schemas.BroadcastPatch
) -> schemas.BroadcastOut:
    """Change a broadcast that has not begun; it is a draft then, and whoever agreed to it must agree again.

    What is left out stays; null takes ``per_minute``, ``experiment`` and ``seed_list_id`` away.
    """
    changes = body.model_dump(exclude_unset=True, exclude={"version"})
    kept = ("per_minute", "experiment", "seed_list_id")
    changes = {name: value for name, value in changes.items() if value is not None or name in kept}
    async with db.transaction(principal.workspace_id) as tx:
        await service.change(tx, broadcast_id, changes, version=body.version, actor=principal.actor)
        await audit.write(tx, principal, "broadcast.change", str(broadcast_id), {"fields": sorted(changes)})
        return await showing.show(tx, broadcast_id, principal)


@router.delete("/{broadcast_id}", status_code=204)
async def delete_broadcast(db: DatabaseDep, principal: Writer, broadcast_id: int) -> None:
    """Throw a draft away."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.delete(tx, broadcast_id)
        await audit.write(tx, principal, "broadcast.delete", str(broadcast_id))


@router.post("/{broadcast_id}/duplicate", status_code=201)
async def duplicate_broadcast(
    db: DatabaseDep, principal: Writer, broadcast_id: int, body: schemas.BroadcastCopy
) -> schemas.BroadcastOut:
    """Begin a draft that says the same."""
    async with db.transaction(principal.workspace_id) as tx:
        copy_id = await service.duplicate(tx, broadcast_id, name=body.name, actor=principal.actor)
        await audit.write(tx, principal, "broadcast.create", str(copy_id), {"copy_of": broadcast_id})
        return await showing.show(tx, copy_id, principal)


@router.post("/{broadcast_id}/check")
async def check_broadcast(
    db: DatabaseDep, principal: Reader, hasher: HasherDep, broadcast_id: int
) -> schemas.BroadcastCheck:
    """What is wrong with a broadcast, and whom it would reach if it went out now; nothing is sent."""
    now = utc_now()
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.get(tx, broadcast_id)
        issues = await checking.list_issues(tx, found, now=now)
        is_gone = any(issue.code in checking.GONE for issue in issues)
        forecast = forecasting.NOBODY if is_gone else await forecasting.forecast(tx, found, hasher, now=now)
        needs = await service.needs_approval(tx, found, people=forecast.people)
    return showing.show_check(issues, forecast, needs_approval=needs)


@router.post("/{broadcast_id}/test", status_code=201)
async def try_broadcast(
    db: DatabaseDep, principal: Writer, broadcast_id: int, body: schemas.BroadcastTrialIn
) -> schemas.BroadcastTrial:
    """Say it to a few people first, through the same gate; GET /api/intents/{intent_id} tells what became of it."""
    trial = trials.Trial(**body.model_dump())
    async with db.transaction(principal.workspace_id) as tx:
        tried, unknown = await trials.send(tx, broadcast_id, trial, occurrence=uuid4().hex, now=utc_now())
        await audit.write(tx, principal, "broadcast.test", str(broadcast_id), {"messages": len(tried)})
    return schemas.BroadcastTrial.model_validate({"items": [each._asdict() for each in tried], "unknown": unknown})


def _before(cursor: str) -> int:
    (before,) = decode_cursor(cursor, 1)
    if not isinstance(before, int) or not 0 < before < 2**63:
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    return before


router.include_router(reports)

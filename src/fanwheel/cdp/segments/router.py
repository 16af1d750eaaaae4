"""Segments over HTTP: rules, their state, and who is in."""

from datetime import timedelta
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from fanwheel.cdp import lists
from fanwheel.cdp.lists import PeopleList
from fanwheel.cdp.persons import exporting
from fanwheel.cdp.persons import reading as people
from fanwheel.cdp.persons.schemas import PeoplePage
from fanwheel.cdp.segments import crowds, reading, schemas, service, snapshots
from fanwheel.cdp.segments.contracts import SegmentInfo
from fanwheel.cdp.segments.templates import TEMPLATES
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, Page
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor

router = APIRouter(prefix="/api/segments", tags=["segments"])

Reader = Annotated[Principal, allow("segments:read")]
Writer = Annotated[Principal, allow("segments:write")]
PeopleReader = Annotated[Principal, allow("people:read")]

_WEEK: Final = timedelta(days=7)
_TABLE: Final[dict[int | str, dict[str, Any]]] = {200: {"description": "A CSV file.", "content": {"text/csv": {}}}}


@router.get("")
async def list_segments(
    db: DatabaseDep,
    principal: Reader,
    q: Annotated[str | None, Query(max_length=200)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> Page[schemas.SegmentItem]:
    """Segments with their rules, states and sizes, newest first; ``q`` is a part of the name."""
    before = _number(cursor) if cursor else 2**31
    async with db.transaction(principal.workspace_id) as tx:
        every = await service.list_segments(tx)
        moved = await crowds.list_movements(tx, since=utc_now() - _WEEK)
    wanted = (q or "").casefold()
    found = [each for each in reversed(every) if each.segment_id < before and wanted in each.name.casefold()]
    items = [_listed(each, moved.get(each.segment_id, 0)) for each in found[:limit]]
    return Page(items=items, next_cursor=encode_cursor(items[-1].segment_id) if len(found) > limit else None)


@router.get("/templates")
async def list_templates(_: Reader) -> schemas.Templates:
    """Rules to begin with, which operators ask for most."""
    return schemas.Templates.model_validate({"items": TEMPLATES}, from_attributes=True)


@router.post("", status_code=201)
async def add_segment(db: DatabaseDep, principal: Writer, body: schemas.NewSegment) -> schemas.SegmentSaved:
    """Make a segment; who is in it is worked out at once and from then on kept right.

    What is wrong with a rule is refused with the ``path`` at which it stands and what to write instead.
    """
    async with db.transaction(principal.workspace_id) as tx:
        segment_id = await service.create(
            tx,
            name=body.name,
            rule=body.rule,
            description=body.description,
            is_draft=body.is_draft,
            actor=principal.actor,
        )
        await audit.write(tx, principal, "segment.create", str(segment_id), {"name": body.name})
        return _saved(await service.get(tx, segment_id))


@router.get("/{segment_id}")
async def get_segment(db: DatabaseDep, principal: Reader, segment_id: int) -> schemas.SegmentDetail:
    """A segment with its last 90 days."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.get(tx, segment_id)
        days = await service.trend(tx, segment_id, now=utc_now())
    trend = [schemas.TrendDay.model_validate(day, from_attributes=True) for day in days]
    return schemas.SegmentDetail(**_saved(found).model_dump(), trend=trend)


@router.patch("/{segment_id}")
async def change_segment(
    db: DatabaseDep, principal: Writer, segment_id: int, body: schemas.SegmentPatch
) -> schemas.SegmentSaved:
    """Change a segment. Another rule is built beside the one that counts, and who differs then enters or leaves.

    ``status`` pauses a segment, or starts a draft, a paused or a failed one.
    """
    async with db.transaction(principal.workspace_id) as tx:
        await service.update(tx, segment_id, name=body.name, description=body.description, rule=body.rule)
        if body.status == "paused":
            await service.pause(tx, segment_id)
        elif body.status == "live":
            await service.resume(tx, segment_id)
        changed = sorted(body.model_dump(exclude_none=True))
        await audit.write(tx, principal, "segment.change", str(segment_id), {"fields": changed})
        return _saved(await service.get(tx, segment_id))


@router.delete("/{segment_id}", status_code=204)
async def delete_segment(db: DatabaseDep, principal: Writer, segment_id: int) -> None:
    """Delete a segment; its snapshots stay as lists."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.delete(tx, segment_id)
        await snapshots.forget(tx, segment_id)
        await audit.write(tx, principal, "segment.delete", str(segment_id))


@router.get("/{segment_id}/members")
async def list_members(
    db: DatabaseDep,
    principal: PeopleReader,
    segment_id: int,
    q: Annotated[str | None, Query(max_length=512)] = None,
    sort: people.Sort = "-last_seen",
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> PeoplePage:
    """The people in a segment, as ``GET /api/people`` shows them."""
    async with db.transaction(principal.workspace_id) as tx:
        filters = people.Filters(q=q, crowd=await crowds.crowd_of(tx, segment_id))
        found = await people.list_people(tx, filters, sort=sort, cursor=cursor, limit=limit)
    return PeoplePage.model_validate(found, from_attributes=True)


@router.get("/{segment_id}/export", response_class=StreamingResponse, responses=_TABLE)
async def export_segment(db: DatabaseDep, principal: PeopleReader, segment_id: int) -> StreamingResponse:
    """The people in a segment as a CSV file, with their identifiers."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await crowds.crowd_of(tx, segment_id)
        await audit.write(tx, principal, "segment.export", str(segment_id), {"people": found.size})
    lines = exporting.export(db, principal.workspace_id, [int(one) for one in found.ids])
    return StreamingResponse(
        lines, media_type="text/csv; charset=utf-8", headers=exporting.as_file(f"segment-{segment_id}.csv")
    )


@router.get("/{segment_id}/overlap")
async def get_overlap(
    db: DatabaseDep, principal: Reader, segment_id: int, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> schemas.Overlaps:
    """The segments that share most people with one."""
    async with db.transaction(principal.workspace_id) as tx:
        size = (await service.get(tx, segment_id)).size
        chunks = await service.bitmap(tx, segment_id)
        found = await crowds.list_shared(tx, chunks, but=segment_id, most=limit)
    items = [crowds.overlap(each, size) for each in found]
    return schemas.Overlaps.model_validate({"size": size, "items": items}, from_attributes=True)


@router.get("/{segment_id}/changes")
async def list_changes(
    db: DatabaseDep,
    principal: PeopleReader,
    segment_id: int,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
) -> Page[schemas.Change]:
    """Entries and exits in the order in which they happened; the last page's cursor waits for the next ones."""
    after = _number(cursor) if cursor else 0
    async with db.transaction(principal.workspace_id) as tx:
        await service.get(tx, segment_id)
        found = await service.changes(tx, after=after, segment_id=segment_id, limit=limit)
    items = [schemas.Change.model_validate(each, from_attributes=True) for each in found]
    last = items[-1].change_id if items else after
    return Page(items=items, next_cursor=encode_cursor(last) if last else None)


@router.post("/{segment_id}/snapshots", status_code=201)
async def take_snapshot(db: DatabaseDep, principal: Writer, segment_id: int, body: schemas.NewSnapshot) -> PeopleList:
    """Keep who is in the segment now as a list, which stays as it is."""
    async with db.transaction(principal.workspace_id) as tx:
        list_id = await snapshots.take(tx, segment_id, now=utc_now(), actor=principal.actor, name=body.name)
        await audit.write(tx, principal, "segment.snapshot", str(segment_id), {"list_id": list_id})
        return await lists.get(tx, list_id)


@router.get("/{segment_id}/schedules")
async def list_schedules(db: DatabaseDep, principal: Reader, segment_id: int) -> schemas.Schedules:
    """When snapshots of a segment are taken."""
    async with db.transaction(principal.workspace_id) as tx:
        return schemas.Schedules.model_validate({"items": await snapshots.list_schedules(tx, segment_id)})


@router.post("/{segment_id}/schedules", status_code=201)
async def add_schedule(
    db: DatabaseDep, principal: Writer, segment_id: int, body: schemas.NewSchedule
) -> schemas.Schedule:
    """Have snapshots taken daily or weekly, at an hour of the workspace's time zone."""
    async with db.transaction(principal.workspace_id) as tx:
        made = await snapshots.schedule(tx, segment_id, now=utc_now(), actor=principal.actor, **body.model_dump())
        await audit.write(tx, principal, "segment.schedule", str(segment_id), body.model_dump())
    return schemas.Schedule.model_validate(made)


@router.delete("/{segment_id}/schedules/{schedule_id}", status_code=204)
async def delete_schedule(db: DatabaseDep, principal: Writer, segment_id: int, schedule_id: int) -> None:
    """Take no more such snapshots; those taken stay."""
    async with db.transaction(principal.workspace_id) as tx:
        await snapshots.unschedule(tx, segment_id, schedule_id)
        await audit.write(tx, principal, "segment.unschedule", str(segment_id), {"schedule_id": schedule_id})


def _listed(found: SegmentInfo, change_7d: int) -> schemas.SegmentItem:
    told = schemas.Segment.model_validate(found, from_attributes=True)
    return schemas.SegmentItem(**told.model_dump(), change_7d=change_7d)


def _saved(found: SegmentInfo) -> schemas.SegmentSaved:
    told = schemas.Segment.model_validate(found, from_attributes=True).model_dump()
    warnings = [msgspec.to_builtins(caution) for caution in reading.warnings(reading.read_rule(found.rule))]
    return schemas.SegmentSaved(**told, warnings=warnings)


def _number(cursor: str) -> int:
    (number,) = decode_cursor(cursor, 1)
    if not isinstance(number, int) or not 0 <= number < 2**63:
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    return number

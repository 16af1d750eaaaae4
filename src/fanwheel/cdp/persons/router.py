"""The people pages' API."""

from typing import Annotated

from fastapi import APIRouter, Query

from fanwheel.cdp import consent, lists
from fanwheel.cdp.consent.router import HasherDep
from fanwheel.cdp.events import timeline as events
from fanwheel.cdp.persons import reading, schemas, service
from fanwheel.cdp.persons.choosing import PeopleFilters, find_filters
from fanwheel.cdp.segments import schemas as segments
from fanwheel.cdp.segments import why
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, Page, SettingsDep
from fanwheel.kernel.clock import utc_now

router = APIRouter(prefix="/api/people", tags=["people"])

Reader = Annotated[Principal, allow("people:read")]
Writer = Annotated[Principal, allow("people:write")]
Eraser = Annotated[Principal, allow("erasure:write")]


@router.get("")
async def list_people(
    db: DatabaseDep,
    principal: Reader,
    q: Annotated[str | None, Query(max_length=512)] = None,
    stage: schemas.StageName | None = None,
    domain: schemas.DomainName | None = None,
    source_id: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
    tag: Annotated[str | None, Query(max_length=64)] = None,
    fan: bool | None = None,
    segment_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    list_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    sort: reading.Sort = "-last_seen",
    cursor: str | None = None,
    skip: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> schemas.PeoplePage:
    """People that match; ``q`` is an identifier of any kind, the beginning of one, or a part of a name.

    The beginning of a phone may be given as people dial it in the workspace's default region, or from abroad.

    ``stage`` is the furthest reached; ``domain`` and ``source_id`` are those of the first or the last touch.

    ``skip`` jumps so many people on from the beginning of the order, and has all that match counted exactly; a
    ``cursor`` of the same list beside it only tells their number, which saves counting again.
    """
    async with db.transaction(principal.workspace_id) as tx:
        wanted = PeopleFilters(
            q=q,
            stage=stage,
            domain=domain,
            source_id=source_id,
            tag=tag,
            fan=fan,
            segment_id=segment_id,
            list_id=list_id,
        )
        filters = await find_filters(tx, wanted)
        found = await reading.list_people(tx, filters, sort=sort, cursor=cursor, skip=skip, limit=limit)
    return schemas.PeoplePage.model_validate(found, from_attributes=True)


@router.get("/{person_id}")
async def get_person(db: DatabaseDep, principal: Reader, person_id: int) -> schemas.Person:
    """A person's portrait; the id of any of its homes finds it."""
    async with db.transaction(principal.workspace_id) as tx:
        return schemas.Person.model_validate(await reading.get_person(tx, person_id))


@router.get("/{person_id}/timeline")
async def get_timeline(
    db: DatabaseDep,
    settings: SettingsDep,
    principal: Reader,
    person_id: int,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[events.TimelineEvent]:
    """A person's events, newest first."""
    async with db.transaction(principal.workspace_id) as tx:
        homes = await reading.list_homes(tx, person_id)
    return await events.timeline(settings, db.dsn, principal.workspace_id, homes, cursor, limit)


@router.get("/{person_id}/identity")
async def get_identity(db: DatabaseDep, principal: Reader, person_id: int) -> schemas.Identity:
    """A person's identifiers, what joins them, and what happened to them."""
    async with db.transaction(principal.workspace_id) as tx:
        return schemas.Identity.model_validate(await reading.get_identity(tx, person_id))


@router.get("/{person_id}/segments")
async def list_person_segments(db: DatabaseDep, principal: Reader, person_id: int) -> segments.PersonSegments:
    """The segments that a person is in, each with the conditions that decide, and the lists."""
    async with db.transaction(principal.workspace_id) as tx:
        held = await why.list_segments(tx, person_id, now=utc_now())
        listed = await lists.list_of_person(tx, await reading.list_homes(tx, person_id))
    items = [{**membership._asdict(), "reasons": reasons} for membership, reasons in held]
    named = [{"list_id": list_id, "name": name} for list_id, name in listed]
    return segments.PersonSegments.model_validate({"items": items, "lists": named}, from_attributes=True)


@router.get("/{person_id}/segments/{segment_id}")
async def explain_segment(db: DatabaseDep, principal: Reader, person_id: int, segment_id: int) -> segments.Why:
    """Why a person is in a segment, or is not: every condition with what the person has there."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await why.explain(tx, person_id, segment_id, now=utc_now())
    return segments.Why.model_validate(found, from_attributes=True)


@router.post("/{person_id}/merge")
async def merge(db: DatabaseDep, principal: Writer, person_id: int, body: schemas.Merge) -> schemas.Merged:
    """Declare two persons one human."""
    async with db.transaction(principal.workspace_id) as tx:
        remains = await service.merge(tx, person_id, body.person_id, actor=principal.actor, now=utc_now())
        other = {"other": body.person_id if remains == person_id else person_id}
        await audit.write(tx, principal, "person.merge", str(remains), other)
    return schemas.Merged(person_id=remains)


@router.post("/{person_id}/unmerge")
async def unmerge(db: DatabaseDep, principal: Writer, person_id: int, body: schemas.Unmerge) -> schemas.Unmerged:
    """Split identifiers off a person; their events go with them."""
    async with db.transaction(principal.workspace_id) as tx:
        person_ids = await service.unmerge(tx, person_id, body.home_ids, actor=principal.actor)
        await audit.write(tx, principal, "person.unmerge", str(person_id), {"persons": person_ids})
    return schemas.Unmerged(person_ids=person_ids)


@router.delete("/{person_id}")
async def erase(db: DatabaseDep, hashing: HasherDep, principal: Eraser, person_id: int) -> schemas.Erased:
    """Forget a person for ever, here and in the lake; a no that the person said is kept for the address, as a hash."""
    async with db.transaction(principal.workspace_id) as tx:
        await consent.keep_stubs(tx, hashing, person_id, now=utc_now())
        erasure_id = await service.erase(tx, person_id, actor=principal.actor)
        # Nothing of the person may stay behind, so the log names the erasure only.
        await audit.write(tx, principal, "person.erase", str(erasure_id))
    return schemas.Erased(erasure_id=erasure_id)

"""Bulk actions over HTTP."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from fanwheel.cdp.bulk import schemas, service
from fanwheel.cdp.bulk.contracts import Action
from fanwheel.cdp.persons import exporting, reading
from fanwheel.cdp.persons.choosing import find_filters
from fanwheel.infra.access import Principal, allow, audit, rules
from fanwheel.infra.access.errors import NotAllowedError
from fanwheel.infra.http import DatabaseDep, Page
from fanwheel.infra.postgres import Transaction
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor

router = APIRouter(prefix="/api/people", tags=["people"])

Reader = Annotated[Principal, allow("people:read")]
Writer = Annotated[Principal, allow("people:write")]

_MOST_EXPORTED: Final = 10_000_000
_TABLE: Final[dict[int | str, dict[str, Any]]] = {200: {"description": "A CSV file.", "content": {"text/csv": {}}}}


@router.post("/bulk", status_code=201)
async def add_bulk_action(db: DatabaseDep, principal: Writer, body: schemas.NewAction) -> Action:
    """Do one thing to many people: tag them, put them on a list, give them a trait.

    People are chosen by ``ids`` or by the ``filters`` of the people list, as they match now. Up to 2,000 are changed
    before this answers; with more the status is ``running``, and ``GET /api/people/bulk/{action_id}`` tells how far it
    has come. Up to 500,000 people can be changed at once.
    """
    _require_lists(principal, body)
    async with db.transaction(principal.workspace_id) as tx:
        people = await _choose(tx, body.choose, most=service.MOST_PEOPLE + 1)
        action = await service.start(
            tx,
            body.what,
            body.do.model_dump(exclude={"what"}),
            people,
            chosen=_remembered(body.choose),
            actor=principal.actor,
            now=utc_now(),
        )
        detail = {"what": action.what, "people": action.people}
        await audit.write(tx, principal, "people.bulk", str(action.action_id), detail)
    return action


@router.get("/bulk")
async def list_bulk_actions(
    db: DatabaseDep, principal: Reader, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Page[Action]:
    """What was done to many people at once, newest first."""
    before = _before(cursor) if cursor else None
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_actions(tx, before=before, now=utc_now(), limit=limit + 1)
    items = found[:limit]
    return Page(items=items, next_cursor=encode_cursor(items[-1].action_id) if len(found) > limit else None)


@router.get("/bulk/{action_id}")
async def get_bulk_action(db: DatabaseDep, principal: Reader, action_id: int) -> Action:
    """How far a bulk action has come."""
    async with db.transaction(principal.workspace_id) as tx:
        return await service.get(tx, action_id, now=utc_now())


@router.post("/bulk/{action_id}/undo")
async def undo_bulk_action(db: DatabaseDep, principal: Writer, action_id: int) -> Action:
    """Take a bulk action back: exactly what it changed, and what has not been changed again since.

    One that is under way stops first. ``taken_back`` of the ``changed`` people tells of how many it could be. What was
    changed is remembered for 30 days.
    """
    async with db.transaction(principal.workspace_id) as tx:
        action = await service.undo(tx, action_id, actor=principal.actor, now=utc_now())
        await audit.write(tx, principal, "people.bulk_undo", str(action_id), {"what": action.what})
    return action


@router.post("/export", response_class=StreamingResponse, responses=_TABLE)
async def export_people(db: DatabaseDep, principal: Reader, body: schemas.Export) -> StreamingResponse:
    """People as a CSV file, with their identifiers, chosen as for a bulk action."""
    async with db.transaction(principal.workspace_id) as tx:
        people = await _choose(tx, body.choose, most=_MOST_EXPORTED)
        await audit.write(tx, principal, "people.export", None, {"people": len(people)})
    lines = exporting.export(db, principal.workspace_id, people)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=exporting.as_file("people.csv"))


async def _choose(tx: Transaction, choice: schemas.Choice, *, most: int) -> list[int]:
    """The persons chosen, sorted; at most so many."""
    but = frozenset(choice.but)
    if choice.filters is None:
        return sorted(set(choice.ids or ()) - but)[:most]
    found = await reading.choose(tx, await find_filters(tx, choice.filters), most=most + len(but))
    return [person for person in found if person not in but][:most]


def _remembered(choice: schemas.Choice) -> dict[str, Any]:
    """How people were chosen, without what might name one of them."""
    if choice.filters is None:
        return {"ids": len(choice.ids or ())}
    asked = choice.filters.model_dump(exclude_none=True, exclude={"q"})
    return {"filters": asked, "is_search": choice.filters.q is not None, "except": len(choice.but)}


def _require_lists(principal: Principal, body: schemas.NewAction) -> None:
    """Whoever makes a list by the way must be allowed to make lists."""
    if isinstance(body.do, schemas.AddToList) and body.do.new_list is not None:
        by_key = principal.user_id is None
        if not rules.permits(principal.role, "segments:write", by_key=by_key):
            raise NotAllowedError(
                f"The role “{principal.role}” may not make lists.", hint="Put the people on a list that there is."
            )


def _before(cursor: str) -> int:
    (before,) = decode_cursor(cursor, 1)
    if not isinstance(before, int) or not 0 < before < 2**31:
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    return before

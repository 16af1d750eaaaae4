"""Lists over HTTP."""

import re
import tempfile
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from fanwheel.cdp.lists import matching, schemas, service
from fanwheel.cdp.lists.columns import Kind
from fanwheel.cdp.lists.contracts import MembersChanged, PeopleList, Upload
from fanwheel.cdp.lists.errors import BadListFileError
from fanwheel.cdp.persons import exporting, reading
from fanwheel.cdp.persons.schemas import PeoplePage
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, Page
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor

router = APIRouter(prefix="/api/lists", tags=["lists"])

Reader = Annotated[Principal, allow("segments:read")]
Writer = Annotated[Principal, allow("segments:write")]
PeopleReader = Annotated[Principal, allow("people:read")]
PeopleWriter = Annotated[Principal, allow("people:write")]

_MOST_EXPORTED: Final = 10_000_000
_CSV: Final = "text/csv; charset=utf-8"
_FILE: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
}
_TABLE: Final[dict[int | str, dict[str, Any]]] = {200: {"description": "A CSV file.", "content": {"text/csv": {}}}}
_UNSAFE: Final = re.compile(r"[^\w.\- ]")


@router.get("")
async def list_lists(
    db: DatabaseDep,
    principal: Reader,
    q: Annotated[str | None, Query(max_length=200)] = None,
    segment_id: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[PeopleList]:
    """Lists, newest first; ``q`` is a part of the name, ``segment_id`` the segment of which they are snapshots."""
    before = _before(cursor) if cursor else None
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_lists(tx, q=q, segment_id=segment_id, before=before, limit=limit + 1)
    items = found[:limit]
    return Page(items=items, next_cursor=encode_cursor(items[-1].list_id) if len(found) > limit else None)


@router.post("", status_code=201)
async def add_list(db: DatabaseDep, principal: Writer, body: schemas.NewList) -> PeopleList:
    """Make a list."""
    async with db.transaction(principal.workspace_id) as tx:
        list_id = await service.add(tx, body.name, description=body.description, actor=principal.actor)
        if body.person_ids:
            await service.change_members(tx, list_id, add=body.person_ids)
        await audit.write(tx, principal, "list.create", str(list_id), {"name": body.name})
        return await service.get(tx, list_id)


@router.get("/{list_id}")
async def get_list(db: DatabaseDep, principal: Reader, list_id: int) -> PeopleList:
    """A list."""
    async with db.transaction(principal.workspace_id) as tx:
        return await service.get(tx, list_id)


@router.patch("/{list_id}")
async def change_list(db: DatabaseDep, principal: Writer, list_id: int, body: schemas.ListPatch) -> PeopleList:
    """Give a list another name or description."""
    async with db.transaction(principal.workspace_id) as tx:
        changed = await service.rename(tx, list_id, name=body.name, description=body.description)
        await audit.write(tx, principal, "list.change", str(list_id), body.model_dump(exclude_none=True))
    return changed


@router.delete("/{list_id}", status_code=204)
async def delete_list(db: DatabaseDep, principal: Writer, list_id: int) -> None:
    """Delete a list; the people on it stay as they are."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.delete(tx, list_id)
        await audit.write(tx, principal, "list.delete", str(list_id))


@router.get("/{list_id}/uses")
async def list_uses(db: DatabaseDep, principal: Reader, list_id: int) -> schemas.Uses:
    """The segments whose rules ask who is on a list; while there are any it cannot be deleted."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_asking(tx, list_id)
    return schemas.Uses(items=[schemas.Use(segment_id=segment_id, name=name) for segment_id, name in found])


@router.get("/{list_id}/members")
async def list_members(
    db: DatabaseDep,
    principal: PeopleReader,
    list_id: int,
    q: Annotated[str | None, Query(max_length=512)] = None,
    sort: reading.Sort = "-last_seen",
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> PeoplePage:
    """The people on a list, as ``GET /api/people`` shows them."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.get(tx, list_id)
        filters = reading.Filters(q=q, list_id=list_id)
        found = await reading.list_people(tx, filters, sort=sort, cursor=cursor, limit=limit)
    return PeoplePage.model_validate(found, from_attributes=True)


@router.post("/{list_id}/members")
async def change_members(
    db: DatabaseDep, principal: PeopleWriter, list_id: int, body: schemas.MemberChange
) -> MembersChanged:
    """Put people on a list and take others off."""
    async with db.transaction(principal.workspace_id) as tx:
        done = await service.change_members(tx, list_id, add=body.add, remove=body.remove)
        counts = {"added": done.added, "removed": done.removed}
        await audit.write(tx, principal, "list.members", str(list_id), counts)
    return done


@router.post("/{list_id}/uploads", status_code=201, openapi_extra=_FILE)
async def upload(
    request: Request,
    db: DatabaseDep,
    principal: Writer,
    list_id: int,
    column: Annotated[str | None, Query(max_length=200)] = None,
    kind: Kind | None = None,
    file_name: Annotated[str, Query(max_length=200)] = "upload.csv",
) -> Upload:
    """Put everybody on a list whom a CSV file names by an identifier of any kind.

    The body is the file itself, up to 8 MB. Columns named like an identifier (``email``, ``phone``, ``user_id``,
    ``openid``, 手机号 …) are matched by; ``column`` and ``kind`` say which one it is where the names do not. A file of
    one column needs no names. Rows that match nobody, or several people, are kept in a report for seven days.
    """
    async with db.transaction(principal.workspace_id) as tx:
        await service.get(tx, list_id)
    content = await request.body()
    if not content.strip():
        raise BadListFileError("The file is empty.", hint="Send the CSV file as the body of the request.")
    with tempfile.TemporaryDirectory(prefix="fanwheel-list-") as folder:
        path = Path(folder, _UNSAFE.sub("_", file_name)[-100:].strip(" .") or "upload.csv")
        path.write_bytes(content)
        read = await matching.gather(db, principal.workspace_id, path, column=column, kind=kind)
    async with db.transaction(principal.workspace_id) as tx:
        taken = await service.take_file(tx, list_id, path.name, read, actor=principal.actor)
        counts = {"rows": taken.row_count, "added": taken.added, "unmatched": taken.unmatched}
        await audit.write(tx, principal, "list.upload", str(list_id), counts)
    return taken


@router.get("/{list_id}/uploads")
async def list_uploads(db: DatabaseDep, principal: Reader, list_id: int) -> schemas.Uploads:
    """The newest hundred files that filled a list."""
    async with db.transaction(principal.workspace_id) as tx:
        return schemas.Uploads(items=await service.list_uploads(tx, list_id))


@router.get("/{list_id}/uploads/{upload_id}/unmatched", response_class=Response, responses=_TABLE)
async def get_unmatched(db: DatabaseDep, principal: PeopleReader, list_id: int, upload_id: int) -> Response:
    """The rows of a file that matched nobody: as they stand in it, then their number and the reason, as CSV."""
    async with db.transaction(principal.workspace_id) as tx:
        report = await service.get_report(tx, list_id, upload_id)
    return Response("\ufeff" + report, media_type=_CSV, headers=exporting.as_file(f"unmatched-{upload_id}.csv"))


@router.get("/{list_id}/export", response_class=StreamingResponse, responses=_TABLE)
async def export_list(db: DatabaseDep, principal: PeopleReader, list_id: int) -> StreamingResponse:
    """The people on a list as a CSV file, with their identifiers."""
    async with db.transaction(principal.workspace_id) as tx:
        people = await service.find_people(tx, list_id, most=_MOST_EXPORTED)
        await audit.write(tx, principal, "list.export", str(list_id), {"people": len(people)})
    lines = exporting.export(db, principal.workspace_id, people)
    return StreamingResponse(lines, media_type=_CSV, headers=exporting.as_file(f"list-{list_id}.csv"))


def _before(cursor: str) -> int:
    (before,) = decode_cursor(cursor, 1)
    if not isinstance(before, int) or not 0 < before < 2**31:
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    return before

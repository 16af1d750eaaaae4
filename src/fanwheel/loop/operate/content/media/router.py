"""The library of media over HTTP, and its files, which anybody may see who knows their address."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, SettingsDep
from fanwheel.infra.http.paging import Page
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor
from fanwheel.loop.operate.content.media import files, schemas, service
from fanwheel.loop.operate.content.media.contracts import Item
from fanwheel.loop.operate.content.media.repository import MediaRepository

router = APIRouter(prefix="/api/media", tags=["media"])
public = APIRouter(include_in_schema=False)

_Reader = Annotated[Principal, allow("content:read")]
_Writer = Annotated[Principal, allow("content:write")]
_PAGE: Final = 60
_FILE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
# A file is shown as what it holds and nothing else, also in the pages and mails of others.
_HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@router.get("")
async def list_media(
    db: DatabaseDep,
    principal: _Reader,
    kind: schemas.KindName | None = None,
    q: str | None = None,
    cursor: str | None = None,
) -> Page[schemas.MediaItem]:
    """Files of the library, newest first."""
    before = None if cursor is None else _read(cursor)
    async with db.transaction(principal.workspace_id) as tx:
        found = await MediaRepository(tx).list_items(kind=kind, q=q or None, before=before, most=_PAGE)
    more = encode_cursor(found[-1].media_id) if len(found) == _PAGE else None
    return Page(items=[_item(each) for each in found], next_cursor=more)


@router.post("", status_code=201, openapi_extra=_FILE)
async def add_media(
    request: Request,
    db: DatabaseDep,
    settings: SettingsDep,
    principal: _Writer,
    name: Annotated[str, Query(max_length=300, description="What the file is called.")] = "",
) -> schemas.MediaItem:
    """Take a file into the library: the body is the file. What it is shows from what it holds, not from its name."""
    body = await request.body()
    async with db.transaction(principal.workspace_id) as tx:
        made = await service.store(tx, settings, body, name=name, actor=principal.actor)
        await audit.write(tx, principal, "media.create", str(made.media_id), {"name": made.name})
    return _item(made)


@router.post("/fetch", status_code=201)
async def fetch_media(
    db: DatabaseDep, settings: SettingsDep, principal: _Writer, body: schemas.MediaAddress
) -> schemas.MediaItem:
    """Take the file at a public address into the library."""
    content, name = await service.fetch(body.url)
    async with db.transaction(principal.workspace_id) as tx:
        made = await service.store(tx, settings, content, name=name, actor=principal.actor)
        await audit.write(tx, principal, "media.create", str(made.media_id), {"name": made.name})
    return _item(made)


@router.get("/{media_id}/uses")
async def list_uses(db: DatabaseDep, principal: _Reader, media_id: int) -> schemas.MediaUses:
    """Templates that show a file."""
    async with db.transaction(principal.workspace_id) as tx:
        found = await service.list_uses(tx, media_id)
    return schemas.MediaUses(items=[schemas.MediaUse.model_validate(each._asdict()) for each in found])


@router.patch("/{media_id}")
async def change_media(
    db: DatabaseDep, principal: _Writer, media_id: int, body: schemas.MediaPatch
) -> schemas.MediaItem:
    """Say of a file what it is called, what it shows and where it belongs."""
    async with db.transaction(principal.workspace_id) as tx:
        changed = await service.change(tx, media_id, **body.model_dump())
        await audit.write(tx, principal, "media.change", str(media_id), body.model_dump(exclude_none=True))
    return _item(changed)


@router.delete("/{media_id}", status_code=204)
async def delete_media(db: DatabaseDep, settings: SettingsDep, principal: _Writer, media_id: int) -> None:
    """Take a file out of the library; one that templates show is refused."""
    async with db.transaction(principal.workspace_id) as tx:
        await service.delete(tx, settings, media_id)
        await audit.write(tx, principal, "media.delete", str(media_id))


@public.get("/media/{workspace}/{name}")
async def show(settings: SettingsDep, workspace: int, name: str) -> Response:
    """A file of the library."""
    path = files.path_of(settings.home, workspace, name)
    if workspace < 1 or not files.NAME.fullmatch(name) or not await asyncio.to_thread(path.is_file):
        return Response("There is no such file.", 404, media_type="text/plain")
    return FileResponse(path, headers=_HEADERS, media_type=files.TYPES[path.suffix[1:]])


def _read(cursor: str) -> int:
    (key,) = decode_cursor(cursor, 1)
    if not isinstance(key, int):
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    return key


def _item(item: Item) -> schemas.MediaItem:
    return schemas.MediaItem.model_validate(item._asdict())

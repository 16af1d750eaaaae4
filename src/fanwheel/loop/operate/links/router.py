"""Links over HTTP: making and counting them, and following one, which anybody may."""

import base64
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, SettingsDep
from fanwheel.infra.http.paging import Page
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor
from fanwheel.loop.operate.links import schemas, service
from fanwheel.loop.operate.links.contracts import Change, Link, Visitor
from fanwheel.loop.operate.links.errors import LinkNotFoundError

router = APIRouter(prefix="/api/links", tags=["links"])
public = APIRouter(include_in_schema=False)

_Reader = Annotated[Principal, allow("content:read")]
_Writer = Annotated[Principal, allow("content:write")]
_PIXEL: Final = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_UNSEEN: Final = {"Cache-Control": "no-store, max-age=0", "X-Robots-Tag": "noindex, nofollow"}
_PAGE: Final = 100


@router.get("")
async def list_links(
    db: DatabaseDep,
    settings: SettingsDep,
    principal: _Reader,
    version_id: Annotated[int | None, Query(description="Of a template's version; 0: made by hand.")] = None,
    q: Annotated[str | None, Query(max_length=200, description="In its name, address, code or template.")] = None,
    cursor: str | None = None,
) -> Page[schemas.LinkItem]:
    """Links, newest first, with how often each was followed."""
    before = None if cursor is None else _read(cursor)
    async with db.transaction(principal.workspace_id) as tx:
        base = await service.find_base(tx, settings.url)
        found = await service.list_links(tx, version_id=version_id, q=q or None, before=before, most=_PAGE)
    more = encode_cursor(found[-1].link_id) if len(found) == _PAGE else None
    return Page(items=[_item(each, base) for each in found], next_cursor=more)


@router.post("", status_code=201)
async def add_link(
    db: DatabaseDep, settings: SettingsDep, principal: _Writer, body: schemas.LinkIn
) -> schemas.LinkItem:
    """Make a short link to an address, for a post, a profile or a printed code."""
    async with db.transaction(principal.workspace_id) as tx:
        utm = _said(body.utm)
        made = await service.add(tx, body.url, name=body.name, has_utm=body.has_utm, utm=utm, actor=principal.actor)
        await audit.write(tx, principal, "link.create", str(made.link_id), {"name": made.name})
        base = await service.find_base(tx, settings.url)
    return _item(made, base)


@router.patch("/{link_id}")
async def change_link(
    db: DatabaseDep, settings: SettingsDep, principal: _Writer, link_id: int, body: schemas.LinkPatch
) -> schemas.LinkItem:
    """Change the name, the target or the UTM of a link made by hand; its address and what was counted stay."""
    utm = None if body.utm is None else _said(body.utm)
    wanted = Change(body.url, body.name, body.has_utm, utm)
    async with db.transaction(principal.workspace_id) as tx:
        before, after = await service.change(tx, link_id, wanted)
        await audit.write(tx, principal, "link.change", str(link_id), _difference(before, after))
        base = await service.find_base(tx, settings.url)
    return _item(after, base)


@router.get("/{link_id}")
async def get_link(db: DatabaseDep, settings: SettingsDep, principal: _Reader, link_id: int) -> schemas.LinkDetail:
    """One link, where it leads, and how often it was followed on the days of the last month."""
    async with db.transaction(principal.workspace_id) as tx:
        link = await service.get(tx, link_id)
        days = await service.list_days(tx, link_id, now=utc_now())
        leads_to = await service.find_target(tx, link)
        base = await service.find_base(tx, settings.url)
    values = _item(link, base).model_dump() | {"leads_to": leads_to, "days": [day._asdict() for day in days]}
    return schemas.LinkDetail.model_validate(values)


@public.get("/l/{code}")
async def follow(request: Request, db: DatabaseDep, code: str) -> Response:
    """Go where a link leads."""
    try:
        url = await service.follow(db, code, _visitor(request), now=utc_now())
    except LinkNotFoundError:
        return Response("This link leads nowhere.", 404, _UNSEEN, media_type="text/plain")
    return RedirectResponse(url, 302, _UNSEEN)


@public.get("/o/{code}.gif")
async def open_picture(request: Request, db: DatabaseDep, code: str) -> Response:
    """The picture by which a mail tells that it was opened."""
    await service.note_opening(db, code, _visitor(request), now=utc_now())
    return Response(_PIXEL, headers={**_UNSEEN, "Cross-Origin-Resource-Policy": "cross-origin"}, media_type="image/gif")


def _read(cursor: str) -> int:
    (key,) = decode_cursor(cursor, 1)
    if not isinstance(key, int):
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    return key


def _said(utm: schemas.Utm) -> dict[str, str]:
    return {name: value for name, value in utm.model_dump().items() if value}


def _difference(before: Link, after: Link) -> dict[str, Any]:
    """What has changed, as it was and as it is."""
    pairs = {name: [getattr(before, name), getattr(after, name)] for name in ("name", "url", "has_utm", "utm")}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _visitor(request: Request) -> Visitor:
    headers = request.headers
    purpose = f"{headers.get('purpose', '')} {headers.get('sec-purpose', '')} {headers.get('x-moz', '')}"
    return Visitor(
        agent=headers.get("user-agent", "")[:500],
        address=request.client.host if request.client else "",
        is_head=bool(request.scope.get("fanwheel.is_head")),
        is_prefetch="prefetch" in purpose.lower() or "preview" in purpose.lower(),
    )


def _item(link: Link, base: str) -> schemas.LinkItem:
    values: dict[str, Any] = link._asdict() | {"short_url": f"{base}/l/{link.code}"}
    return schemas.LinkItem.model_validate(values)

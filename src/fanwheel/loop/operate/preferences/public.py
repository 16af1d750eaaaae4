"""The public pages: no script, no cookie, nobody signs in; the link says whose they are."""

from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from fanwheel.cdp.consent import AddressHasher, BadTokenError, Link, Sealer
from fanwheel.cdp.consent.router import HasherDep
from fanwheel.infra.http import DatabaseDep
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate.preferences import opting, service, writing
from fanwheel.loop.operate.preferences.contracts import Sheet

router = APIRouter(include_in_schema=False)

# A page of one person, which no cache and no search engine is to keep.
_PRIVATE: Final = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
_MOST_FORM: Final = 100_000
_ONE_CLICK: Final = b"List-Unsubscribe=One-Click"


@router.get("/u/{token}")
async def show_unsubscribe(request: Request, db: DatabaseDep, hashing: HasherDep, token: str) -> HTMLResponse:
    """The page with the button; looking at it changes nothing, since programs look at links too."""
    link = _open(hashing, token)
    if link is None:
        return _lost(request)
    async with db.transaction(link.workspace_id) as tx:
        sheet = await service.get_sheet(tx, link)
    return _page(request, "unsubscribe.html", sheet, token=token, channel=link.channel, is_done=False)


@router.post("/u/{token}")
async def unsubscribe(request: Request, db: DatabaseDep, hashing: HasherDep, token: str) -> HTMLResponse:
    """Unsubscribe, for a mailbox's one click as for the page's button; no cookie, no second question, no redirect."""
    link = _open(hashing, token)
    if link is None:
        return _lost(request)
    via = "one click" if _ONE_CLICK in (await request.body())[:_MOST_FORM] else "unsubscribe page"
    async with db.transaction(link.workspace_id) as tx:
        sheet = await service.unsubscribe(tx, hashing, link, via=via, now=utc_now())
    return _page(request, "unsubscribe.html", sheet, token=token, channel=link.channel, is_done=True)


@router.get("/preferences/{token}")
async def show_preferences(request: Request, db: DatabaseDep, hashing: HasherDep, token: str) -> HTMLResponse:
    """What a person gets, and in which language."""
    link = _open(hashing, token)
    if link is None:
        return _lost(request)
    async with db.transaction(link.workspace_id) as tx:
        sheet = await service.get_sheet(tx, link)
    return _page(request, "preferences.html", sheet, token=token, is_saved=False)


@router.post("/preferences/{token}")
async def save_preferences(request: Request, db: DatabaseDep, hashing: HasherDep, token: str) -> HTMLResponse:
    """Keep what a person chose."""
    link = _open(hashing, token)
    if link is None:
        return _lost(request)
    form = parse_qs((await request.body())[:_MOST_FORM].decode("utf-8", "replace"), max_num_fields=500)
    wanted = frozenset(() if "nothing" in form else form.get("want", ()))
    language = form.get("language", [None])[-1]
    async with db.transaction(link.workspace_id) as tx:
        sheet = await service.choose(tx, hashing, link, wanted=wanted, language=language, now=utc_now())
    return _page(request, "preferences.html", sheet, token=token, is_saved=True)


@router.get("/confirm/{token}")
async def show_confirm(request: Request, db: DatabaseDep, hashing: HasherDep, token: str) -> HTMLResponse:
    """The page with the button that confirms; looking at it does not."""
    return await _confirm(request, db, hashing, token)


@router.post("/confirm/{token}")
async def confirm(request: Request, db: DatabaseDep, hashing: HasherDep, token: str) -> HTMLResponse:
    """Confirm what was asked for."""
    return await _confirm(request, db, hashing, token)


async def _confirm(request: Request, db: DatabaseDep, hashing: HasherDep, token: str) -> HTMLResponse:
    try:
        found = Sealer(hashing).open_opt_in(token)
    except BadTokenError:
        return _lost(request)
    now = utc_now()
    async with db.transaction(found.workspace_id) as tx:
        if request.method == "POST":
            await opting.confirm(tx, hashing, found.secret, now=now)
        brand, asked = await opting.look(tx, found.secret)
    if asked is None:
        return _lost(request)
    is_open = asked.confirmed_at is None and asked.expires_at > now
    language = _language(request)
    text = writing.render(
        "confirm.html",
        language=language,
        brand=brand,
        channel=asked.channel,
        purpose=asked.purpose,
        state="open" if is_open else "done" if asked.confirmed_at else "late",
    )
    return HTMLResponse(text, 200 if is_open or asked.confirmed_at else 410, _PRIVATE)


def _open(hashing: AddressHasher, token: str) -> Link | None:
    try:
        return Sealer(hashing).open(token)
    except BadTokenError:
        return None


def _page(request: Request, page: str, sheet: Sheet, **values: object) -> HTMLResponse:
    language = _language(request, sheet.language)
    return HTMLResponse(
        writing.render(page, language=language, sheet=sheet, brand=sheet.brand, **values), 200, _PRIVATE
    )


def _lost(request: Request) -> HTMLResponse:
    return HTMLResponse(writing.render("lost.html", language=_language(request), brand=""), 404, _PRIVATE)


def _language(request: Request, known: str | None = None) -> str:
    accepted = request.headers.get("accept-language", "")
    return writing.choose_language(request.query_params.get("lang"), known, accepted=accepted)

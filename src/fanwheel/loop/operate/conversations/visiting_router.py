"""The web chat's public routes. Nobody signs in: a browser is known by a secret that it was given when it began."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field, StringConstraints

from fanwheel.infra.http import DatabaseDep, SettingsDep
from fanwheel.infra.http.errors import error_body
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.errors import FanwheelError
from fanwheel.loop.operate.conversations import files, visiting, visiting_files
from fanwheel.loop.operate.conversations.errors import TooManyMessagesError, VisitorUnknownError
from fanwheel.loop.operate.conversations.router import hub_of

WIDGET: Final = Path(__file__).parents[3] / "domains/private/webchat/widget.js"
_OPEN: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_A_MINUTE: Final = 60.0
_MOST_A_MINUTE: Final = 30
_MOST_FILES_A_MINUTE: Final = 10
_ROOM: Final = 10_000
_LONGEST_WAIT_S: Final = 25.0
_STEP_S: Final = 0.3
_STEPS: Final = 10


class _OpenRoute(APIRoute):
    """A route that pages of other sites may ask, when it fails too."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """The handler with the headers that browsers look for."""
        handle = super().get_route_handler()

        async def handle_openly(request: Request) -> Response:
            try:
                response = await handle(request)
            except FanwheelError as error:
                response = JSONResponse(error_body(error.code, error.message, error.hint), error.kind.value)
            except RequestValidationError:
                response = JSONResponse(error_body("invalid", "Something in this request cannot be used."), 422)
            response.headers.update(_OPEN)
            return response

        return handle_openly


router = APIRouter(prefix="/chat", include_in_schema=False, route_class=_OpenRoute)


class Throttle:
    """Keeps one caller from writing without end; each process counts for itself."""

    def __init__(self, most: int = _MOST_A_MINUTE) -> None:
        self._most = most
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def require_room(self, who: str) -> None:
        """Count one; raises ``TooManyMessagesError``."""
        now = time.monotonic()
        moments = self._seen.setdefault(who, deque())
        self._seen.move_to_end(who)
        while len(self._seen) > _ROOM:
            self._seen.popitem(last=False)
        while moments and moments[0] < now - _A_MINUTE:
            moments.popleft()
        if len(moments) >= self._most:
            raise TooManyMessagesError(hint="Wait a minute.")
        moments.append(now)


_WRITING: Final = Throttle()
_BEGINNING: Final = Throttle()
_SENDING: Final = Throttle(_MOST_FILES_A_MINUTE)
Token = Annotated[str, Header(alias="authorization")]
Key = Annotated[str, StringConstraints(pattern=r"^[\w-]{8,64}$")]


class NewVisitor(BaseModel):
    """A browser that begins a chat."""

    anonymous_id: str | None = Field(default=None, max_length=200)
    language: str = Field(default="", max_length=20)


class NewMessage(BaseModel):
    """What a visitor writes."""

    key: Key
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)]
    page: str = Field(default="", max_length=1_000)


class NewAddress(BaseModel):
    """Where a visitor wants to be answered; the box must be ticked."""

    email: str = Field(max_length=254)
    has_agreed: bool
    text: str = Field(default="", max_length=4_000)


class NoConsentError(FanwheelError):
    """Without your agreement we keep no address."""


@router.get("/widget.js")
async def get_widget() -> Response:
    """The script that shows the window on any page."""
    return FileResponse(WIDGET, media_type="text/javascript", headers={"Cache-Control": "public, max-age=3600"})


@router.options("/{path:path}")
async def allow_from_elsewhere(path: str) -> Response:
    """What a browser asks before it asks from another site."""
    return Response(status_code=204)


@router.get("/{key}")
async def get_chat(request: Request, db: DatabaseDep, key: str) -> dict[str, Any]:
    """What the window looks like, and whether somebody is there."""
    door = await visiting.find(db, key)
    async with db.transaction(door.workspace_id) as tx:
        account = await visiting.open_door(tx, door, origin=request.headers.get("origin"))
        return await visiting.describe(tx, account, now=utc_now())


@router.post("/{key}/visitors", status_code=201)
async def begin(request: Request, db: DatabaseDep, key: str, body: NewVisitor) -> dict[str, str]:
    """Begin a chat; the secret that the browser sends from now on."""
    _BEGINNING.require_room(request.client.host if request.client else "")
    door = await visiting.find(db, key)
    async with db.transaction(door.workspace_id) as tx:
        await visiting.open_door(tx, door, origin=request.headers.get("origin"))
        token = await visiting.begin(tx, door, anonymous_id=body.anonymous_id, language=body.language, now=utc_now())
    return {"token": token}


@router.post("/{key}/messages", status_code=202)
async def write(db: DatabaseDep, key: str, body: NewMessage, authorization: Token = "") -> dict[str, bool]:
    """Write to the brand."""
    _WRITING.require_room(_secret(authorization))
    door = await visiting.find(db, key)
    async with db.transaction(door.workspace_id) as tx:
        visitor = await visiting.recognize(tx, door, _secret(authorization))
        await visiting.write(tx, door, visitor, key=body.key, text=body.text, page=body.page, now=utc_now())
    return {"is_taken": True}


@router.post("/{key}/files", status_code=202)
async def send_file(
    request: Request,
    db: DatabaseDep,
    settings: SettingsDep,
    key: str,
    message: Annotated[Key, Query()],
    name: Annotated[str, Query(max_length=300)] = "",
    page: Annotated[str, Query(max_length=1_000)] = "",
    authorization: Token = "",
) -> dict[str, bool]:
    """Send the brand a picture or a paper: the body is the file. What it is shows from what it holds."""
    secret = _secret(authorization)
    for who in (secret, request.client.host if request.client else ""):
        _SENDING.require_room(who)
    door = await visiting.find(db, key)
    now = utc_now()
    async with db.transaction(door.workspace_id) as tx:
        visitor = await visiting.recognize(tx, door, secret)
        await visiting_files.require_room(tx, door, visitor, origin=request.headers.get("origin"), now=now)
    # Read with no transaction open: a slow line would hold it.
    letter = visiting_files.Letter(message, name, page, await request.body())
    async with db.transaction(door.workspace_id) as tx:
        await visiting_files.send(tx, settings, letter, door=door, visitor=visitor, now=now)
    return {"is_taken": True}


@router.get("/{key}/files/{media_id}")
async def get_file(
    db: DatabaseDep, settings: SettingsDep, key: str, media_id: int, authorization: Token = ""
) -> Response:
    """A file of the visitor's own conversation."""
    door = await visiting.find(db, key)
    async with db.transaction(door.workspace_id) as tx:
        visitor = await visiting.recognize(tx, door, _secret(authorization))
        return files.answer(tx, settings, await visiting_files.find(tx, door, visitor, media_id))


@router.post("/{key}/address", status_code=202)
async def leave_address(db: DatabaseDep, key: str, body: NewAddress, authorization: Token = "") -> dict[str, bool]:
    """Leave an e-mail address for the answer."""
    if not body.has_agreed:
        raise NoConsentError(hint="Tick the box.")
    _WRITING.require_room(_secret(authorization))
    door = await visiting.find(db, key)
    async with db.transaction(door.workspace_id) as tx:
        visitor = await visiting.recognize(tx, door, _secret(authorization))
        await visiting.leave_address(tx, door, visitor, email=body.email, text=body.text, now=utc_now())
    return {"is_taken": True}


@router.post("/{key}/typing", status_code=202)
async def show_typing(db: DatabaseDep, key: str, authorization: Token = "") -> dict[str, bool]:
    """Show agents that somebody types."""
    door = await visiting.find(db, key)
    async with db.transaction(door.workspace_id) as tx:
        visitor = await visiting.recognize(tx, door, _secret(authorization))
        await visiting.show_typing(tx, visitor, now=utc_now())
    return {"is_taken": True}


@router.get("/{key}/messages")
async def read(
    request: Request,
    db: DatabaseDep,
    key: str,
    after: Annotated[int, Query(ge=0)] = 0,
    wait: Annotated[float, Query(ge=0, le=_LONGEST_WAIT_S)] = 0,
    authorization: Token = "",
) -> dict[str, Any]:
    """What both sides said after a message; ``wait`` seconds for it where there is nothing yet."""
    door = await visiting.find(db, key)
    async with db.transaction(door.workspace_id) as tx:
        visitor = await visiting.recognize(tx, door, _secret(authorization))
    if visitor.conversation_id is None:
        # The first message begins the conversation a moment after it was taken.
        await asyncio.sleep(min(wait, 1.0))
        async with db.transaction(door.workspace_id) as tx:
            visitor = await visiting.recognize(tx, door, _secret(authorization))
    if visitor.conversation_id is None:
        return {"items": [], "is_agent_typing": False}
    async with hub_of(request).expect(door.workspace_id, visitor.conversation_id) as expect:
        page = await _read(db, door, visitor.conversation_id, after)
        if wait and not page.messages and not page.is_more_coming:
            await expect(wait)
            page = await _read(db, door, visitor.conversation_id, after)
    for _ in range(_STEPS):
        if page.messages or not page.is_more_coming or not wait:
            break
        await asyncio.sleep(_STEP_S)
        page = await _read(db, door, visitor.conversation_id, after)
    return {"items": visiting.tell(page.messages), "is_agent_typing": page.is_agent_typing}


async def _read(db: DatabaseDep, door: visiting.Door, conversation_id: int, after: int) -> visiting.Page:
    now: datetime = utc_now()
    async with db.transaction(door.workspace_id) as tx:
        return await visiting.read(tx, conversation_id, after_id=after, now=now)


def _secret(authorization: str) -> str:
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise VisitorUnknownError
    return secret

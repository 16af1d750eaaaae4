"""Where platforms call back, and what of it could not be taken in."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Final, cast

import structlog
from fastapi import APIRouter, Depends, Query, Request, Response

from fanwheel.domains.private.channels import contracts
from fanwheel.domains.private.channels.accounts import Opener, service
from fanwheel.domains.private.channels.accounts.contracts import Found
from fanwheel.domains.private.channels.accounts.dependencies import opener_of
from fanwheel.domains.private.channels.accounts.errors import AccountNotFoundError
from fanwheel.domains.private.channels.accounts.opening import Opened
from fanwheel.domains.private.channels.adapter import AnswersInline
from fanwheel.domains.private.channels.inbound import schemas
from fanwheel.domains.private.channels.inbound import service as inbound
from fanwheel.domains.private.channels.inbound.errors import (
    CallbackNotFoundError,
    CallbackTooLargeError,
    CallbackUnreadError,
)
from fanwheel.domains.private.channels.inbound.intake import Intake
from fanwheel.domains.private.channels.inbound.speaking import Call, Heard, Speaks, Spoken, is_asked_for, lease
from fanwheel.infra.access import Principal, allow, audit
from fanwheel.infra.http import DatabaseDep, Page
from fanwheel.infra.postgres import Database
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor
from fanwheel.kernel.errors import FanwheelError

router = APIRouter(tags=["channels"])
hooks = APIRouter()

Reader = Annotated[Principal, allow("channels:read")]
Writer = Annotated[Principal, allow("channels:write")]

_log: Final = structlog.get_logger()
_LARGEST: Final = 1024 * 1024
# Platforms wait about five seconds and then call again.
_TIMEOUT_S: Final = 4.5


class Listener:
    """What takes callbacks in; one for a process."""

    def __init__(self, database: Database, opener: Opener, speaks: Speaks | None = None) -> None:
        self._database = database
        self._opener = opener
        self._speaks = speaks
        self._intake = Intake(database)
        # Whose a key is does not change; one that was deleted cannot be opened.
        self._found: dict[str, Found] = {}

    async def hear(self, channel: str, key: str, request: Request) -> Heard:
        """The answer to a callback, once what it said is kept.

        Raises
        ------
        CallbackNotFoundError, ForgedError, MalformedError, CallbackTooLargeError
            If it is nobody's, not proved to be the platform's, unreadable or too large; nothing of it is kept.
        """
        found = self._found.get(key) or await service.find_by_key(self._database, key)
        if found is None or found.channel != channel:
            raise CallbackNotFoundError
        self._found[key] = found
        told = contracts.Request(
            request.method, dict(request.query_params), _headers(request), await _read(request), utc_now()
        )
        try:
            opened = await self._opener.look(found.workspace_id, found.account_id)
            async with asyncio.timeout(_TIMEOUT_S):
                received = await opened.adapter.receive(told)
        except AccountNotFoundError:
            raise CallbackNotFoundError from None
        except FanwheelError:
            raise
        except Exception as error:  # noqa: BLE001 - a package of somebody else's may raise anything
            # What went wrong may quote the callback, so only its kind is told.
            _log.error("a callback could not be read", channel=channel, error=type(error).__name__)
            raise CallbackUnreadError from None
        speaks = self._speaks if is_asked_for(opened, received) else None
        next_at = None if speaks is None else lease(told.received_at)
        rows = inbound.prepare(found.account_id, received.happenings, next_at=next_at)
        await self._intake.put(found.workspace_id, rows, now=told.received_at)
        spoken = None if speaks is None else await _speak(speaks, found, opened, told, received)
        return Heard(received.answer, spoken)


async def _speak(
    speaks: Speaks, found: Found, opened: Opened, told: contracts.Request, received: contracts.Received
) -> Spoken | None:
    adapter = opened.adapter
    assert isinstance(adapter, AnswersInline)
    key = inbound.key_of(received.happenings[0])
    call = Call(found.workspace_id, found.account_id, key, opened, lambda message: adapter.answer(told, message))
    return await speaks.speak(call)


def _listener(request: Request) -> Listener:
    state = request.app.state
    if not hasattr(state, "listener"):
        state.listener = Listener(state.database, opener_of(request), getattr(state, "speaks", None))
    return cast(Listener, state.listener)


ListenerDep = Annotated[Listener, Depends(_listener)]


@hooks.api_route("/hooks/{channel}/{account}", methods=["GET", "POST"], include_in_schema=False)
async def call_back(request: Request, listener: ListenerDep, channel: str, account: str) -> Response:
    """What a platform tells us, answered once it is kept."""
    return (await listener.hear(channel, account, request)).response()


@router.get("/api/channels/inbound")
async def list_failed(
    db: DatabaseDep, principal: Reader, cursor: str | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Page[schemas.FailedOut]:
    """What came in and could not be handled, newest first; others went on without it."""
    before = None if cursor is None else _before(cursor)
    async with db.transaction(principal.workspace_id) as tx:
        found = await inbound.list_failed(tx, before=before, limit=limit)
    more = encode_cursor(found[-1].inbound_id) if len(found) == limit else None
    return Page(items=[schemas.FailedOut.model_validate(row, from_attributes=True) for row in found], next_cursor=more)


@router.post("/api/channels/inbound/{inbound_id}/retry", status_code=204)
async def retry(db: DatabaseDep, principal: Writer, inbound_id: int) -> None:
    """Try once more to handle it."""
    async with db.transaction(principal.workspace_id) as tx:
        await inbound.retry(tx, inbound_id)
        await audit.write(tx, principal, "inbound.retry", str(inbound_id))


def _before(cursor: str) -> int:
    (before,) = decode_cursor(cursor, 1)
    if not isinstance(before, int) or not 0 < before < 2**63:
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    return before


async def _read(request: Request) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > _LARGEST:
            raise CallbackTooLargeError
    return b"".join(parts)


def _headers(request: Request) -> Mapping[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in request.headers.raw}

"""Speaking in the answer to a callback, where a platform takes that for a message."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple, Protocol

import structlog
from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from fanwheel.domains.private.channels.accounts.opening import Opened
from fanwheel.domains.private.channels.adapter import AnswersInline
from fanwheel.domains.private.channels.contracts import (
    Answer,
    Entered,
    Followed,
    Message,
    Outgoing,
    Received,
    Tapped,
)

_log: Final = structlog.get_logger()
# The field of an account that switches it on.
SETTING: Final = "passive_reply"
# Whoever handles something within its callback has it for so long to itself.
LEASE: Final = timedelta(seconds=4)

Left = Literal["sent", "unclear", "unsent"]


class Call(NamedTuple):
    """A callback whose answer may be a message; ``word`` makes the one out of the other, where it fits."""

    workspace: int
    account_id: int
    key: str
    opened: Opened
    word: Callable[[Outgoing], Answer | None]


class Spoken(Protocol):
    """What is to be said in the answer. ``end`` is called once, whatever happens."""

    answer: Answer

    async def begin(self) -> bool:
        """Note that it is about to leave; whether it still may."""
        ...

    async def end(self, left: Left) -> None:
        """Note what became of it."""
        ...


class Speaks(Protocol):
    """Handles at once what a callback brought, and finds what is said to it."""

    async def speak(self, call: Call) -> Spoken | None:
        """What is said; None where nothing is, or not in time: then it goes the ordinary way."""
        ...


class Heard(NamedTuple):
    """A callback that was taken in: its ordinary answer, and what is said in its place."""

    answer: Answer
    spoken: Spoken | None = None

    def response(self) -> Response:
        """It over HTTP."""
        return plain(self.answer) if self.spoken is None else SpokenResponse(self.answer, self.spoken)


def is_asked_for(opened: Opened, received: Received) -> bool:
    """Whether a message may go out in the answer: one thing happened, a person did it, and the account wants it."""
    if len(received.happenings) != 1 or opened.row.settings.get(SETTING) != "on" or not opened.row.is_active:
        return False
    if not isinstance(opened.adapter, AnswersInline):
        return False
    match received.happenings[0]:
        case Message(is_echo=False) | Tapped(is_view=False) | Entered() | Followed():
            return True
        case _:
            return False


def lease(now: datetime) -> datetime:
    """Until when no worker takes in what a callback handles."""
    return now + LEASE


def plain(answer: Answer) -> Response:
    """An answer over HTTP."""
    return Response(answer.body, answer.status, dict(answer.headers), answer.content_type)


class SpokenResponse(Response):
    """An answer that is a message: noted before it leaves, and again when it has."""

    def __init__(self, ordinary: Answer, spoken: Spoken) -> None:
        said = spoken.answer
        super().__init__(said.body, said.status, dict(said.headers), said.content_type)
        self._ordinary, self._spoken = ordinary, spoken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, unless nobody listens any more."""
        request = Request(scope, receive)
        left: Left = "unsent"
        try:
            if await request.is_disconnected() or not await self._spoken.begin():
                await plain(self._ordinary)(scope, receive, send)
                return
            left = "unclear"
            start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            await send(start)
            await send({"type": "http.response.body", "body": self.body, "more_body": True})
            if not await request.is_disconnected():
                left = "sent"
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            # What was noted as leaving must not stay so because the caller went away.
            await asyncio.shield(self._end(left))

    async def _end(self, left: Left) -> None:
        try:
            await self._spoken.end(left)
        except Exception as error:  # noqa: BLE001 - its lease runs out, and it is found then
            _log.warning("what became of an answer could not be noted", error=type(error).__name__)

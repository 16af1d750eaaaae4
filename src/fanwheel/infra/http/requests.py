"""What every request to the API and the web app is held to before a route sees it."""

from collections.abc import MutableMapping
from typing import Any, ClassVar, Final

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fanwheel.infra.http.errors import error_body
from fanwheel.kernel.errors import ErrorKind, FanwheelError

MAX_BODY_BYTES: Final = 8 * 1024 * 1024


class BodyTooLargeError(FanwheelError):
    """The body is larger than 8 MB."""

    kind: ClassVar[ErrorKind] = ErrorKind.TOO_LARGE


class BodyLimit:
    """Refuses bodies that nobody needs, before they are read: at their announced length, or where they pass the limit.

    Ingest has limits of its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), None)
        try:
            # A body of unknown length is gathered here: raised in the middle of a route, the error would be taken for
            # a broken body.
            body = _replay(await _read(receive), receive) if announced is None else receive
            if announced is not None and int(announced) > MAX_BODY_BYTES:
                raise BodyTooLargeError(hint="Send it in parts.")
        except BodyTooLargeError as error:
            response = JSONResponse(error_body(error.code, error.message, error.hint), error.kind.value)
            await response(scope, receive, send)
            return
        await self._app(scope, body, send)


class HeadAsGet:
    """Answers HEAD as GET without the body, on every route that takes GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: MutableMapping[str, Any]) -> None:
            is_body = message["type"] == "http.response.body"
            await send({**message, "body": b""} if is_body else message)

        # Who only looks has not come by: links tell the two apart.
        await self._app({**scope, "method": "GET", "fanwheel.is_head": True}, receive, send_head)


async def _read(receive: Receive) -> list[Message]:
    messages: list[Message] = []
    size = 0
    while not messages or messages[-1].get("more_body"):
        messages.append(await receive())
        size += len(messages[-1].get("body", b""))
        if size > MAX_BODY_BYTES:
            raise BodyTooLargeError(hint="Send it in parts.")
    return messages


def _replay(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def receive_again() -> Message:
        return next(waiting, None) or await receive()

    return receive_again

"""An account of a channel as the product has it, without the product: an adapter, what it keeps, and its hook."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl, urlsplit

import httpx

from fanwheel.domains.private.channels.adapter import Account, Adapter, MediaFile, Token, Tools
from fanwheel.domains.private.channels.contracts import (
    Address,
    AnyHappening,
    AnyPart,
    Outgoing,
    Purpose,
    Received,
    Reply,
    Request,
    Sent,
    Text,
)
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError

Result = TypeVar("Result")
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
PICTURE = MediaFile("a.png", "image/png", b"\x89PNG....")


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def go(self, **passed: float) -> None:
        self.now += timedelta(**passed)


class Desk:
    """One account: what is sent through it, and what it heard."""

    def __init__(
        self,
        kind: type[Adapter],
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        *,
        clock: Clock | None = None,
        media: MediaFile = PICTURE,
    ) -> None:
        self.kind = kind
        self.clock = clock or Clock()
        self.settings = {field.name: field.default for field in kind.about.fields} | dict(settings)
        self.secrets = dict(secrets)
        self.callback_url = "http://127.0.0.1:1/hook"
        self.tokens: dict[str, str] = {}
        self.fetched: list[str] = []
        self.notes = Notes()
        self.media = media
        self.heard: list[AnyHappening] = []
        self.refused: list[Exception] = []

    # ------------------------------------------------------------ out
    def send(self, to: str, *parts: AnyPart | str, key: str = "m1", **said: Any) -> Sent:
        """Send a message."""
        return self.run(lambda adapter: adapter.send(self.message(to, *parts, key=key, **said)))

    def message(
        self,
        to: str,
        *parts: AnyPart | str,
        key: str = "m1",
        purpose: Purpose = "service",
        context: Mapping[str, Any] | None = None,
    ) -> Outgoing:
        """A message as the product hands it over."""
        return Outgoing(
            key=key,
            to=Address(self.kind.about.address, to),
            parts=tuple(Text(part) if isinstance(part, str) else part for part in parts),
            purpose=purpose,
            reply=None if context is None else Reply("in", dict(context)),
        )

    def run(self, work: Callable[[Any], Awaitable[Result]]) -> Result:
        """Let the adapter do something."""

        async def with_http() -> Result:
            async with httpx.AsyncClient(timeout=5, trust_env=False, verify=False) as http:
                return await work(self.adapter(http))

        return asyncio.run(with_http())

    def adapter(self, http: httpx.AsyncClient) -> Adapter:
        """The adapter, opened."""
        account = Account(7, "key", self.settings, self.secrets, self.callback_url)
        media = _always(self.media)
        return self.kind(account, Tools(http, self.clock, self._token, self._forget, media, self._keep, self.notes))

    async def _token(self, name: str, fetch: Callable[[], Awaitable[Token]]) -> str:
        if name not in self.tokens:
            self.fetched.append(name)
            self.tokens[name] = (await fetch()).value
        return self.tokens[name]

    async def _forget(self, name: str) -> None:
        self.tokens.pop(name, None)

    async def _keep(self, name: str, secret: str) -> None:
        self.secrets[name] = secret

    # ------------------------------------------------------------ in
    def receive(
        self,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        method: str = "POST",
        query: Mapping[str, str] | None = None,
        at: datetime | None = None,
    ) -> Received:
        """What the adapter makes of a callback."""
        request = Request(method, query or {}, headers or {}, body, at or self.clock())
        # Nothing is asked of a platform while it waits for its answer; a client would cost more than the rest.
        return asyncio.run(_awaited(self.adapter(cast(httpx.AsyncClient, None)).receive(request)))

    @contextmanager
    def hooked(self) -> Iterator["Desk"]:
        """Answer callbacks over HTTP for the length of the block; every happening is kept once."""
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
                try:
                    received = desk.receive(body, headers, method=self.command, query=query)
                except (ForgedError, MalformedError) as error:
                    desk.refused.append(error)
                    self.send_response(error.kind.value)
                    self.send_header("content-length", "0")
                    self.end_headers()
                    return
                known = {each.key for each in desk.heard}
                desk.heard += [each for each in received.happenings if each.key not in known]
                self.send_response(received.answer.status)
                self.send_header("content-length", str(len(received.answer.body)))
                self.end_headers()
                self.wfile.write(received.answer.body)

            def log_message(self, *_: Any) -> None:
                """Silence."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        self.callback_url = f"http://127.0.0.1:{server.server_port}/hook"
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class Notes:
    """What an account keeps about addresses, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def find(self, address: Address) -> str | None:
        return self.kept.get(address.value)

    async def put(self, address: Address, text: str) -> None:
        self.kept[address.value] = text

    async def drop(self, address: Address) -> None:
        self.kept.pop(address.value, None)


async def _awaited(work: Awaitable[Result]) -> Result:
    return await work


def _always(file: MediaFile) -> Callable[[int], Coroutine[Any, Any, MediaFile]]:
    async def media(_number: int) -> MediaFile:
        return file

    return media

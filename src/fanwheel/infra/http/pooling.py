"""A pool of connections that costs the same however many there are: the newest idle one to the same place is taken.

httpcore's own looks at all of its connections, and asks the system about each, whenever a request begins or ends; with
a hundred of them that is most of what a request costs.
"""

import asyncio
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import Final, cast

import httpcore

Place = tuple[bytes, bytes, int]
_TRIES: Final = 3


class Pool(httpcore.AsyncConnectionPool):
    """Connections to any number of places over HTTP/1.1, at most so many in use at once."""

    def __init__(
        self,
        ssl_context: ssl.SSLContext,
        backend: httpcore.AsyncNetworkBackend,
        *,
        most: int,
        most_idle: int,
        idle_s: float,
    ) -> None:
        super().__init__(ssl_context=ssl_context, network_backend=backend)
        self._tls, self._backend = ssl_context, backend
        self._idle_s, self._most_idle = idle_s, most_idle
        self._room = asyncio.Semaphore(most)
        self._idle: dict[Place, list[httpcore.AsyncHTTPConnection]] = {}

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request over a connection of its own; the answer's stream gives it back when it is closed."""
        origin = request.url.origin
        place = (origin.scheme, origin.host, origin.port)
        await self._room.acquire()
        try:
            connection, answer = await self._ask(place, request)
        except BaseException:
            self._room.release()
            raise

        async def release() -> None:
            self._room.release()
            await self._keep(place, connection)

        stream = _Stream(cast("AsyncIterable[bytes]", answer.stream), release)
        return httpcore.Response(answer.status, headers=answer.headers, content=stream, extensions=answer.extensions)

    async def aclose(self) -> None:
        """Close what is idle."""
        idle, self._idle = self._idle, {}
        for connections in idle.values():
            for connection in connections:
                await connection.aclose()

    async def _ask(
        self, place: Place, request: httpcore.Request
    ) -> tuple[httpcore.AsyncHTTPConnection, httpcore.Response]:
        for _ in range(_TRIES):
            connection = await self._take(place) or self._make(request.url.origin)
            try:
                return connection, await connection.handle_async_request(request)
            except httpcore.ConnectionNotAvailable:
                continue  # it was closed between two requests, and nothing of this one has left
            except BaseException:
                await connection.aclose()
                raise
        raise httpcore.ConnectError("The connection is closed again and again.")

    def _make(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        return httpcore.AsyncHTTPConnection(
            origin, ssl_context=self._tls, keepalive_expiry=self._idle_s, network_backend=self._backend
        )

    async def _take(self, place: Place) -> httpcore.AsyncHTTPConnection | None:
        idle = self._idle.get(place, [])
        while idle:
            connection = idle.pop()
            if connection.is_idle() and not connection.has_expired():
                return connection
            await connection.aclose()
        return None

    async def _keep(self, place: Place, connection: httpcore.AsyncHTTPConnection) -> None:
        idle = self._idle.setdefault(place, [])
        if connection.is_idle() and len(idle) < self._most_idle:
            idle.append(connection)
        else:
            await connection.aclose()


class _Stream:
    """An answer's body; when it is closed its connection is free."""

    def __init__(self, stream: AsyncIterable[bytes], release: Callable[[], Awaitable[None]]) -> None:
        self._stream = stream
        self._release: Callable[[], Awaitable[None]] | None = release

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        """Give the connection back, whether the body was read to its end or not."""
        release, self._release = self._release, None
        if release is None:
            return
        try:
            close = getattr(self._stream, "aclose", None)
            if close is not None:
                await close()
        finally:
            await release()

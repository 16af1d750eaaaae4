"""Sending many messages through a server's front door: a few batches at a time, each until it is acknowledged."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

import httpx
import msgspec

from fanwheel.kernel.errors import ErrorKind, FanwheelError

BATCH: Final = 500
_MAX_BATCH_BYTES: Final = 480_000
_CONNECTIONS: Final = 4
_ATTEMPTS: Final = 30
_LONGEST_WAIT_S: Final = 10.0

Progress = Callable[[int], Awaitable[None]]


class ServerUnreachableError(FanwheelError):
    """No server answers at that address."""

    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE


class ServerRefusedError(FanwheelError):
    """The server refused what was sent."""


class Client:
    """Talks to one server with a write key and, where given, a server key."""

    def __init__(self, url: str, *, write_key: str, server_key: str | None = None) -> None:
        self._url = url.rstrip("/")
        self._write_auth = httpx.BasicAuth(write_key, "")
        self._bearer = {"Authorization": f"Bearer {server_key}"} if server_key else {}
        limits = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS)
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(60.0), limits=limits, trust_env=False)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def send(self, messages: Iterable[Mapping[str, Any]], *, skip: int, progress: Progress) -> int:
        """Send all messages but the first ``skip``; how many there are in all.

        ``progress`` is told how many messages from the beginning on are acknowledged without a gap.
        """
        sent = _Acknowledged(skip, progress)
        free = asyncio.Semaphore(_CONNECTIONS)
        total = skip
        try:
            async with asyncio.TaskGroup() as group:
                for body, count in _bodies(messages, skip):
                    await free.acquire()
                    group.create_task(self._deliver(body, free, sent, start=total, count=count))
                    total += count
        except* FanwheelError as errors:
            raise _first(errors) from None
        return total

    async def call(self, method: str, path: str, body: object, *, tolerate: tuple[int, ...] = ()) -> httpx.Response:
        """One call of the management API."""
        return await self._request(method, path, msgspec.json.encode(body), None, tolerate)

    async def _deliver(
        self, body: bytes, free: asyncio.Semaphore, sent: "_Acknowledged", *, start: int, count: int
    ) -> None:
        try:
            await self._request("POST", "/v1/batch", body, self._write_auth, ())
            await sent.add(start, count)
        finally:
            free.release()

    async def _request(
        self, method: str, path: str, body: bytes, auth: httpx.BasicAuth | None, tolerate: tuple[int, ...]
    ) -> httpx.Response:
        """One request, again and again while the server is busy or away for a moment."""
        headers = {"Content-Type": "application/json", **({} if auth else self._bearer)}
        wait_s, trouble = 0.1, ""
        for attempt in range(_ATTEMPTS):
            try:
                answer = await self._http.request(
                    method, self._url + path, content=body, headers=headers, auth=auth or httpx.USE_CLIENT_DEFAULT
                )
            except httpx.ConnectError as error:
                if attempt == 0 and auth is None:
                    raise _unreachable(self._url) from error
                trouble = str(error)
            except httpx.TransportError as error:
                trouble = str(error) or type(error).__name__
            else:
                if answer.status_code < 400 or answer.status_code in tolerate:
                    return answer
                if answer.status_code != 429 and answer.status_code < 500:
                    raise _refused(method, path, answer)
                trouble = f"{answer.status_code} {answer.text[:200]}"
                wait_s = max(wait_s, _retry_after_s(answer))
            await asyncio.sleep(min(wait_s, _LONGEST_WAIT_S))
            wait_s *= 1.5
        raise ServerUnreachableError(f"{self._url} did not take it: {trouble}", hint="Run the command again to go on.")


class _Acknowledged:
    """How many messages are acknowledged from the beginning on, whatever order the answers come in."""

    def __init__(self, start: int, progress: Progress) -> None:
        self._next = start
        self._ahead: dict[int, int] = {}
        self._progress = progress

    async def add(self, start: int, count: int) -> None:
        self._ahead[start] = count
        before = self._next
        while self._next in self._ahead:
            self._next += self._ahead.pop(self._next)
        if self._next != before:
            await self._progress(self._next)


def _bodies(messages: Iterable[Mapping[str, Any]], skip: int) -> Iterator[tuple[bytes, int]]:
    """Bodies of /v1/batch of at most 500 messages and 480 kB, with the number of messages in each."""
    encode = msgspec.json.Encoder().encode
    parts: list[bytes] = []
    size = 0
    for number, message in enumerate(messages):
        if number < skip:
            continue
        part = encode(message)
        if parts and (len(parts) == BATCH or size + len(part) > _MAX_BATCH_BYTES):
            yield _body(parts), len(parts)
            parts, size = [], 0
        parts.append(part)
        size += len(part) + 1
    if parts:
        yield _body(parts), len(parts)


def _body(parts: list[bytes]) -> bytes:
    # No sentAt: the messages are history and carry their own times.
    return b'{"batch":[' + b",".join(parts) + b"]}"


def _first(errors: BaseExceptionGroup[FanwheelError]) -> FanwheelError:
    """One of several batches' failures; they fail for the same reason."""
    found = errors.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found


def _retry_after_s(answer: httpx.Response) -> float:
    try:
        return float(answer.headers.get("Retry-After", ""))
    except ValueError:
        return 0.0


def _unreachable(url: str) -> ServerUnreachableError:
    return ServerUnreachableError(f"No server answers at {url}.", hint="Start one with: fanwheel up")


def _refused(method: str, path: str, answer: httpx.Response) -> ServerRefusedError:
    try:
        said = answer.json().get("message", "")
    except ValueError:
        said = answer.text[:200]
    hint = "Give a valid key." if answer.status_code in {401, 403} else None
    return ServerRefusedError(f"{method} {path}: {answer.status_code} {said}", hint=hint)

"""The front door: ingest over HTTP, as raw ASGI because a framework costs three times as much per event."""

import base64
import binascii
import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qs, unquote

import msgspec
import structlog

from fanwheel.cdp.events import wire
from fanwheel.cdp.events.contracts import Submission
from fanwheel.cdp.events.prepare import prepare_all
from fanwheel.cdp.events.writer import Writer
from fanwheel.infra.http.errors import error_body
from fanwheel.kernel.errors import ErrorKind, FanwheelError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Key:
    """Whose events these are."""

    workspace: int
    key_id: int


FindKey = Callable[[str], Awaitable[Key | None]]

_log: Final = structlog.get_logger()
SUCCESS: Final = b'{"success":true}'
_GIF: Final = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_KINDS: Final = ("identify", "track", "page", "screen", "group", "alias")
_CORS: Final = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-allow-headers", b"*, Authorization, Content-Type, Content-Encoding, AnonymousId, X-Retry-Count"),
    (b"access-control-max-age", b"86400"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
_GZIP: Final = b"\x1f\x8b"
_JSON: Final = (b"content-type", b"application/json")
_STATUS: Final = {ErrorKind.INVALID: 400}


class MissingKeyError(FanwheelError):
    """The write key is missing."""

    kind = ErrorKind.UNAUTHENTICATED


class InvalidKeyError(FanwheelError):
    """The write key is not known here, or was revoked."""

    kind = ErrorKind.UNAUTHENTICATED


class RefusedEventError(FanwheelError):
    """The event was refused; it is kept with the reason and can be replayed."""

    def __init__(self, refusal: wire.Refusal) -> None:
        super().__init__(refusal.message, hint="It was kept: see Ingest, Rejected events.")
        self._code = refusal.code

    @property
    def code(self) -> str:
        """The code of the refusal."""
        return self._code


_ENABLED: Final = {"__default": {"enabled": True, "integrations": {}}}
# The document that Segment's browser SDK asks for before it sends anything.
_SETTINGS: Final[dict[str, Any]] = {
    "plan": {"track": _ENABLED, "identify": _ENABLED, "group": _ENABLED},
    "edgeFunction": {},
    "analyticsNextEnabled": True,
    "middlewareSettings": {},
    "enabledMiddleware": {},
    "metrics": {"sampleRate": 0},
    "legacyVideoPluginsEnabled": False,
    "remotePlugins": [],
}
_SEGMENT_IO: Final[dict[str, Any]] = {
    "unbundledIntegrations": [],
    "addBundledMetadata": True,
    "maybeBundledConfigIds": {},
    "versionSettings": {"version": "4.4.7"},
}

Decode = Callable[[bytes], wire.Envelope]


def _single(kind: str) -> Decode:
    return lambda body: wire.decode_single(body, kind)


ROUTES: Final[Mapping[str, Decode]] = {
    **{f"/v1/{kind}": _single(kind) for kind in _KINDS},
    **{f"/v1/{kind[0]}": _single(kind) for kind in _KINDS},
    **dict.fromkeys(("/v1/batch", "/v1/b", "/v1/import", "/beacon/v1/batch"), wire.decode_batch),
    **dict.fromkeys(("/batch", "/batch/", "/i/v0/e", "/i/v0/e/"), wire.decode_posthog),
}


def is_ingest(path: str) -> bool:
    """Whether a path belongs to ingest rather than to the management API or the web app."""
    return path in ROUTES or path.startswith(("/pixel/v1/", "/v1/projects/"))


class IngestApp:
    """Answers the ingest routes; ``find_key`` says whose events they are."""

    def __init__(self, *, writer: Callable[[], Writer], find_key: FindKey) -> None:
        self._writer = writer
        self._find_key = find_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        path: str = scope["path"]
        method: str = scope["method"]
        try:
            if method == "OPTIONS":
                await _respond(send, 204, b"")
            elif path.startswith("/pixel/v1/"):
                status = await self._pixel(scope, path.removeprefix("/pixel/v1/"))
                await _respond(send, status, _GIF, (b"content-type", b"image/gif"), (b"cache-control", b"no-store"))
            elif path.startswith("/v1/projects/"):
                await _respond(send, 200, await self._project(path), _JSON)
            elif method != "POST":
                await _respond_error(send, 405, "method_not_allowed", "Send events with POST.")
            else:
                await self._ingest(scope, receive, ROUTES[path])
                await _respond(send, 200, SUCCESS, _JSON)
        except FanwheelError as error:
            extra = [(b"retry-after", b"1")] if error.kind in (ErrorKind.THROTTLED, ErrorKind.UNAVAILABLE) else []
            status = _STATUS.get(error.kind, error.kind.value)
            await _respond_error(send, status, error.code, error.message, error.hint, *extra)
        except Exception as error:  # noqa: BLE001 - SDKs need the one shape of errors even for a mistake of ours
            _log.exception("ingest failed", path=path, error=type(error).__name__)
            await _respond_error(send, 500, "internal", "Something went wrong here; it was logged.")

    async def _ingest(self, scope: Scope, receive: Receive, decode: Decode) -> None:
        received_at = datetime.now(UTC)
        body = wire.clean(inflate(await _read(receive)))
        envelope = decode(body)
        key = await self._key(scope, envelope.key)
        await self.store(key, envelope, received_at)

    async def store(self, key: Key, envelope: wire.Envelope, received_at: datetime) -> None:
        """Store the events of a decoded body; returns after the commit.

        Raises
        ------
        RefusedEventError
            If the only event of a call that sends one was refused; it is kept all the same.
        """
        if not envelope.events:
            raise wire.EmptyBatchError(hint="Put at least one event into “batch”.")
        if len(envelope.events) > wire.MAX_BATCH:
            raise wire.BatchTooLongError(hint="Send smaller batches.")
        submission = submit_form(key, envelope, received_at)
        await self._writer().submit(submission)
        if not envelope.is_batch and submission.refused:
            raise RefusedEventError(submission.refused[0][0])

    async def _key(self, scope: Scope, in_body: str | None) -> Key:
        secret = _basic(scope) or in_body or _query(scope).get("writeKey", [""])[0]
        if not secret:
            raise MissingKeyError(hint="Send it as the user name of HTTP Basic, or as “writeKey” or “api_key”.")
        key = await self._find_key(secret)
        if key is None:
            raise InvalidKeyError(hint="Make one under Settings, Keys, or with: fanwheel keys create --kind write.")
        return key

    async def _pixel(self, scope: Scope, kind: str) -> int:
        """One event out of a query string; the status, for the image comes back whatever became of it."""
        try:
            await self._store_query(scope, kind)
        except RefusedEventError:
            return 200
        except FanwheelError as error:
            return _STATUS.get(error.kind, error.kind.value)
        return 200

    async def _store_query(self, scope: Scope, kind: str) -> None:
        query = {name: values[0] for name, values in _query(scope).items()}
        key = await self._key(scope, None)
        said: dict[str, Any] = {"properties": {}, "context": {}}
        for name, value in query.items():
            group, dot, rest = name.partition(".")
            if dot and group in said:
                said[group][rest] = value
            elif name != "writeKey":
                said[name] = value
        if kind in {"track", "page"}:
            envelope = wire.decode_single(wire.clean(msgspec.json.encode(said)), kind)
            await self.store(key, envelope, datetime.now(UTC))

    async def _project(self, path: str) -> bytes:
        """What the browser SDK asks before it sends: which destinations there are, and where."""
        secret = unquote(path.removeprefix("/v1/projects/").removesuffix("/settings"))
        if not path.endswith("/settings") or await self._find_key(secret) is None:
            raise InvalidKeyError(hint="Make one under Settings, Keys.")
        return msgspec.json.encode({**_SETTINGS, "integrations": {"Segment.io": {"apiKey": secret, **_SEGMENT_IO}}})


def submit_form(key: Key, envelope: wire.Envelope, received_at: datetime) -> Submission:
    """The events of a body, each either ready to be stored or refused with its bytes."""
    ready, refused = prepare_all(envelope, received_at)
    return Submission(
        workspace=key.workspace,
        key_id=key.key_id,
        received_at=received_at,
        events=ready,
        refused=refused,
        size=len(envelope.body),
    )


def inflate(body: bytes) -> bytes:
    """``body`` unpacked if it is gzip, whatever its headers say; never more than the limit.

    Raises
    ------
    BodyTooLargeError, InvalidJsonError
        If it is larger than 4 MB unpacked, or broken.
    """
    if body[:2] != _GZIP:
        return body
    parts, room = [], wire.MAX_BODY_BYTES + 1
    while body[:2] == _GZIP and room:  # a file of gzip may have several members
        unpacker = zlib.decompressobj(31)
        try:
            parts.append(unpacker.decompress(body, room))
        except zlib.error as error:
            raise wire.InvalidJsonError("The body is broken gzip.") from error
        room -= len(parts[-1])
        if room and not unpacker.eof:
            raise wire.InvalidJsonError("The body is gzip that ends too early.")
        body = unpacker.unused_data
    if not room:
        raise wire.BodyTooLargeError(hint="Send smaller batches.")
    return b"".join(parts)


async def _read(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        _check_size(len(body))
        return body
    parts, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise wire.InvalidJsonError("The body ended too early.")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        _check_size(size)
    return b"".join(parts)


def _check_size(size: int) -> None:
    if size > wire.MAX_BODY_BYTES:
        raise wire.BodyTooLargeError(hint="Send smaller batches.")


def _basic(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, rest = value.partition(b" ")
            if scheme.lower() == b"bearer":
                return str(rest.strip().decode("latin-1"))
            try:
                return base64.b64decode(rest, validate=True).decode().partition(":")[0]
            except (binascii.Error, UnicodeDecodeError):
                return ""
    return ""


def _query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"))


async def _respond(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [length, *headers, *_CORS]})
    await send({"type": "http.response.body", "body": body})


async def _respond_error(
    send: Send, status: int, code: str, message: str, hint: str | None = None, *headers: tuple[bytes, bytes]
) -> None:
    await _respond(send, status, msgspec.json.encode(error_body(code, message, hint)), _JSON, *headers)

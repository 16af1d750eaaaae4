"""What SDKs send: the wire shapes of Segment, RudderStack and PostHog, decoded without losing a neighbor.

Source: Segment's HTTP Tracking API, RudderStack's data plane and PostHog's capture API, as their SDKs use them.
"""

import re
from datetime import datetime
from typing import Any, ClassVar, Final

import msgspec

from fanwheel.kernel.errors import ErrorKind, FanwheelError

MAX_EVENT_BYTES: Final = 32 * 1024
MAX_BODY_BYTES: Final = 4 * 1024 * 1024
MAX_BATCH: Final = 20_000
MAX_DEPTH: Final = 64
EMPTY: Final = b"{}"
ABSENT: Final = msgspec.Raw(b"null")
_TOO_DEEP: Final = "The JSON is nested too deeply."


class InvalidJsonError(FanwheelError):
    """The body is not JSON."""


class EmptyBatchError(FanwheelError):
    """The batch holds no event."""


class BatchTooLongError(FanwheelError):
    """The batch holds more than 20,000 events."""

    kind: ClassVar[ErrorKind] = ErrorKind.TOO_LARGE


class BodyTooLargeError(FanwheelError):
    """The body is larger than 4 MB."""

    kind: ClassVar[ErrorKind] = ErrorKind.TOO_LARGE


class Wire(msgspec.Struct):
    """One event as Segment's and RudderStack's SDKs send it."""

    type: str | None = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    userId: str | int | None = None
    anonymousId: str | int | None = None
    previousId: str | int | None = None
    groupId: str | int | None = None
    messageId: str | int | None = None
    timestamp: datetime | None = None
    originalTimestamp: datetime | None = None
    sentAt: datetime | None = None
    properties: msgspec.Raw = ABSENT
    traits: msgspec.Raw = ABSENT
    context: msgspec.Raw = ABSENT


class Batch(msgspec.Struct):
    """A batch of Segment or RudderStack; ``context`` and ``integrations`` at this level are merged by nobody."""

    batch: list[Wire]
    sentAt: datetime | None = None
    writeKey: str | None = None


class RawBatch(msgspec.Struct):
    """Any batch, its events still as bytes, so that one of them may be wrong."""

    batch: list[msgspec.Raw]
    sentAt: Any = None
    sent_at: Any = None
    writeKey: Any = None
    api_key: Any = None
    token: Any = None


class PostHogEvent(msgspec.Struct):
    """One event as PostHog's SDKs send it."""

    event: str | None = None
    distinct_id: str | int | None = None
    properties: msgspec.Raw = ABSENT
    set_: msgspec.Raw = msgspec.field(name="$set", default=ABSENT)
    timestamp: datetime | None = None
    uuid: str | None = None
    type: str | None = None
    api_key: str | None = None
    token: str | None = None


class KeyOnly(msgspec.Struct):
    """Where a body may carry its key."""

    writeKey: str | None = None
    api_key: str | None = None
    token: str | None = None
    sentAt: Any = None
    sent_at: Any = None


# One escape of a JSON text; the group holds half of a pair that stands alone.
_ESCAPE: Final = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_TEXT: Final = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET: Final = re.compile(rb"[\[\]{}]")
wire_decoder: Final = msgspec.json.Decoder(Wire)
posthog_decoder: Final = msgspec.json.Decoder(PostHogEvent)
key_decoder: Final = msgspec.json.Decoder(KeyOnly)
_batch_decoder: Final = msgspec.json.Decoder(Batch)
_raw_batch_decoder: Final = msgspec.json.Decoder(RawBatch)
_raw_list_decoder: Final = msgspec.json.Decoder(list[msgspec.Raw])


class Refusal(msgspec.Struct):
    """Why one event was not taken."""

    code: str
    message: str


class Envelope(msgspec.Struct):
    """A decoded body: its events (or refusals in their place), its key and when it was sent."""

    events: list[Wire | PostHogEvent | Refusal]
    body: bytes
    key: str | None = None
    sent_at: datetime | None = None
    is_batch: bool = True
    kind: str | None = None  # said by the path rather than by the event
    raws: list[msgspec.Raw] | None = None  # the events as they came, once somebody asked

    def raw(self, index: int) -> bytes | None:
        """The bytes of one event, as they came; None for one that another event carried along."""
        if self.raws is None:
            self.raws = split(self.body)[0]
        if index >= len(self.raws):
            return None
        data = bytes(self.raws[index]).lstrip()
        # Without its path an event would no longer say what it is, and could not be replayed.
        return b'{"type":"%s",' % self.kind.encode() + data[1:] if self.kind and b'"type"' not in data else data


def clean(body: bytes) -> bytes:
    """``body`` as text that PostgreSQL can hold: valid UTF-8 without NUL or half a character."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        body = body.decode("utf-8", "replace").encode()
    if b"\\" not in body:  # one byte is found ten times faster than three
        return body
    if b"\\ud" in body or b"\\uD" in body:
        # Browsers send half an emoji where a page cut a text; JSON decoders refuse the whole body for it.
        body = _ESCAPE.sub(_whole_character, body)
    return body.replace(b"\\u0000", b"\\ufffd") if b"\\u0000" in body else body


def _whole_character(escape: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if escape[1] else escape[0]


def is_too_deep(data: bytes) -> bool:
    """Whether JSON is nested deeper than every reader of events can follow."""
    if len(data) <= 2 * MAX_DEPTH or data.count(b"{") + data.count(b"[") <= MAX_DEPTH:
        return False
    depth = 0
    for sign in _BRACKET.findall(_TEXT.sub(b"", data)):
        depth += 1 if sign in b"{[" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def split(body: bytes) -> tuple[list[msgspec.Raw], RawBatch | None]:
    """The events of a body of any shape, undecoded, and the batch around them if there is one."""
    head = body.lstrip()[:1]
    try:
        if head == b"[":
            return _raw_list_decoder.decode(body), None
        if head == b"{" and b'"batch"' in body:
            try:
                around = _raw_batch_decoder.decode(body)
            except msgspec.ValidationError:
                return [msgspec.Raw(body)], None
            return around.batch, around
        msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    except msgspec.DecodeError as error:
        raise InvalidJsonError(f"The body is not a JSON object: {error}", hint="Send one event or a batch.") from None
    except RecursionError:
        raise InvalidJsonError(_TOO_DEEP, hint=f"Nest objects and lists at most {MAX_DEPTH} deep.") from None
    return [msgspec.Raw(body)], None


def decode_batch(body: bytes) -> Envelope:
    """A batch of Segment's shape; events that do not decode become refusals in their place."""
    try:
        fast = _batch_decoder.decode(body)
        return Envelope(events=list(fast.batch), body=body, key=fast.writeKey, sent_at=fast.sentAt)
    except (msgspec.DecodeError, RecursionError):
        raws, around = split(body)
    key = around.writeKey if around else None
    events: list[Wire | PostHogEvent | Refusal] = [decode_one(raw) for raw in raws]
    return Envelope(
        events=events, body=body, key=key if isinstance(key, str) else None, sent_at=lenient_time(around, "sentAt")
    )


def decode_single(body: bytes, kind: str) -> Envelope:
    """One event of Segment's shape whose type is said by its path; several are taken like a batch of that type."""
    raws, batch = split(body)
    events: list[Wire | PostHogEvent | Refusal] = [decode_one(raw) for raw in raws]
    for event in events:
        if isinstance(event, Wire):
            event.type = kind if batch is None else event.type or kind
    return Envelope(
        events=events,
        body=body,
        key=_key(body).writeKey,
        sent_at=lenient_time(batch, "sentAt"),
        is_batch=batch is not None or len(raws) != 1,
        kind=kind,
    )


def decode_posthog(body: bytes) -> Envelope:
    """One event, a list or a batch of PostHog's shape."""
    raws, around = split(body)
    events: list[Wire | PostHogEvent | Refusal] = [_decode(posthog_decoder, raw) for raw in raws]
    events += [with_set for event in events if (with_set := _traits_beside(event)) is not None]
    key = (around and (around.api_key or around.token)) or next(filter(None, map(_posthog_key, events)), None)
    return Envelope(
        events=events,
        body=body,
        key=key if isinstance(key, str) else None,
        sent_at=lenient_time(around, "sent_at"),
        is_batch=around is not None or len(raws) > 1,
    )


def _posthog_key(event: Wire | PostHogEvent | Refusal) -> str | None:
    if not isinstance(event, PostHogEvent):
        return None
    if event.api_key or event.token:
        return event.api_key or event.token
    return _key(event.properties).token


def _traits_beside(event: Wire | PostHogEvent | Refusal) -> PostHogEvent | None:
    """The traits that PostHog lets any event carry along, as the ``$set`` event that they amount to."""
    if not isinstance(event, PostHogEvent) or event.event in {None, "$identify", "$set"}:
        return None
    raw = bytes(event.properties)
    if event.set_ == ABSENT and b'"$set"' not in raw and b'"$set_once"' not in raw:
        return None
    return msgspec.structs.replace(event, event="$set", uuid=event.uuid and f"{event.uuid}:set")


def decode_one(raw: msgspec.Raw) -> Wire | Refusal:
    """One event of Segment's shape, or why it is none."""
    result: Wire | Refusal = _decode(wire_decoder, raw)
    return result


def _decode(decoder: Any, raw: msgspec.Raw) -> Any:
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        return Refusal("invalid_field", f"{error}. Send the field in the type that the Segment specification names.")
    except msgspec.DecodeError as error:
        return Refusal("invalid_json", str(error))
    except RecursionError:
        return Refusal("too_deep", f"{_TOO_DEEP} Nest objects and lists at most {MAX_DEPTH} deep.")


def _key(body: bytes | msgspec.Raw) -> KeyOnly:
    try:
        return key_decoder.decode(body)
    except msgspec.DecodeError:
        return KeyOnly()


def lenient_time(around: RawBatch | None, name: str) -> datetime | None:
    """The time that a batch says it was sent at, or None where it says none that can be read."""
    try:
        return msgspec.convert(getattr(around, name, None), datetime | None)
    except msgspec.ValidationError:
        return None

"""One event as it came, made into a row to store and identifiers to resolve: pure, no I/O."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

import msgspec

from fanwheel.cdp.events import posthog
from fanwheel.cdp.events.evidence import ContextFacts, Ref, find_evidence, read_contacts, read_context, read_id
from fanwheel.cdp.events.rows import new_key
from fanwheel.cdp.events.wire import (
    EMPTY,
    MAX_DEPTH,
    MAX_EVENT_BYTES,
    Envelope,
    PostHogEvent,
    Refusal,
    Wire,
    is_too_deep,
)
from fanwheel.cdp.sources import Evidence

KINDS: Final = {"track": 1, "identify": 2, "page": 3, "screen": 4, "group": 5, "alias": 6}
KIND_NAMES: Final = {number: name for name, number in KINDS.items()}
_IDENTIFY, _GROUP, _ALIAS = KINDS["identify"], KINDS["group"], KINDS["alias"]
_WITH_TRAITS: Final = frozenset({_IDENTIFY, _GROUP})
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
_AHEAD: Final = timedelta(seconds=1)
_MAX_ID: Final = 512
_MAX_NAME: Final = 500

_TOO_DEEP: Final = Refusal(
    "too_deep", f"Objects and lists are nested deeper than {MAX_DEPTH} levels; send them flatter."
)


class Prepared(msgspec.Struct):
    """An event that will be stored once its identifiers have homes."""

    key: bytes
    kind: int
    name: bytes
    occurred_at: datetime
    primary: Ref
    others: tuple[Ref, ...]
    properties: bytes
    context: bytes
    evidence: Evidence | None


def prepare_all(envelope: Envelope, received_at: datetime) -> tuple[list[Prepared], list[tuple[Refusal, bytes]]]:
    """The events of a body that can be stored, and those that are refused with their bytes."""
    ready: list[Prepared] = []
    refused: list[tuple[Refusal, bytes]] = []
    for index, event in enumerate(envelope.events):
        done = prepare(event, received_at, envelope.sent_at)
        if type(done) is Prepared:
            ready.append(done)
        elif isinstance(done, Refusal) and (raw := envelope.raw(index)) is not None:
            refused.append((done, raw))
    return ready, refused


def prepare(
    event: Wire | PostHogEvent | Refusal, received_at: datetime, sent_at: datetime | None
) -> Prepared | Refusal:
    """The row for one event, or why it is refused."""
    if type(event) is Wire:
        if is_too_deep(event.properties) or is_too_deep(event.context) or is_too_deep(event.traits):
            return _TOO_DEEP
        return _prepare(event, received_at, sent_at, ())
    if isinstance(event, PostHogEvent):
        if is_too_deep(event.properties) or is_too_deep(event.set_):
            return _TOO_DEEP
        converted = posthog.to_wire(event)
        return (
            converted if isinstance(converted, Refusal) else _prepare(converted[0], received_at, sent_at, converted[1])
        )
    assert isinstance(event, Refusal)
    return event


def _prepare(
    event: Wire, received_at: datetime, sent_at: datetime | None, extra: tuple[Ref, ...]
) -> Prepared | Refusal:
    kind = KINDS.get(event.type or "")
    if kind is None:
        return Refusal(
            "unknown_type", f"“type” is {event.type!r}; it must be one of track, identify, page, screen, group, alias."
        )
    name = event.event if kind == 1 else event.name or event.category or ""
    if not name and kind == 1:
        return Refusal("missing_event", "“event” is missing; a track call must name its event.")
    if name is None or len(name) > _MAX_NAME:
        return Refusal("name_too_long", f"“event” is longer than {_MAX_NAME} characters.")
    context = bytes(event.context)
    properties = bytes(event.properties)
    if context[:1] != b"{" or properties[:1] != b"{" or kind in _WITH_TRAITS:
        bodies = _bodies(event, kind)
        if isinstance(bodies, Refusal):
            return bodies
        properties, context = bodies
    if len(properties) + len(context) > MAX_EVENT_BYTES:
        return Refusal("event_too_large", "The event is larger than 32 KB; send less in properties and context.")
    facts = read_context(context)
    refs = _refs(event, kind, facts, properties, extra)
    if type(refs) is Refusal:
        return refs
    occurred_at = _occurred_at(event, received_at, sent_at)
    if occurred_at < _EARLIEST:
        return Refusal(
            "bad_timestamp", f"“timestamp” {occurred_at.isoformat()} is before 1990; send ISO 8601 with zone."
        )
    return Prepared(
        message_key(event.messageId, received_at),
        kind,
        name.encode("utf-8", "replace"),
        occurred_at,
        refs[0],  # type: ignore[index]
        refs[1:],  # type: ignore[index]
        properties,
        context,
        find_evidence(context, facts, properties),
    )


def message_key(message_id: str | int | None, received_at: datetime) -> bytes:
    """16 bytes that are the same for the same message id; new ones where the client gave none."""
    if message_id is None or message_id == "":
        return new_key(received_at)
    text = str(message_id)
    if len(text) == 36 and text[8] == "-" and text[23] == "-":
        try:
            key = bytes.fromhex(text.replace("-", ""))
        except ValueError:
            key = b""
        if len(key) == 16:  # other texts have dashes there too, and fromhex skips spaces
            return key
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def _bodies(event: Wire, kind: int) -> tuple[bytes, bytes] | Refusal:
    """The properties (or traits) and the context of an event as JSON objects."""
    use_traits = kind in _WITH_TRAITS and bytes(event.traits) != b"null"
    properties = _object(event.traits if use_traits else event.properties)
    context = _object(event.context)
    if properties is None or context is None:
        return Refusal("invalid_field", "“properties”, “traits” and “context” must be JSON objects or null.")
    if kind == _IDENTIFY:
        around = read_context(context).traits
        if around != EMPTY:
            properties = around if properties == EMPTY else _merge(around, properties)
    elif kind == _GROUP and event.groupId is not None:
        properties = _merge(properties, msgspec.json.encode({"groupId": event.groupId}))
    return properties, context


def _object(raw: msgspec.Raw) -> bytes | None:
    """The bytes of a JSON object; ``{}`` for null and nothing; None for any other JSON."""
    data = bytes(raw)
    if data[:1] == b"{":
        return data
    return EMPTY if data == b"null" else None


def _merge(below: bytes, above: bytes) -> bytes:
    decode = msgspec.json.decode
    return msgspec.json.encode(decode(below, type=dict[str, Any]) | decode(above, type=dict[str, Any]))


def _refs(
    event: Wire, kind: int, facts: ContextFacts, properties: bytes, extra: tuple[Ref, ...]
) -> tuple[Ref, ...] | Refusal:
    """The event's identifiers, its own (the strongest) first."""
    user, anonymous = event.userId, event.anonymousId
    user = (user if type(user) is str else read_id(user)) and read_id(user)
    anonymous = anonymous and read_id(anonymous)
    if (user and len(user) > _MAX_ID) or (anonymous and len(anonymous) > _MAX_ID):
        return Refusal("id_too_long", f"“userId” and “anonymousId” may have {_MAX_ID} characters.")
    if user:
        refs: tuple[Ref, ...] = (("user_id", user), ("anonymous_id", anonymous)) if anonymous else (("user_id", user),)
    else:
        refs = (("anonymous_id", anonymous),) if anonymous else ()
    if kind == _ALIAS:
        previous = read_id(event.previousId)
        if not previous or not refs:
            return Refusal("missing_id", "An alias needs “previousId” and “userId”.")
        # The call does not say of which kind the previous id was, so it is joined as both;
        # asking which of them is known would make the answer depend on the order of events.
        refs += (("user_id", previous), ("anonymous_id", previous), *extra)
    if kind == _IDENTIFY:
        refs += (*read_contacts(properties), *facts.refs)
    elif facts.refs:
        refs += facts.refs
    if not refs:
        return Refusal("missing_id", "“userId” or “anonymousId” is missing; an event needs one of them.")
    if facts.devices:
        refs += facts.devices
    return refs if len(refs) == 1 else tuple(dict.fromkeys(refs))


def _occurred_at(event: Wire, received_at: datetime, sent_at: datetime | None) -> datetime:
    """When it happened: the client's time corrected by its clock's error, never in the future."""
    said = event.originalTimestamp or event.timestamp
    if said is None:
        return received_at
    if said.tzinfo is None:
        said = said.replace(tzinfo=UTC)
    sent_at = event.sentAt or sent_at
    if sent_at is not None:
        if sent_at.tzinfo is None:
            sent_at = sent_at.replace(tzinfo=UTC)
        try:
            said += received_at - sent_at
        except OverflowError:
            return received_at
    return said if said <= received_at + _AHEAD else received_at

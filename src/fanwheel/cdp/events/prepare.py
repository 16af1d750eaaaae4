"""One event as it came, made into a row to store and identifiers to resolve: pure, no I/O."""

from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final

import msgspec

from fanwheel.cdp.events import posthog
from fanwheel.cdp.events.evidence import ContextFacts, Ref, find_evidence, read_contacts, read_context, read_id
from fanwheel.cdp.events.rows import new_key, pg_time
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
from fanwheel.kernel.semantics import HELD_OUT, HELD_OUT_KIND

KINDS: Final = {"track": 1, "identify": 2, "page": 3, "screen": 4, "group": 5, "alias": 6}
# What a holdout kept from happening comes as a track call and is stored as a kind of its own.
KIND_NAMES: Final = {number: name for name, number in KINDS.items()} | {HELD_OUT_KIND: "track"}
_IDENTIFY, _GROUP, _ALIAS = KINDS["identify"], KINDS["group"], KINDS["alias"]
_WITH_TRAITS: Final = frozenset({_IDENTIFY, _GROUP})
_EARLIEST: Final = pg_time(datetime(1990, 1, 1, tzinfo=UTC))
_AHEAD: Final = 1_000_000
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
    occurred: int  # microseconds since 2000
    primary: Ref
    others: tuple[Ref, ...]
    properties: bytes
    context: bytes
    evidence: Evidence | None


class Moment(msgspec.Struct, frozen=True):
    """When a request came, and how wrong its client's clock is; microseconds since 2000."""

    received_at: datetime
    received: int
    skew: int = 0  # what to add to the client's times

    @classmethod
    def of(cls, received_at: datetime, sent_at: datetime | None) -> "Moment":
        """The moment of a request that says it was sent at ``sent_at`` of its client's clock."""
        received = pg_time(received_at)
        return cls(received_at, received, 0 if sent_at is None else received - pg_time(_aware(sent_at)))


def prepare_all(envelope: Envelope, received_at: datetime) -> tuple[list[Prepared], list[tuple[Refusal, bytes]]]:
    """The events of a body that can be stored, and those that are refused with their bytes."""
    ready: list[Prepared] = []
    refused: list[tuple[Refusal, bytes]] = []
    moment = Moment.of(received_at, envelope.sent_at)
    for index, event in enumerate(envelope.events):
        done = prepare(event, moment)
        if type(done) is Prepared:
            ready.append(done)
        elif isinstance(done, Refusal) and (raw := envelope.raw(index)) is not None:
            refused.append((done, raw))
    return ready, refused


def prepare(event: Wire | PostHogEvent | Refusal, moment: Moment) -> Prepared | Refusal:
    """The row for one event, or why it is refused."""
    if type(event) is Wire:
        return _prepare(event, moment, ())
    if isinstance(event, PostHogEvent):
        if is_too_deep(bytes(event.properties)) or is_too_deep(bytes(event.set_)):
            return _TOO_DEEP
        converted = posthog.to_wire(event)
        return converted if isinstance(converted, Refusal) else _prepare(converted[0], moment, converted[1])
    assert isinstance(event, Refusal)
    return event


def _prepare(event: Wire, moment: Moment, extra: tuple[Ref, ...]) -> Prepared | Refusal:
    """What every event passes: keep it short, it is most of the time that ingest spends."""
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
    bodies = _bodies(event, kind)
    if type(bodies) is Refusal:
        return bodies
    properties, context = bodies  # type: ignore[misc]
    if len(properties) + len(context) > MAX_EVENT_BYTES:
        return Refusal("event_too_large", "The event is larger than 32 KB; send less in properties and context.")
    facts = read_context(context)
    refs = _refs(event, kind, facts, properties, extra)
    if type(refs) is Refusal:
        return refs
    if kind == 1 and (name in HELD_OUT or (b'"ghost"' in properties and _is_ghost(properties))):
        kind = HELD_OUT_KIND
    occurred = _occurred(event, moment)
    if occurred < _EARLIEST:
        return Refusal("bad_timestamp", f"“timestamp” {event.timestamp} is before 1990; send ISO 8601 with zone.")
    return Prepared(
        message_key(event.messageId, moment.received_at),
        kind,
        name.encode("utf-8", "replace"),
        occurred,
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
    text = message_id if type(message_id) is str else str(message_id)
    if len(text) == 36 and text[8] == "-" and text[23] == "-":
        try:
            key = bytes.fromhex(text.replace("-", ""))
        except ValueError:
            key = b""
        if len(key) == 16:  # other texts have dashes there too, and fromhex skips spaces
            return key
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def _bodies(event: Wire, kind: int) -> tuple[bytes, bytes] | Refusal:
    """The properties (or traits) and the context of an event as JSON objects that every reader can follow."""
    use_traits = kind in _WITH_TRAITS and bytes(event.traits) != b"null"
    properties = _object(event.traits if use_traits else event.properties)
    context = _object(event.context)
    if properties is None or context is None:
        return Refusal("invalid_field", "“properties”, “traits” and “context” must be JSON objects or null.")
    if is_too_deep(properties) or read_context(context).too_deep:
        return _TOO_DEEP
    if kind in _WITH_TRAITS:
        around = read_context(context).traits if kind == _IDENTIFY else EMPTY
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


class _Mark(msgspec.Struct):
    """The property by which any event says that a holdout kept it from happening."""

    ghost: Any = None


_mark_decoder: Final = msgspec.json.Decoder(_Mark)


def _is_ghost(properties: bytes) -> bool:
    try:
        return _mark_decoder.decode(properties).ghost is True
    except msgspec.DecodeError:
        return False


def _merge(below: bytes, above: bytes) -> bytes:
    decode = msgspec.json.decode
    return msgspec.json.encode(decode(below, type=dict[str, Any]) | decode(above, type=dict[str, Any]))


def _refs(
    event: Wire, kind: int, facts: ContextFacts, properties: bytes, extra: tuple[Ref, ...]
) -> tuple[Ref, ...] | Refusal:
    """The event's identifiers, its own (the strongest) first."""
    user, anonymous = event.userId, event.anonymousId
    user = user.strip() if type(user) is str else read_id(user)
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


def _occurred(event: Wire, moment: Moment) -> int:
    """When it happened: the client's time corrected by its clock's error, never in the future."""
    said = event.originalTimestamp or event.timestamp
    if said is None:
        return moment.received
    skew = moment.skew if event.sentAt is None else moment.received - pg_time(_aware(event.sentAt))
    occurred = pg_time(_aware(said)) + skew
    return occurred if occurred <= moment.received + _AHEAD else moment.received


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)

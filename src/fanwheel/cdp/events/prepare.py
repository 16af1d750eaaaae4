"""One event as it came, made into a row to store and identifiers to resolve: pure, no I/O."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final

import msgspec

from fanwheel.cdp.events import evidence
from fanwheel.cdp.events.wire import EMPTY, MAX_EVENT_BYTES, PostHogEvent, Refusal, Wire
from fanwheel.cdp.sources import Evidence

KINDS: Final = {"track": 1, "identify": 2, "page": 3, "screen": 4, "group": 5, "alias": 6}
KIND_NAMES: Final = {number: name for name, number in KINDS.items()}
_EARLIEST: Final = datetime(1990, 1, 1, tzinfo=UTC)
_MAX_ID: Final = 512
_MAX_NAME: Final = 500
_POSTHOG_PAGES: Final = {"$pageview": "page", "$screen": "screen", "$groupidentify": "group"}

Ref = tuple[str, str]  # kind and raw value of an identifier


class Prepared(msgspec.Struct):
    """An event that will be stored once its identifiers have homes."""

    key: bytes
    kind: int
    name: bytes
    occurred_at: datetime
    primary: Ref
    others: tuple[Ref, ...]
    alias: bool
    properties: bytes
    context: bytes
    evidence: Evidence | None


class _Contact(msgspec.Struct):
    email: Any = None
    phone: Any = None
    unionid: Any = None
    openid: Any = None
    openid_app: Any = None
    wecom_external_userid: Any = None
    douyin_open_id: Any = None


_contact_decoder: Final = msgspec.json.Decoder(_Contact)
_EXTERNAL_KINDS: Final = frozenset(
    {"email", "phone", "user_id", "anonymous_id", "openid", "unionid", "wecom_external_userid", "douyin_open_id"}
)


def message_key(message_id: str | int | None, *, new_key: bytes) -> bytes:
    """16 bytes that are the same for the same message id; ``new_key`` where the client gave none."""
    if message_id is None or message_id == "":
        return new_key
    text = str(message_id)
    if len(text) == 36 and text[8] == text[13] == text[18] == text[23] == "-":
        try:
            return bytes.fromhex(text.replace("-", ""))
        except ValueError:
            pass
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()


def prepare(
    event: Wire | PostHogEvent | Refusal, *, received_at: datetime, sent_at: datetime | None, new_key: bytes
) -> Prepared | Refusal:
    """The row for one event, or why it is refused."""
    if isinstance(event, Wire):
        return _prepare(event, received_at=received_at, sent_at=sent_at, new_key=new_key)
    if isinstance(event, PostHogEvent):
        converted = _from_posthog(event)
        if isinstance(converted, Refusal):
            return converted
        wire, alias = converted
        return _prepare(wire, received_at=received_at, sent_at=sent_at, new_key=new_key, extra=alias)
    return event


def _prepare(
    event: Wire,
    *,
    received_at: datetime,
    sent_at: datetime | None,
    new_key: bytes,
    extra: tuple[Ref, ...] = (),
) -> Prepared | Refusal:
    kind = KINDS.get(event.type or "")
    if kind is None:
        return Refusal(
            "unknown_type", f"“type” is {event.type!r}; it must be one of track, identify, page, screen, group, alias."
        )
    if kind == 1 and not event.event:
        return Refusal("missing_event", "“event” is missing; a track call must name its event.")
    name = (event.event if kind == 1 else event.name or event.category) or ""
    if len(name) > _MAX_NAME:
        return Refusal("name_too_long", f"“event” has {len(name)} characters; {_MAX_NAME} is the limit.")
    properties = _object(event.traits if kind in (2, 5) and bytes(event.traits) != b"null" else event.properties)
    context = _object(event.context)
    if properties is None or context is None:
        return Refusal("invalid_field", "“properties”, “traits” and “context” must be JSON objects or null.")
    read = evidence.read_context(context)
    if kind == 2:
        properties = _with_context_traits(properties, read)
    elif kind == 5:
        properties = _with_group(properties, event.groupId)
    if len(properties) + len(context) > MAX_EVENT_BYTES:
        return Refusal("event_too_large", "The event is larger than 32 KB; send less in properties and context.")
    refs = _refs(event, kind, read, properties, extra)
    if isinstance(refs, Refusal):
        return refs
    occurred_at = _occurred_at(event, received_at, event.sentAt or sent_at)
    if occurred_at < _EARLIEST:
        return Refusal(
            "bad_timestamp", f"“timestamp” {occurred_at.isoformat()} is before 1990; send ISO 8601 with zone."
        )
    return Prepared(
        key=message_key(event.messageId, new_key=new_key),
        kind=kind,
        name=name.encode("utf-8", "replace"),
        occurred_at=occurred_at,
        primary=refs[0],
        others=refs[1:],
        alias=kind == 6,
        properties=properties,
        context=context,
        evidence=evidence.find_evidence(read, properties),
    )


def _object(raw: msgspec.Raw) -> bytes | None:
    """The bytes of a JSON object; ``{}`` for null and nothing; None for any other JSON."""
    data = bytes(raw)
    if data[:1] == b"{":
        return data
    return EMPTY if data == b"null" else None


def _with_context_traits(properties: bytes, read: evidence.Context) -> bytes:
    if bytes(read.traits) == b"null":
        return properties
    around = _object(read.traits)
    if around is None or around == EMPTY:
        return properties
    if properties == EMPTY:
        return around
    merged = msgspec.json.decode(around, type=dict[str, Any]) | msgspec.json.decode(properties, type=dict[str, Any])
    return msgspec.json.encode(merged)


def _with_group(properties: bytes, group_id: str | int | None) -> bytes:
    if group_id is None:
        return properties
    return msgspec.json.encode(msgspec.json.decode(properties, type=dict[str, Any]) | {"groupId": group_id})


def _refs(
    event: Wire, kind: int, read: evidence.Context, properties: bytes, extra: tuple[Ref, ...]
) -> tuple[Ref, ...] | Refusal:
    """The event's identifiers, its own (the strongest) first."""
    user, anonymous, previous = (_id(v) for v in (event.userId, event.anonymousId, event.previousId))
    refs: list[Ref] = []
    if user:
        refs.append(("user_id", user))
    if anonymous:
        refs.append(("anonymous_id", anonymous))
    if kind == 6:
        if not previous or not refs:
            return Refusal("missing_id", "An alias needs “previousId” and “userId”.")
        # The call does not say of which kind the previous id was, so it is joined as both;
        # asking which of them is known would make the answer depend on the order of events.
        refs += [("user_id", previous), ("anonymous_id", previous)]
    refs += _contacts(kind, read, properties)
    refs += extra
    if read.device is not None and (device := _id(read.device.id)):
        refs.append(("device_id", device))
    if not refs or (not user and not anonymous and refs[0][0] == "device_id"):
        return Refusal("missing_id", "“userId” or “anonymousId” is missing; an event needs one of them.")
    if any(len(value) > _MAX_ID for _, value in refs[:2]):
        return Refusal("id_too_long", f"“userId” and “anonymousId” may have {_MAX_ID} characters.")
    return tuple(dict.fromkeys(refs))


def _contacts(kind: int, read: evidence.Context, properties: bytes) -> list[Ref]:
    refs: list[Ref] = []
    if kind == 2:
        refs += _contact_refs(properties)
    elif bytes(read.traits) != b"null":
        refs += _contact_refs(bytes(read.traits))
    for external in read.externalIds or ():
        if external.type in _EXTERNAL_KINDS and (value := _id(external.id)):
            refs.append((external.type, value))
    return refs


def _contact_refs(raw: bytes) -> list[Ref]:
    try:
        contact = _contact_decoder.decode(raw)
    except msgspec.DecodeError:
        return []
    refs = [(kind, value) for kind in ("email", "phone", "unionid", "wecom_external_userid", "douyin_open_id")
            if (value := _id(getattr(contact, kind)))]  # fmt: skip
    if openid := _id(contact.openid):
        # An openid is unique within one app only.
        refs.append(("openid", f"{_id(contact.openid_app)}:{openid}" if contact.openid_app else openid))
    return refs


def _id(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _occurred_at(event: Wire, received_at: datetime, sent_at: datetime | None) -> datetime:
    """When it happened: the client's time corrected by its clock's error, never in the future."""
    said = event.originalTimestamp or event.timestamp
    if said is None:
        return received_at
    said = said if said.tzinfo else said.replace(tzinfo=UTC)
    if sent_at is not None:
        sent_at = sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)
        try:
            said += received_at - sent_at
        except OverflowError:
            return received_at
    return said if said <= received_at + timedelta(seconds=1) else received_at


def _from_posthog(event: PostHogEvent) -> tuple[Wire, tuple[Ref, ...]] | Refusal:
    """PostHog's event in Segment's words, and the identifiers that its properties declare the same."""
    if not event.event:
        return Refusal("missing_event", "“event” is missing; PostHog's events carry their name there.")
    said: dict[str, Any] = {}
    if bytes(event.properties) != b"null":
        try:
            said = msgspec.json.decode(event.properties, type=dict[str, Any])
        except msgspec.DecodeError:
            return Refusal("invalid_field", "“properties” must be a JSON object.")
    distinct = _id(event.distinct_id) or _id(said.get("distinct_id"))
    is_anonymous = bool(distinct) and (distinct == said.get("$device_id") or said.get("$is_identified") is False)
    wire = Wire(messageId=event.uuid, timestamp=event.timestamp)
    if is_anonymous and event.event != "$identify":
        wire.anonymousId = distinct
    else:
        wire.userId = distinct
    extra: tuple[Ref, ...] = ()
    if event.event in {"$identify", "$set"}:
        traits = {**_dict(said.get("$set_once")), **_dict(said.get("$set")), **_set_of(event)}
        wire.type, wire.traits = "identify", msgspec.Raw(msgspec.json.encode(traits))
        if anonymous := _id(said.get("$anon_distinct_id")):
            wire.anonymousId = anonymous
    elif event.event in {"$create_alias", "$merge_dangerously"}:
        # posthog-python and posthog-node put the two ids in opposite places: the edge has no direction.
        wire.type = "alias"
        wire.previousId = _id(said.get("alias"))
        extra = (("anonymous_id", distinct),) if distinct else ()
    else:
        wire.type = _POSTHOG_PAGES.get(event.event, "track")
        wire.event = wire.name = event.event
        if wire.type in {"page", "screen"}:
            wire.name = str(said.get("$screen_name") or said.get("title") or said.get("$pathname") or "")
        wire.properties = event.properties
    return wire, extra


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _set_of(event: PostHogEvent) -> dict[str, Any]:
    return _dict(msgspec.json.decode(event.set_))

"""PostHog's events in Segment's words."""

from typing import Any, Final

import msgspec

from fanwheel.cdp.events.evidence import Ref, read_id
from fanwheel.cdp.events.wire import PostHogEvent, Refusal, Wire

_KINDS: Final = {"$pageview": "page", "$screen": "screen", "$groupidentify": "group"}


def to_wire(event: PostHogEvent) -> tuple[Wire, tuple[Ref, ...]] | Refusal:
    """The event, and the identifiers that its properties declare the same beyond what the words can say."""
    if not event.event:
        return Refusal("missing_event", "“event” is missing; PostHog's events carry their name there.")
    said: dict[str, Any] = {}
    if bytes(event.properties) != b"null":
        try:
            said = msgspec.json.decode(event.properties, type=dict[str, Any])
        except msgspec.DecodeError:
            return Refusal("invalid_field", "“properties” must be a JSON object.")
    distinct = read_id(event.distinct_id) or read_id(said.get("distinct_id"))
    is_anonymous = bool(distinct) and (distinct == said.get("$device_id") or said.get("$is_identified") is False)
    wire = Wire(messageId=event.uuid, timestamp=event.timestamp)
    if is_anonymous and event.event != "$identify":
        wire.anonymousId = distinct
    else:
        wire.userId = distinct
    if event.event in {"$identify", "$set"}:
        traits = {**_dict(said.get("$set_once")), **_dict(said.get("$set")), **_set_of(event)}
        wire.type, wire.traits = "identify", msgspec.Raw(msgspec.json.encode(traits))
        if anonymous := read_id(said.get("$anon_distinct_id")):
            wire.anonymousId = anonymous
        return wire, ()
    if event.event in {"$create_alias", "$merge_dangerously"}:
        # posthog-python and posthog-node put the two ids in opposite places: the edge has no direction.
        wire.type, wire.previousId = "alias", read_id(said.get("alias"))
        return wire, (("anonymous_id", distinct),) if distinct else ()
    wire.type = _KINDS.get(event.event, "track")
    wire.event = event.event
    if wire.type in {"page", "screen"}:
        wire.name = str(said.get("$screen_name") or said.get("title") or said.get("$pathname") or "")
    wire.properties = event.properties
    return wire, ()


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _set_of(event: PostHogEvent) -> dict[str, Any]:
    return _dict(msgspec.json.decode(event.set_))

"""People as rules see them, made of the rows that are kept of them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from fanwheel.cdp.segments.digest import Memory
from fanwheel.cdp.segments.facts import Facts
from fanwheel.cdp.segments.layers import layers_of
from fanwheel.cdp.segments.live.contracts import NOBODY_SEEN, Part, Person, Standing
from fanwheel.cdp.segments.live.repository import LiveRepository
from fanwheel.kernel.domain import Domain

_traits: Final = msgspec.json.Decoder(dict[str, Any]).decode
_layers: Final = msgspec.json.Decoder(dict[str, str]).decode
_DOMAINS: Final = {domain.value: domain.label for domain in Domain}
# In the order in which load_people gives them.
_FIELDS: Final = (
    "event_count", "order_count", "revenue_minor", "first_seen_at", "last_seen_at", "introduced_at", "operated_at",
    "converted_at", "shared_at", "repurchased_at", "first_touch_at", "last_touch_at",
)  # fmt: skip
_FIRST_FIELD: Final = 13
_AFTER_FIELDS: Final = _FIRST_FIELD + len(_FIELDS)


async def load(
    live: LiveRepository,
    persons: Collection[int],
    *,
    sources: Mapping[int, str],
    zone: ZoneInfo,
    known: Collection[int],
) -> list[Person]:
    """Those of ``persons`` who live, with their memberships of the segments that are ``known``."""
    rows = await live.load_people(persons)
    parts = await live.load_parts_of(persons)
    return [_person(row, parts.get(row[0], ()), sources=sources, zone=zone, known=known) for row in rows]


def _person(
    row: tuple[Any, ...],
    parts: Sequence[Part],
    *,
    sources: Mapping[int, str],
    zone: ZoneInfo,
    known: Collection[int],
) -> Person:
    (person_id, told, tags, stage, channels, is_inviter, is_invitee, list_ids, first_id, last_id, first_domain,
     last_domain, layers) = row[:_FIRST_FIELD]  # fmt: skip
    members, seen, due_us = row[_AFTER_FIELDS:]
    traits = _traits(told)
    memory = Memory([part.digest for part in parts])
    segments = {segment_id for segment_id in members or () if segment_id in known}
    facts = Facts(
        person_id=person_id,
        traits=traits,
        fields=dict(zip(_FIELDS, row[_FIRST_FIELD:_AFTER_FIELDS], strict=True)),
        tags=frozenset(tags),
        layers=layers_of(stage, traits, _layers(layers)),
        channels=frozenset(channels),
        first_source=sources.get(first_id, ""),
        last_source=sources.get(last_id, ""),
        first_domain=_DOMAINS[first_domain],
        last_domain=_DOMAINS[last_domain],
        is_inviter=is_inviter,
        is_invitee=is_invitee,
        segments=segments,
        lists=frozenset(list_ids),
        series=memory,
        zone=zone,
    )
    standing = Standing(members=members or (), seen=seen or NOBODY_SEEN, due_us=due_us)
    words = [part.words for part in parts if part.words]
    return Person(facts=facts, segments=segments, traits=traits, memory=memory, words=words, standing=standing)

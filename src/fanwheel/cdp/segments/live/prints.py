"""Prints: a few bits for each thing that rules mention, so that what changed is seen without keeping what was."""

from array import array
from collections.abc import Iterable, Iterator
from typing import Final
from zlib import crc32

import msgspec

from fanwheel.cdp.segments.facts import Facts
from fanwheel.cdp.segments.live.book import Book
from fanwheel.cdp.segments.live.contracts import Person

_STAMP: Final = 8
_encode: Final = msgspec.json.Encoder(order="deterministic").encode


def take(book: Book, person: Person) -> "array[int]":
    """The prints of a person; 0 is that of what is not there. Segments are left to ``mark``."""
    prints = array("I", bytes(4 * len(book.keys)))
    place = book.place
    for key, value in _told(person.facts):
        if value is not None and (at := place.get(key)) is not None:
            prints[at] = crc32(_encode(value)) | 1
    for number, held in person.memory.prints().items():
        if (at := place.get(number)) is not None:
            prints[at] = held | 1
    return prints


def mark(book: Book, prints: "array[int]", members: Iterable[int]) -> None:
    """Note which segments a person is in."""
    for segment_id in members:
        if (at := book.place.get(f"segment:{segment_id}")) is not None:
            prints[at] = 1


def pack(book: Book, prints: "array[int]") -> bytes:
    """Prints as they are kept, under the stamp of the book that they belong to."""
    return book.stamp + prints.tobytes()


def changed(book: Book, prints: "array[int]", seen: bytes) -> list[int] | None:
    """The places where prints differ from those that were kept; None if those were of another book."""
    if seen[:_STAMP] != book.stamp:
        return None
    known = array("I", seen[_STAMP:])
    if known == prints:
        return []
    return [at for at, (one, other) in enumerate(zip(prints, known, strict=True)) if one != other]


def _told(facts: Facts) -> Iterator[tuple[str, object]]:
    """What is known of a person under the names that rules have for it."""
    for name, value in facts.traits.items():
        yield f"trait:{name}", value
    for name, number in facts.fields.items():
        yield f"field:{name}", number
    for layer, held in facts.layers.items():
        yield f"layer:{layer}", held
    for tag in facts.tags:
        yield f"tag:{tag}", True
    for list_id in facts.lists:
        yield f"list:{list_id}", True
    yield "reachable", sorted(facts.channels)
    yield "touch", (facts.first_source, facts.last_source, facts.first_domain, facts.last_domain)
    yield "referral", (facts.is_inviter, facts.is_invitee)

"""Prints: a few bits for each thing that rules mention, so that what changed is seen without keeping what was."""

from array import array
from collections.abc import Callable, Iterable, Mapping
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
    prints, facts = array("I", bytes(4 * len(book.keys))), person.facts
    for told, places in ((facts.traits, book.traits), (facts.fields, book.fields), (facts.layers, book.layers)):
        for name, at in places.items():
            if (value := told.get(name)) is not None:
                prints[at] = print_of(value)
    for tag in book.tags.keys() & facts.tags if book.tags else ():
        prints[book.tags[tag]] = _THERE
    for list_id in facts.lists if book.lists else ():
        if (at := book.lists.get(list_id, -1)) >= 0:
            prints[at] = _THERE
    for key, tell in _TOLD.items():
        if (at := book.place.get(key, -1)) >= 0:
            prints[at] = print_of(tell(facts))
    for number, held in person.memory.prints(book.place).items():
        prints[book.place[number]] = held | 1
    return prints


def print_of(value: object) -> int:
    """The print of something that is there."""
    return crc32(_encode(value)) | 1


def mark(book: Book, prints: "array[int]", members: Iterable[int]) -> None:
    """Note which segments a person is in."""
    if book.segments:
        for segment_id in members:
            if (at := book.segments.get(segment_id, -1)) >= 0:
                prints[at] = 1


def pack(book: Book, prints: "array[int]") -> bytes:
    """Prints as they are kept, under the stamp of the book that they belong to."""
    return book.stamp + prints.tobytes()


def changed(book: Book, prints: "array[int]", seen: bytes) -> list[int] | None:
    """The places where prints differ from those that were kept; None if those were of another book."""
    if seen[:_STAMP] != book.stamp:
        return None
    return differing(prints, array("I", seen[_STAMP:]))


def differing(prints: "array[int]", known: "array[int]") -> list[int]:
    """The places where prints of one book differ."""
    if known == prints:
        return []
    return [at for at, (one, other) in enumerate(zip(prints, known, strict=True)) if one != other]


_THERE: Final = print_of(True)
_TOLD: Final[Mapping[str, Callable[[Facts], object]]] = {
    "reachable": lambda facts: sorted(facts.channels),
    "touch": lambda facts: (facts.first_source, facts.last_source, facts.first_domain, facts.last_domain),
    "referral": lambda facts: (facts.is_inviter, facts.is_invitee),
}

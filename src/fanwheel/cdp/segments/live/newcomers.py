"""Somebody of whom nothing is known, judged once: newcomers are asked only where they differ from that.

A rule that holds of nobody, or of everybody, until something is known of them need not be asked of each newcomer.
Without this a newcomer would cost as much as there are segments.
"""

from array import array
from typing import NamedTuple
from zoneinfo import ZoneInfo

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.digest import Memory
from fanwheel.cdp.segments.evaluator import Compiled
from fanwheel.cdp.segments.facts import Facts
from fanwheel.cdp.segments.live import prints
from fanwheel.cdp.segments.live.book import Book
from fanwheel.cdp.segments.live.contracts import Person, Standing
from fanwheel.cdp.segments.rules.walking import walk

_FIELDS = {"event_count": 0, "order_count": 0, "revenue_minor": 0}


class Blank(NamedTuple):
    """Where somebody of whom nothing is known stands; it holds from ``at_us`` on.

    ``always`` are the rules of which that cannot be said: they ask who somebody is, or the hour.
    """

    at_us: int
    prints: "array[int]"
    members: frozenset[int]
    always: tuple[int, ...]


def judge_blank(book: Book, zone: ZoneInfo, now_us: int) -> Blank:
    """Ask all rules of a book, none of which is being built, about somebody of whom nothing is known."""
    segments: set[int] = set()
    memory = Memory([])
    facts = Facts(person_id=0, fields=_FIELDS, segments=segments, series=memory, zone=zone)
    always = []
    for rank, ruled in enumerate(book.order):
        if ruled.live is None:
            continue
        holds, next_us = ruled.live.evaluate(facts, now_us)
        if next_us is not None or _asks_who(ruled.live):
            always.append(rank)
        elif holds:
            segments.add(ruled.segment_id)
    nobody = Person(facts=facts, segments=segments, traits={}, memory=memory, words=(), standing=Standing())
    found = prints.take(book, nobody)
    prints.mark(book, found, segments)
    return Blank(now_us, found, frozenset(segments), tuple(always))


def _asks_who(compiled: Compiled) -> bool:
    return any(isinstance(condition, tree.Sample) for _, condition in walk(compiled.rule.condition))

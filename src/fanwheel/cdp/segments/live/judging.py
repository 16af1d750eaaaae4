"""Judging one person: which rules must be asked again, and what follows from their answers. No input or output."""

import heapq
from collections.abc import Collection, Mapping
from typing import Final

from fanwheel.cdp.segments.live import prints
from fanwheel.cdp.segments.live.book import Book, Ruled
from fanwheel.cdp.segments.live.contracts import Cause, Change, Judgment, Person

_NEVER: Final = 1 << 62


def judge(
    book: Book,
    person: Person,
    now_us: int,
    *,
    built_to: Mapping[int, int],
    building: Collection[int] = (),
) -> Judgment | None:
    """What is to be written of a person at an instant; None if nothing is.

    ``built_to`` says for each segment that is being built whom the build has passed. ``building`` are those that it
    is at now: only they are asked where nothing else changed.
    """
    return _Court(book, person, now_us, built_to=built_to, building=building).judgment()


class _Court:
    def __init__(
        self, book: Book, person: Person, now_us: int, *, built_to: Mapping[int, int], building: Collection[int]
    ) -> None:
        self.book, self.person, self.now_us = book, person, now_us
        self.built_to, self.building = built_to, building
        self.standing = person.standing
        self.is_due = self.standing.due_us is not None and self.standing.due_us <= now_us
        self.why: dict[int, Cause] = {}
        self.moves: list[Change] = []
        self.next_us = _NEVER

    def judgment(self) -> Judgment | None:
        book, standing = self.book, self.standing
        found = prints.take(book, self.person)
        before = found[:]
        prints.mark(book, before, self.person.segments)
        is_whole = self._choose(prints.changed(book, before, standing.seen))
        asked = self._ask()
        prints.mark(book, found, self.person.segments)
        # Rules that were not asked keep the moment at which they wanted to be.
        kept = None if self.is_due or is_whole else standing.due_us
        due_us = min(self.next_us, _NEVER if kept is None else kept)
        # A build asks its own rules only, so what else has changed since then is still to be seen.
        seen = prints.pack(book, found) if is_whole or standing.seen[:8] == book.stamp else standing.seen
        due = None if due_us >= _NEVER else due_us
        if not asked and seen == standing.seen and due == standing.due_us:
            return None
        members = sorted(self.person.segments)
        if not self.moves and seen == standing.seen and due == standing.due_us:
            return None
        return Judgment(
            person_id=self.person.facts.person_id,
            members=members,
            seen=seen,
            due_us=due,
            moves=self.moves,
        )

    def _choose(self, changed: list[int] | None) -> bool:
        """Note which rules are to be asked, and why; whether they are all."""
        book = self.book
        if self.is_due:
            self.why.update(dict.fromkeys(book.timed, "time"))
        for at in changed or ():
            self.why.update(dict.fromkeys(book.mentions[at], "change"))
        is_whole = changed is None and not self.building
        if is_whole:
            self.why.update(dict.fromkeys(range(len(book.order)), "change"))
        for rank, ruled in enumerate(book.order) if self.building else ():
            if ruled.segment_id in self.building:
                self.why[rank] = "rule"
        return is_whole

    def _ask(self) -> bool:
        """Ask the rules, each after those that it mentions; whether any was asked."""
        waiting = list(self.why)
        heapq.heapify(waiting)
        done = -1
        while waiting:
            rank = heapq.heappop(waiting)
            if rank == done:
                continue
            done = rank
            ruled = self.book.order[rank]
            if self._turns(ruled, self.why[rank]):
                for dependent in self.book.dependents.get(ruled.segment_id, ()):
                    if dependent > rank:
                        self.why.setdefault(dependent, self.why[rank])
                        heapq.heappush(waiting, dependent)
        return bool(self.why)

    def _turns(self, ruled: Ruled, cause: Cause) -> bool:
        """Ask one rule; whether the person entered the segment or left it."""
        facts, segments, segment_id = self.person.facts, self.person.segments, ruled.segment_id
        compiled = ruled.rule_for(facts.person_id, self.built_to.get(segment_id, 0))
        if compiled is None:
            return False
        holds, next_us = compiled.evaluate(facts, self.now_us)
        if next_us is not None:
            self.next_us = min(self.next_us, max(next_us, self.now_us + 1))
        if holds is (segment_id in segments):
            return False
        (segments.add if holds else segments.discard)(segment_id)
        self.moves.append(Change(segment_id, facts.person_id, holds, cause))
        return True

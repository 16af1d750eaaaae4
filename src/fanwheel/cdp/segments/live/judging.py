"""Judging one person: what formulas come to, which rules must be asked again, and what follows. No input or output."""

import heapq
from array import array
from collections.abc import Collection, Mapping
from typing import Any, Final

from fanwheel.cdp.computed.aggregates import Compiled as Formula
from fanwheel.cdp.segments.live import prints
from fanwheel.cdp.segments.live.book import Book, Ruled
from fanwheel.cdp.segments.live.contracts import NOBODY_SEEN, Cause, Change, Judgment, Person
from fanwheel.cdp.segments.live.newcomers import Blank
from fanwheel.cdp.segments.live.taking import read_words
from fanwheel.cdp.segments.rules.words import Scalar

_NEVER: Final = 1 << 62


def judge(
    book: Book,
    person: Person,
    now_us: int,
    *,
    built_to: Mapping[int | str, int],
    building: Collection[int | str] = (),
    grew: Collection[str | int] | None = None,
    blank: Blank | None = None,
) -> Judgment | None:
    """What is to be written of a person at an instant; None if nothing is.

    ``built_to`` says for each segment and each computed trait ("trait:NAME") that is being built whom the build has
    passed. ``building`` are those that it is at now: only they are asked where nothing else changed. With ``grew``
    nothing has changed since the last time but what is named there, and the hour. Where nothing is being built, whoever
    was never judged is asked only where they differ from ``blank``.
    """
    return _Court(book, person, now_us, built_to=built_to, building=building, grew=grew, blank=blank).judgment()


class _Court:
    def __init__(
        self,
        book: Book,
        person: Person,
        now_us: int,
        *,
        built_to: Mapping[int | str, int],
        building: Collection[int | str],
        grew: Collection[str | int] | None,
        blank: Blank | None,
    ) -> None:
        self.grew = grew
        is_new = grew is None and person.standing.seen == NOBODY_SEEN and not person.standing.members
        self.blank = blank if is_new else None
        self.book, self.person, self.now_us = book, person, now_us
        self.built_to, self.building = built_to, building
        self.standing = person.standing
        self.is_due = self.standing.due_us is not None and self.standing.due_us <= now_us
        self.why: dict[int, Cause] = {}
        self.moves: list[Change] = []
        self.traits: dict[str, Any] = {}
        self.words: Mapping[int, Scalar] | None = None
        self.next_us = _NEVER

    def judgment(self) -> Judgment | None:
        book, standing = self.book, self.standing
        found = changed = None
        if self.grew is None:
            found = prints.take(book, self.person)
            if self.blank is not None:
                self.person.segments.update(self.blank.members)
            before = found[:]
            prints.mark(book, before, self.person.segments)
            changed = self._changed(before)
        else:
            changed = [at for key in self.grew if (at := book.place.get(key, -1)) >= 0]
        is_whole = self._choose(changed)
        if book.reckoned:
            self._reckon(changed, found, is_whole=is_whole)
        self._ask()
        if self.blank is not None:
            whom = self.person.facts.person_id
            self.moves = [Change(segment_id, whom, True, "change") for segment_id in sorted(self.person.segments)]
        # Rules that were not asked keep the moment at which they wanted to be.
        kept = None if self.is_due or is_whole else standing.due_us
        due_us = min(self.next_us, _NEVER if kept is None else kept)
        seen = standing.seen
        # A build asks its own rules only, so what else has changed since then is still to be seen; and beside what grew
        # something may have changed that a note tells which is taken later.
        if found is not None and (is_whole or seen[:8] == book.stamp):
            prints.mark(book, found, self.person.segments)
            seen = prints.pack(book, found)
        due = None if due_us >= _NEVER else due_us
        # Segments that were deleted are among the memberships until these are written again.
        stays = not self.moves and len(self.person.segments) == len(standing.members)
        if stays and not self.traits and seen == standing.seen and due == standing.due_us:
            return None
        return Judgment(
            person_id=self.person.facts.person_id,
            members=sorted(self.person.segments),
            seen=seen,
            due_us=due,
            moves=self.moves,
            traits=self.traits,
        )

    def _changed(self, before: "array[int]") -> list[int] | None:
        """The places where something is another now than when the person was judged; None: all may be."""
        if self.blank is not None:
            return prints.differing(before, self.blank.prints)
        return prints.changed(self.book, before, self.standing.seen)

    def _choose(self, changed: list[int] | None) -> bool:
        """Note which rules are to be asked, and why; whether what they all come to is known then."""
        book = self.book
        is_whole = (changed is None or self.blank is not None) and not self.building
        if is_whole:
            ranks = range(len(book.order)) if self.blank is None else self.blank.always
            self.why.update(dict.fromkeys(ranks, "change"))
        if self.is_due:
            # Of somebody who was built and has not been judged since, it is time that moves them now.
            self.why.update(dict.fromkeys(book.timed, "time"))
        for at in changed or ():
            self.why.update(dict.fromkeys(book.mentions[at], "change"))
        for rank, ruled in enumerate(book.order) if self.building else ():
            if ruled.segment_id in self.building:
                self.why[rank] = "rule"
        return is_whole

    def _reckon(self, changed: list[int] | None, found: "array[int] | None", *, is_whole: bool) -> None:
        """Work computed traits out whose events have changed or whose time has come; note which rules mention them."""
        anew, person = frozenset(changed or ()), self.person
        traits, facts = person.traits, person.facts
        for each in self.book.reckoned:
            is_built = each.key in self.building
            if not (is_whole or is_built or self.is_due or not anew.isdisjoint(each.places)):
                continue
            formula = each.formula_for(facts.person_id, self.built_to.get(each.key, 0))
            if formula is None:
                continue
            outcome = formula.evaluate(person.memory, self._words(formula), self.now_us, facts.zone)
            if outcome.next_us is not None:
                self.next_us = min(self.next_us, max(outcome.next_us, self.now_us + 1))
            value = outcome.value
            if _is_same(value, traits.get(each.name)):
                continue
            self.traits[each.name] = value
            if value is None:
                del traits[each.name]
            else:
                traits[each.name] = value
            if found is not None:
                found[each.place] = 0 if value is None else prints.print_of(value)
            cause: Cause = "rule" if is_built else "time" if self.is_due and each.places.isdisjoint(anew) else "change"
            mentions: dict[int, Cause] = dict.fromkeys(self.book.mentions[each.place], cause)
            self.why = {**self.why, **mentions} if is_whole else {**mentions, **self.why}

    def _words(self, formula: Formula) -> Mapping[int, Scalar]:
        """The words that the person's digests name, read if the formula asks for any."""
        if self.words is None and formula.has_words:
            self.words = {bits: word for told in self.person.words for bits, word in read_words(told).items()}
        return self.words or {}

    def _ask(self) -> None:
        """Ask the rules, each after those that it mentions."""
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


def _is_same(value: Any, known: Any) -> bool:
    """Whether two values are the same JSON: to Python 1 and true are equal."""
    if type(value) is type(known):
        return bool(value == known) and (type(value) is not list or prints.print_of(value) == prints.print_of(known))
    return type(value) in (int, float) and type(known) in (int, float) and bool(value == known)

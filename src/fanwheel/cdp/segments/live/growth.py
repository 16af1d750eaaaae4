"""Who can be left alone: people whose events only added up, and whom their segments already have where that leads.

Most events make a count larger and the last visit later. Whoever is in a segment of people who did something often
stays in it then, and whoever is out of one of people who stayed away stays out of it. So they need not be judged: their
memberships, and the moment at which time alone asks for them, hold for more events as well. What was seen of them
stays as it was, so all of it is looked at again when they are judged the next time. The others are asked what mentions
that which grew, even if nothing was seen of them yet.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.evaluator import keys_of
from fanwheel.cdp.segments.live.book import LATER, Book
from fanwheel.cdp.segments.live.repository import LiveRepository, Note, Stand
from fanwheel.cdp.segments.metrics import Metric
from fanwheel.infra.postgres import Transaction

_UP: Final = 1
_DOWN: Final = -1
_EITHER: Final = 0
Key = str | Metric


class Growth:
    """Where growth of what rules mention leads; for one revision of the rules."""

    def __init__(self, book: Book, metrics: Mapping[Metric, int]) -> None:
        self._stamp = book.stamp
        self._leads: defaultdict[str | int, list[tuple[int, int]]] = defaultdict(list)
        for ruled in book.order:
            told = [compiled.rule.condition for compiled in (ruled.live, ruled.fresh) if compiled is not None]
            for key, ways in _ways(told).items():
                way = next(iter(ways)) if len(ways) == 1 else _EITHER
                self._leads[key if isinstance(key, str) else metrics[key]].append((ruled.segment_id, way))
        # A formula may come to anything.
        self._reckoned = {place for each in book.reckoned for place in each.places}
        self._place = book.place

    @classmethod
    async def open(cls, tx: Transaction, book: Book) -> "Growth":
        """That of the rules as they are now."""
        rows = await LiveRepository(tx).list_metrics()
        return cls(book, {Metric.read(row["spec"]): row["metric_id"] for row in rows})

    def leaves(self, stand: Stand, grew: Iterable[str | int]) -> bool:
        """Whether a person stays where they stand although some of what is known of them grew."""
        if stand.stamp != self._stamp:
            return False
        for key in grew:
            if self._place.get(key) in self._reckoned:
                return False
            for segment_id, way in self._leads.get(key, ()):
                if way == _EITHER or (way == _UP) is not (segment_id in stand.members):
                    return False
        return True

    @staticmethod
    def grown(notes: Iterable[Note]) -> dict[int, set[str | int]]:
        """The people of whom notes tell that they only grew, and the keys of what grew of each."""
        grew: dict[int, set[str | int]] = {}
        changed = set()
        for note in notes:
            if note.grew is None:
                changed.add(note.person_id)
            else:
                grew.setdefault(note.person_id, set(LATER)).update(note.grew)
        for person_id in changed & grew.keys():
            del grew[person_id]
        return grew

    async def list_left(self, live: LiveRepository, grew: Mapping[int, Collection[str | int]]) -> set[int]:
        """Those who stay where they stand although something grew."""
        if not grew:
            return set()
        stands = await live.load_stands(grew)
        return {person_id for person_id, stand in stands.items() if self.leaves(stand, grew[person_id])}


def _ways(conditions: Iterable[tree.Condition]) -> dict[Key, set[int]]:
    """For each key that rules mention, where its growth may turn them: to true, to false, or either."""
    found: defaultdict[Key, set[int]] = defaultdict(set)
    for condition in conditions:
        for key, way in _turns(condition):
            found[key].add(way)
    return found


def _turns(condition: tree.Condition) -> Iterator[tuple[Key, int]]:
    if isinstance(condition, tree.All | tree.Any):
        for part in condition.conditions:
            yield from _turns(part)
    elif isinstance(condition, tree.Not):
        for key, way in _turns(condition.condition):
            yield key, -way
    else:
        for key in keys_of(condition):
            yield key, _way(condition)


def _way(leaf: tree.Condition) -> int:
    if isinstance(leaf, tree.Event):
        return _of_number(leaf.test) if leaf.measure == "count" else _EITHER
    if isinstance(leaf, tree.Field):
        return _of_number(leaf.test) or _of_moment(leaf.test)
    return _EITHER


def _of_number(test: tree.Test) -> int:
    if isinstance(test, tree.More | tree.AtLeast):
        return _UP
    return _DOWN if isinstance(test, tree.Less | tree.AtMost) else _EITHER


def _of_moment(test: tree.Test) -> int:
    if isinstance(test, tree.After):
        return _UP
    # A moment that is yet to come is not one of the last days either, so only these are sure.
    return _DOWN if isinstance(test, tree.LongerAgo | tree.Before) else _EITHER

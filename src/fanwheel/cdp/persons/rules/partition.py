"""Partition: which identifiers are one person.

The answer is a function of the *set* of edges seen so far, never of their order, so the same events
give the same persons however they were batched, delayed or replayed. Three kinds of nodes take part:
**users** (user_id), **contacts** (email, phone, open ids, …), both strong, and **devices**
(anonymous_id, device_id), which are weak: a device may be lent, a strong identifier names a human.

1.  *Guards.* A node with more neighbors of a group than ``LIMITS`` allows is **void**: a shared mailbox,
    a junk id, a kiosk. Evidence at a void node joins nothing. Guards count every automatic edge ever
    seen, cut or not, so that taking an edge back never loosens a guard.
2.  *Strong nodes* are united over the live evidence between them. A union that would hold more than
    ``MAX_USERS_TOGETHER`` users is **dissolved**: its evidence joins nothing.
3.  *What people declared.* Manual edges unite whatever they touch, void, dissolved or weak.
4.  *Devices* are labeled level by level: one whose labeled neighbors of earlier levels are all one person
    joins that person; with two or more it is **shared**: a person of its own that labels nobody; with none it
    waits. Devices that wait for ever are united among themselves.

A person's id is the smallest home id of its group.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final, NamedTuple

from fanwheel.cdp.persons.identifiers import WEAK_KINDS


class Group(IntEnum):
    """What an identifier can be evidence of."""

    USER = 0
    CONTACT = 1
    DEVICE = 2


def group_of(kind: str) -> Group:
    """The group of an identifier kind."""
    if kind == "user_id":
        return Group.USER
    return Group.DEVICE if kind in WEAK_KINDS else Group.CONTACT


# How many distinct neighbors (users, contacts, devices) a node of each group may have.
LIMITS: Final[Mapping[Group, tuple[int, int, int]]] = {
    Group.USER: (10, 30, 1000),
    Group.CONTACT: (5, 30, 1000),
    Group.DEVICE: (5, 30, 20),
}
MAX_USERS_TOGETHER: Final = 50
# A node with more automatic edges than this is over one of its limits, whatever its neighbors are.
MAX_DEGREE: Final = max(sum(limits) for limits in LIMITS.values())


class Edge(NamedTuple):
    """A statement that two homes are one person; ``low`` < ``high``."""

    low: int
    high: int
    is_manual: bool
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """Every home's person, and why some that are linked stay apart."""

    person_of: Mapping[int, int]
    void: Collection[int]
    dissolved: Collection[int] = field(default=())
    shared: Collection[int] = field(default=())

    def why_apart(self, low: int, high: int) -> str:
        """Which guard kept the ends of a live edge apart, in words for the audit trail."""
        if low in self.void or high in self.void:
            return "too_many_neighbors"
        if low in self.dissolved or high in self.dissolved:
            return "too_many_users_together"
        return "shared_device"


def is_void(group: Group, neighbors: Collection[int]) -> bool:
    """Whether a node with so many (users, contacts, devices) beside it is evidence of nothing."""
    return any(count > limit for count, limit in zip(neighbors, LIMITS[group], strict=True))


def void_nodes(kinds: Mapping[int, str], edges: Iterable[Edge]) -> set[int]:
    """The nodes that are over a limit, given all the edges at them."""
    counts: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for edge in edges:
        if not edge.is_manual:
            counts[edge.low][group_of(kinds[edge.high])] += 1
            counts[edge.high][group_of(kinds[edge.low])] += 1
    return {home for home, neighbors in counts.items() if is_void(group_of(kinds[home]), neighbors)}


def partition(
    kinds: Mapping[int, str],
    edges: Collection[Edge],
    *,
    void: Collection[int] | None = None,
    settled: Mapping[int, int] | None = None,
) -> Partition:
    """The persons that identifiers form under the edges between them.

    Parameters
    ----------
    kinds
        Home id to kind.
    edges
        At most one automatic and one manual edge per pair, both ends in ``kinds``.
    void
        The void nodes, where ``edges`` does not hold all the edges at every node; else they are counted.
    settled
        Homes whose person is known not to change but by devices that join or leave it.
    """
    groups = {home: group_of(kind) for home, kind in kinds.items()}
    apart = void_nodes(kinds, edges) if void is None else void
    evidence = [edge for edge in edges if not (edge.is_manual or edge.low in apart or edge.high in apart)]
    persons = _Union(kinds)
    _unite_settled(persons, settled or {})

    strong = [e for e in evidence if Group.DEVICE not in (groups[e.low], groups[e.high])]
    dissolved = _dissolved(groups, strong)
    persons.join((e.low, e.high) for e in strong if not e.is_cut and e.low not in dissolved)

    manual = [(e.low, e.high) for e in edges if e.is_manual and not e.is_cut]
    persons.join(manual)

    sources = {home for home, group in groups.items() if group != Group.DEVICE}
    sources.update(settled or {}, *manual)
    live = [(e.low, e.high) for e in evidence if not e.is_cut]
    labels, shared = _label_devices(live, {home: persons.find(home) for home in sources})
    persons.join(labels.items())
    waiting = kinds.keys() - labels.keys() - shared
    persons.join((low, high) for low, high in live if low in waiting and high in waiting)
    return Partition(
        person_of={home: persons.find(home) for home in kinds}, void=apart, dissolved=dissolved, shared=shared
    )


def _unite_settled(persons: "_Union", settled: Mapping[int, int]) -> None:
    first: dict[int, int] = {}
    for home, person in settled.items():
        persons.unite(home, first.setdefault(person, home))


def _dissolved(groups: Mapping[int, Group], strong: Collection[Edge]) -> set[int]:
    """The strong nodes that evidence would unite into a group of too many users."""
    together = _Union({home for edge in strong for home in edge[:2]})
    together.join((edge.low, edge.high) for edge in strong)
    users: defaultdict[int, int] = defaultdict(int)
    for home in together:
        users[together.find(home)] += groups[home] == Group.USER
    return {home for home in together if users[together.find(home)] > MAX_USERS_TOGETHER}


def _label_devices(live: Iterable[tuple[int, int]], known: Mapping[int, int]) -> tuple[dict[int, int], set[int]]:
    """Each labeled node's person, and the devices that are shared; ``known`` is level 0."""
    beside: defaultdict[int, list[int]] = defaultdict(list)
    for low, high in live:
        beside[low].append(high)
        beside[high].append(low)
    labels = dict(known)
    shared: set[int] = set()
    newest: Collection[int] = known
    while newest:
        reached = {near for home in newest for near in beside[home]} - labels.keys() - shared
        level: dict[int, int] = {}
        for home in reached:
            persons = {labels[near] for near in beside[home] if near in labels}
            if len(persons) == 1:
                level[home] = persons.pop()
            else:
                shared.add(home)
        labels.update(level)
        newest = level
    return labels, shared


class _Union:
    """Disjoint sets whose root is their smallest member, so that the root is the person."""

    def __init__(self, members: Iterable[int]) -> None:
        self._parent = {member: member for member in members}

    def __iter__(self) -> Iterator[int]:
        return iter(self._parent)

    def find(self, member: int) -> int:
        parent = self._parent
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    def unite(self, one: int, other: int) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        self._parent[high] = low

    def join(self, pairs: Iterable[tuple[int, int]]) -> None:
        for one, other in pairs:
            self.unite(one, other)

"""Neighborhood: what must be read so that the partition around some homes comes out as if all had been read.

The homes in question are **core**: their person is computed afresh. From a core strong node the evidence
leads to further strong nodes, which are core too, and to its devices; from a device to the devices beside it.
A strong node beside a device is only **settled**: its person is known, for nothing that changed leads to it,
and the device needs it as a label. Nothing leads through a void node, so a shared mailbox with a
million users costs no more than one with six.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from fanwheel.cdp.persons.rules.partition import Edge, Group, Partition, group_of, is_void, partition

Pair = tuple[int, int]


class Member(NamedTuple):
    """An identifier's home, its kind, and the person it belongs to as stored."""

    home_id: int
    kind: str
    person_id: int


class Link(NamedTuple):
    """An edge as seen from ``home_id``, with what is stored of its other end."""

    home_id: int
    other: Member
    is_manual: bool
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The rule's answer, and how it differs from what is stored."""

    result: Partition
    before: dict[int, int]
    moved: dict[int, int]  # home -> its new person
    gone: set[int]  # persons that no identifier belongs to any more
    born: set[int]  # persons that no identifier belonged to before


class Neighborhood:
    """Grows from the homes in question until the rule can be applied; the caller does the reading.

    Parameters
    ----------
    seeds : the ends of edges that are new or newly cut, with every member of their persons.
    new : the pairs that became edges just now; a node that is void because of them frees its neighbors.
    """

    def __init__(self, seeds: Iterable[Member], *, new: Collection[Pair] = ()) -> None:
        self._members = {member.home_id: member for member in seeds}
        self._core = set(self._members)
        self._unread = set(self._members)
        self._new = frozenset(new)
        self._links: dict[int, list[Link]] = {}
        self._edges: dict[tuple[int, int, bool], Edge] = {}
        self._void: set[int] = set()

    def unread(self) -> list[int]:
        """Homes whose edges must be read next; none when the neighborhood is complete."""
        return sorted(self._unread)

    def add(self, links: Iterable[Link]) -> None:
        """Take the edges at the homes that ``unread`` gave."""
        read, self._unread = self._unread, set()
        at: defaultdict[int, list[Link]] = defaultdict(list)
        for link in links:
            at[link.home_id].append(link)
            self._members.setdefault(link.other.home_id, link.other)
            low, high = sorted((link.home_id, link.other.home_id))
            self._edges[low, high, link.is_manual] = Edge(low, high, link.is_manual, link.is_cut)
        for home in read:
            self._links[home] = at[home]
            if self._is_void(home, at[home]):
                self._void.add(home)
        self._expand(read & self._core)

    def boundary(self) -> set[int]:
        """The persons of settled homes: all their members are needed to know their smallest."""
        return {self._members[home].person_id for home in self._links if home not in self._core}

    def change(self, boundary_members: Iterable[Member]) -> Change:
        """What the rule says, given also every member of the ``boundary`` persons."""
        for member in boundary_members:
            self._members.setdefault(member.home_id, member)
        wanted = self.boundary()
        settled = {
            home: member.person_id
            for home, member in self._members.items()
            if home not in self._core and member.person_id in wanted
        }
        kinds = {home: self._members[home].kind for home in self._core | settled.keys()}
        # What joins settled homes has been judged already, with more than was read here.
        edges = [
            edge
            for edge in self._edges.values()
            if edge.low in kinds and edge.high in kinds and (edge.low in self._core or edge.high in self._core)
        ]
        return self._compare(partition(kinds, edges, void=self._void, settled=settled))

    def _compare(self, result: Partition) -> Change:
        before = {home: self._members[home].person_id for home in result.person_of}
        moved = {home: person for home, person in result.person_of.items() if before[home] != person}
        living = set(result.person_of.values())
        return Change(
            result=result,
            before=before,
            moved=moved,
            gone={before[home] for home in moved} - living,
            born=living - set(before.values()),
        )

    def _is_void(self, home: int, links: Iterable[Link]) -> bool:
        neighbors = [0, 0, 0]
        for link in links:
            if not link.is_manual:
                neighbors[group_of(link.other.kind)] += 1
        return is_void(group_of(self._members[home].kind), neighbors)

    def _is_newly_void(self, home: int) -> bool:
        old = [link for link in self._links[home] if not self._is_new(link)]
        return len(old) < len(self._links[home]) and not self._is_void(home, old)

    def _is_new(self, link: Link) -> bool:
        return (min(link.home_id, link.other.home_id), max(link.home_id, link.other.home_id)) in self._new

    def _expand(self, homes: Iterable[int]) -> None:
        todo = list(homes)
        while todo:
            home = todo.pop()
            is_device = group_of(self._members[home].kind) == Group.DEVICE
            is_dead_end = home in self._void and not self._is_newly_void(home)
            for link in self._links[home]:
                if is_dead_end and not link.is_manual:
                    continue
                other = link.other.home_id
                if other not in self._links:
                    self._unread.add(other)
                is_boundary = is_device and not link.is_manual and group_of(link.other.kind) != Group.DEVICE
                if not is_boundary and other not in self._core:
                    self._core.add(other)
                    if other in self._links:
                        todo.append(other)

"""The neighborhood: applying the rule around what changed gives what applying it to everything gives."""

import itertools
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.cdp.persons.guards import low_limits

from fanwheel.cdp.persons.rules.neighborhood import Link, Member, Neighborhood, Pair
from fanwheel.cdp.persons.rules.partition import Edge, partition

KINDS = dict(enumerate(["user_id"] * 7 + ["email"] * 4 + ["anonymous_id"] * 6 + ["device_id"] * 2, start=1))


class Store:
    """Identifiers and edges in memory, changed the way the service changes them in the database."""

    def __init__(self, kinds: dict[int, str]) -> None:
        self._kinds = kinds
        self.person_of = {home: home for home in kinds}
        self.edges: dict[tuple[int, int, bool], Edge] = {}
        self.reads = 0

    def put(self, *edges: Edge) -> None:
        new = {edge[:2] for edge in edges if edge[:3] not in self.edges and not edge.is_manual}
        self.edges |= {edge[:3]: edge for edge in edges}
        self._regroup({home for edge in edges for home in edge[:2]}, new)

    def _regroup(self, homes: set[int], new: set[Pair]) -> None:
        hood = Neighborhood(self._members({self.person_of[home] for home in homes}), new=new)
        while asked := hood.unread():
            self.reads += len(asked)
            hood.add(link for home in asked for link in self._links(home))
        self.person_of |= hood.change(self._members(hood.boundary())).moved

    def _members(self, persons: set[int]) -> list[Member]:
        return [self._member(home) for home, person in self.person_of.items() if person in persons]

    def _member(self, home: int) -> Member:
        return Member(home, self._kinds[home], self.person_of[home])

    def _links(self, home: int) -> Iterator[Link]:
        for low, high, is_manual, is_cut in self.edges.values():
            if home in (low, high):
                yield Link(home, self._member(low + high - home), is_manual, is_cut)


NODES = st.sampled_from(sorted(KINDS))
HUBS = st.sampled_from([1, 8, 12, 18])
PAIRS = (st.tuples(NODES, NODES) | st.tuples(HUBS, NODES)).filter(lambda pair: pair[0] != pair[1])
EDGES = st.builds(
    lambda pair, is_manual: Edge(min(pair), max(pair), is_manual, False), PAIRS, st.sampled_from([False] * 9 + [True])
)


@low_limits()
@settings(max_examples=300)
@given(batches=st.lists(st.lists(EDGES, min_size=1, max_size=8), min_size=1, max_size=8), data=st.data())
def test_step_by_step_is_the_same_as_all_at_once(batches: list[list[Edge]], data: st.DataObject) -> None:
    store = Store(KINDS)
    for batch in batches:
        store.put(*(edge for edge in batch if edge[:3] not in store.edges))
        if data.draw(st.booleans()):
            cut = data.draw(st.sampled_from(sorted(store.edges.values())))
            store.put(cut._replace(is_cut=True))

        everything = partition(KINDS, store.edges.values())

        assert store.person_of == everything.person_of


def test_a_void_hub_costs_no_more_as_it_grows() -> None:
    mailbox, users = 1, range(2, 102)
    store = Store({mailbox: "email", **dict.fromkeys(users, "user_id")})
    reads = []

    for home in users:
        store.put(Edge(mailbox, home, False, False))
        reads.append(store.reads)

    costs = [after - before for before, after in itertools.pairwise(reads)]
    assert max(costs[:5]) == 7  # the sixth user voids the mailbox: it and all six are read
    assert set(costs[5:]) == {2}
    assert all(person == home for home, person in store.person_of.items())

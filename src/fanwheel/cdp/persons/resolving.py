"""Resolving: homes for identifiers, and persons for homes, in a few statements for a whole batch."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fanwheel.cdp.persons.contracts import NewEdge, NewIdentifier
from fanwheel.cdp.persons.repository import EdgeRow, History, IdentifierRow, IdentityRepository
from fanwheel.cdp.persons.rules.neighborhood import Change, Neighborhood, Pair
from fanwheel.cdp.persons.rules.partition import MAX_DEGREE, Edge, Partition, partition
from fanwheel.infra.postgres import Transaction


async def resolve(
    tx: Transaction,
    new_identifiers: Sequence[NewIdentifier],
    new_edges: Sequence[NewEdge] = (),
    *,
    actor: str = "ingest",
) -> dict[UUID, int]:
    """The home of every identifier given, stored where it was unknown, once the edges have been taken in.

    Known identifiers and edges cost a look-up each, and those that are new among themselves an insert. Only where a
    new edge leads to an identifier that others can see is the workspace's identity held until the transaction
    ends. Edges at an identifier that does not exist (one that was erased meanwhile) are left out.
    """
    identity = IdentityRepository(tx)
    given = _first_seen(new_identifiers)
    homes = await identity.find_homes(given.keys() | {key for edge in new_edges for key in edge[:2]})
    arrivals = _arrivals(given, homes, new_edges)
    fresh = await identity.add_identifiers(arrivals.rows) if arrivals.rows else {}
    homes |= {key: home for key, (home, _) in fresh.items()}
    if len(fresh) < len(arrivals.rows):
        homes |= await identity.find_homes([row.hash for row in arrivals.rows if row.hash not in fresh])

    person_of = dict(fresh.values())
    seen_at = {home: given[key].first_seen_at for key, (home, _) in fresh.items()}
    history = arrivals.refusals(homes)
    pairs = await _add_edges(identity, homes, new_edges)
    outer = {pair for pair in pairs if pair[0] not in person_of or pair[1] not in person_of}
    if outer:
        change = await regroup(identity, {home for pair in outer for home in pair}, new=outer, met=seen_at)
        person_of |= {home: person for home, person in change.result.person_of.items() if home in person_of}
        history += describe(change, outer, met=seen_at, reason="event")
    await _meet(identity, {home: seen_at[home] for home, person in person_of.items() if home == person})
    await identity.add_history(history, actor=actor)
    # Whoever a guard kept apart may be an identifier of nobody, which the fold finds out.
    if apart := {
        home for entry in history if entry.action == "refused" for home in (entry.person_id, *entry.other_ids)
    }:
        await identity.mark_stale(apart)
    return homes


async def regroup(
    identity: IdentityRepository,
    homes: Collection[int],
    *,
    new: Collection[Pair] = (),
    met: Mapping[int, datetime] | None = None,
) -> Change:
    """Apply the rule around ``homes``, where edges were added or cut; ``met`` are those stored just now."""
    met = met or {}
    await identity.hold()
    hood = Neighborhood(await identity.list_members_around(homes), new=new)
    while unread := hood.unread():
        hood.add(await identity.list_links(unread, most=MAX_DEGREE + 1 + len(new)))
    change = hood.change(await identity.list_members(hood.boundary()))
    if not change.moved:
        return change
    await identity.move(change.moved)
    if gone := change.gone - met.keys():
        await identity.remove_persons(gone)
    if born := change.born - met.keys():
        await identity.add_split_persons(born)
    known = [home for home in change.moved if home not in met]
    if changed := {change.before[home] for home in known} | {change.moved[home] for home in known}:
        await identity.mark_stale(changed)
    return change


def describe(
    change: Change, pairs: Collection[Pair] = (), *, met: Collection[int] = (), reason: str = ""
) -> list[History]:
    """What the audit trail says: persons that became one, and those that a guard kept or took apart."""
    joined: defaultdict[int, set[int]] = defaultdict(set)
    split: defaultdict[int, set[int]] = defaultdict(set)
    for home, person in change.moved.items():
        if home in met:
            continue
        if change.before[home] in change.gone:
            joined[person].add(change.before[home])
        else:
            split[change.before[home]].add(person)
    return [
        *(History("merge", person, sorted(others), reason) for person, others in sorted(joined.items())),
        *(History("refused", person, sorted(others), "split") for person, others in sorted(split.items())),
        *_refusals(change.result, pairs),
    ]


def _refusals(result: Partition, pairs: Iterable[Pair]) -> list[History]:
    person_of = result.person_of
    apart = {
        (person_of[low], person_of[high], result.why_apart(low, high))
        for low, high in pairs
        if person_of[low] != person_of[high]
    }
    return [History("refused", one, [other], why) for one, other, why in sorted(apart)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrivals:
    """Identifiers that were unknown, numbered in the order of storing, and what they make of each other."""

    rows: Sequence[IdentifierRow]
    pairs: Collection[Pair]
    result: Partition

    def refusals(self, homes: Mapping[UUID, int]) -> list[History]:
        """What the audit trail says of those that a guard kept apart."""
        place = {number: homes[row.hash] for number, row in enumerate(self.rows) if row.hash in homes}
        return [
            History("refused", place[entry.person_id], [place[other] for other in entry.other_ids], entry.reason)
            for entry in _refusals(self.result, self.pairs)
        ]


def _arrivals(given: Mapping[UUID, NewIdentifier], homes: Mapping[UUID, int], edges: Sequence[NewEdge]) -> _Arrivals:
    """Group unknown identifiers before they are stored: nobody else can see them, so nothing else matters."""
    missing = [identifier for key, identifier in given.items() if key not in homes]
    number = {identifier.hash: index for index, identifier in enumerate(missing)}
    pairs = {
        (min(one, other), max(one, other))
        for edge in edges
        if (one := number.get(edge.one)) is not None and (other := number.get(edge.other)) is not None and one != other
    }
    # Most come alone, and are persons of their own.
    kinds = {index: missing[index].kind for pair in pairs for index in pair}
    result = partition(kinds, [Edge(low, high, False, False) for low, high in pairs])
    person_of = result.person_of.get
    rows = [IdentifierRow(*identifier, person_of(index, index)) for index, identifier in enumerate(missing)]
    return _Arrivals(rows=rows, pairs=pairs, result=result)


def _first_seen(identifiers: Sequence[NewIdentifier]) -> dict[UUID, NewIdentifier]:
    """Each identifier once, as first seen, in the order of the key: sorted inserts cannot deadlock."""
    first: dict[UUID, NewIdentifier] = {}
    for identifier in sorted(identifiers, key=lambda item: (item.hash.int, item.first_seen_at)):
        first.setdefault(identifier.hash, identifier)
    return first


async def _add_edges(identity: IdentityRepository, homes: Mapping[UUID, int], edges: Sequence[NewEdge]) -> set[Pair]:
    rows: dict[Pair, EdgeRow] = {}
    for edge in sorted(edges, key=lambda item: (item.seen_at, item.origin)):
        one, other = homes.get(edge.one), homes.get(edge.other)
        if one is not None and other is not None and one != other:
            low, high = (one, other) if one < other else (other, one)
            rows.setdefault((low, high), EdgeRow(low, high, edge.origin, edge.seen_at))
    return await identity.add_edges([rows[pair] for pair in sorted(rows)]) if rows else set()


async def _meet(identity: IdentityRepository, persons: Mapping[int, datetime]) -> None:
    if persons:
        await identity.add_persons(persons)

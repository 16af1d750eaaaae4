"""Identity: which person an identifier belongs to, and how that changes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from fanwheel.cdp.persons.contracts import NewEdge, NewIdentifier
from fanwheel.cdp.persons.repository import EdgeRow, History, IdentityRepository
from fanwheel.cdp.persons.rules.neighborhood import Change, Neighborhood, Pair
from fanwheel.cdp.persons.rules.partition import MAX_DEGREE
from fanwheel.infra.postgres import Transaction


async def resolve(
    tx: Transaction,
    new_identifiers: Sequence[NewIdentifier],
    new_edges: Sequence[NewEdge] = (),
    *,
    actor: str = "ingest",
) -> dict[UUID, int]:
    """The home of every identifier given, stored where it was unknown, once the edges have been taken in.

    Known identifiers and edges cost a look-up each. The workspace's identity is held until the
    transaction ends only where an edge is new. Edges at an identifier that does not exist (one that was
    erased meanwhile) are left out.
    """
    identity = IdentityRepository(tx)
    seen_at = _first_seen(new_identifiers)
    homes, fresh = await _homes(identity, seen_at, new_edges)
    met = {fresh[key]: identifier.first_seen_at for key, identifier in seen_at.items() if key in fresh}

    pairs = await _add_edges(identity, homes, new_edges)
    change = await _regroup(identity, pairs, new=pairs, met=met) if pairs else None
    absorbed = change.moved if change else {}
    await _meet(identity, {home: at for home, at in met.items() if home not in absorbed})
    if change:
        reason = "alias" if all(edge.origin == "alias" for edge in new_edges) else "event"
        await identity.add_history(_history(change, pairs, met, reason), actor=actor)
    return homes


def _first_seen(identifiers: Sequence[NewIdentifier]) -> dict[UUID, NewIdentifier]:
    """Each identifier once, as first seen, in the order of the key: sorted inserts cannot deadlock."""
    first: dict[UUID, NewIdentifier] = {}
    for identifier in sorted(identifiers, key=lambda item: (item.hash, item.first_seen_at)):
        first.setdefault(identifier.hash, identifier)
    return first


async def _homes(
    identity: IdentityRepository, given: Mapping[UUID, NewIdentifier], edges: Sequence[NewEdge]
) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """The homes of all identifiers, and of those among them that were stored just now."""
    asked = given.keys() | {key for edge in edges for key in (edge.one, edge.other)}
    homes = await identity.find_homes(asked)
    missing = [identifier for key, identifier in given.items() if key not in homes]
    if not missing:
        return homes, {}
    fresh = await identity.add_identifiers(missing)
    homes |= fresh
    homes |= await identity.find_homes([item.hash for item in missing if item.hash not in fresh])
    return homes, fresh


async def _add_edges(identity: IdentityRepository, homes: Mapping[UUID, int], edges: Sequence[NewEdge]) -> set[Pair]:
    rows: dict[Pair, EdgeRow] = {}
    for edge in sorted(edges, key=lambda item: (item.seen_at, item.origin)):
        one, other = homes.get(edge.one), homes.get(edge.other)
        if one is not None and other is not None and one != other:
            low, high = (one, other) if one < other else (other, one)
            rows.setdefault((low, high), EdgeRow(low, high, edge.origin, edge.seen_at))
    return await identity.add_edges([rows[pair] for pair in sorted(rows)]) if rows else set()


async def _regroup(
    identity: IdentityRepository,
    pairs: Collection[Pair],
    *,
    new: Collection[Pair] = (),
    met: Mapping[int, datetime],
) -> Change:
    """Apply the rule around edges that were added or cut; ``met`` are homes stored just now."""
    await identity.hold()
    around = await identity.list_members_around({home for pair in pairs for home in pair})
    hood = Neighborhood(around, new=new)
    while homes := hood.unread():
        hood.add(await identity.list_links(homes, most=MAX_DEGREE + 1 + len(new)))
    change = hood.change(await identity.list_members(hood.boundary()))
    if change.moved:
        await identity.move(change.moved)
    if gone := change.gone - met.keys():
        await identity.remove_persons(gone)
    if born := change.born - met.keys():
        await identity.add_split_persons(born)
    changed = {
        person for home, after in change.moved.items() if home not in met for person in (change.before[home], after)
    }
    if changed:
        await identity.mark_stale(changed)
    return change


async def _meet(identity: IdentityRepository, persons: Mapping[int, datetime]) -> None:
    if persons:
        await identity.add_persons(persons)


def _history(change: Change, pairs: Collection[Pair], met: Mapping[int, datetime], reason: str) -> list[History]:
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
    person_of = change.result.person_of
    refused = {
        (person_of[low], person_of[high], change.result.why_apart(low, high))
        for low, high in pairs
        if person_of[low] != person_of[high]
    }
    return [
        *(History("merge", person, sorted(others), reason) for person, others in sorted(joined.items())),
        *(History("refused", person, sorted(others), "split") for person, others in sorted(split.items())),
        *(History("refused", one, [other], why) for one, other, why in sorted(refused)),
    ]

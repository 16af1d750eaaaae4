"""What people decide about persons: merge, unmerge, erase."""

from collections.abc import Collection, Sequence
from datetime import datetime

from fanwheel.cdp.events import consumer
from fanwheel.cdp.persons import portrait
from fanwheel.cdp.persons.errors import NotPartOfPersonError, PersonNotFoundError, SamePersonError
from fanwheel.cdp.persons.identifiers import STRONG_KINDS
from fanwheel.cdp.persons.repository import History, IdentityRepository, PortraitRepository
from fanwheel.cdp.persons.resolving import describe, regroup
from fanwheel.cdp.persons.rules.neighborhood import Member
from fanwheel.infra.postgres import Transaction

_PROJECTOR: str = "projector"  # who derives rows from events; fanwheel.loop.wheel runs it


async def merge(tx: Transaction, person_id: int, other_id: int, *, actor: str, now: datetime) -> int:
    """Declare two persons one human; the person that remains.

    Raises
    ------
    PersonNotFoundError
        If either is unknown.
    SamePersonError
        If they are one person already.
    """
    identity = IdentityRepository(tx)
    await identity.hold()
    one, other = await _members(identity, person_id), await _members(identity, other_id)
    if one[0].person_id == other[0].person_id:
        raise SamePersonError
    first, second = sorted((_spokesman(one), _spokesman(other)))
    await identity.put_declared_edge((first, second), seen_at=now)
    change = await regroup(identity, {first, second})
    await identity.add_history(describe(change, reason="manual"), actor=actor)
    await portrait.refold(tx, change.before.keys())
    return change.result.person_of[first]


async def unmerge(tx: Transaction, person_id: int, home_ids: Collection[int], *, actor: str) -> list[int]:
    """Split identifiers off a person; the persons that its identifiers belong to now.

    First only what people declared between the two sides is taken back, which undoes a merge exactly. If
    evidence still holds the sides together, that is cut as well, and seen again it stays cut.

    Raises
    ------
    PersonNotFoundError
        If there is no such person.
    NotPartOfPersonError
        If some of the homes are not the person's, or all of them are.
    """
    identity = IdentityRepository(tx)
    await identity.hold()
    members = await _members(identity, person_id)
    homes = {member.home_id for member in members}
    here = set(home_ids)
    there = homes - here
    if not here or not there or not here <= homes:
        raise NotPartOfPersonError(hint="Send some, not all, of the home ids listed under the person's identifiers.")
    person_of = dict.fromkeys(homes, members[0].person_id)
    for is_manual in (True, False):
        if {person_of[home] for home in here} & {person_of[home] for home in there}:
            await identity.cut_edges(here, there, is_manual=is_manual)
            change = await regroup(identity, homes)
            person_of |= {home: person for home, person in change.result.person_of.items() if home in homes}
    persons = sorted(set(person_of.values()))
    await identity.add_history([History("unmerge", persons[0], persons[1:], "manual")], actor=actor)
    await portrait.refold(tx, homes)
    return persons


async def erase(tx: Transaction, person_id: int, *, actor: str) -> int:
    """Forget a person for ever: every row that is kept of any of its homes; the number of the erasure.

    The lake carries the erasure out on its own. Seen again, an identifier is a new person's.

    Raises
    ------
    PersonNotFoundError
        If there is no such person.
    """
    # A slice under way has read the person's events already and would write rows of theirs after we deleted them.
    await consumer.hold(tx, _PROJECTOR)
    identity = IdentityRepository(tx)
    await identity.hold()
    members = await _members(identity, person_id)
    homes = [member.home_id for member in members]
    neighbors = await identity.list_neighbors(homes)
    referrers = await identity.list_referrers(homes)
    erasure_id = await identity.erase(homes, actor=actor)
    await PortraitRepository(tx).note_segments(homes)
    # A fold that had begun before may put the person's row back after this has ended; it is then taken away again.
    await identity.mark_stale({*referrers, *homes})
    await identity.add_history([History("erase", members[0].person_id, homes, "")], actor=actor)
    if neighbors:
        # A device that the person shared may be somebody else's alone now.
        change = await regroup(identity, neighbors)
        await identity.add_history(describe(change, reason="erasure"), actor=actor)
        await portrait.refold(tx, change.moved.keys() | change.gone)
    return erasure_id


async def get_living(tx: Transaction, home_id: int) -> int:
    """The living person behind any home id that was ever its own.

    Raises
    ------
    PersonNotFoundError
        If there is none.
    """
    person = await IdentityRepository(tx).find_person(home_id)
    if person is None:
        raise PersonNotFoundError
    return person


async def _members(identity: IdentityRepository, person_id: int) -> list[Member]:
    members = await identity.list_members_around([person_id])
    if not members:
        raise PersonNotFoundError
    return members


def _spokesman(members: Sequence[Member]) -> int:
    """The home at which a declaration about the whole person is made: a strong one, which no evidence can move."""
    return min(members, key=lambda member: (member.kind not in STRONG_KINDS, member.home_id)).home_id

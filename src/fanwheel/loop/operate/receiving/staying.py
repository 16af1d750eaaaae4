"""Who has really left: on WeCom people add members of our staff, and who removes one may have kept another."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fanwheel.cdp import persons
from fanwheel.domains.private.channels.contracts import Followed, Unfollowed
from fanwheel.domains.private.channels.inbound import Arrival
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.receiving.repository import ReceivingRepository

Contact = tuple[int, UUID]  # account, and the hash of the person's address


async def without_partial_leaves(tx: Transaction, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """The arrivals but for those who left one of several members of staff; who knows whom is kept."""
    ours = {place: contact for place, arrival in enumerate(arrivals) if (contact := _contact(arrival)) is not None}
    if not ours:
        return list(arrivals)
    staff = ReceivingRepository(tx)
    known: defaultdict[Contact, set[str]] = defaultdict(set)
    for contact, member in await staff.list_staff(sorted(set(ours.values()))):
        known[contact].add(member)
    before = {contact: set(members) for contact, members in known.items()}
    partial = {place for place, contact in ours.items() if _is_partial(arrivals[place], known[contact])}
    came = [(*each, member) for each, members in known.items() for member in members - before.get(each, set())]
    went = [(*each, member) for each, members in before.items() for member in members - known[each]]
    await staff.change_staff(came, went)
    return [arrival for place, arrival in enumerate(arrivals) if place not in partial]


def _contact(arrival: Arrival) -> Contact | None:
    """Whose staff it is about; None where it is about none."""
    happening = arrival.happening
    if happening.sender is None or not isinstance(happening, Followed | Unfollowed) or not _staff(happening.origin):
        return None
    return arrival.account_id, persons.identifier_hash(happening.sender.kind, happening.sender.value)


def _is_partial(arrival: Arrival, members: set[str]) -> bool:
    """Whether somebody of ours is left to the person; ``members`` becomes who that is now."""
    member = _staff(arrival.happening.origin)
    if isinstance(arrival.happening, Followed):
        members.add(member)
        return False
    members.discard(member)
    return bool(members)


def _staff(origin: Any) -> str:
    return str(origin.get("staff") or "")

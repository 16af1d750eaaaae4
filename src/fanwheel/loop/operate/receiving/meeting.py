"""Meeting: who it is that platforms speak of, known or not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from fanwheel.cdp import persons
from fanwheel.domains.private.channels.contracts import Address, AnyHappening
from fanwheel.domains.private.channels.inbound import Arrival, Waiting
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.receiving.repository import Owner, ReceivingRepository

_decoder: Final[msgspec.json.Decoder[AnyHappening]] = msgspec.json.Decoder(AnyHappening)


class _Named(NamedTuple):
    """A happening with its people's identifiers, the sender's own first."""

    waiting: Waiting
    happening: AnyHappening
    refs: list[persons.NewIdentifier]


async def meet(tx: Transaction, waiting: Sequence[Waiting]) -> list[Arrival]:
    """What waits, read, with the person that each is about; who was unknown is met by it.

    Raises
    ------
    msgspec.ValidationError
        If something is no happening.
    """
    repository = ReceivingRepository(tx)
    region = await repository.get_region()
    named = [_name(each, region) for each in waiting]
    identifiers = [ref for each in named for ref in each.refs]
    if not identifiers:
        return [_arrive(each, {}, {}) for each in named]
    edges = [
        persons.NewEdge(each.refs[0].hash, other.hash, "event", other.first_seen_at)
        for each in named
        for other in each.refs[1:]
        if other.hash != each.refs[0].hash
    ]
    homes = await persons.resolve(tx, identifiers, edges)
    owners = await repository.list_owners({homes[each.refs[0].hash] for each in named if each.refs})
    arrivals = [_arrive(each, homes, owners) for each in named]
    met: set[int | None] = set()
    return [_once(arrival, met) for arrival in arrivals]


def _once(arrival: Arrival, met: set[int | None]) -> Arrival:
    """A person is met by the first of several arrivals of one instant."""
    if not arrival.is_first or arrival.home_id in met:
        return arrival._replace(is_first=False)
    met.add(arrival.home_id)
    return arrival


def _name(waiting: Waiting, region: str) -> _Named:
    happening = _decoder.decode(waiting.body)
    at = min(happening.at, waiting.received_at)
    addresses = [happening.sender, *happening.others] if happening.sender else []
    refs = [ref for address in addresses if (ref := _identifier(address, region, at)) is not None]
    sender = happening.sender
    if sender is None or not refs or refs[0].kind != sender.kind:
        return _Named(waiting, happening, [])  # its own name is junk: others beside it prove nothing
    return _Named(waiting, msgspec.structs.replace(happening, sender=Address(sender.kind, refs[0].value), at=at), refs)


def _identifier(address: Address, region: str, at: datetime) -> persons.NewIdentifier | None:
    value = persons.normalize(address.kind, address.value, region=region)
    if value is None:
        return None
    return persons.NewIdentifier(address.kind, value, persons.identifier_hash(address.kind, value), at)


def _arrive(named: _Named, homes: Mapping[UUID, int], owners: Mapping[int, Owner]) -> Arrival:
    waiting = named.waiting
    home = homes.get(named.refs[0].hash) if named.refs else None
    owner = None if home is None else owners.get(home)
    return Arrival(
        waiting.inbound_id,
        waiting.account_id,
        waiting.channel,
        home if owner else None,
        owner.person_id if owner else None,
        named.happening,
        waiting.received_at,
        is_first=owner is not None and owner.first_seen_at == named.refs[0].first_seen_at,
    )

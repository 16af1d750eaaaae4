"""Planning a broadcast: who is among those on whom variants are tried, and when each person's time is."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.broadcasts import crowds, sampling, timing
from fanwheel.loop.operate.broadcasts.contracts import Broadcast
from fanwheel.loop.operate.broadcasts.crowds import BITS, NEVER, CrowdRepository, Place
from fanwheel.loop.operate.broadcasts.repository import BroadcastRepository

if TYPE_CHECKING:
    from pyroaring import BitMap

PORTION: Final = 5_000


async def plan(tx: Transaction, found: Broadcast, *, now: datetime) -> int:
    """Give a portion of the people their times, and keep back who waits for a winner; how many were planned."""
    crowd = CrowdRepository(tx, found.broadcast_id)
    raw = await crowd.find_raw()
    if raw is None:
        return 0
    place, bits = raw
    taken = bits[:PORTION]
    people = [(place.chunk << BITS) + one for one in taken]
    changed = await crowd.list_planned(place.chunk)
    await _put(tx, found, people, changed, now=now)
    changed[place] = bits - taken
    await crowd.put(changed)
    return len(people)


async def _put(
    tx: Transaction, found: Broadcast, people: list[int], chunks: dict[Place, "BitMap"], *, now: datetime
) -> None:
    """Put people into the chunks of their times."""
    from pyroaring import BitMap

    tried, waiting = _split(found, people)
    groups: dict[tuple[str, datetime], list[int]] = {}
    if waiting:
        groups["rest", NEVER] = waiting
    for due_at, some in (await _dues(tx, found, tried, now=now)).items():
        groups["due", due_at] = some
    low = (1 << BITS) - 1
    for (part, due_at), some in groups.items():
        place = Place(part, due_at, some[0] >> BITS)
        bits = BitMap([person & low for person in some])
        chunks[place] = chunks[place] | bits if place in chunks else bits


def _split(found: Broadcast, people: list[int]) -> tuple[list[int], list[int]]:
    """Who is reached now, and who waits for a winner."""
    if found.experiment is None or found.winner is not None:
        return people, []
    share = found.experiment.share
    tried = [person for person in people if sampling.is_sampled(person, salt=found.salt, share=share)]
    chosen = set(tried)
    return tried, [person for person in people if person not in chosen]


async def _dues(tx: Transaction, found: Broadcast, people: list[int], *, now: datetime) -> dict[datetime, list[int]]:
    """People by when their time is."""
    schedule = found.schedule
    if not timing.is_by_person(schedule):
        return {found.starts_at or now: people} if people else {}
    clocks = await crowds.list_clocks(tx, people, trait=schedule.trait)
    brand_zone = await BroadcastRepository(tx).get_zone()
    known: dict[tuple[str, float | None], datetime] = {}
    dues: dict[datetime, list[int]] = {}
    for person in people:
        clock = clocks.get(person, ("", None))
        if clock not in known:
            zone, hour = clock
            known[clock] = timing.due_at(
                schedule, zone=zone, hour=hour, brand_zone=brand_zone, now=now, is_late=found.winner is not None
            )
        dues.setdefault(known[clock], []).append(person)
    return dues

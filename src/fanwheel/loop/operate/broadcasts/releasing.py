"""Going on with broadcasts: people are handed to the send path in portions, each a transaction of its own."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.kernel.clock import Clock
from fanwheel.loop.operate import reach
from fanwheel.loop.operate.broadcasts import crowds, pacing, planning, sampling, service
from fanwheel.loop.operate.broadcasts.contracts import Broadcast, Route
from fanwheel.loop.operate.broadcasts.crowds import BITS, CrowdRepository, Place
from fanwheel.loop.operate.broadcasts.lifecycle import wish_of

if TYPE_CHECKING:
    from pyroaring import BitMap

_SQL: Final = sqlfile.load("fanwheel.loop.operate.broadcasts", "releasing.sql")
PORTION: Final = 2_000
# So many may wait at the gate: more would only lie there, and be in the way of a pause.
AHEAD: int = 10_000
_CHUNKS: Final = 50


async def run_once(database: Database, clock: Clock) -> bool:
    """Go on with every broadcast by one portion; whether any could go on."""
    async with database.installation() as tx:
        rows = await tx.all(_SQL["list_workspaces"], now=clock())
    found = False
    for workspace in (row["workspace_id"] for row in rows):
        async with database.transaction(workspace) as tx:
            active = [row["broadcast_id"] for row in await tx.all(_SQL["list_active"], now=clock())]
        for broadcast_id in active:
            async with database.transaction(workspace) as tx:
                found |= await go_on(tx, broadcast_id, now=clock())
            await asyncio.sleep(0)
    return found


async def go_on(tx: Transaction, broadcast_id: int, *, now: datetime) -> bool:
    """Go on with a broadcast by one portion; whether there may be more to do at once."""
    if await tx.one_or_none(_SQL["take"], broadcast_id=broadcast_id, now=now) is None:
        return False
    found = await service.get(tx, broadcast_id)
    if found.state == "canceled":
        return await _clear(tx, found, now=now)
    if found.state == "scheduled":
        await _begin(tx, found, now=now)
    expires_at = now + timedelta(hours=found.expires_hours)
    tried = await reach.fall_back(tx, found.step, list_ways(found), now=now, expires_at=expires_at, most=PORTION)
    moved = 0
    if found.phase == "planning":
        moved = await _plan(tx, found, now=now)
    elif found.phase in ("testing", "rest"):
        moved = await _release(tx, found, now=now)
    is_over = not (tried or moved) and await _advance(tx, found, now=now)
    await _count(tx, found, now=now, must=is_over)
    # Whom a route does not reach turns up one by one, as messages go out: a few can wait for the next look.
    return moved > 0 or tried == PORTION


def list_ways(found: Broadcast) -> list[reach.Way]:
    """Which route follows which."""
    ways: list[reach.Way] = []
    last = len(found.routes) - 1
    for place, (route, said) in enumerate(zip(found.routes, found.wordings, strict=True)):
        if place == 0:
            continue
        before = found.wordings[place - 1]
        ways += [
            reach.Way(before[variant], str(place), route.channel, route.account_id or 0, number, place < last)
            for variant, number in said.items()
        ]
    return ways


async def _begin(tx: Transaction, found: Broadcast, *, now: datetime) -> None:
    """Who keeps an eye on it gets it first, by every route, and is counted nowhere."""
    await tx.run(_SQL["begin"], broadcast_id=found.broadcast_id)
    if found.seed_list_id is None:
        return
    seeds = await crowds.list_seeds(tx, found.seed_list_id)
    for place, (route, said) in enumerate(zip(found.routes, found.wordings, strict=True)):
        for number in said.values():
            wish = _wish(found, route, occurrence=f"{place}:{number}", now=now)
            step = f"broadcast-seed:{found.broadcast_id}"
            wish = msgspec.structs.replace(wish, step=step)
            await reach.intend_each(tx, wish, [(seed, number) for seed in seeds], falls_back=False, now=now)


async def _plan(tx: Transaction, found: Broadcast, *, now: datetime) -> int:
    """Give a portion of the people their times; how many."""
    planned = await planning.plan(tx, found, now=now)
    if not planned:
        phase = "testing" if found.experiment is not None and found.winner is None else "rest"
        await tx.run(_SQL["enter"], broadcast_id=found.broadcast_id, phase=phase)
        return 1
    return planned


async def _release(tx: Transaction, found: Broadcast, *, now: datetime) -> int:
    """Hand a portion of those to the send path whose time has come; how many."""
    waiting = await reach.count_due(tx, found.step, now=now, most=AHEAD)
    # Only whole portions: to make up at once for every message that has gone out would cost more than sending it.
    if waiting > AHEAD - PORTION:
        return 0
    allowed, paced_at = pacing.allow(found.per_minute, paced_at=found.paced_at, now=now, most=PORTION)
    if allowed <= 0:
        return 0
    crowd = CrowdRepository(tx, found.broadcast_id)
    people, left = _take(await crowd.list_due(now=now, most=_CHUNKS), allowed)
    if not people:
        return 0
    await crowd.put(left)
    route, said = found.routes[0], found.wordings[0]
    released = await reach.intend_each(
        tx,
        _wish(found, route, occurrence="0", now=now),
        [(person, said[_variant(found, person)]) for person in people],
        falls_back=len(found.routes) > 1,
        now=now,
    )
    if found.per_minute is not None:
        paced_at = pacing.give_back(allowed - len(people), per_minute=found.per_minute, paced_at=paced_at)
    await tx.run(_SQL["note_released"], broadcast_id=found.broadcast_id, released=released, paced_at=paced_at)
    return len(people)


def _take(chunks: Mapping[Place, "BitMap"], count: int) -> tuple[list[int], dict[Place, "BitMap"]]:
    """The first of the people, and what is left of the chunks that they were taken from."""
    people: list[int] = []
    left: dict[Place, BitMap] = {}
    for place, bits in chunks.items():
        if len(people) == count:
            break
        taken = bits[: count - len(people)]
        people += [(place.chunk << BITS) + one for one in taken]
        left[place] = bits - taken
    return people, left


def _variant(found: Broadcast, person: int) -> str:
    if found.winner is not None:
        return found.winner
    if not found.variants:
        return ""
    return sampling.variant_of(person, salt=found.salt, variants=found.variants)


def _wish(found: Broadcast, route: Route, *, occurrence: str, now: datetime) -> reach.Wish:
    wish = wish_of(found, route, 0, "")
    expires_at = now + timedelta(hours=found.expires_hours)
    return msgspec.structs.replace(wish, occurrence=occurrence, expires_at=expires_at)


async def _advance(tx: Transaction, found: Broadcast, *, now: datetime) -> bool:
    """Go over to the next phase where all of this one is done; whether the broadcast is over."""
    left = await CrowdRepository(tx, found.broadcast_id).find_next()
    if found.phase == "testing" and not left["due"]:
        phase = "deciding" if left["rest"] else "rest"
        await tx.run(_SQL["enter"], broadcast_id=found.broadcast_id, phase=phase)
    if found.phase != "rest" or left["due"] or left["raw"] or left["rest"]:
        return False
    accounts = [route.account_id or 0 for route in found.routes]
    if not await reach.is_settled(tx, found.step, accounts=accounts):
        return False
    await tx.run(_SQL["finish"], broadcast_id=found.broadcast_id, now=now)
    return True


async def _clear(tx: Transaction, found: Broadcast, *, now: datetime) -> bool:
    """Take back what came back to the gate after a broadcast was canceled, until nothing is on its way any more."""
    await reach.cancel(tx, found.step, now=now)
    accounts = [route.account_id or 0 for route in found.routes]
    if not await reach.is_in_flight(tx, found.step, accounts=accounts):
        await reach.resume(tx, found.step)
        await _count(tx, found, now=now, must=True)
    return False


async def _count(tx: Transaction, found: Broadcast, *, now: datetime, must: bool) -> None:
    """Keep how far it has come, so that a list of broadcasts need not count."""
    if not must and not await tx.value(_SQL["is_counting_due"], broadcast_id=found.broadcast_id, now=now):
        return
    states = await reach.count_progress(tx, found.step)
    flying = sum(states.pop(state, 0) for state in ("waiting", "claimed", "sending"))
    progress = {"audience": found.people or 0, "released": sum(states.values()) + flying, "waiting": flying, **states}
    encoded = msgspec.json.encode(progress).decode()
    await tx.run(_SQL["put_progress"], broadcast_id=found.broadcast_id, progress=encoded, now=now)

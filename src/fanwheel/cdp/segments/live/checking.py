"""The check: whether everybody is where all that is known, judged from scratch, says."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from fanwheel.cdp.segments.live.bitmaps import read_members
from fanwheel.cdp.segments.live.repository import LiveRepository
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import Clock, utc_now

_PATIENCE_S: Final = 3.0
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A segment in which some are who should not be, or the other way round; and some of them."""

    segment_id: int
    missing: int
    extra: int
    people: list[int]


async def check(
    settings: Settings, db: Database, workspace: int, *, clock: Clock = utc_now, patience_s: float = _PATIENCE_S
) -> list[Difference]:
    """The segments of a workspace that are not as they should be.

    What is on its way makes a difference for a moment, so whoever is in the wrong place must be so twice, with some
    seconds between.
    """
    first = await _compare(settings, db, workspace, clock)
    if not first:
        return []
    await asyncio.sleep(patience_s)
    second = await _compare(settings, db, workspace, clock)
    found = []
    for segment_id in sorted(first.keys() & second.keys()):
        missing, extra = (first[segment_id][side] & second[segment_id][side] for side in (0, 1))
        if missing or extra:
            people = sorted(missing | extra)[:_SHOWN]
            found.append(Difference(segment_id=segment_id, missing=len(missing), extra=len(extra), people=people))
    return found


async def _compare(
    settings: Settings, db: Database, workspace: int, clock: Clock
) -> dict[int, tuple[set[int], set[int]]]:
    """For each segment that is live and differs: who is missing, and who is in without being it."""
    from fanwheel.cdp.segments import analytic, tree

    async with db.transaction(workspace) as tx:
        rows = [row for row in await LiveRepository(tx).list_rules() if row.status == "live"]
    rules = {row.segment_id: msgspec.convert(row.live_rule, tree.Rule) for row in rows}
    if not rules:
        return {}
    built = await asyncio.to_thread(analytic.build, settings, db.dsn, workspace, rules, clock())
    should = {segment_id: set(ids.tolist()) for segment_id, ids in built}
    async with db.transaction(workspace) as tx:
        live = LiveRepository(tx)
        held = await read_members(live)
        kept = await live.list_standings()
    return _differences(should, held, kept)


def _differences(
    should: Mapping[int, set[int]], held: Mapping[int, set[int]], kept: Mapping[int, set[int]]
) -> dict[int, tuple[set[int], set[int]]]:
    found = {}
    for segment_id, wanted in should.items():
        bits, rows = held.get(segment_id, set()), kept.get(segment_id, set())
        missing, extra = wanted - (bits & rows), (bits | rows) - wanted
        if missing or extra:
            found[segment_id] = (missing, extra)
    return found

"""The follower: puts tags on and off and moves people through layers within moments, as rules hold and time passes.

It looks at who is in the hidden segments now, not at what entries and exits say; those only tell whom to look at. So
what it writes is right however often, and however late, it comes by. One transaction takes some entries and exits, or
goes through some people after a rule was built, writes tags and classes, folds the people and notes how far it is: a
crash at any instant repeats nothing and loses nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from time import monotonic
from typing import Any, Final

from fanwheel.cdp import persons, tags
from fanwheel.cdp.carrying.repository import Built, CarryingRepository
from fanwheel.cdp.layers import moving
from fanwheel.cdp.segments import service as segments
from fanwheel.cdp.tags import ruling
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.kernel.clock import Clock, utc_now

# Whoever changes one of these people meanwhile waits, and a worker on a busy machine is slow.
MOST: Final = 250
_LOOK_EVERY_S: Final = 0.3


class Follower:
    """Follows the rules of tags and layers in every workspace, and takes tags off that expire.

    Parameters
    ----------
    clock : by which time passes
    most : entries and exits, or people, of one transaction
    look_every_s : so often it looks for what nobody told it of
    """

    def __init__(self, *, clock: Clock = utc_now, most: int = MOST, look_every_s: float = _LOOK_EVERY_S) -> None:
        self.clock = clock
        self._most = most
        self._look_every_s = look_every_s
        self._looked_at = float("-inf")
        self._behind: set[int] = set()
        self._expiring: dict[int, datetime] = {}

    def wake(self) -> None:
        """Somebody may have entered or left a segment."""
        self._looked_at = float("-inf")

    def rests_s(self) -> float:
        """How long it may rest unless it is woken: until a tag expires, at most."""
        first = min(self._expiring.values(), default=None)
        until = self._look_every_s if first is None else (first - self.clock()).total_seconds()
        return min(max(until, 0.0), self._look_every_s)

    async def run_once(self, db: Database) -> set[int]:
        """Do what is to be done now; the workspaces in which there was something. Costs a look while there is not."""
        await self._look(db)
        now, found = self.clock(), set()
        for workspace in sorted(self._behind | {each for each, at in self._expiring.items() if at <= now}):
            if await self.follow(db, workspace):
                found.add(workspace)
        self._looked_at = float("-inf") if found else self._looked_at
        return found

    async def follow(self, db: Database, workspace: int) -> bool:
        """Do some of what is to be done in one workspace; whether there was anything."""
        async with db.transaction(workspace) as tx:
            carrying = CarryingRepository(tx)
            if not await carrying.try_lock():
                return False
            now = self.clock()
            expired = await tags.expire(tx, now=now)
            changes = await carrying.list_changes(most=self._most)
            if changes:
                ours = [change for change in changes if change.is_ours]
                await self._settle(tx, [(each.segment_id, each.person_id, each.changed_at) for each in ours])
                await carrying.follow_to(changes[-1].change_id)
                return True
            built = await carrying.find_built()
            if built is not None:
                await self._go_through(tx, built)
            return expired > 0 or built is not None

    async def _look(self, db: Database) -> None:
        if monotonic() - self._looked_at < self._look_every_s:
            return
        self._looked_at = monotonic()
        async with db.installation() as tx:
            rows = await CarryingRepository(tx).list_work()
        self._behind = {row["workspace_id"] for row in rows if row["is_behind"]}
        self._expiring = {row["workspace_id"]: row["expires_at"] for row in rows if row["expires_at"] is not None}

    async def _go_through(self, tx: Transaction, built: Built) -> None:
        """Settle the next people who are in a rule that was built, or were."""
        kept = ruling.list_kept if built.purpose == "tag" else moving.list_in_class
        members = await segments.members(tx, built.segment_id, after=built.carried_to, limit=self._most)
        known = await kept(tx, built.segment_id, after=built.carried_to, most=self._most)
        asked = _first(members, known, most=self._most)
        await self._settle(tx, [(built.segment_id, person, built.built_at) for person in asked])
        carrying = CarryingRepository(tx)
        if len(members) < self._most and len(known) < self._most:
            await carrying.finish(built)
        else:
            await carrying.step(built.segment_id, carried_to=asked[-1])

    async def _settle(self, tx: Transaction, moves: Sequence[tuple[int, int, datetime]]) -> None:
        if not moves:
            return
        numbers, people, moments = zip(*moves, strict=True)
        columns: dict[str, Any] = {
            "segments": _array(numbers),
            "persons": _array(people),
            "moments": list(moments),
            "homes": _array(await CarryingRepository(tx).hold_persons(set(people))),
        }
        moved = await ruling.settle(tx, columns) | await moving.settle(tx, columns)
        if moved:
            await persons.refold(tx, moved)


def _first(one: list[int], other: list[int], *, most: int) -> list[int]:
    """The ids that are in either list up to where both are known; a list of ``most`` may go on."""
    ends = [each[-1] for each in (one, other) if len(each) >= most]
    last = min(ends) if ends else None
    return sorted(each for each in {*one, *other} if last is None or each <= last)


def _array(values: Iterable[int]) -> str:
    return "{" + ",".join(map(str, values)) + "}"

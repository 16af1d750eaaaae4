"""Building: a new rule, or a changed one, is brought before everybody, some people at a time.

Persons whom the build has passed follow the new rule, the others the old one; each of its steps is a transaction under
the judge's lock. So a build that was cut short goes on where it stood, and the live stream goes on meanwhile.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
import structlog

from fanwheel.cdp.segments.live import formulas, wholesale
from fanwheel.cdp.segments.live.judge import Judge
from fanwheel.cdp.segments.live.repository import LiveRepository
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Database
from fanwheel.infra.postgres.pool import Row
from fanwheel.infra.settings import Settings
from fanwheel.kernel.errors import FanwheelError

_log: Final = structlog.get_logger()
_SQL: Final = sqlfile.load("fanwheel.cdp.segments.live", "live.sql")
_AT_ONCE: Final = 1_000
# From so many people on it is faster to work rules out from all events than from what is remembered of each person.
_MANY: Final = 20_000


class Builder:
    """Builds segments and computed traits of every workspace; one worker at a time works on a workspace.

    Parameters
    ----------
    at_once : people of one transaction
    wholesale_from : from how many people on rules are worked out for everybody at once
    """

    def __init__(
        self, settings: Settings, judge: Judge, *, at_once: int = _AT_ONCE, wholesale_from: int = _MANY
    ) -> None:
        self._settings = settings
        self._judge = judge
        self._at_once = at_once
        self._many = wholesale_from

    async def run_once(self, db: Database) -> bool:
        """Build what is to be built; whether there was anything."""
        async with db.installation() as tx:
            work = [row["workspace_id"] for row in await LiveRepository(tx).list_work() if row["is_building"]]
        return any([await self.build(db, workspace) for workspace in work])

    async def build(self, db: Database, workspace: int) -> bool:
        """Build the segments of one workspace, unless another worker is at it; whether there was anything.

        Computed traits come first, because rules mention them.
        """
        async with _alone(db, workspace) as is_mine:
            if not is_mine:
                return False
            # Nothing of what is deleted needs the past.
            found = await formulas.retire(db, workspace)
            found = await formulas.sweep(db, workspace) or found
            if not await self._fill(db, workspace):
                return found
            found = await formulas.build(db, workspace, self._judge, at_once=self._at_once) or found
            tried: set[int] = set()
            while group := await self._next_group(db, workspace):
                found = True
                if not tried & group.keys() and await self._is_crowded(db, workspace, group):
                    tried |= group.keys()
                    rules = {segment_id: row["rule"] for segment_id, row in group.items()}
                    await wholesale.build(self._settings, db, workspace, self._judge, group=rules)
                    continue
                await self._pass(db, workspace, list(group))
            return found

    async def _is_crowded(self, db: Database, workspace: int, group: Mapping[int, Row]) -> bool:
        """Whether many people wait for the segments of a group."""
        after = min(row["built_to"] for row in group.values())
        async with db.transaction(workspace) as tx:
            return await LiveRepository(tx).count_after(after, most=self._many) == self._many

    async def _fill(self, db: Database, workspace: int) -> bool:
        """Have the past remembered for metrics that are new; whether that worked."""
        async with db.transaction(workspace) as tx:
            rows = await LiveRepository(tx).list_metrics()
        missing = [row["metric_id"] for row in rows if not row["is_ready"]]
        if missing:
            from fanwheel.cdp.segments.live import backfill

            try:
                await backfill.fill(self._settings, db, workspace, missing)
            except FanwheelError as error:
                # The lake settles, or a disk is full: the next turn tries again.
                _log.warning("segments could not be filled from the past; trying again", reason=error.message)
                return False
        return True

    async def _next_group(self, db: Database, workspace: int) -> dict[int, Row]:
        """The segments to be built next: those that have come least far and mention none that waits itself."""
        async with db.transaction(workspace) as tx:
            live = LiveRepository(tx)
            rows = await live.list_building()
            ready = {row["metric_id"] for row in await live.list_metrics() if row["is_ready"]}
            every = {row["metric_id"] for row in await live.list_metrics()}
        if not rows or every - ready:
            return {}
        waiting = {row["segment_id"] for row in rows}
        free = [row for row in rows if not waiting & mentioned(row["rule"])]
        least = min((row["built_to"] for row in free), default=0)
        return {row["segment_id"]: row for row in free if row["built_to"] == least}

    async def _pass(self, db: Database, workspace: int, group: list[int]) -> None:
        """Bring the next people before the segments of a group, until all were or the group is another."""
        from fanwheel.cdp.segments import service  # rules are read there, which an idle worker need not

        async with db.transaction(workspace) as tx:
            live = LiveRepository(tx)
            await live.lock()
            state = await live.find_state()
            if state is None or not set(group) <= state.built_to.keys():
                return
            places = {state.built_to[segment_id] for segment_id in group}
            if len(places) > 1:
                return
            now_us = await self._judge.set_clock(live, state)
            asked = await live.list_next(places.pop(), most=self._at_once)
            if not asked:
                await live.finish_build(group, now_us=now_us)
                await service.turn_page(tx)
                return
            court = await self._judge.court(tx, state)
            passed: dict[int | str, int] = {**state.built_to, **dict.fromkeys(group, asked[-1])}
            next_us = await court.hear(tx, asked, now_us, built_to=passed, building=group)
            await live.step_build(group, built_to=asked[-1])
            await live.step_clock(now_us)
        self._judge.expect(workspace, next_us)


@asynccontextmanager
async def _alone(db: Database, workspace: int) -> AsyncIterator[bool]:
    """Whether no other worker builds segments of the workspace; if it dies, the database lets the next one in."""
    async with db.connection() as conn:
        await conn.set_autocommit(True)
        bound = {"workspace": workspace}
        cursor = await conn.execute(_SQL["try_build_lock"].encode(), bound)
        row = await cursor.fetchone()
        is_mine = bool(row and row["is_held"])
        try:
            yield is_mine
        finally:
            if is_mine:
                await conn.execute(_SQL["build_unlock"].encode(), bound)
            await conn.set_autocommit(False)


def mentioned(rule: Mapping[str, Any]) -> set[int]:
    """The segments that a stored rule mentions."""
    from fanwheel.cdp.segments import reading, tree

    return set(reading.mentioned_segments(msgspec.convert(rule, tree.Rule)))

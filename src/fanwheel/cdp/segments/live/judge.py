"""The judge: has everybody who changed, or whose time has come, in the right segments within moments.

One transaction judges some people of one workspace: it takes their notes, writes where they stand, moves them in the
bitmaps and adds the facts of entry and exit. So a crash at any instant repeats nothing and loses nothing. It writes
last: from its first write on, readers of the stream wait for its end.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Final

from fanwheel.cdp.segments.live.repository import LiveRepository, State
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.kernel.clock import Clock, utc_now

if TYPE_CHECKING:
    from fanwheel.cdp.segments.live.courts import Court
    from fanwheel.cdp.segments.live.growth import Growth

MOST: Final = 2_000
_LOOK_EVERY_S: Final = 0.3
_TICK_S: Final = 0.001
_TOLERANCE_US: Final = 5_000_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(slots=True)
class Turn:
    """What one transaction did."""

    judged: int = 0
    is_full: bool = False  # there may be more to do at once


class Judge:
    """Judges the people of every workspace; keeps the rules of each ready.

    Parameters
    ----------
    clock : by which time passes
    most : people of one transaction
    look_every_s : so often it looks for notes that nobody told it of
    """

    def __init__(self, *, clock: Clock = utc_now, most: int = MOST, look_every_s: float = _LOOK_EVERY_S) -> None:
        self.clock = clock
        self._most = most
        self._look_every_s = look_every_s
        self._courts: dict[int, Court] = {}
        self._growths: dict[int, Growth] = {}
        self._awake: set[int] = set()
        self._woken = asyncio.Event()
        self._due_us: dict[int, int] = {}
        self._looked_at = float("-inf")
        self.is_building = False  # whether segments wait to be built, as far as was seen

    def wake(self, workspaces: Iterable[int]) -> None:
        """There may be notes of people of ``workspaces``."""
        self._awake.update(workspaces)
        if self._awake:
            self._woken.set()

    def look_again(self) -> None:
        """Something may have been written that concerns it."""
        self._looked_at = float("-inf")
        self._woken.set()

    async def rest(self, seconds: float) -> None:
        """Wait until somebody wakes the judge or time asks for somebody, but no longer than so long."""
        due_us = min(self._due_us.values(), default=None)
        if due_us is not None:
            seconds = min(seconds, max((due_us - to_us(self.clock())) / 1e6, 0) + _TICK_S)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), seconds)

    def expect(self, workspace: int, next_us: int | None) -> None:
        """Time alone will ask for somebody of ``workspace`` at an instant."""
        if next_us is not None:
            self._due_us[workspace] = min(next_us, self._due_us.get(workspace, next_us))

    async def run_once(self, db: Database) -> bool:
        """Judge who is to be judged now; whether there was anybody. Costs nothing while nobody is."""
        await self._look(db)
        now_us = to_us(self.clock())
        asked = self._awake | {workspace for workspace, due_us in self._due_us.items() if due_us <= now_us}
        self._awake.clear()
        self._woken.clear()
        found = False
        for workspace in sorted(asked):
            turn = await self.judge(db, workspace)
            found = found or turn.judged > 0
            if turn.is_full:
                self._awake.add(workspace)
        return found

    async def _look(self, db: Database) -> None:
        if monotonic() - self._looked_at < self._look_every_s:
            return
        self._looked_at = monotonic()
        async with db.installation() as tx:
            rows = await LiveRepository(tx).list_work()
        self._awake.update(row["workspace_id"] for row in rows if row["is_noted"])
        self._due_us = {row["workspace_id"]: to_us(row["due_at"]) for row in rows if row["due_at"] is not None}
        self.is_building = any(row["is_building"] for row in rows)

    async def judge(self, db: Database, workspace: int) -> Turn:
        """Judge some people of one workspace; whoever else is at it is waited for."""
        async with db.transaction(workspace) as tx:
            live = LiveRepository(tx)
            await live.lock()
            state = await live.find_state()
            if state is None:
                self._due_us.pop(workspace, None)
                return Turn()
            now_us = await self.set_clock(live, state)
            noted = await live.list_notes(most=self._most)
            due = await live.list_due(now_us, most=self._most)
            asked = {*(note.person_id for note in noted), *due}
            if not asked:
                self._due_us.pop(workspace, None)
                return Turn()
            court = await self.court(tx, state)
            grew: dict[int, set[str | int]] = {}
            if state.is_building:
                await live.add_rechecks(asked)
            elif not state.built_to:
                growth = self._growths[workspace]
                grew = growth.grown(noted)
                # What grew does not make anybody due any sooner.
                asked -= await growth.list_left(live, grew) - set(due)
                # Of whom nobody has told anything nothing has changed but the hour.
                grew |= {person_id: set() for person_id in set(due) - {note.person_id for note in noted}}
            if asked:
                await court.hear(tx, asked, now_us, built_to=state.built_to, grew=grew)
            await live.delete_notes([note.note_id for note in noted])
            next_us = await live.step_clock(now_us)
        self._due_us.pop(workspace, None)
        self.expect(workspace, next_us)
        return Turn(len(asked) or len(noted), len(noted) == self._most or len(due) == self._most)

    async def court(self, tx: Transaction, state: State) -> "Court":
        """The rules of the workspace in hand, read anew if they have changed."""
        # Rules, and what reads them, are not needed where there are no segments.
        from fanwheel.cdp.segments.live.courts import Court
        from fanwheel.cdp.segments.live.growth import Growth

        assert tx.workspace is not None
        court = self._courts.get(tx.workspace)
        if court is None or (court.revision, court.zone.key) != (state.revision, state.time_zone):
            court = self._courts[tx.workspace] = await Court.open(tx, state)
            self._growths[tx.workspace] = await Growth.open(tx, court.book)
        return court

    async def set_clock(self, live: LiveRepository, state: State) -> int:
        """The instant to judge for.

        If the clock was set back, whoever was judged for later is judged again; if the workspace has moved to another
        time zone, whoever waits for a moment is.
        """
        now_us = await self._set_clock(live, state)
        if state.time_zone != state.judged_zone:
            await live.move_zone(state.time_zone, now_us=now_us)
        return now_us

    async def _set_clock(self, live: LiveRepository, state: State) -> int:
        now_us = to_us(self.clock())
        if state.judged_us is None or now_us >= state.judged_us:
            return now_us
        if state.judged_us - now_us <= _TOLERANCE_US:
            # Clocks of two machines differ, and are put right a little at a time: time stands still until they agree.
            return state.judged_us
        await live.set_clock_back(now_us)
        await live.step_clock(now_us)
        return now_us


def to_us(at: datetime) -> int:
    """An instant in epoch microseconds."""
    return (at - _EPOCH) // _MICROSECOND

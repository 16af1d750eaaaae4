"""The receiver: takes in what waits, portion by portion; what cannot be taken in is set aside and blocks nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
import psycopg
import structlog

from fanwheel.cdp import consent, scores
from fanwheel.domains.private.channels import inbound
from fanwheel.domains.private.channels.inbound import Waiting
from fanwheel.infra.postgres import Database, DatabaseDownError
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import Clock, utc_now
from fanwheel.kernel.errors import FanwheelError
from fanwheel.loop.operate.receiving import handling, meeting

_log: Final = structlog.get_logger()
_MOST: Final = 500
# Somebody else wrote the same rows in another order: nothing is wrong with any of them.
_AGAIN: Final = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)


class Receiver:
    """Takes in what came to workspaces; one worker at a time does so for each, so that its order is kept."""

    def __init__(self, settings: Settings, database: Database, *, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._hasher = consent.AddressHasher(settings)
        self._most: dict[int, int] = {}

    async def run_once(self) -> bool:
        """Take in a portion of each workspace; whether there was any."""
        found = [await self.take_in(workspace) for workspace in await inbound.list_workspaces(self._database)]
        return any(found)

    async def take_in(self, workspace: int) -> int:
        """Take in what waits in one workspace, some of it at a time; how much that was.

        A portion that fails is tried again in halves, until what cannot be taken in stands alone.
        """
        waiting: Sequence[Waiting] = ()
        now = self._clock()
        try:
            async with self._database.transaction(workspace) as tx:
                waiting = await inbound.claim(tx, now=now, most=self._most.get(workspace, _MOST)) or ()
                if waiting:
                    arrivals = await meeting.meet(tx, waiting)
                    await handling.handle(tx, arrivals, hasher=self._hasher, now=now)
                    await inbound.settle(tx, [each.inbound_id for each in waiting], now=now)
        except (DatabaseDownError, *_AGAIN):
            raise
        except Exception as error:  # noqa: BLE001 - whatever one message does to us, the others are taken in
            await self._blame(workspace, waiting, error, now=now)
            return len(waiting)
        self._most[workspace] = min(_MOST, max(2 * len(waiting), self._most.get(workspace, _MOST)))
        return len(waiting)

    async def chase(self) -> bool:
        """Answer those by rule who have waited too long for another answer; whether there were any."""
        found = 0
        for workspace in await scores.list_workspaces(self._database):
            async with self._database.transaction(workspace) as tx:
                found += await handling.chase(tx, now=self._clock())
        return found > 0

    async def _blame(self, workspace: int, waiting: Sequence[Waiting], error: Exception, *, now: datetime) -> None:
        """Find what a portion failed over: smaller portions from now on, or this one alone is set aside."""
        if not waiting:
            raise error
        if len(waiting) > 1:
            self._most[workspace] = len(waiting) // 2
            return
        async with self._database.transaction(workspace) as tx:
            is_final = await inbound.set_aside(tx, waiting[0], error=_describe(error), now=now)
        _log.error(
            "a message could not be taken in",
            channel=waiting[0].channel,
            inbound=waiting[0].inbound_id,
            error=type(error).__name__,
            is_final=is_final,
        )


def _describe(error: Exception) -> str:
    """What went wrong, without what a person wrote: only errors of ours say nothing of it."""
    if isinstance(error, FanwheelError):
        return error.message
    if isinstance(error, msgspec.DecodeError):
        return "It does not have the shape of a happening."
    return type(error).__name__

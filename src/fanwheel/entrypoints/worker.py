"""The worker: reads committed events, keeps what is derived from them, moves them to the lake."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from fanwheel.infra.lake import Exporter
from fanwheel.infra.postgres import Database, DatabaseDownError
from fanwheel.infra.settings import Settings
from fanwheel.loop import wheel

_log: Final = structlog.get_logger()
_IDLE_SECONDS: Final = 0.2
_TIDY_SECONDS: Final = 5.0
_UPKEEP_SECONDS: Final = 60.0
_RETRY_SECONDS: Final = 2.0
_NICENESS: Final = 10

Step = Callable[[], Awaitable[bool]]


async def run(settings: Settings, dsn: str, stop: asyncio.Event) -> None:
    """Work until ``stop`` is set; a step that is under way is finished first."""
    # What is derived may lag behind for a moment; who sends events waits for the answer.
    os.nice(_NICENESS)
    async with await Database.open(dsn, max_size=4, niceness=_NICENESS) as database:
        exporter = Exporter(settings, dsn)
        projector = wheel.projector()

        async def project() -> bool:
            return bool(await projector.run_once(database))

        async def export() -> bool:
            await asyncio.to_thread(exporter.run_once)
            return False

        async def tidy() -> bool:
            return await wheel.tidy(database) > 0

        async def upkeep() -> bool:
            await asyncio.to_thread(_upkeep, exporter)
            return False

        try:
            await asyncio.gather(
                _every(_IDLE_SECONDS, project, stop),
                _every(settings.lake_seconds, export, stop),
                _every(_TIDY_SECONDS, tidy, stop),
                _every(_UPKEEP_SECONDS, upkeep, stop),
            )
        finally:
            exporter.close()


def _upkeep(exporter: Exporter) -> None:
    exporter.erase_once()
    exporter.compact_once()
    exporter.drop_partitions_once()


async def _every(seconds: float, step: Step, stop: asyncio.Event) -> None:
    """Run ``step`` again at once while it finds work, else after ``seconds``; failures are retried."""
    while not stop.is_set():
        try:
            if await step():
                continue
            pause = seconds
        except DatabaseDownError:
            _log.warning("the database is down; trying again", step=step.__name__)
            pause = _RETRY_SECONDS
        except Exception:  # noqa: BLE001 - one failing step must not stop the others
            _log.exception("a step of the worker failed; trying again", step=step.__name__)
            pause = _RETRY_SECONDS
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            continue

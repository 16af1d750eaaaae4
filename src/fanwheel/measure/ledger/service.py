"""Ledgers of a workspace: worked out in a process of its own, kept, and renewed behind the reader's back."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import structlog
from pydantic import TypeAdapter

from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.measure.ledger import schemas, work

_log: Final = structlog.get_logger()
_TIMES_ITS_COST: Final = 10
_SHORTEST_S: Final = 5.0
_LONGEST_S: Final = 300.0
_STALEST: Final = timedelta(hours=1)
_MOST: Final = 64
_AT_ONCE: Final = 1
_READER: Final = TypeAdapter(schemas.Ledger)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of one workspace."""

    workspace: int
    first: date | None
    last: date
    by: schemas.By
    margin: float


@dataclass(frozen=True, slots=True)
class _Kept:
    ledger: schemas.Ledger
    good_until: float


Make = Callable[[Asked], Awaitable[schemas.Ledger]]


class Ledgers:
    """Answers by question, served while fresh; later at once too, and renewed meanwhile.

    An answer is fresh for ten times as long as it took to make, at most five minutes. One of more than an hour ago is
    not shown any more. One is made at a time.
    """

    def __init__(self, make: Make) -> None:
        self._make = make
        self._kept: OrderedDict[Asked, _Kept] = OrderedDict()
        self._running: dict[Asked, asyncio.Task[schemas.Ledger]] = {}
        self._free = asyncio.Semaphore(_AT_ONCE)

    @classmethod
    def of(cls, settings: Settings, dsn: str) -> "Ledgers":
        """Ledgers over the lake and the database of an installation."""

        async def make(asked: Asked) -> schemas.Ledger:
            wanted = work.Work.of(settings, dsn, workspace=asked.workspace, margin=asked.margin, last=asked.last)
            wanted.first, wanted.by = asked.first, asked.by
            return _READER.validate_json(await work.run(wanted))

        return cls(make)

    async def get(self, asked: Asked) -> schemas.Ledger:
        """The answer to a question: fresh, or the one at hand while another is made."""
        kept = self._kept.get(asked)
        if kept and time.monotonic() < kept.good_until:
            return kept.ledger
        task = self._running.get(asked)
        if task is None:
            task = asyncio.create_task(self._renew(asked))
            self._running[asked] = task
            task.add_done_callback(lambda done: self._finished(asked, done))
        if kept is None or utc_now() - kept.ledger.as_of > _STALEST:
            return await asyncio.shield(task)
        return kept.ledger

    async def close(self) -> None:
        """End what is being made."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        for task in running:
            with suppress(asyncio.CancelledError, Exception):
                await task

    async def _renew(self, asked: Asked) -> schemas.Ledger:
        async with self._free:
            began = time.monotonic()
            ledger = await self._make(asked)
        ended = time.monotonic()
        good_for = min(max(_TIMES_ITS_COST * (ended - began), _SHORTEST_S), _LONGEST_S)
        self._kept[asked] = _Kept(ledger, ended + good_for)
        self._kept.move_to_end(asked)
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return ledger

    def _finished(self, asked: Asked, task: "asyncio.Task[schemas.Ledger]") -> None:
        self._running.pop(asked, None)
        if not task.cancelled() and (error := task.exception()):
            _log.error("ledger failed", workspace=asked.workspace, error=type(error).__name__)

"""Answers that are always at hand, seldom older than ten times what they cost to work out."""

import asyncio
import ctypes
import math
import os
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, Protocol, TypeVar

import structlog

from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now

_log: Final = structlog.get_logger()
WORTH_WAITING_S: Final = 1.0
_PATIENCE_S: Final = 3.0
_SHORTEST_S: Final = 0.3
_LONGEST_S: Final = 60.0
_TIMES_ITS_COST: Final = 10
_STALEST: Final = timedelta(hours=1)
_MOST_KEPT: Final = 32
_THREADS: Final = 2
_NICENESS: Final = 5


class Dated(Protocol):
    """What a desk keeps says how old it is."""

    @property
    def as_of(self) -> datetime:
        """The instant whose data it shows."""
        ...


Key = TypeVar("Key", bound=Hashable)
Paper = TypeVar("Paper", bound=Dated)


@dataclass(frozen=True, slots=True)
class _Kept(Generic[Paper]):
    paper: Paper
    took_s: float
    good_until: float


class Desk(Generic[Key, Paper]):
    """Papers by question, served while fresh and renewed behind the reader's back.

    What is worked out in a fraction of a second is waited for, so that readers see the newest
    figures (up to three seconds where the machine is busy). What takes longer is answered at once
    with figures whose ``as_of`` says how old they are (about a minute while somebody looks), and
    renewed by a thread meanwhile. Figures of more than an hour ago are not shown any more.
    """

    def __init__(
        self,
        write: Callable[[Key], Paper],
        *,
        find: Callable[[Key], Paper | None] | None = None,
        effort: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write = write
        self._find = find
        self._effort = effort
        self._kept: OrderedDict[Key, _Kept[Paper]] = OrderedDict()
        self._opened: dict[Key, asyncio.Task[None]] = {}
        self._running: dict[Key, asyncio.Task[Paper]] = {}
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="report", initializer=_give_way)

    async def ask(self, key: Key) -> Paper:
        """The paper that answers a question: fresh, or the one at hand if renewing takes longer than a reader waits."""
        if self._find:
            await asyncio.shield(self._opened.get(key) or self._start_opening(key, self._find))
        kept = self._kept.get(key)
        if kept and time.monotonic() < kept.good_until:
            return kept.paper
        task = self._running.get(key)
        if task is None:
            task = asyncio.create_task(self._renew(key))
            self._running[key] = task
            task.add_done_callback(lambda done: self._finished(key, done))
        if kept is None or utc_now() - kept.paper.as_of > _STALEST:
            return await asyncio.shield(task)
        if kept.took_s <= WORTH_WAITING_S:
            with suppress(TimeoutError):
                return await asyncio.wait_for(asyncio.shield(task), _PATIENCE_S)
        return kept.paper

    def close(self) -> None:
        """Start no more work; what runs is not waited for. To be called in the loop that asked."""
        for task in (*self._running.values(), *self._opened.values()):
            task.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _start_opening(self, key: Key, find: Callable[[Key], Paper | None]) -> "asyncio.Task[None]":
        def forget_failure(done: "asyncio.Task[None]") -> None:
            if done.cancelled() or done.exception():
                del self._opened[key]

        task = asyncio.create_task(self._open(key, find))
        self._opened[key] = task
        task.add_done_callback(forget_failure)
        return task

    async def _open(self, key: Key, find: Callable[[Key], Paper | None]) -> None:
        """Begin with what an earlier process left."""
        paper = await asyncio.get_running_loop().run_in_executor(self._pool, find, key)
        if paper:
            self._kept[key] = _Kept(paper, math.inf, 0.0)

    async def _renew(self, key: Key) -> Paper:
        began, effort = time.monotonic(), self._effort()
        paper = await asyncio.get_running_loop().run_in_executor(self._pool, self._write, key)
        ended = time.monotonic()
        cost = min(ended - began, self._effort() - effort)
        good_for = min(max(_TIMES_ITS_COST * cost, _SHORTEST_S), _LONGEST_S)
        self._kept[key] = _Kept(paper, ended - began, ended + good_for)
        self._kept.move_to_end(key)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return paper

    def _finished(self, key: Key, task: "asyncio.Task[Paper]") -> None:
        self._running.pop(key, None)
        if not task.cancelled() and (error := task.exception()):
            _log.error("report failed", key=key, error=type(error).__name__)


def effort_of(settings: Settings) -> Callable[[], float]:
    """The clock that says what work costs."""
    # On a busy machine the wall clock would call a small report dear; on a cluster the work is done elsewhere.
    return time.process_time if settings.engine == "duckdb" else time.monotonic


def _give_way() -> None:
    """Let ingest go first: on Linux a thread has its own niceness, and DuckDB's threads inherit it."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def give_memory_back() -> None:
    """Hand memory that a report needed back to the system."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # only glibc has it
            ctypes.CDLL(None).malloc_trim(0)

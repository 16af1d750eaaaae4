"""Reports of a workspace: always at hand, seldom older than ten times what they cost to work out."""

import asyncio
import ctypes
import math
import os
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now

if TYPE_CHECKING:
    # DuckDB, Arrow and NumPy are loaded with the first report, not with the server.
    from fanwheel.measure.reports.cubes import Book

_log: Final = structlog.get_logger()
_PATIENCE_S: Final = 3.0
_WORTH_WAITING_S: Final = 1.0
_SHORTEST_S: Final = 0.3
_LONGEST_S: Final = 60.0
_TIMES_ITS_COST: Final = 10
_STALEST: Final = timedelta(hours=1)
_MOST_BOOKS: Final = 32
_THREADS: Final = 2
_NICENESS: Final = 5

Write = Callable[[int], "Book"]
Find = Callable[[int], "Book | None"]


@dataclass(frozen=True, slots=True)
class _Kept:
    book: "Book"
    took_s: float
    good_until: float


class Reports:
    """Books of cubes by workspace, served while fresh and renewed behind the reader's back.

    A small workspace is worked out in a fraction of a second, so its readers wait for the newest
    figures (up to three seconds where the machine is busy). A large one answers at once with
    figures whose ``as_of`` says how old they are (about a minute while somebody looks), and is
    renewed by a thread meanwhile. Figures of more than an
    hour ago are not shown any more.
    """

    def __init__(
        self, write: Write, *, find: Find = lambda _: None, effort: Callable[[], float] = time.monotonic
    ) -> None:
        self._write = write
        self._find = find
        self._effort = effort
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._opened: dict[int, asyncio.Task[None]] = {}
        self._running: dict[int, asyncio.Task[Book]] = {}
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="report", initializer=_give_way)

    @classmethod
    def of(cls, settings: Settings, dsn: str) -> "Reports":
        """Reports over the lake and the database of an installation."""
        # On a busy machine the wall clock would call a small report dear; on a cluster the work is done elsewhere.
        effort = time.process_time if settings.engine == "duckdb" else time.monotonic
        return cls(
            lambda workspace: _write_book(settings, dsn, workspace),
            find=lambda workspace: _find_book(settings, dsn, workspace),
            effort=effort,
        )

    async def book(self, workspace: int) -> "Book":
        """The cubes of a workspace: fresh, or those at hand if renewing them takes longer than a reader waits."""
        await asyncio.shield(self._opened.get(workspace) or self._start_opening(workspace))
        kept = self._kept.get(workspace)
        if kept and time.monotonic() < kept.good_until:
            return kept.book
        task = self._running.get(workspace)
        if task is None:
            task = asyncio.create_task(self._renew(workspace))
            self._running[workspace] = task
            task.add_done_callback(lambda done: self._finished(workspace, done))
        if kept is None or utc_now() - kept.book.as_of > _STALEST:
            return await asyncio.shield(task)
        if kept.took_s <= _WORTH_WAITING_S:
            with suppress(TimeoutError):
                return await asyncio.wait_for(asyncio.shield(task), _PATIENCE_S)
        return kept.book

    def close(self) -> None:
        """Start no more work; what runs is not waited for. To be called in the loop that asked."""
        for task in (*self._running.values(), *self._opened.values()):
            task.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _start_opening(self, workspace: int) -> "asyncio.Task[None]":
        def forget_failure(done: "asyncio.Task[None]") -> None:
            if done.cancelled() or done.exception():
                del self._opened[workspace]

        task = asyncio.create_task(self._open(workspace))
        self._opened[workspace] = task
        task.add_done_callback(forget_failure)
        return task

    async def _open(self, workspace: int) -> None:
        """Begin with what an earlier process left."""
        book = await asyncio.get_running_loop().run_in_executor(self._pool, self._find, workspace)
        if book:
            self._kept[workspace] = _Kept(book, math.inf, 0.0)

    async def _renew(self, workspace: int) -> "Book":
        began, effort = time.monotonic(), self._effort()
        book = await asyncio.get_running_loop().run_in_executor(self._pool, self._write, workspace)
        ended = time.monotonic()
        cost = min(ended - began, self._effort() - effort)
        good_for = min(max(_TIMES_ITS_COST * cost, _SHORTEST_S), _LONGEST_S)
        self._kept[workspace] = _Kept(book, ended - began, ended + good_for)
        self._kept.move_to_end(workspace)
        if len(self._kept) > _MOST_BOOKS:
            self._kept.popitem(last=False)
        return book

    def _finished(self, workspace: int, task: "asyncio.Task[Book]") -> None:
        self._running.pop(workspace, None)
        if not task.cancelled() and (error := task.exception()):
            _log.error("report failed", workspace=workspace, error=type(error).__name__)


def _find_book(settings: Settings, dsn: str, workspace: int) -> "Book | None":
    if not (settings.home / "reports").exists():
        return None
    from fanwheel.measure.reports import shelf

    return shelf.find(_place_on_shelf(settings, dsn, workspace), now=utc_now())


def _place_on_shelf(settings: Settings, dsn: str, workspace: int) -> Path:
    from fanwheel.infra.engine import WorkspaceReader
    from fanwheel.measure.reports import datasets, shelf

    with WorkspaceReader(dsn, workspace) as reader:
        return shelf.path_of(settings.home, datasets.read_installation(reader), workspace)


def _write_book(settings: Settings, dsn: str, workspace: int) -> "Book":
    from fanwheel.infra.engine import EngineDownError
    from fanwheel.measure.reports import shelf

    began = time.monotonic()
    try:
        book = _write_once(settings, dsn, workspace)
    except EngineDownError:
        # An erasure takes files away at once, even from under a reader; a new look finds those that replaced them.
        book = _write_once(settings, dsn, workspace)
    finally:
        _give_memory_back()
    if time.monotonic() - began > _WORTH_WAITING_S:
        shelf.put(_place_on_shelf(settings, dsn, workspace), book)
    return book


def _write_once(settings: Settings, dsn: str, workspace: int) -> "Book":
    from fanwheel.infra import lake
    from fanwheel.infra.engine import WorkspaceReader, open_engine
    from fanwheel.measure.reports import datasets

    # Events first: a person who is merged or erased meanwhile is then read as merged or erased.
    as_of = utc_now()
    events = lake.snapshot(settings.home, dsn, workspace=workspace)
    with WorkspaceReader(dsn, workspace) as reader:
        place = datasets.read_place(reader)
        tables = datasets.read_tables(reader)
    with open_engine(settings) as engine:
        datasets.fill(engine, place, events, tables)
        return datasets.write_book(engine, place, as_of=as_of)


def _give_way() -> None:
    """Let ingest go first: on Linux a thread has its own niceness, and DuckDB's threads inherit it."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


def _give_memory_back() -> None:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # only glibc has it
            ctypes.CDLL(None).malloc_trim(0)

"""Steps of the worker: each is run again and again, by the clock or when something was written."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import wraps
from typing import Final

import structlog

from fanwheel.infra.postgres import DatabaseDownError
from fanwheel.infra.postgres.waking import Bell

_log: Final = structlog.get_logger()
_RETRY_SECONDS: Final = 2.0
# What is under way when it is time to stop may go on for so long.
_GRACE_S: float = 1.0

Step = Callable[[], Awaitable[bool]]


async def every(
    seconds: float,
    step: Step,
    stop: asyncio.Event,
    *,
    bell: Bell | None = None,
    most_s: Callable[[], float] | float = 0,
) -> None:
    """Run ``step`` again at once while it finds work, else after ``seconds``; failures are retried.

    With a bell it waits longer, until that is rung or ``most_s`` are over; it rings at the end, too.
    """
    while not stop.is_set():
        if bell is not None:
            bell.hush()
        try:
            if await step():
                continue
        except DatabaseDownError:
            _log.warning("the database is down; trying again", step=step.__name__)
            await pause(_RETRY_SECONDS, stop)
            continue
        except Exception:  # noqa: BLE001 - one failing step must not stop the others
            _log.exception("a step of the worker failed; trying again", step=step.__name__)
            await pause(_RETRY_SECONDS, stop)
            continue
        if seconds:
            await pause(seconds, stop)
        if bell is not None and not stop.is_set():
            await bell.wait(most_s() if callable(most_s) else most_s)


def cut_short(step: Step, stop: asyncio.Event) -> Step:
    """A step that is given up when ``stop`` is set: for what takes long and may begin anew another time."""

    @wraps(step)
    async def run() -> bool:
        working, stopping = asyncio.ensure_future(step()), asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            return False
        finally:
            stopping.cancel()

    return run


async def run_all(
    steps: Sequence[Coroutine[None, None, None]], stop: asyncio.Event, *, patiently: Coroutine[None, None, None]
) -> bool:
    """Run until ``stop`` is set; whether all ended by themselves soon after.

    What does not is given up, threads too, to begin anew another time; but for what goes on ``patiently`` until it is
    done.
    """
    asyncio.get_running_loop().set_default_executor(Threads(thread_name_prefix="step"))
    async with asyncio.TaskGroup() as group:
        group.create_task(patiently)
        tasks = [group.create_task(step) for step in steps]
        await stop.wait()
        _, late = await asyncio.wait(tasks, timeout=_GRACE_S)
        for task in late:
            task.cancel()
    return not late


class Threads(ThreadPoolExecutor):
    """Threads for work that may be given up: nobody waits at the end until they are done."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take nothing on any more."""
        super().shutdown(wait=False, cancel_futures=True)


async def pause(seconds: float, stop: asyncio.Event) -> None:
    """Rest, but no longer than until ``stop`` is set."""
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)

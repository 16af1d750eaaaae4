"""At the end steps of the worker that take long are given up; messages on their way are waited for."""

import asyncio
import threading

import pytest

from fanwheel.entrypoints import steps
from fanwheel.entrypoints.steps import Threads, every, run_all


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_GRACE_S", 0.01)


def run(*, is_slow: bool) -> tuple[bool, list[str]]:
    """Whether all ended by themselves, and what had come to its end."""
    done: list[str] = []

    async def work() -> bool:
        stop = asyncio.Event()

        async def step() -> bool:
            stop.set()
            if is_slow:
                await asyncio.Event().wait()
            done.append("step")
            return False

        async def send() -> None:
            await stop.wait()
            await asyncio.sleep(0.05)
            done.append("sent")

        return await run_all([every(1, step, stop)], stop, patiently=send())

    return asyncio.run(work()), done


def test_a_step_that_ends_soon_is_waited_for() -> None:
    assert run(is_slow=False) == (True, ["step", "sent"])


def test_a_step_that_takes_long_is_given_up_and_what_is_being_sent_is_not() -> None:
    assert run(is_slow=True) == (False, ["sent"])


def test_nobody_waits_for_a_thread_that_was_given_up() -> None:
    may_end, ended = threading.Event(), threading.Event()

    def work() -> None:
        may_end.wait(30)
        ended.set()

    async def begin() -> None:
        asyncio.get_running_loop().set_default_executor(Threads())
        asyncio.get_running_loop().run_in_executor(None, work)

    asyncio.run(begin())

    assert not ended.is_set()
    may_end.set()

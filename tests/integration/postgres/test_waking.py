"""Steps of the worker are woken by whatever was written, at once by what was told, and at the end."""

import asyncio
from collections.abc import Callable

import psycopg
import pytest

from fanwheel.entrypoints.steps import cut_short, every
from fanwheel.infra.postgres.waking import CHANNEL, Waking

_LONG_S = 10.0


@pytest.mark.parametrize(
    ("statement", "values", "rung"),
    [
        ("CREATE TABLE written (number int)", [], {"any", "letters"}),
        ("SELECT pg_notify(%s, %s)", [CHANNEL, "letters"], {"letters"}),
    ],
)
def test_bells_are_rung_by_what_is_written_and_by_what_is_told(
    dsn: str, statement: str, values: list[str], rung: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fanwheel.infra.postgres.waking._ECHO_S", 0.05)

    async def run() -> None:
        stop, waking = asyncio.Event(), Waking(dsn)
        bells = {"any": waking.bell(), "letters": waking.bell("letters")}
        running = asyncio.create_task(waking.run(stop))
        for bell in bells.values():
            await bell.wait(_LONG_S)
        await asyncio.sleep(0.5)  # what was written before is over
        for bell in bells.values():
            bell.hush()
        await asyncio.to_thread(_write, dsn, statement, values)
        async with asyncio.timeout(_LONG_S):
            for name in rung:
                await bells[name].wait(_LONG_S * 2)
        stop.set()
        await running

    asyncio.run(run())


def test_a_step_that_waits_for_its_bell_ends_when_the_worker_does() -> None:
    runs: list[bool] = []

    async def step() -> bool:
        runs.append(not runs)
        return runs[-1]  # there was more after the first time

    async def run() -> None:
        stop, waking = asyncio.Event(), Waking("dbname=none")
        bell = waking.bell()
        stepping = asyncio.create_task(every(0, step, stop, bell=bell, most_s=3_600))
        async with asyncio.timeout(_LONG_S):
            await _until(lambda: len(runs) == 2)
            bell.ring()
            await _until(lambda: len(runs) == 3)
            stop.set()
            waking.ring()
            await stepping

    asyncio.run(run())

    assert len(runs) == 3


def test_a_long_step_is_given_up_when_the_worker_ends() -> None:
    given_up: list[bool] = []

    async def learn() -> bool:
        try:
            return await asyncio.Event().wait()
        except asyncio.CancelledError:
            given_up.append(True)
            raise

    async def run() -> bool:
        stop = asyncio.Event()
        step = asyncio.create_task(cut_short(learn, stop)())  # type: ignore[arg-type]
        await asyncio.sleep(0)
        stop.set()
        async with asyncio.timeout(_LONG_S):
            return await step

    assert asyncio.run(run()) is False
    assert given_up == [True]


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        await asyncio.sleep(0.001)


def _write(dsn: str, statement: str, values: list[str]) -> None:
    with psycopg.connect(dsn) as conn:
        conn.execute(statement.encode(), values)

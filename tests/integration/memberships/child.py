"""A worker that dies at each of its statements in turn: python child.py HOME DSN WORKSPACE ROUNDS."""

import asyncio
import itertools
import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from tests.support.segments_live import bought
from tests.support.stream import NOON, Event, Stream

from fanwheel.cdp import computed, segments
from fanwheel.cdp.segments import service
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.loop.wheel import projector


async def work(settings: Settings, dsn: str, workspace: int, now: datetime, turn: int) -> None:
    """What a worker does: take events in, judge, build; each round begins with another of them."""
    async with await Database.open(dsn, max_size=4) as db:
        reader, judge = projector(), segments.Judge(clock=lambda: now, most=5)
        builder = segments.Builder(settings, judge, at_once=10, wholesale_from=1 if turn % 16 == 1 else 1_000)

        async def read() -> None:
            while await reader.run_once(db):
                pass

        async def sort_people() -> None:
            while (await judge.judge(db, workspace)).judged:
                pass

        steps = [read, sort_people, lambda: builder.build(db, workspace)]
        for step in steps[turn % 3 :] + steps[: turn % 3]:
            await step()


def die_at(statement: int) -> None:
    """End this process at its n-th statement."""
    execute, count = psycopg.AsyncCursor.execute, itertools.count(1)

    async def counted(self: Any, *args: Any, **options: Any) -> Any:
        if next(count) == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return await execute(self, *args, **options)

    psycopg.AsyncCursor.execute = counted  # type: ignore[method-assign]


def main(home: Path, dsn: str, workspace: int, rounds: int) -> None:
    stream = Stream.__new__(Stream)
    stream.dsn, stream.workspace, stream._homes = dsn, workspace, {}
    for number in range(1, rounds + 1):
        now = NOON + timedelta(minutes=number)
        with psycopg.connect(dsn, autocommit=True, row_factory=psycopg.rows.dict_row) as stream.conn:
            stream.put(Event(name="Bought", who=f"u{number}", at=60 * number))
        if number % 8 == 0:
            asyncio.run(make(dsn, workspace, f"Build {number}", number))
        if number % 8 == 4:
            asyncio.run(reckon(dsn, workspace, number))
        pid = os.fork()
        if pid == 0:
            die_at(number)
            asyncio.run(work(Settings(home=home), dsn, workspace, now, number))
            os._exit(0)
        os.waitpid(pid, 0)


async def make(dsn: str, workspace: int, name: str, number: int) -> None:
    """A segment that asks for a metric of its own."""
    rule = {"version": 1, "condition": bought(within={"amount": 20 + number, "unit": "minutes"})}
    rule["condition"]["event"]["where"] = [{"type": "property", "path": f"nothing{number}", "test": {"op": "missing"}}]
    async with await Database.open(dsn, max_size=1) as db, db.transaction(workspace) as tx:
        await service.create(tx, name=name, rule=rule, actor="user:1")


async def reckon(dsn: str, workspace: int, number: int) -> None:
    """A computed trait that asks for a metric of its own; every other time the one before goes."""
    where = [{"type": "property", "path": f"none{number}", "test": {"op": "missing"}}]
    formula = {"of": "count", "event": {"name": "Bought", "where": where}}
    window = {"amount": 20 + number, "unit": "minutes"}
    async with await Database.open(dsn, max_size=1) as db, db.transaction(workspace) as tx:
        await computed.put(tx, f"spell{number}", computed.read_formula(formula | {"window": window}))
        if number % 16 == 12:
            await computed.retire(tx, f"spell{number - 8}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

"""A follower that dies at each of its statements in turn: python child.py HOME DSN WORKSPACE ROUNDS."""

import asyncio
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from tests.integration.memberships.child import die_at
from tests.support.segments_live import bought
from tests.support.stream import NOON, Event, Stream

from fanwheel.cdp import carrying, segments
from fanwheel.cdp.tags import service
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.loop.wheel import projector

FIRST_RULE = 13  # what follows an entry has as many statements; then comes what follows a building


async def prepare(settings: Settings, dsn: str, workspace: int, now: datetime, turn: int) -> None:
    """All that comes before: events are taken in, people judged, and now and then another rule is built."""
    async with await Database.open(dsn, max_size=4) as db:
        reader, judge = projector(), segments.Judge(clock=lambda: now)
        while await reader.run_once(db):
            pass
        while (await judge.judge(db, workspace)).judged:
            pass
        if turn > FIRST_RULE:
            values = {"rule": {"condition": bought(within={"amount": turn, "unit": "minutes"})}}
            async with db.transaction(workspace) as tx:
                await service.define(tx, f"last {turn}", values, actor="user:1", now=now)
            await segments.Builder(settings, judge).build(db, workspace)


async def follow(dsn: str, workspace: int, now: datetime) -> None:
    """What a worker does for tags and layers."""
    async with await Database.open(dsn, max_size=2) as db:
        while await carrying.Follower(clock=lambda: now, most=5).follow(db, workspace):
            pass


def main(home: Path, dsn: str, workspace: int, rounds: int) -> None:
    stream = Stream.__new__(Stream)
    stream.dsn, stream.workspace, stream._homes = dsn, workspace, {}
    for number in range(1, rounds + 1):
        now = NOON + timedelta(minutes=number)
        with psycopg.connect(dsn, autocommit=True, row_factory=psycopg.rows.dict_row) as stream.conn:
            stream.put(Event(name="Bought", who=f"u{number}", at=60 * number))
        asyncio.run(prepare(Settings(home=home), dsn, workspace, now, number))
        pid = os.fork()
        if pid == 0:
            die_at(number)
            asyncio.run(follow(dsn, workspace, now))
            os._exit(0)
        os.waitpid(pid, 0)
        asyncio.run(follow(dsn, workspace, now))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

"""Connections that the pool hands out."""

import asyncio

import psycopg
import pytest

from fanwheel.infra.postgres import Database


@pytest.mark.parametrize("autocommit", [False, True])
def test_connections_that_the_server_has_ended_are_never_handed_out(dsn: str, autocommit: bool) -> None:
    async def pids(db: Database, count: int) -> set[int]:
        """Of as many connections, in use at the same time."""
        async with asyncio.TaskGroup() as group:
            barrier = asyncio.Barrier(count)

            async def one() -> int:
                async with db.connection() as conn:
                    cursor = await conn.execute("SELECT pg_backend_pid() AS pid")
                    row = await cursor.fetchone()
                    await barrier.wait()
                    assert row is not None
                    return int(row["pid"])

            tasks = [group.create_task(one()) for _ in range(count)]
        return {task.result() for task in tasks}

    async def run() -> tuple[set[int], set[int]]:
        async with await Database.open(dsn, max_size=3, autocommit=autocommit) as db:
            before = await pids(db, 3)
            with psycopg.connect(dsn, autocommit=True) as conn:
                for pid in before:
                    conn.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
            return before, await pids(db, 3)

    before, after = asyncio.run(run())

    assert len(before) == len(after) == 3
    assert before.isdisjoint(after)

"""Facts become events once, or not at all: with what made them, and whatever dies on the way."""

import asyncio
import itertools
import multiprocessing
import os
import signal
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from tests.support.ingest import a_writer, new_workspace

from fanwheel.cdp.events import relaying
from fanwheel.infra import outbox
from fanwheel.infra.outbox import Fact
from fanwheel.infra.postgres import Database
from fanwheel.kernel.semantics import HELD_OUT_KIND

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)


def a_fact(key: str = "m:1", *, name: str = "Message Sent", who: str = "4711", **properties: Any) -> Fact:
    told = {"channel": "telegram", "account_id": 3, **properties}
    return Fact(key=key, name=name, at=NOON, refs=[("telegram_id", who)], properties=told)


async def put(dsn: str, workspace: int, *facts: Fact) -> None:
    async with await Database.open(dsn, max_size=1) as db, db.transaction(workspace) as tx:
        await outbox.append(tx, facts)


async def relay(dsn: str, workspace: int) -> int:
    async with await Database.open(dsn, max_size=1) as db, a_writer(dsn) as writer:
        return await relaying.relay(db, writer, workspace, now=LATER)


def stored(dsn: str, columns: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as conn:
        return conn.execute(f"SELECT {columns} FROM event ORDER BY event_id").fetchall()


def waiting(dsn: str) -> int:
    with psycopg.connect(dsn) as conn:
        return conn.execute("SELECT count(*) FROM fact_outbox").fetchall()[0][0]


def test_facts_become_events_of_their_person_at_their_time(dsn: str) -> None:
    workspace = new_workspace(dsn).workspace
    asyncio.run(put(dsn, workspace, a_fact(), a_fact("m:2", name="Message Held Out", intent=7)))

    assert asyncio.run(relay(dsn, workspace)) == 2

    events = sorted(stored(dsn, "name, kind, occurred_at, properties::jsonb"), key=lambda event: event[1])
    assert events == [
        ("Message Sent", 1, NOON, {"channel": "telegram", "account_id": 3}),
        ("Message Held Out", HELD_OUT_KIND, NOON, {"channel": "telegram", "account_id": 3, "intent": 7}),
    ]
    with psycopg.connect(dsn) as conn:
        assert conn.execute("SELECT kind, value FROM identifier").fetchall() == [("telegram_id", "4711")]
    assert waiting(dsn) == 0


def test_a_fact_goes_with_the_transaction_that_made_it(dsn: str) -> None:
    workspace = new_workspace(dsn).workspace

    async def change_of_mind() -> None:
        async with await Database.open(dsn, max_size=1) as db, db.transaction(workspace) as tx:
            await outbox.append(tx, [a_fact()])
            raise InterruptedError

    with pytest.raises(InterruptedError):
        asyncio.run(change_of_mind())

    assert waiting(dsn) == 0


def test_one_key_is_one_event_however_often_it_is_told(dsn: str) -> None:
    workspace = new_workspace(dsn).workspace
    asyncio.run(put(dsn, workspace, a_fact(), a_fact()))
    asyncio.run(relay(dsn, workspace))

    asyncio.run(put(dsn, workspace, a_fact()))
    asyncio.run(relay(dsn, workspace))

    assert len(stored(dsn, "name")) == 1


def test_text_that_the_database_cannot_hold_costs_no_other_fact(dsn: str) -> None:
    workspace = new_workspace(dsn).workspace

    asyncio.run(put(dsn, workspace, a_fact("m:1", note="a\0b"), a_fact("m:2")))
    asyncio.run(relay(dsn, workspace))

    assert len(stored(dsn, "name")) == 2


def test_traits_are_told_as_traits(dsn: str) -> None:
    workspace = new_workspace(dsn).workspace
    said = Fact(key="t:1", at=NOON, refs=[("telegram_id", "4711")], properties={"name": "Ana"}, kind="identify")

    asyncio.run(put(dsn, workspace, said))
    asyncio.run(relay(dsn, workspace))

    assert stored(dsn, "kind, name, properties::jsonb") == [(2, "", {"name": "Ana"})]


def test_two_workers_share_the_facts_out(dsn: str) -> None:
    workspace = new_workspace(dsn).workspace
    asyncio.run(put(dsn, workspace, *(a_fact(f"m:{n}", who=str(100 + n)) for n in range(50))))

    async def race() -> None:
        await asyncio.gather(*(relay(dsn, workspace) for _ in range(3)))

    asyncio.run(race())

    assert len(stored(dsn, "name")) == 50
    assert waiting(dsn) == 0


def _relay_until(dsn: str, workspace: int, statement: int) -> None:
    """Relay in this process, which is killed at its n-th statement."""
    count = itertools.count(1)
    for kind in (psycopg.AsyncCursor, psycopg.AsyncClientCursor):
        _count(kind, count, statement)
    asyncio.run(relay(dsn, workspace))


def _count(kind: Any, count: "itertools.count[int]", statement: int) -> None:
    execute = kind.execute

    async def counted(self: Any, *args: Any, **options: Any) -> Any:
        if next(count) == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return await execute(self, *args, **options)

    kind.execute = counted


def test_a_relay_that_is_killed_anywhere_loses_and_repeats_nothing(dsn: str) -> None:
    workspace = new_workspace(dsn).workspace
    forked = multiprocessing.get_context("fork")
    told = 0
    for statement in itertools.count(1):
        asyncio.run(put(dsn, workspace, *(a_fact(f"m:{told + n}", who=str(100 + n)) for n in range(3))))
        told += 3
        child = forked.Process(target=_relay_until, args=(dsn, workspace, statement))
        child.start()
        child.join()
        if child.exitcode == 0:
            break
        assert child.exitcode == -signal.SIGKILL

    asyncio.run(relay(dsn, workspace))

    assert statement > 8, "nobody was killed on the way"
    assert len(stored(dsn, "name")) == len({key for (key,) in stored(dsn, "message_key")}) == told
    assert waiting(dsn) == 0

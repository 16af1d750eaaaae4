"""A consumer handles every committed event exactly once, whatever commits late, fails or runs beside it."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from threading import Thread

import psycopg
import pytest
from tests.support.stream import Event, Stream, order

from fanwheel.cdp import persons, profiles
from fanwheel.cdp.events.consumer import Consumer, StreamEvent, hold
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.wheel import projector
from fanwheel.loop.wheel.service import CONSUMER


class Recorder:
    """A handler that notes what it was given."""

    def __init__(self) -> None:
        self.seen: Counter[tuple[int, str]] = Counter()
        self.sizes: list[int] = []

    async def __call__(self, tx: Transaction, events: Sequence[StreamEvent]) -> None:
        assert tx.workspace is not None
        self.sizes.append(len(events))
        self.seen.update((tx.workspace, event.name) for event in events)

    def names(self, stream: Stream) -> list[str]:
        return sorted(name for (workspace, name), times in self.seen.items() for _ in range(times)
                      if workspace == stream.workspace)  # fmt: skip


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def reading(stream: Stream, recorder: Recorder, *, limit: int = 20_000) -> Consumer:
    """A consumer of its own, which begins where the stream stands now."""
    name = f"test {stream.workspace}"
    consumer = Consumer(name, recorder, names=["Paid"], limit=limit)
    stream.project(Consumer(name, Recorder(), names=[]))
    return consumer


def test_events_of_transactions_that_commit_late_are_not_skipped(stream: Stream, recorder: Recorder) -> None:
    consumer = reading(stream, recorder)
    with psycopg.connect(stream.dsn) as slow:
        stream.put(Event(name="slow"), conn=slow)
        stream.put(Event(name="fast"))

        stream.project(consumer)
        assert recorder.names(stream) == []  # "fast" waits: what came before it is still open

    stream.project(consumer)
    stream.project(consumer)
    assert recorder.names(stream) == ["fast", "slow"]


def test_events_that_were_rolled_back_never_appear(stream: Stream, recorder: Recorder) -> None:
    consumer = reading(stream, recorder)
    with psycopg.connect(stream.dsn) as conn:
        stream.put(Event(name="gone"), conn=conn)
        conn.rollback()
    stream.put(Event(name="stays"))

    stream.project(consumer)

    assert recorder.names(stream) == ["stays"]


def test_slices_hold_whole_transactions_up_to_the_limit(stream: Stream, recorder: Recorder) -> None:
    consumer = reading(stream, recorder, limit=5)
    for size in (2, 2, 2, 7, 1):
        with psycopg.connect(stream.dsn) as conn:
            stream.put(*(Event(name=f"e{size}") for _ in range(size)), conn=conn)

    steps = []

    async def drain() -> None:
        async with await Database.open(stream.dsn, max_size=1) as db:
            while taken := await consumer.run_once(db):
                steps.append(taken)

    asyncio.run(drain())

    assert steps == [4, 2, 7, 1]
    assert max(recorder.sizes) == 5  # the transaction of seven came in two calls, committed as one


def test_a_failure_leaves_neither_effects_nor_a_step(stream: Stream) -> None:
    stream.project()
    stream.put(Event(name="Order Completed", properties=order("o1", total=5)))
    failing = projector()
    whole = failing.consumer._handle

    async def fail_late(tx: Transaction, events: Sequence[StreamEvent]) -> None:
        await whole(tx, events)
        raise RuntimeError("the power went out")

    failing.consumer._handle = fail_late
    for _ in range(2):
        with pytest.raises(RuntimeError):
            stream.project(failing)
    assert stream.rows("SELECT FROM person_part WHERE workspace_id = %(workspace)s") == []

    stream.project()

    assert (stream.person("u1")["event_count"], stream.person("u1")["revenue_minor"]) == (1, 500)


def test_workers_that_run_at_once_count_every_event_once(stream: Stream) -> None:
    stream.project()
    for number in range(30):
        stream.put(*(Event(name="Visit", who=f"u{number % 7}", at=number) for _ in range(4)))

    workers = [Thread(target=stream.project) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    stream.project()

    assert sum(stream.person(f"u{n}")["event_count"] for n in range(7)) == 120


def test_each_workspace_is_handled_apart(stream: Stream, recorder: Recorder) -> None:
    other = Stream(stream.dsn)
    consumer = reading(stream, recorder)
    with psycopg.connect(stream.dsn) as conn:
        stream.put(Event(name="ours"), conn=conn)
        other.put(Event(name="theirs"), conn=conn)

    stream.project(consumer)

    assert (recorder.names(stream), recorder.names(other)) == (["ours"], ["theirs"])


def test_whoever_holds_the_consumer_keeps_slices_from_beginning(stream: Stream, recorder: Recorder) -> None:
    consumer = reading(stream, recorder)
    stream.put(Event(name="waits"))

    async def run() -> tuple[int, int]:
        async with await Database.open(stream.dsn, max_size=2) as db:
            async with db.transaction(stream.workspace) as tx:
                await hold(tx, f"test {stream.workspace}")
                held = await consumer.run_once(db)
            return held, await consumer.run_once(db)

    assert asyncio.run(run()) == (0, 1)


def test_an_idle_consumer_writes_nothing(stream: Stream, recorder: Recorder) -> None:
    consumer = reading(stream, recorder)
    stream.put(Event(name="one"))
    stream.project(consumer)

    def place() -> list[dict[str, object]]:
        name = f"test {stream.workspace}"
        return stream.rows("SELECT next_tx, updated_at FROM consumer WHERE consumer_name = %(name)s", name=name)

    before = place()
    stream.conn.execute("SELECT pg_current_xact_id()")  # time goes on without events
    assert stream.project(consumer) == 0

    assert place() == before


def test_events_of_an_erased_person_amount_to_nothing(stream: Stream) -> None:
    stream.put(Event(name="Order Completed", who="u9", properties=order("o9", total=5)))
    stream.put(Event(name="Visit", who="u8"))
    stream.conn.execute("DELETE FROM identifier WHERE value = 'u9' AND workspace_id = %s", [stream.workspace])

    stream.project()

    parts = stream.rows("SELECT home_id FROM person_part WHERE workspace_id = %(workspace)s")
    assert [part["home_id"] for part in parts] == [stream.home("u8")]
    assert stream.rows("SELECT FROM shop_order WHERE workspace_id = %(workspace)s") == []


def test_an_erasure_takes_what_a_slice_under_way_was_about_to_write(stream: Stream) -> None:
    home = stream.home("u7")
    waiting = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"

    async def run() -> None:
        async with await Database.open(stream.dsn, max_size=2) as db:

            async def erase() -> None:
                async with db.transaction(stream.workspace) as tx:
                    await persons.erase(tx, home, actor="user:1")

            async with db.transaction(stream.workspace) as slice_:
                await hold(slice_, CONSUMER)
                await profiles.put_parts(slice_, [profiles.Part(HomeId(home))])
                erasing = asyncio.create_task(erase())
                while not erasing.done() and not stream.rows(waiting):
                    await asyncio.sleep(0.01)
            await erasing

    asyncio.run(run())

    assert stream.rows("SELECT FROM person_part WHERE workspace_id = %(workspace)s") == []

"""Storing events: once, with their neighbors, or not at all."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from tests.support.ingest import a_writer, new_workspace, send, track, with_writer

from fanwheel.cdp.events import wire
from fanwheel.cdp.events.asgi import submit_form
from fanwheel.cdp.events.contracts import Counts
from fanwheel.cdp.events.writer import IngestBusyError, Writer
from fanwheel.infra.postgres import DatabaseDownError


def stored(dsn: str, columns: str = "name") -> list[tuple[object, ...]]:
    with psycopg.connect(dsn) as conn:
        return conn.execute(f"SELECT {columns} FROM event ORDER BY event_id").fetchall()


def test_a_message_id_counts_once_in_a_batch_and_across_requests_and_processes(dsn: str) -> None:
    key = new_workspace(dsn)
    event = track(messageId="m-1")

    first = with_writer(dsn, lambda writer: send(writer, key, event, event, track(messageId="m-2")))
    again = with_writer(dsn, lambda writer: send(writer, key, event, track(messageId="m-3")))

    assert first == Counts(accepted=2, duplicate=1)
    assert again == Counts(accepted=1, duplicate=1)
    assert len(stored(dsn)) == 3


def test_two_processes_that_take_the_same_messages_at_once_store_each_once(dsn: str) -> None:
    key = new_workspace(dsn)
    events = [track(f"E {n}", user=f"u{n % 7}", messageId=f"m-{n}") for n in range(400)]

    async def race() -> list[Counts]:
        async with a_writer(dsn) as one, a_writer(dsn) as other:
            batches = [events[start : start + 40] for start in range(0, 400, 40)]
            return await asyncio.gather(*(send(writer, key, *batch) for batch in batches for writer in (one, other)))

    counts = asyncio.run(race())

    assert sum(c.accepted for c in counts) == 400
    assert sum(c.duplicate for c in counts) == 400
    assert len(stored(dsn)) == 400


def test_the_same_message_id_is_another_message_in_another_workspace(dsn: str) -> None:
    one, other = new_workspace(dsn), new_workspace(dsn)

    async def both(writer: Writer) -> list[Counts]:
        return [await send(writer, key, track(messageId="m")) for key in (one, other)]

    assert with_writer(dsn, both) == [Counts(accepted=1), Counts(accepted=1)]


def test_a_message_of_last_month_is_still_known_within_seven_days(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_workspace(dsn)
    now = datetime.now(UTC).replace(day=1, hour=0, minute=30)
    then = now - timedelta(hours=2)
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("SELECT ensure_event_partitions(%s)", [then])

    def at(moment: datetime) -> Counts:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
                return moment

        monkeypatch.setattr("fanwheel.cdp.events.writer.datetime", Clock)
        return with_writer(dsn, lambda writer: send(writer, key, track(messageId="m")))

    assert at(then) == Counts(accepted=1)
    assert at(now) == Counts(duplicate=1)
    assert at(then + timedelta(days=6, hours=23)) == Counts(duplicate=1)


def test_refused_events_are_kept_with_the_reason_beside_those_taken(dsn: str) -> None:
    key = new_workspace(dsn)

    counts = with_writer(
        dsn, lambda writer: send(writer, key, track(), {"type": "track", "userId": "u"}, track(user="null"), track("Y"))
    )

    assert counts == Counts(accepted=2, rejected=2)
    with psycopg.connect(dsn) as conn:
        kept = conn.execute("SELECT code, message, payload FROM event_rejected ORDER BY rejected_id").fetchall()
    assert [row[0] for row in kept] == ["missing_event", "junk_id"]
    assert json.loads(kept[0][2]) == {"type": "track", "userId": "u"}
    assert json.loads(kept[1][2])["userId"] == "null"


def test_counters_add_up_per_key(dsn: str) -> None:
    key = new_workspace(dsn)

    async def work(writer: Writer) -> None:
        await send(writer, key, track(messageId="a"), track(messageId="b"), {"type": "track"})
        await send(writer, key, track(messageId="a"))

    with_writer(dsn, work)

    with psycopg.connect(dsn) as conn:
        row = conn.execute("SELECT sum(accepted), sum(rejected), sum(duplicate) FROM ingest_stat").fetchone()
    assert row == (2, 1, 1)


def test_more_than_may_wait_is_sent_back_and_the_rest_is_stored(dsn: str) -> None:
    key = new_workspace(dsn)

    async def flood(writer: Writer) -> list[object]:
        with psycopg.connect(dsn) as holder:
            holder.execute("LOCK TABLE ingest_stat IN ACCESS EXCLUSIVE MODE")
            tasks = [asyncio.create_task(send(writer, key, track(f"E {n}", messageId=f"m{n}"))) for n in range(200)]
            await asyncio.sleep(0.3)
            holder.rollback()
        return await asyncio.gather(*tasks, return_exceptions=True)

    results = with_writer(dsn, flood, limit_bytes=4_000)

    taken = [result for result in results if isinstance(result, Counts)]
    assert all(isinstance(result, Counts | IngestBusyError) for result in results)
    assert 0 < len(taken) < 200
    assert len(stored(dsn)) == len(taken)


def test_a_connection_cut_in_mid_commit_is_answered_and_then_mended(dsn: str) -> None:
    key = new_workspace(dsn)

    async def cut(writer: Writer) -> Counts:
        await send(writer, key, track(messageId="before"))
        with psycopg.connect(dsn, autocommit=True) as killer, psycopg.connect(dsn) as holder:
            holder.execute("LOCK TABLE ingest_stat IN ACCESS EXCLUSIVE MODE")
            waiting = asyncio.create_task(send(writer, key, track(messageId="during")))
            await asyncio.sleep(0.3)
            killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            with pytest.raises(DatabaseDownError):
                await waiting
        return await send(writer, key, track(messageId="during"))

    assert with_writer(dsn, cut) == Counts(accepted=1)
    assert len(stored(dsn)) == 2


def test_an_event_that_postgresql_cannot_hold_costs_no_neighbor(dsn: str) -> None:
    key = new_workspace(dsn)
    good, bad = track("good"), b'{"type":"track","userId":"u","event":"bad","properties":{"x":"\xff"}}'
    encoded = json.dumps(good).encode()

    async def past_the_cleaning(writer: Writer) -> list[Counts]:
        now = datetime.now(UTC)
        mixed = wire.decode_batch(b'{"batch":[%s,%s,%s]}' % (encoded, bad, encoded))
        plain = wire.decode_batch(b'{"batch":[%s]}' % encoded)
        return await asyncio.gather(*(writer.submit(submit_form(key, body, now)) for body in (mixed, plain)))

    assert with_writer(dsn, past_the_cleaning) == [Counts(accepted=2, rejected=1), Counts(accepted=1)]
    assert stored(dsn) == [("good",)] * 3


def test_stopping_commits_what_waits(dsn: str) -> None:
    key = new_workspace(dsn)

    async def work() -> list[Counts]:
        async with a_writer(dsn) as writer:
            tasks = [asyncio.create_task(send(writer, key, track(messageId=f"m{n}"))) for n in range(50)]
            await asyncio.sleep(0)
        return await asyncio.gather(*tasks)

    assert asyncio.run(work()) == [Counts(accepted=1)] * 50
    assert len(stored(dsn)) == 50


def test_an_events_source_comes_from_its_evidence(dsn: str) -> None:
    key = new_workspace(dsn)
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(
            "INSERT INTO source_rule (workspace_id, position, conditions, source_slug, domain)"
            " VALUES (%s, 1, %s, '{utm_source}', 'commercial')",
            [key.workspace, json.dumps([{"field": "utm_medium", "op": "equals", "value": ["cpc"]}])],
        )
    page = {"page": {"url": "https://shop.example/?utm_source=baidu&utm_medium=cpc"}}

    with_writer(dsn, lambda writer: send(writer, key, track("A", context=page), track("B")))

    with psycopg.connect(dsn) as conn:
        rows = conn.execute(
            "SELECT e.name, s.slug, e.domain FROM event AS e LEFT JOIN source AS s USING (source_id) ORDER BY e.name"
        ).fetchall()
    assert rows == [("A", "baidu", 2), ("B", None, 0)]

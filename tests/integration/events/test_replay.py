"""Sending refused events again."""

import json
from datetime import UTC, datetime

import psycopg
import pytest
from tests.support.ingest import new_workspace, send, track, with_writer

from fanwheel.cdp.events import service
from fanwheel.cdp.events.asgi import Key
from fanwheel.cdp.events.contracts import JUNK
from fanwheel.cdp.events.writer import Writer
from fanwheel.infra.postgres import Database, DatabaseDownError


def shelve(dsn: str, key: Key, *payloads: str) -> None:
    with psycopg.connect(dsn) as conn:
        for payload in payloads:
            conn.execute(
                "INSERT INTO event_rejected (workspace_id, api_key_id, code, message, payload)"
                " VALUES (%s, %s, 'x', 'x', %s)",
                [key.workspace, key.key_id, payload],
            )


def replay_all(dsn: str, key: Key) -> tuple[int, int]:
    async def run(writer: Writer) -> tuple[int, int]:
        async with await Database.open(dsn, max_size=1) as db:
            return await service.replay_all(db, writer, key.workspace, now=datetime.now(UTC))

    return with_writer(dsn, run)


def replay_one(dsn: str, key: Key, rejected_id: int, payload: str | None = None) -> str | None:
    async def run(writer: Writer) -> str | None:
        async with await Database.open(dsn, max_size=1) as db:
            return await service.replay(
                db, writer, key.workspace, rejected_id=rejected_id, payload=payload, now=datetime.now(UTC)
            )

    return with_writer(dsn, run)


def shelf(dsn: str) -> list[tuple[int, str, bool]]:
    with psycopg.connect(dsn) as conn:
        found = conn.execute("SELECT rejected_id, code, replayed_at IS NULL FROM event_rejected ORDER BY rejected_id")
        return found.fetchall()


def names(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as conn:
        return [row[0] for row in conn.execute("SELECT name FROM event ORDER BY name")]


def test_every_refused_event_that_is_good_by_now_is_taken_once(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_REPLAYED_AT_ONCE", 2)
    key, other = new_workspace(dsn), new_workspace(dsn)
    shelve(dsn, key, *(json.dumps(track(f"E{n}")) for n in range(5)), "{}", '{"type":"track","ev')
    shelve(dsn, other, json.dumps(track("not ours")))

    assert replay_all(dsn, key) == (5, 2)
    assert replay_all(dsn, key) == (0, 2)
    assert names(dsn) == [f"E{n}" for n in range(5)]


def test_a_failure_in_between_leaves_what_was_taken_marked(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = new_workspace(dsn)
    shelve(dsn, key, *(json.dumps(track(f"E{n}")) for n in range(3)))
    submit = Writer.submit

    async def failing(self, submission):
        if submission.events[0].name == b"E1":
            raise DatabaseDownError
        return await submit(self, submission)

    with monkeypatch.context() as broken:
        broken.setattr(Writer, "submit", failing)
        with pytest.raises(DatabaseDownError):
            replay_all(dsn, key)

    assert replay_all(dsn, key) == (1, 0)
    assert names(dsn) == ["E0", "E1", "E2"]


@pytest.mark.parametrize("who", [{"user": "null"}, {"user": "0000", "anonymousId": "[object Object]"}])
def test_an_event_whose_ids_are_junk_stays_on_the_shelf_once(dsn: str, who: dict[str, str]) -> None:
    key = new_workspace(dsn)
    with_writer(dsn, lambda writer: send(writer, key, track(**who)))
    ((rejected, code, _),) = before = shelf(dsn)

    why = replay_one(dsn, key, rejected)

    assert (code, why) == ("junk_id", JUNK.message)
    assert replay_all(dsn, key) == (0, 1)
    assert shelf(dsn) == before

    assert replay_one(dsn, key, rejected, json.dumps(track("Mended"))) is None
    assert shelf(dsn) == [(rejected, "junk_id", False)]
    assert names(dsn) == ["Mended"]

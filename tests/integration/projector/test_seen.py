"""Whoever is merely seen again is folded quickly, into what the fold of the whole portrait would have made."""

import asyncio
from typing import Any

from tests.support.stream import Event, Stream, order

from fanwheel.cdp import persons
from fanwheel.cdp.persons import seen
from fanwheel.infra.postgres import Database

LEGS: list[list[Event]] = [
    [Event(name="Looked", who="u1"), Event(name="Looked", who="a1", at=5)],
    [Event(name="Looked", who="u1", at=90), Event(kind="identify", who="u2", properties={"city": "Paris"})],
    [Event(name="Looked", who="u1", at=-500), Event(name="Looked", who="u2", at=-1)],  # earlier than all before
    [Event(name="Looked", who="u2", at=7), Event(name="Order Completed", who="u2", at=8, properties=order())],
    [Event(kind="page", name="Home", who="u2", at=9), Event(kind="screen", name="Cart", who="a1", at=1000)],
    [Event(name="Live Joined", who="a1", at=1001), Event(name="Looked", who="a1", at=1002)],
    [Event(name="Looked", who="a1", at=1003), Event(name="Looked", who="u3", at=1004)],
]


def rows(stream: Stream) -> dict[int, dict[str, Any]]:
    found = stream.rows("SELECT * FROM person WHERE workspace_id = %(workspace)s")
    return {row["person_id"]: row for row in found}


def work(stream: Stream, homes: list[int], *, quickly: bool) -> set[int]:
    async def run() -> set[int]:
        async with await Database.open(stream.dsn, max_size=1) as db, db.transaction(stream.workspace) as tx:
            if quickly:
                return await seen.fold_seen(tx, homes)
            await persons.refold(tx, homes)
            return set(homes)

    return asyncio.run(run())


def test_whoever_is_seen_again_has_the_portrait_that_a_whole_fold_makes(stream: Stream) -> None:
    for number, leg in enumerate(LEGS):
        if number == 3:
            stream.merge("u1", "a1")
        stream.tell(*leg)
        quickly = rows(stream)
        work(stream, list(quickly), quickly=False)
        assert rows(stream) == quickly, number


def test_nobody_is_left_to_the_whole_fold_until_they_are_somebody(stream: Stream) -> None:
    stream.tell(Event(name="Looked", who="u1"))
    known, nobody = stream.home("u1"), stream.home("u2")

    assert work(stream, [known, nobody], quickly=True) == {known}


def test_who_was_folded_from_more_events_is_not_set_back(stream: Stream) -> None:
    stream.tell(Event(name="Looked", who="u1"), Event(name="Looked", who="u1", at=60))
    known = stream.home("u1")
    stream.rows("UPDATE person_part SET event_count = 1 WHERE workspace_id = %(workspace)s RETURNING 1")

    assert work(stream, [known], quickly=True) == set()
    assert stream.person("u1")["event_count"] == 2

"""A person's timeline: every event of all homes once, newest first, from files and the hot tail."""

import asyncio
import random
import uuid
from typing import Any

import psycopg
import pytest
from tests.support.stream import Event, Stream

from fanwheel.cdp.events.timeline import TimelineEvent, timeline
from fanwheel.infra.lake import Exporter, LakeOptions
from fanwheel.infra.settings import Settings
from fanwheel.kernel.cursor import BadCursorError


def export(settings: Settings, stream: Stream) -> None:
    exporter = Exporter(settings, stream.dsn, options=LakeOptions(erasure_grace_s=0))
    exporter.run_once()
    exporter.close()


def pages(settings: Settings, stream: Stream, homes: list[int], limit: int) -> list[list[TimelineEvent]]:
    found, cursor = [], None
    while True:
        page = asyncio.run(timeline(settings, stream.dsn, stream.workspace, homes, cursor, limit))
        found.append(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return found


def stored(stream: Stream, homes: list[int]) -> list[uuid.UUID]:
    rows = stream.rows(
        "SELECT event_id FROM event WHERE workspace_id = %(workspace)s AND person_id = ANY (%(homes)s)"
        " ORDER BY occurred_at DESC, event_id DESC",
        homes=homes,
    )
    return [row["event_id"] for row in rows]


def test_pages_give_every_event_once_wherever_it_lies(stream: Stream, settings: Settings) -> None:
    rng = random.Random(3)
    # Whole minutes: many events share an instant, and pages end in the middle of one.
    events = [Event(who=f"u{rng.randrange(4)}", name=f"E{n}", at=60 * rng.randrange(9)) for n in range(60)]
    stream.put(*events[:35])
    export(settings, stream)
    stream.put(*events[35:])
    homes = [stream.home("u1"), stream.home("u2")]

    found = pages(settings, stream, homes, limit=7)

    assert [len(page) for page in found[:-1]] == [7] * (len(found) - 1)
    assert [event.event_id for page in found for event in page] == stored(stream, homes)


def test_an_event_is_told_as_it_came(stream: Stream, settings: Settings) -> None:
    row = stream.rows(
        "INSERT INTO source (workspace_id, slug, name, domain) VALUES (%(workspace)s, 'dy', '抖音', 'public')"
        " RETURNING source_id"
    )[0]
    told: dict[str, Any] = {"商品": "茶", "total": 12.5, "nested": {"a": [1, None]}}
    stream.put(
        Event(who="u1", name="下单", source=row["source_id"], domain=1, properties=told, context={"ip": "::1"}),
        Event(who="u1", kind="identify", at=-5, properties={"name": "Ann"}),
    )

    ((newest, oldest),) = pages(settings, stream, [stream.home("u1")], limit=10)

    assert (newest.kind, newest.name, newest.source, newest.domain) == ("track", "下单", "dy", "public")
    assert (newest.properties, newest.context) == (told, {"ip": "::1"})
    assert (oldest.kind, oldest.source, oldest.domain) == ("identify", None, "unknown")


def test_neither_other_workspaces_nor_the_erased_are_shown(stream: Stream, settings: Settings) -> None:
    stream.put(Event(who="u1"), Event(who="u2"))
    home = stream.home("u1")
    other = Stream(stream.dsn)
    seen_by_other = pages(settings, other, [home], limit=10)
    other.close()
    with psycopg.connect(stream.dsn) as conn:
        conn.execute(
            "INSERT INTO erasure (workspace_id, home_ids, requested_by) VALUES (%s, %s, 'user:1')",
            [stream.workspace, [home]],
        )

    assert seen_by_other == [[]]
    assert pages(settings, stream, [home], limit=10) == [[]]
    assert len(pages(settings, stream, [stream.home("u2")], limit=10)[0]) == 1


@pytest.mark.parametrize("cursor", ["nonsense", "WyJhIiwiYiJd", "WzEsMl0"])
def test_a_cursor_that_was_never_given_is_refused(stream: Stream, settings: Settings, cursor: str) -> None:
    with pytest.raises(BadCursorError):
        asyncio.run(timeline(settings, stream.dsn, stream.workspace, [1], cursor, 5))

"""The figures of reports are those of the portraits, wherever the events lie."""

import asyncio
import random
import shutil
import threading
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.support.stream import NOON, Event, Stream, order

from fanwheel.infra.lake import Exporter, LakeOptions
from fanwheel.infra.settings import Settings
from fanwheel.measure.reports import Reports, rules
from fanwheel.measure.reports.cubes import Book, Period

ZONE = ZoneInfo("America/New_York")
STAGES = ("introduced_at", "operated_at", "converted_at", "shared_at", "repurchased_at")
CHANNELS = ("email", "sms", "wecom")


def book_of(settings: Settings, stream: Stream) -> Book:
    shutil.rmtree(settings.home / "reports", ignore_errors=True)
    reports = Reports.of(settings, stream.dsn)
    try:
        return asyncio.run(reports.book(stream.workspace))
    finally:
        reports.close()


def random_event(rng: random.Random, sources: list[int]) -> Event:
    number = rng.randrange(30)
    channel = {"channel": rng.choice(CHANNELS)}
    properties: dict[str, Any] = rng.choice([{**channel, "consent": rng.random() < 0.7}, channel])
    name = rng.choice(
        [
            *("Product Viewed", "Message Received", "Channel Joined", "Channel Left", "Consent Granted"),
            *("Consent Withdrawn", "Invite Sent", "Invite Accepted", "Order Completed", "Order Completed"),
            *("Order Refunded", "Order Cancelled", "Order Completed"),
        ]
    )
    if name.startswith("Order"):
        properties = order(f"o{number}", total=rng.randrange(1, 90), currency=rng.choice(("USD", "CNY", "JPY")))
    who = f"u{rng.randrange(8)}" if rng.random() < 0.7 else f"a{rng.randrange(8)}"
    if name == "Invite Accepted":
        properties = {"referrer_id": f"u{int(who[1:]) // 2}"}  # everybody has one referrer, some themselves
    at = rng.randrange(-40 * 86_400, 40 * 86_400)
    return Event(
        name=name, at=at, who=who, source=rng.choice([0, *sources]), domain=rng.randrange(4), properties=properties
    )


def tell_a_life(stream: Stream, rng: random.Random) -> None:
    stream.rows("UPDATE workspace SET time_zone = 'America/New_York' WHERE workspace_id = %(workspace)s RETURNING 1")
    stream.rows(
        """INSERT INTO currency_rate (workspace_id, currency, valid_from, rate)
           VALUES (%(workspace)s, 'CNY', '2026-01-01', 0.14), (%(workspace)s, 'CNY', '2026-03-05', 0.15),
                  (%(workspace)s, 'JPY', '2026-03-01', 0.0067) RETURNING 1"""
    )
    sources = [
        row["source_id"]
        for row in stream.rows(
            """INSERT INTO source (workspace_id, slug, name, domain)
               SELECT %(workspace)s, 's' || n, 'Source ' || n, 'public' FROM generate_series(1, 3) AS n
               RETURNING source_id"""
        )
    ]
    stream.tell(*(random_event(rng, sources) for _ in range(400)))
    stream.merge("u1", "a1")
    stream.merge("u2", "u3", "a2")
    stream.tell(Event())  # folds whom the merges concern as well


@pytest.mark.parametrize("seed", range(3))
def test_reports_agree_with_the_portraits_of_everyone(stream: Stream, settings: Settings, seed: int) -> None:
    tell_a_life(stream, random.Random(seed))
    period = Period(date(2026, 1, 1), date(2026, 4, 30))

    book = book_of(settings, stream)
    stages, readouts = rules.stages(book, period), rules.readouts(book, period)

    people = stream.rows("SELECT * FROM person WHERE workspace_id = %(workspace)s")
    reached = [[person[stage] for person in people if person[stage]] for stage in STAGES]
    assert [stage.people for stage in stages.stages] == [len(times) for times in reached]
    for label, times in zip(("introduce", "operate", "convert", "share", "repurchase"), reached, strict=True):
        by_day = Counter(time.astimezone(ZONE).date() for time in times)
        assert {day.day: getattr(day, label) for day in stages.days if getattr(day, label)} == by_day
    assert readouts.revenue_minor == sum(person["revenue_minor"] for person in people)
    assert readouts.orders == sum(person["order_count"] for person in people)
    assert readouts.fans == sum(person["is_fan"] for person in people)


def test_reports_are_the_same_before_and_after_the_export(stream: Stream, settings: Settings) -> None:
    tell_a_life(stream, random.Random(7))
    period = Period(date(2026, 1, 20), date(2026, 3, 20))

    hot = book_of(settings, stream)
    exporter = Exporter(settings, stream.dsn, options=LakeOptions(erasure_grace_s=0))
    exporter.run_once()
    exporter.close()
    stream.put(Event(who="u7", name="Product Viewed", at=0, source=1, domain=1))
    mixed = book_of(settings, stream)

    assert sorted((settings.home / "lake").rglob("*.parquet")) != []
    before, after = rules.flows(hot, period), rules.flows(mixed, period)
    assert sum(d.touches for d in after.domains) == sum(d.touches for d in before.domains) + 1
    assert rules.attribution(hot, period).rows != []
    assert rules.cohorts(hot, "week").cohorts == rules.cohorts(mixed, "week").cohorts


def test_an_erased_person_leaves_reports_before_the_lake_is_rewritten(stream: Stream, settings: Settings) -> None:
    stream.tell(Event(who="u1", source=1, domain=1), Event(who="u2", source=1, domain=1))
    stream.rows(
        "INSERT INTO erasure (workspace_id, home_ids, requested_by) VALUES (%(workspace)s, %(homes)s, 'user:1')"
        " RETURNING 1",
        homes=[stream.home("u1")],
    )

    book = book_of(settings, stream)

    (public, *_) = rules.flows(book, Period(NOON.date(), NOON.date())).domains
    assert (public.people, public.touches) == (1, 1)


START = datetime.now(ZONE)


def a_book(number: int, *, age: timedelta = timedelta(0)) -> Book:
    """The book of that number: later ones are as of later seconds."""
    as_of = START + timedelta(seconds=number) - age
    return Book(as_of=as_of, time_zone="UTC", currency="USD", sources={}, cubes={}, branches=[])


def test_readers_that_come_together_share_one_reckoning() -> None:
    calls: list[int] = []
    reports = Reports(lambda workspace: (calls.append(workspace), a_book(1))[1])

    async def read() -> list[Book]:
        return await asyncio.gather(*(reports.book(workspace) for workspace in (1, 1, 1, 2)))

    asyncio.run(read())
    reports.close()

    assert sorted(calls) == [1, 2]


def test_a_slow_report_answers_with_the_last_figures_and_renews_them_behind() -> None:
    go_on = threading.Event()
    numbers = iter(range(1, 100))

    def write(_: int) -> Book:
        number = next(numbers)
        if number > 1:
            assert go_on.wait(30)
        return a_book(number)

    async def read() -> list[Book]:
        first = await reports.book(1)
        await asyncio.sleep(0.35)  # past the shortest time for which a result is good
        stale = await reports.book(1)
        go_on.set()
        while (fresh := await reports.book(1)).as_of == first.as_of:
            await asyncio.sleep(0.01)
        return [first, stale, fresh]

    reports = Reports(write)
    seen = asyncio.run(read())
    reports.close()

    assert seen[:2] == [a_book(1), a_book(1)]
    assert seen[2].as_of > a_book(1).as_of


def test_a_failure_is_told_and_the_next_reader_tries_again() -> None:
    outcomes = iter([RuntimeError("the disk is full"), None])

    def write(_: int) -> Book:
        if error := next(outcomes):
            raise error
        return a_book(2)

    async def read() -> Book:
        with pytest.raises(RuntimeError):
            await reports.book(1)
        return await reports.book(1)

    reports = Reports(write)
    book = asyncio.run(read())
    reports.close()

    assert book == a_book(2)


def test_a_restart_begins_with_the_figures_of_before_and_renews_them() -> None:
    async def read() -> list[Book]:
        first = await reports.book(1)
        for _ in range(200):
            second = await reports.book(1)
            if second.as_of != first.as_of:
                break
            await asyncio.sleep(0.01)
        return [first, second]

    reports = Reports(lambda _: a_book(2), find=lambda _: a_book(1))
    seen = asyncio.run(read())
    reports.close()

    assert seen == [a_book(1), a_book(2)]


def test_figures_of_more_than_an_hour_ago_are_not_shown() -> None:
    reports = Reports(lambda _: a_book(2), find=lambda _: a_book(1, age=timedelta(minutes=61)))

    book = asyncio.run(reports.book(1))
    reports.close()

    assert book == a_book(2)


def test_a_shelf_that_cannot_be_read_at_first_is_asked_again() -> None:
    outcomes = iter([RuntimeError("the database is down"), None])

    def find(_: int) -> None:
        if error := next(outcomes):
            raise error

    async def read() -> Book:
        with pytest.raises(RuntimeError):
            await reports.book(1)
        return await reports.book(1)

    reports = Reports(lambda _: a_book(2), find=find)
    book = asyncio.run(read())
    reports.close()

    assert book == a_book(2)

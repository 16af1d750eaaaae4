"""A book comes back from disk as it was, or not at all."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.engine.test_reports_brute import book_of, plain
from tests.integration.engine.worlds import random_world

from fanwheel.measure.reports import rules, shelf
from fanwheel.measure.reports.cubes import Book, Period

PERIOD = Period(date(2025, 10, 1), date(2026, 3, 31))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    return book_of(random_world(5), tmp_path_factory.mktemp("world"))


def test_a_kept_book_answers_the_same(book: Book, tmp_path: Path) -> None:
    path = shelf.path_of(tmp_path, "one", 7)

    shelf.put(path, book)
    found = shelf.find(path, now=book.as_of + timedelta(minutes=59))

    assert found is not None
    assert plain(rules.stages(found, PERIOD)) == plain(rules.stages(book, PERIOD))
    assert plain(rules.flows(found, PERIOD)) == plain(rules.flows(book, PERIOD))
    assert plain(rules.attribution(found, PERIOD)) == plain(rules.attribution(book, PERIOD))
    assert plain(rules.cohorts(found, "week")) == plain(rules.cohorts(book, "week"))
    assert plain(rules.referral(found, 50, {})) == plain(rules.referral(book, 50, {}))


def test_an_old_book_is_not_read(book: Book, tmp_path: Path) -> None:
    path = shelf.path_of(tmp_path, "one", 7)
    shelf.put(path, book)

    assert shelf.find(path, now=book.as_of + timedelta(minutes=61)) is None


def test_no_book_is_no_book(tmp_path: Path) -> None:
    assert shelf.find(shelf.path_of(tmp_path, "one", 7), now=datetime.now(UTC)) is None


def test_a_damaged_book_is_not_read(book: Book, tmp_path: Path) -> None:
    path = shelf.path_of(tmp_path, "one", 7)
    shelf.put(path, book)
    whole = path.read_bytes()
    rng = random.Random(1)

    for size in (0, 10, len(whole) // 2, len(whole) - 30, *(rng.randrange(len(whole)) for _ in range(5))):
        path.write_bytes(whole[:size])

        assert shelf.find(path, now=book.as_of) is None

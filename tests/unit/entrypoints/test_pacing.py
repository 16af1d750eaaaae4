"""The worker looks at the stream often while there is something to see, and gives way only in a rush."""

import asyncio
from typing import Any, cast

import pytest

from fanwheel.entrypoints import pacing
from fanwheel.entrypoints.pacing import Pace
from fanwheel.infra.postgres import Database

NO_DATABASE = cast("Database", None)


class Stream:
    """As much of a consumer as a pace looks at."""

    def __init__(self, *, is_behind: bool = False, a_look: int = 0) -> None:
        self.is_behind, self._a_look, self._arrived = is_behind, a_look, 0

    async def count_arrived(self, _db: Database) -> int:
        self._arrived += self._a_look
        return self._arrived


def rests(stream: Stream, *found: bool) -> list[float]:
    async def run() -> list[float]:
        pace = Pace(cast("Any", stream))
        told = []
        for each in found:
            pace.begin()
            told.append(await pace.rest(NO_DATABASE, found=each))
        return told

    return asyncio.run(run())


def test_a_stream_is_looked_at_often_once_something_was_there() -> None:
    before, after, then = rests(Stream(), False, True, False)

    assert before == 0.2
    assert 0 < after <= 0.04
    assert then == 0.02


@pytest.mark.parametrize(
    ("crowded", "a_look", "is_waiting"), [(True, 10**9, True), (True, 0, False), (False, 10**9, False)]
)
def test_a_reader_that_is_behind_gives_way_to_a_rush_in_a_crowd_only(
    monkeypatch: pytest.MonkeyPatch, crowded: bool, a_look: int, is_waiting: bool
) -> None:
    waited = iter(range(0, 10**12, 10**9 if crowded else 1))
    monkeypatch.setattr(pacing, "_waited_us", lambda: next(waited))
    monkeypatch.setattr(pacing, "_LOOK_S", 0.0)
    monkeypatch.setattr(pacing, "_KNOWN_S", 60.0)

    rest = rests(Stream(is_behind=True, a_look=a_look), True, True)[-1]

    assert (rest > 0) is is_waiting

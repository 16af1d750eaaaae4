"""Figures of a broadcast that are kept: told again for a little while, and for good once it is long over."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from tests.support import crowds
from tests.support.crowds import Crowd, at_random, put
from tests.support.reach import NOON, Town

from fanwheel.infra import retention
from fanwheel.loop.operate import broadcasts
from fanwheel.loop.operate.broadcasts import reporting, reporting_rules
from fanwheel.loop.operate.broadcasts.errors import BroadcastFiguresGoneError

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module", autouse=True)
def _closed(towns_dsn: str) -> Iterator[None]:
    yield
    crowds.leave(towns_dsn)


def report(crowd: Crowd, after: timedelta, **asked: Any) -> dict[str, Any]:
    return crowd.town.do(lambda tx: reporting.report(tx, crowd.broadcast_id, now=NOON + after, **asked))


def counted(crowd: Crowd, after: timedelta) -> dict[str, Any]:
    """The report as it is where nothing is kept, before and after."""
    forgotten = "DELETE FROM broadcast_report WHERE broadcast_id = %s"
    crowd.town.rows(forgotten, crowd.broadcast_id)
    found = report(crowd, after)
    crowd.town.rows(forgotten, crowd.broadcast_id)
    return found


def keep(town: Town, after: timedelta) -> int:
    return town.runner.run(broadcasts.keep_reports(town.database, town.workspace, now=NOON + after))


def end(crowd: Crowd) -> None:
    """Let the broadcast be over after a day."""
    over = "UPDATE broadcast SET state = 'done', launched_at = starts_at, ended_at = %s WHERE broadcast_id = %s"
    crowd.town.rows(over, NOON + DAY, crowd.broadcast_id)


def more_deeds(crowd: Crowd) -> None:
    """One more delivery, of a message that is not delivered yet as far as anybody knows."""
    number = next(row["intent_id"] for row in crowd.messages if row["is_gone"]
                  and not any(number == row["intent_id"] for number, _, _ in crowd.deeds))  # fmt: skip
    crowd.receive(number, "delivered")


def test_a_young_report_is_told_again_and_an_old_one_is_counted_anew(town: Town) -> None:
    crowd = at_random(town)
    first = report(crowd, 4 * DAY)
    more_deeds(crowd)

    again, later, told = report(crowd, 4 * DAY + SECOND), report(crowd, 5 * DAY), report(crowd, 5 * DAY + SECOND)

    assert again == first
    assert first["as_of"] == NOON + 4 * DAY
    assert told == later == counted(crowd, 5 * DAY)
    assert later["by_route"] != first["by_route"]


def test_while_one_counts_the_others_are_told_what_is_kept(town: Town) -> None:
    crowd = at_random(town)
    first = report(crowd, 4 * DAY)
    with psycopg.connect(town.dsn) as counting:
        counting.execute("SELECT FROM broadcast_report WHERE broadcast_id = %s FOR UPDATE", [crowd.broadcast_id])

        assert report(crowd, 5 * DAY) == first


def test_figures_outlast_what_they_were_counted_from(town: Town) -> None:
    crowd = at_random(town)
    end(crowd)
    put(town, "retention", [{"kind": "sends", "days": 90, "changed_by": "user:1"}])
    before = counted(crowd, 91 * DAY)

    kept = keep(town, 91 * DAY)
    gone = town.runner.run(retention.forget(town.database, town.workspace, now=NOON + 91 * DAY))

    assert (kept, keep(town, 92 * DAY)) == (1, 0)
    assert gone >= sum(row["is_gone"] for row in crowd.messages) > 0
    assert report(crowd, 400 * DAY) == before
    with pytest.raises(BroadcastFiguresGoneError):
        report(crowd, 400 * DAY, days=7)


def test_a_month_after_its_end_figures_are_final_and_other_days_can_still_be_asked_for(town: Town) -> None:
    crowd = at_random(town)
    end(crowd)

    kept = [keep(town, 30 * DAY), keep(town, 31 * DAY), keep(town, 32 * DAY)]
    more_deeds(crowd)

    assert kept == [0, 1, 0]
    three, ten = report(crowd, 400 * DAY), report(crowd, 400 * DAY, days=10)
    assert (three["as_of"], ten["as_of"]) == (NOON + 31 * DAY, NOON + 400 * DAY)
    assert sum(row["converted"] for row in ten["by_route"]) > sum(row["converted"] for row in three["by_route"]) > 0


@pytest.mark.parametrize(
    ("cost_ms", "age_s", "is_fresh"),
    [(1, 1.9, True), (1, 2, False), (400, 39, True), (400, 40, False), (60_000, 299, True), (60_000, 300, False)],
)
def test_counting_takes_at_most_a_hundredth_of_the_time(cost_ms: int, age_s: float, *, is_fresh: bool) -> None:
    assert reporting_rules.is_fresh(NOON, cost_ms=cost_ms, now=NOON + timedelta(seconds=age_s)) is is_fresh

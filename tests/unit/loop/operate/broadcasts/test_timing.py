"""When each person is reached, across zones and the nights in which clocks are changed."""

from datetime import UTC, datetime, timedelta

import pytest

from fanwheel.loop.operate.broadcasts import pacing, sampling, timing
from fanwheel.loop.operate.broadcasts.contracts import Schedule
from fanwheel.loop.operate.broadcasts.errors import BadBroadcastError

NOW = datetime(2026, 3, 6, 12, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def local(at: str) -> Schedule:
    return Schedule(kind="local", at=at)


@pytest.mark.parametrize(
    ("schedule", "zone", "hour", "due"),
    [
        (local("2026-03-08T10:00"), "Asia/Shanghai", None, (8, 2, 0)),
        (local("2026-03-08T10:00"), "America/New_York", None, (8, 14, 0)),  # an hour earlier than the day before
        (local("2026-03-08T02:30"), "America/New_York", None, (8, 7, 30)),  # no clock showed that: an hour later it is
        (local("2026-03-08T10:00"), "Nowhere/Land", None, (8, 9, 0)),  # as at the brand's
        (local("2026-03-08T10:00"), "", None, (8, 9, 0)),
        (local("2026-03-05T10:00"), "Asia/Shanghai", None, (5, 2, 0)),  # it has passed: at once
        (Schedule(kind="best_hour", day="2026-03-08"), "Asia/Shanghai", 11.0, (8, 10, 0)),  # by the brand's clock
        (Schedule(kind="best_hour", day="2026-03-08"), "Asia/Shanghai", 23.0, (8, 19, 0)),  # the last hour before 21
        (Schedule(kind="best_hour", day="2026-03-08"), "Asia/Shanghai", 3.0, (8, 8, 0)),
        (Schedule(kind="best_hour", day="2026-03-08"), "Asia/Shanghai", None, (8, 7, 0)),  # in the middle, at home
        (Schedule(kind="at", at="2026-03-08T10:00:00+08:00"), "America/New_York", None, (8, 2, 0)),
    ],
)
def test_each_is_reached_by_the_right_clock(
    schedule: Schedule, zone: str, hour: float | None, due: tuple[int, int, int]
) -> None:
    day, hours, minutes = due
    found = timing.due_at(schedule, zone=zone, hour=hour, brand_zone=BERLIN, now=NOW)

    assert found == datetime(2026, 3, day, hours, minutes, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        # The rest hears the winner at the same hour of the wall, on the next day that has one to come.
        (datetime(2026, 3, 7, 14, 59, tzinfo=UTC), datetime(2026, 3, 7, 15, tzinfo=UTC)),
        (datetime(2026, 3, 7, 15, 1, tzinfo=UTC), datetime(2026, 3, 8, 14, tzinfo=UTC)),
    ],
)
def test_whoever_waited_for_a_winner_is_reached_at_the_same_hour_later(now: datetime, due: datetime) -> None:
    schedule = local("2026-03-06T10:00")

    assert due == timing.due_at(schedule, zone="America/New_York", hour=None, brand_zone=BERLIN, now=now, is_late=True)


def test_a_broadcast_begins_where_the_day_begins_and_ends_where_it_ends() -> None:
    schedule = local("2026-03-08T10:00")

    assert timing.starts_at(schedule, now=NOW) == datetime(2026, 3, 7, 20, tzinfo=UTC)
    assert timing.ends_at(schedule, now=NOW) == datetime(2026, 3, 8, 22, tzinfo=UTC)
    assert timing.begins_before(schedule, now=datetime(2026, 3, 7, 21, tzinfo=UTC))
    assert not timing.is_over(schedule, now=datetime(2026, 3, 8, 21, tzinfo=UTC))
    assert timing.is_over(schedule, now=datetime(2026, 3, 8, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(kind="at", at="2026-03-08T10:00"),
        local("2026-03-08T10:00:00Z"),
        Schedule(kind="at", at="soon"),
        Schedule(kind="best_hour", day="2026-02-30"),
        Schedule(kind="best_hour", day="2026-02-03", from_hour=9, to_hour=9),
    ],
)
def test_a_time_that_says_nothing_is_refused(schedule: Schedule) -> None:
    with pytest.raises(BadBroadcastError):
        timing.require_readable(schedule)


@pytest.mark.parametrize(
    ("per_minute", "since_s", "most", "count"),
    [
        (None, 0, 500, 500),
        (60, None, 500, 1),  # it begins with one
        (60, 3.5, 500, 3),
        (60, 3600, 500, 10),  # what was not used for long is lost
        (1, 3600, 500, 1),
        (6000, 10, 500, 500),
        (6000, None, 500, 100),  # or with what a second earns
        (6000, 0.9, 500, 0),  # a portion is worth a second at least
        (6000, 0.9, 20, 20),
    ],
)
def test_a_pace_gives_what_its_time_has_earned(
    per_minute: int | None, since_s: float | None, most: int, count: int
) -> None:
    paced_at = None if since_s is None else NOW - timedelta(seconds=since_s)

    given, used_up = pacing.allow(per_minute, paced_at=paced_at, now=NOW, most=most)

    assert given == count
    assert used_up <= NOW


def test_samples_and_variants_are_as_large_as_asked_for_and_do_not_depend_on_each_other() -> None:
    people = range(20_000)
    tried = [person for person in people if sampling.is_sampled(person, salt="s", share=0.2)]
    first = [person for person in tried if sampling.variant_of(person, salt="s", variants=("A", "B", "C")) == "A"]

    # Four standard deviations: of 20,000 × 0.2 that is 226, of a third of 4,000 it is 119.
    assert abs(len(tried) - 4_000) < 226
    assert abs(len(first) - len(tried) / 3) < 119

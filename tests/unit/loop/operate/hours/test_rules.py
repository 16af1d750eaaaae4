"""Whether we are open goes by the workspace's clock, over weekends, holidays and summer time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fanwheel.loop.operate.hours import BadHoursError, Hours, Opening, Special, Weekly
from fanwheel.loop.operate.hours.rules import check

WEEK = [Weekly(day, 540, 1080) for day in range(1, 6)]  # 9 to 18, Monday to Friday
SHANGHAI = Hours(
    ZoneInfo("Asia/Shanghai"), WEEK, [Special(date(2026, 10, 1)), Special(date(2026, 10, 3), (Opening(600, 720),))]
)
FRIDAY = datetime(2026, 3, 6, 9, 30, tzinfo=UTC)  # 17:30 in Shanghai


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (datetime(2026, 3, 6, 1, tzinfo=UTC), True),  # 9:00: the first moment
        (datetime(2026, 3, 6, 10, tzinfo=UTC), False),  # 18:00: the first one after
        (datetime(2026, 3, 7, 4, tzinfo=UTC), False),  # Saturday
        (datetime(2026, 10, 1, 4, tzinfo=UTC), False),  # a Thursday that is a holiday
        (datetime(2026, 10, 3, 2, 30, tzinfo=UTC), True),  # a Saturday with hours of its own
    ],
)
def test_hours_are_local(moment: datetime, is_open: bool) -> None:
    assert SHANGHAI.is_open(moment) is is_open


def test_an_hour_of_work_goes_on_after_the_weekend() -> None:
    assert SHANGHAI.due(FRIDAY, 3_600) == datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
    assert SHANGHAI.open_seconds(FRIDAY, FRIDAY + timedelta(days=3)) == 30 * 60 + 8.5 * 3_600


def test_the_next_opening_is_now_or_on_monday() -> None:
    assert SHANGHAI.next_opening(FRIDAY) == FRIDAY
    assert SHANGHAI.next_opening(FRIDAY + timedelta(hours=1)) == datetime(2026, 3, 9, 1, tzinfo=UTC)


def test_summer_time_moves_the_hours() -> None:
    berlin = Hours(ZoneInfo("Europe/Berlin"), [Weekly(day, 540, 1080) for day in range(1, 8)])

    assert not berlin.is_open(datetime(2026, 3, 28, 7, 30, tzinfo=UTC))  # 8:30 in winter
    assert berlin.is_open(datetime(2026, 3, 29, 7, 30, tzinfo=UTC))  # 9:30 in summer


def test_without_hours_we_are_always_open() -> None:
    always = Hours(ZoneInfo("UTC"))

    assert always.is_open(FRIDAY)
    assert always.due(FRIDAY, 90) == FRIDAY + timedelta(seconds=90)


@pytest.mark.parametrize(
    "weekly",
    [
        [Weekly(1, 540, 540)],
        [Weekly(1, 600, 540)],
        [Weekly(8, 540, 600)],
        [Weekly(1, 540, 700), Weekly(1, 690, 720)],
        [Weekly(1, 540, 1_500)],
    ],
)
def test_hours_that_cannot_be_are_refused(weekly: list[Weekly]) -> None:
    with pytest.raises(BadHoursError):
        check(weekly, [])

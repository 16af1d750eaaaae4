"""The four tables: days are the workspace's, and an earlier day knows nothing of later ones."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from fanwheel.measure.ledger.tables import Tables, of_campaign, split_campaign, wall_clock
from fanwheel.measure.reports.datasets import Place

PLACE = Place(workspace_id=1, time_zone="UTC", currency="USD", sources={})


def days(*texts: str) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    return np.array(texts, dtype="datetime64[us]")


def the_tables() -> Tables:
    return Tables(
        place=PLACE,
        as_of=datetime(2026, 3, 9, tzinfo=UTC),
        spend={
            "channel": np.array(["ads", "ads", "late"]),
            "day": days("2026-03-01", "2026-03-05", "2026-03-08"),
            "amount": np.array([1.0, 2.0, 3.0]),
        },
        exposures={
            "person": np.array([1, 2, 3]),
            "channel": np.array(["ads", "ads", "late"]),
            "at": days("2026-03-01T05", "2026-03-05T05", "2026-03-08T05"),
            "ghost": np.array([False, True, False]),
        },
        assignments={
            "person": np.array([2, 2, 3]),
            "holdout": np.array(["universal", "late", "nobody-knows"]),
            "since": days("2026-03-02T12", "2026-03-03", "2026-03-01"),
        },
        orders={
            "person": np.array([1, 4]),
            "at": days("2026-02-28", "2026-03-06"),
            "value": np.array([10.0, 20.0]),
            "referrer": np.array([np.nan, 1.0]),
        },
    )


@pytest.mark.parametrize(
    ("instant", "zone", "shown"),
    [
        ("2026-03-01T16:00:00Z", "Asia/Shanghai", "2026-03-02T00:00:00"),
        ("2026-03-08T06:59:59Z", "America/New_York", "2026-03-08T01:59:59"),
        ("2026-03-08T07:00:00Z", "America/New_York", "2026-03-08T03:00:00"),  # the clock went forward
        ("2026-04-04T15:00:00Z", "Australia/Lord_Howe", "2026-04-05T01:30:00"),  # back by half an hour
        ("1969-12-31T23:59:59Z", "UTC", "1969-12-31T23:59:59"),
    ],
)
def test_a_clock_on_the_wall_shows_what_the_zone_says(instant: str, zone: str, shown: str) -> None:
    at = np.array([datetime.fromisoformat(instant).timestamp() * 1e6], dtype=np.int64)

    assert wall_clock(at, ZoneInfo(zone)).tolist() == [datetime.fromisoformat(shown)]


def test_a_clock_shows_nothing_for_nothing() -> None:
    assert len(wall_clock(np.zeros(0, dtype=np.int64), ZoneInfo("UTC"))) == 0


def test_an_earlier_day_knows_nothing_of_later_ones() -> None:
    known = the_tables().until(date(2026, 3, 5))

    assert known.spend["amount"].tolist() == [1.0, 2.0]
    assert known.exposures["person"].tolist() == [1, 2]
    assert known.orders["person"].tolist() == [1]


def test_holdouts_of_channels_that_nobody_has_met_are_left_out() -> None:
    assert the_tables().until(date(2026, 3, 5)).assignments["holdout"].tolist() == ["universal"]
    assert the_tables().until(date(2026, 3, 8)).assignments["holdout"].tolist() == ["universal", "late"]


def test_customers_are_those_who_bought_before_the_first_holdout() -> None:
    segments = the_tables().until(date(2026, 3, 8)).segments

    assert the_tables().until(date(2026, 3, 8)).first_held == date(2026, 3, 2)
    assert dict(zip(segments["person"].tolist(), segments["segment"].tolist(), strict=True)) == {
        1: "customer", 2: "prospect", 3: "prospect", 4: "prospect"
    }  # fmt: skip


def test_channel_and_campaign_come_apart_again() -> None:
    named = of_campaign(np.array(["ads/cpc", "sms"]), np.array(["spring / tea", ""], dtype=object))

    assert [split_campaign(name) for name in named.tolist()] == [("ads/cpc", "spring / tea"), ("sms", "")]
    assert split_campaign("ads/cpc") == ("ads/cpc", None)

"""Geo tests by rules and figures: which days they may have, which one counts, and what they show."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from fanwheel.measure.ledger.geo_tests import Finding, RegionTest, estimate, known_by
from fanwheel.measure.ledger.geo_tests.contracts import Draft
from fanwheel.measure.ledger.geo_tests.errors import BadGeoTestError, GeoTestOverlapError
from fanwheel.measure.ledger.geo_tests.rules import check_days, check_overlap
from fanwheel.measure.verdicts import Code, GeoTest, Note

BEFORE, START, LAST = date(2026, 1, 5), date(2026, 2, 2), date(2026, 3, 1)
TODAY = date(2026, 3, 10)
DAYS = (LAST - BEFORE).days + 1
FIRST = (START - BEFORE).days


def a_test(regions: tuple[str, ...], **more: Any) -> RegionTest:
    known: dict[str, Any] = {"before_on": BEFORE, "started_on": START, "ended_on": LAST, "campaign": None, **more}
    return RegionTest(geo_test_id=1, source_id=1, trait="region", regions=regions, **known)


def a_draft(**more: Any) -> Draft:
    known: dict[str, Any] = {"before_on": BEFORE, "started_on": START, "ended_on": LAST, **more}
    return Draft(source="posters", campaign=None, trait="region", regions=("a",), note="", **known)


def market(regions: int, off: int, *, caused: float, seed: int = 3) -> tuple[dict[str, Any], float]:
    """Revenue by region and day, unequal regions with one season; and what was missing where the channel was off."""
    rng = np.random.default_rng(seed)
    size = rng.uniform(2_000.0, 9_000.0, (regions, 1))
    season = 1.0 + 0.2 * np.sin(2 * np.pi * np.arange(DAYS) / 7) + 0.004 * np.arange(DAYS)
    whole = size * season * rng.normal(1.0, 0.04, (regions, DAYS))
    sold = whole.copy()
    sold[:off, FIRST:] *= 1.0 - caused
    return table(np.round(sold)), float((whole - sold).sum())


def table(sold: Any) -> dict[str, Any]:
    regions, days = sold.shape
    return {
        "trait": np.full(regions * days, "region"),
        "region": np.repeat([f"r{number:02}" for number in range(regions)], days),
        "placed_on": np.tile(np.datetime64(BEFORE) + np.arange(days), regions),
        "net_minor": sold.reshape(-1),
    }


def spend(amount: float = 1_000.0) -> dict[str, Any]:
    days = np.datetime64(BEFORE) + np.arange(DAYS + 30)
    return {"channel": np.full(len(days), "posters"), "day": days, "amount": np.full(len(days), amount)}


def names(count: int) -> tuple[str, ...]:
    return tuple(f"r{number:02}" for number in range(count))


@pytest.mark.parametrize(("regions", "off"), [(24, 8), (12, 2), (24, 1)])
def test_the_interval_holds_what_was_missing_where_it_was_off(regions: int, off: int) -> None:
    sales, missing = market(regions, off, caused=0.2)

    tested = estimate(a_test(names(off)), channel="posters", sales=sales, spend=spend())

    found = tested.found
    assert found is not None
    assert found.low < missing < found.high
    assert found.low > 0
    assert (found.regions, found.first, found.last) == (off, START, LAST)
    # 28 days of spend elsewhere, as the regions' revenue before.
    before = sales["net_minor"].reshape(regions, DAYS)[:, :FIRST].sum(axis=1)
    share = before[:off].sum() / before.sum()
    assert tested.share == pytest.approx(share)
    assert found.spend == pytest.approx(28 * 1_000 * share / (1 - share))


def test_intervals_of_groups_hold_the_truth_about_as_often_as_they_say() -> None:
    held = 0
    for seed in range(60):
        sales, missing = market(20, 6, caused=0.3, seed=seed)
        found = estimate(a_test(names(6)), channel="posters", sales=sales, spend=spend()).found
        assert found is not None
        held += found.low < missing < found.high

    assert 52 <= held <= 60  # of 60 intervals of 95 % fewer hold the truth once in a hundred times


def test_regions_that_hardly_buy_and_other_traits_are_left_out() -> None:
    sales, _ = market(24, 8, caused=0.2)
    tiny = table(np.full((1, DAYS), 3.0)) | {"region": np.full(DAYS, "village")}
    other = sales | {"trait": np.full(len(sales["trait"]), "province"), "net_minor": sales["net_minor"] * 9}
    more = {name: np.concatenate([sales[name], tiny[name], other[name]]) for name in sales}

    alone, among = (
        estimate(a_test(names(8)), channel="posters", sales=rows, spend=spend()).found for rows in (sales, more)
    )

    assert alone == among


@pytest.mark.parametrize(
    ("regions", "off", "why"),
    [
        (10, 1, Note(code=Code.TOO_FEW_REGIONS, values={"others": 9, "least": 19})),
        (8, 2, Note(code=Code.TOO_FEW_REGIONS, values={"others": 6, "least": 7})),  # 7 · 6 / 2 = 21 pairs
        (9, 5, Note(code=Code.TOO_FEW_REGIONS, values={"others": 4, "least": 5})),
    ],
)
def test_too_few_other_regions_say_how_many_it_takes(regions: int, off: int, why: Note) -> None:
    sales, _ = market(regions, off, caused=0.2)

    tested = estimate(a_test(names(off)), channel="posters", sales=sales, spend=spend())

    assert (tested.found, tested.why_not) == (None, why)


def test_a_region_without_orders_before_or_a_channel_without_spend_tells_nothing() -> None:
    sales, _ = market(24, 8, caused=0.2)

    silent = estimate(a_test((*names(8), "moon")), channel="posters", sales=sales, spend=spend())
    free = estimate(a_test(names(8)), channel="radio", sales=sales, spend=spend())

    assert silent.why_not == Note(code=Code.GEO_NOTHING_SOLD, values={"region": "moon"})
    assert free.why_not == Note(code=Code.GEO_NOTHING_SPENT)


def shown(channel: str, first: date, last: date | None, why: Note | None = None) -> Finding:
    test = a_test(("a",), started_on=first, ended_on=last)
    found = None
    if last is not None and why is None:
        found = GeoTest(channel=channel, first=first, last=last, regions=1, spend=1.0, revenue=1.0, low=0.0, high=2.0)
    return Finding(channel=channel, test=test, found=found, why_not=why)


def test_the_newest_test_that_tells_anything_counts_once_it_has_ended() -> None:
    weak = Note(code=Code.GEO_NOTHING_SPENT)
    old, new = shown("posters", date(2026, 1, 1), date(2026, 1, 20)), shown("posters", START, LAST)
    tests = [new, old, shown("tv", START, None), shown("radio", START, LAST, weak)]

    early, late, before = (known_by(tests, day) for day in (date(2026, 2, 10), LAST, date(2025, 12, 31)))

    assert early.evidence == {"posters": old}
    assert {channel: note.code for channel, note in early.reasons.items()} == {
        "posters": Code.GEO_TEST_RUNS, "tv": Code.GEO_TEST_RUNS, "radio": Code.GEO_TEST_RUNS
    }  # fmt: skip
    assert late.evidence == {"posters": new}
    assert late.reasons["radio"] == weak
    assert late.tests == [new.found]
    assert (before.evidence, before.reasons) == ({}, {})


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        ({"started_on": TODAY + timedelta(days=1), "ended_on": None}, "future"),
        ({"ended_on": TODAY + timedelta(days=1)}, "future"),
        ({"ended_on": START - timedelta(days=1)}, "ends before it begins"),
        ({"before_on": START - timedelta(days=13)}, "At least 14 days"),
        ({"before_on": date(2023, 1, 1)}, "730 at most"),
    ],
)
def test_days_that_tell_nothing_are_refused(days: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadGeoTestError, match=problem):
        check_days(a_draft(**days), today=TODAY)


def test_days_that_just_do_are_taken() -> None:
    check_days(a_draft(before_on=START - timedelta(days=14), ended_on=None), today=START)
    check_days(a_draft(ended_on=TODAY), today=TODAY)


@pytest.mark.parametrize(
    ("started", "ended", "before", "is_refused"),
    [
        (date(2026, 2, 20), None, date(2026, 2, 1), True),  # runs while the other does
        (date(2026, 4, 1), date(2026, 4, 9), LAST, True),  # compares with a day of the other
        (date(2026, 4, 1), date(2026, 4, 9), LAST + timedelta(days=1), False),
        (date(2026, 1, 10), date(2026, 1, 20), date(2025, 12, 1), True),  # ran when the other looked before
        (date(2025, 12, 20), BEFORE - timedelta(days=1), date(2025, 12, 1), False),
    ],
)
def test_one_source_is_switched_by_one_test_at_a_time(
    started: date, ended: date | None, before: date, is_refused: bool
) -> None:
    draft = a_draft(before_on=before, started_on=started, ended_on=ended)

    if is_refused:
        with pytest.raises(GeoTestOverlapError):
            check_overlap(draft, [a_test(("a",))])
    else:
        check_overlap(draft, [a_test(("a",))])

"""Geo tests by HTTP: from events of people who live somewhere to a verdict that a test by region proves."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from tests.integration.ledger.brand import ask, send
from tests.support.house import House

PATH = "/api/measure/geo-tests"
BEFORE, START, LAST = date(2026, 1, 5), date(2026, 2, 2), date(2026, 2, 22)
DAYS = (LAST - BEFORE).days + 1
FIRST = (START - BEFORE).days
CITIES = [f"城市{number:02}" for number in range(18)]
OFF = CITIES[:6]
PEOPLE = 8  # in each
CAUSED = 0.25  # of revenue, by the posters
SPEND = {"posters": 200, "search": 50}
TEST = {"source": "posters", "trait": "city", "regions": OFF, "started_on": str(START), "ended_on": str(LAST),
        "before_on": str(BEFORE)}  # fmt: skip


class Country:
    """Some weeks of a brand with posters, which were off in six cities of eighteen for three weeks."""

    def __init__(self) -> None:
        rng = np.random.default_rng(11)
        season = 1.0 + 0.2 * np.sin(2 * np.pi * np.arange(DAYS) / 7)
        with_posters = rng.uniform(300, 900, (len(CITIES), 1)) * season * rng.normal(1, 0.05, (len(CITIES), DAYS))
        sold = with_posters.copy()
        sold[: len(OFF), FIRST:] *= 1.0 - CAUSED
        sold = np.round(sold, 2)
        self.missing_minor = round(float((with_posters - sold).sum()) * 100)
        self.calls = [
            {"type": "identify", "userId": user(city, n), "traits": {"city": CITIES[city]}, "timestamp": at(0, 0)}
            for city in range(len(CITIES))
            for n in range(PEOPLE)
        ]
        for city in range(len(CITIES)):
            for day in range(DAYS):
                order = {"order_id": f"{city}-{day}", "total": float(sold[city, day])}
                self.calls.append(track(user(city, day % PEOPLE), "Order Completed", at(day, 12), **order))
        # A meeting with any channel: posters meet nobody in particular.
        self.calls.append(track(user(0, 0), "Ad Viewed", at(0, 1), source="search"))


def user(city: int, number: int) -> str:
    return f"u{city}-{number}"


def at(day: int, hour: int) -> str:
    moment = datetime(BEFORE.year, BEFORE.month, BEFORE.day, tzinfo=UTC) + timedelta(days=day, hours=hour)
    return moment.isoformat()


def track(who: str, event: str, when: str, **properties: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, "userId": who, "timestamp": when, "properties": properties}


@pytest.fixture(scope="module")
def country() -> Country:
    return Country()


@pytest.fixture(scope="module")
def workspace(house: House, country: Country) -> int:
    made = house.workspace("Tour")
    owner = house.member(made, "owner")
    for slug in SPEND:
        owner.post("/api/sources", {"slug": slug, "name": slug.title(), "domain": "commercial"})
    items = [
        {"source": slug, "spent_on": str(BEFORE + timedelta(days=day)), "amount": amount, "currency": "USD"}
        for day in range(DAYS)
        for slug, amount in SPEND.items()
    ]
    assert owner.post("/api/spend", {"items": items}).json()["stored"] == len(items)
    send(house, made, country.calls)
    return made


@pytest.fixture
def tested(house: House, workspace: int) -> Iterator[int]:
    """The test of the posters, noted after it has ended."""
    operator = house.member(workspace, "operator")
    made = operator.post(PATH, TEST)
    assert made.status_code == 201, made.text
    yield made.json()["geo_test_id"]
    house.rows("DELETE FROM geo_test WHERE workspace_id = %s", workspace)


def row_of(found: dict[str, Any], channel: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [row for row in found["rows"] if row["channel"] == channel]
    (row,) = rows
    return row


def test_a_geo_test_proves_a_channel_and_its_interval_holds_the_truth(
    house: House, workspace: int, country: Country, tested: int
) -> None:
    row = row_of(ask(house, workspace, f"to={LAST}"), "posters")

    evidence, shown = row["evidence"], row["evidence"]["geo_test"]
    assert (row["state"], evidence["kind"], evidence["regions"], evidence["since"]) == (
        "working", "geo", 6, str(START)
    )  # fmt: skip
    assert (shown["geo_test_id"], shown["regions"]) == (tested, OFF)
    assert (shown["first"], shown["last"]) == (str(START), str(LAST))
    assert shown["caused"]["low_minor"] < country.missing_minor < shown["caused"]["high_minor"]
    # What it returned there is taken to hold for all of its spend.
    scale = row["spend_minor"] / shown["saved_minor"]
    assert row["caused_revenue"]["estimate_minor"] == pytest.approx(shown["caused"]["estimate_minor"] * scale, rel=1e-4)
    assert [note["code"] for note in evidence["remarks"]] == ["geo_test", "one_look", "geo_spend_shared"]
    assert evidence["alarms"] == []


def test_it_counts_from_its_last_day_on_and_not_once_it_is_deleted(house: House, workspace: int, tested: int) -> None:
    early = row_of(ask(house, workspace, f"to={LAST - timedelta(days=1)}"), "posters")
    assert house.member(workspace, "operator").ask("DELETE", f"{PATH}/{tested}").status_code == 204
    after = row_of(ask(house, workspace, f"to={LAST}"), "posters")

    assert (early["state"], early["evidence"]["why_not"]["code"]) == ("unproven", "geo_test_runs")
    assert early["evidence"]["why_not"]["values"] == {"day": str(START)}
    assert (after["state"], after["evidence"]["why_not"]["code"]) == ("unproven", "no_holdout")


def test_a_test_that_runs_is_ended_once(house: House, workspace: int) -> None:
    operator = house.member(workspace, "operator")
    running = operator.post(PATH, TEST | {"ended_on": None}).json()
    path = f"{PATH}/{running['geo_test_id']}"

    noted = operator.ask("PATCH", path, json={"note": "six cities"})
    too_early = operator.ask("PATCH", path, json={"ended_on": "2026-01-31"})
    ended = operator.ask("PATCH", path, json={"ended_on": str(LAST)})
    again = operator.ask("PATCH", path, json={"ended_on": "2026-02-20"})
    (listed,) = house.member(workspace, "viewer").get(PATH).json()["items"]
    house.rows("DELETE FROM geo_test WHERE workspace_id = %s", workspace)

    assert noted.json()["note"] == "six cities"
    assert (too_early.status_code, too_early.json()["code"]) == (422, "bad_geo_test")
    assert (ended.status_code, again.status_code, again.json()["code"]) == (200, 409, "geo_test_ended")
    assert listed | {"created_at": ""} == {
        "geo_test_id": running["geo_test_id"], "source": "posters", "name": "Posters", "campaign": None,
        "trait": "city", "regions": OFF, "before_on": str(BEFORE), "started_on": str(START), "ended_on": str(LAST),
        "note": "six cities", "created_at": "", "created_by": listed["created_by"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "status", "code", "words"),
    [
        ({"source": "radio"}, 422, "unknown_test_source", "no source “radio”"),
        ({"trait": "planet"}, 422, "unknown_region", "Nobody has the trait “planet”"),
        ({"regions": [CITIES[0], "月球"]}, 422, "unknown_region", "Nobody lives in “月球”"),
        ({"regions": []}, 422, "invalid_request", ""),
        ({"started_on": "2999-01-01", "ended_on": None, "before_on": None}, 422, "bad_geo_test", "in the future"),
        ({"ended_on": "2999-01-01"}, 422, "bad_geo_test", "in the future"),
        ({"ended_on": "2026-02-01"}, 422, "bad_geo_test", "ends before it begins"),
        ({"before_on": "2026-01-20"}, 422, "bad_geo_test", "At least 14 days"),
        ({"started_on": "2026-02-20", "ended_on": None}, 409, "geo_test_overlap", "2026-02-02 to 2026-02-22"),
    ],
)
def test_a_test_that_cannot_tell_is_refused_with_the_reason(
    house: House, workspace: int, tested: int, change: dict[str, Any], status: int, code: str, words: str
) -> None:
    answer = house.member(workspace, "operator").post(PATH, TEST | change)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert words in answer.json()["message"]
    assert len(house.member(workspace, "viewer").get(PATH).json()["items"]) == 1


def test_regions_are_listed_with_their_people_for_those_who_may_see_people(house: House, workspace: int) -> None:
    found = house.member(workspace, "analyst").get(f"{PATH}/regions?trait=city").json()["items"]
    none = house.member(workspace, "analyst").get(f"{PATH}/regions").json()["items"]
    refused = house.member(workspace, "viewer").get(f"{PATH}/regions?trait=city")

    assert found == [{"region": city, "people": PEOPLE} for city in CITIES]
    assert (none, refused.status_code) == ([], 403)


def test_too_few_regions_are_no_evidence_and_say_so(house: House, workspace: int) -> None:
    operator = house.member(workspace, "operator")
    assert operator.post(PATH, TEST | {"regions": CITIES[:1]}).status_code == 201

    row = row_of(ask(house, workspace, f"to={LAST}"), "posters")
    house.rows("DELETE FROM geo_test WHERE workspace_id = %s", workspace)

    assert (row["state"], row["caused_revenue"]) == ("unproven", None)
    assert row["evidence"]["why_not"] == {
        "code": "too_few_regions", "values": {"others": 17, "least": 19},
        "text": "Its geo test left 17 regions to compare with; 19 are needed at least.",
    }  # fmt: skip


def test_a_holdout_outranks_a_geo_test(house: House, workspace: int, tested: int) -> None:
    assert house.member(workspace, "operator").post(PATH, TEST | {"source": "search"}).status_code == 201
    calls = []
    for number in range(len(CITIES) * PEOPLE):
        who, is_held = user(number % len(CITIES), number // len(CITIES)), number % 2 == 0
        if is_held:
            calls.append(track(who, "Holdout Assigned", at(FIRST, 0), holdout="search"))
        calls.append(track(who, "Ad Held Out" if is_held else "Ad Viewed", at(FIRST, 2), source="search"))
    send(house, workspace, calls)

    found = ask(house, workspace, f"to={LAST}")

    search, posters = row_of(found, "search"), row_of(found, "posters")
    assert (search["evidence"]["kind"], search["evidence"]["geo_test"]) == ("holdout", None)
    assert search["evidence"]["people_held"] == 72
    assert (posters["evidence"]["kind"], posters["state"]) == ("geo", "working")

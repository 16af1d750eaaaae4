"""Events in by HTTP, verdict out: the same as the library says of the same tables made by hand."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg
import pytest
from tests.integration.ledger.brand import LAST, NOW, PEOPLE, RATE, Brand, ask, send
from tests.support.house import House

from fanwheel.infra.postgres import Database
from fanwheel.measure import ledger


@pytest.fixture(scope="module")
def brand() -> Brand:
    return Brand()


@pytest.fixture(scope="module")
def workspace(house: House, brand: Brand) -> int:
    made = house.workspace("Mist")
    house.rows(
        "UPDATE workspace SET time_zone = 'Asia/Shanghai', reporting_currency = 'CNY' WHERE workspace_id = %s", made
    )
    house.rows(
        "INSERT INTO currency_rate (workspace_id, currency, valid_from, rate) VALUES (%s, 'USD', '2026-01-01', %s)",
        made,
        RATE,
    )
    owner = house.member(made, "owner")
    for slug, domain in (("ads/cpc", "commercial"), ("newsletter", "private")):
        answer = owner.post("/api/sources", {"slug": slug, "name": slug.title(), "domain": domain})
        assert answer.status_code == 201, answer.text
    items = [
        {"source": slug, "spent_on": day.isoformat(), "amount": amount / 100, "currency": "CNY", "campaign": "spring"}
        for slug, day, amount in brand.spend
    ]
    assert owner.post("/api/spend", {"items": items}).json()["stored"] == len(items)
    send(house, made, [*brand.calls, *brand.aliases])
    return made


@pytest.fixture(scope="module")
def answer(house: House, workspace: int) -> dict[str, Any]:
    return ask(house, workspace)


def test_the_answer_is_what_the_library_says_of_the_same_tables(answer: dict[str, Any], brand: Brand) -> None:
    expected = brand.judged(first=date(2026, 3, 2), last=LAST)

    assert answer["period"] == {"from": "2026-03-02", "to": LAST.isoformat()}
    assert (answer["people"], answer["currency"]) == (PEOPLE, "CNY")
    assert [row["channel"] for row in answer["rows"]] == [line.channel for line in expected.channels]
    for row, line in zip(answer["rows"], expected.channels, strict=True):
        assert row["spend_minor"] == round(line.spend)
        assert row["credited_last_touch_minor"] == round(line.last_touch)
        assert row["credited_markov_minor"] == pytest.approx(line.markov, abs=1)
        assert line.revenue is not None
        assert line.profit is not None
        for name, interval in (("caused_revenue", line.revenue), ("caused_profit", line.profit)):
            said = [row[name][f"{end}_minor"] for end in ("low", "estimate", "high")]
            assert said == pytest.approx([interval.low, interval.estimate, interval.high], abs=1)
        assert (row["evidence"]["people_open"], row["evidence"]["people_held"]) == (
            line.evidence.shown, line.evidence.held
        )  # fmt: skip


def test_it_names_states_evidence_and_what_to_do(answer: dict[str, Any]) -> None:
    ads, letter = answer["rows"]

    assert (ads["state"], ads["advice"]["action"], ads["domain"]) == ("wasted", "cut", "commercial")
    assert (letter["state"], letter["name"], letter["domain"]) == ("working", "Newsletter", "private")
    assert ads["evidence"] | {"variance_reduction": None} == {
        "kind": "holdout", "holdout": "ads/cpc", "since": "2026-03-02", "people_open": 400, "people_held": 200,
        "estimator": "ghost", "variance_reduction": None, "regions": None, "why_not": None, "alarms": [], "remarks": [],
        "geo_test": None,
    }  # fmt: skip
    assert answer["totals"]["wasted_minor"] == ads["spend_minor"] == 42 * 900_00
    assert answer["totals"]["saved_minor"] == -ads["caused_profit"]["estimate_minor"] > 0
    assert (answer["history"], answer["truth"], ads["truth"]) == ([], None, None)


def test_a_period_within_is_judged_by_itself(house: House, workspace: int, brand: Brand) -> None:
    expected = brand.judged(first=date(2026, 3, 10), last=LAST).of("ads/cpc")

    row = ask(house, workspace, f"from=2026-03-10&to={LAST}")["rows"][0]

    assert row["spend_minor"] == round(expected.spend) == 34 * 900_00
    assert expected.revenue is not None
    assert row["caused_revenue"]["estimate_minor"] == pytest.approx(expected.revenue.estimate, abs=1)


def test_customers_and_prospects_stand_apart(house: House, workspace: int, answer: dict[str, Any]) -> None:
    cells = ask(house, workspace, f"to={LAST}&by=segment")

    assert {(row["channel"], row["segment"]) for row in cells["rows"]} == {
        (channel, segment) for channel in ("ads/cpc", "newsletter") for segment in ("customer", "prospect")
    }
    assert sum(row["spend_minor"] for row in cells["rows"]) == pytest.approx(answer["totals"]["spend_minor"], abs=4)
    assert cells["totals"] == answer["totals"]


def test_a_campaign_is_proven_by_a_holdout_of_its_own_alone(
    house: House, workspace: int, answer: dict[str, Any]
) -> None:
    ads, letter = ask(house, workspace, f"to={LAST}&by=campaign")["rows"]

    assert [(row["channel"], row["campaign"]) for row in (ads, letter)] == [
        ("ads/cpc", "spring"), ("newsletter", "spring")
    ]  # fmt: skip
    assert [row["spend_minor"] for row in (ads, letter)] == [row["spend_minor"] for row in answer["rows"]]
    assert (ads["state"], ads["caused_revenue"], ads["evidence"]["why_not"]["code"]) == (
        "unproven", None, "campaign_not_held_out"
    )  # fmt: skip
    # Who is held out of the whole newsletter stands in neither arm.
    among = [person for person in range(PEOPLE) if person % 5]
    assert (letter["state"], letter["evidence"]["kind"], letter["evidence"]["alarms"]) == ("working", "holdout", [])
    assert letter["evidence"]["people_held"] == sum(person % 7 == 0 for person in among)
    assert letter["evidence"]["people_open"] == sum(person % 7 != 0 for person in among)


def test_another_margin_moves_break_even_at_once(house: House, workspace: int) -> None:
    owner = house.member(workspace, "owner")

    for margin, status in ((0.9, 200), (0, 422), (1.2, 422), ("much", 422)):
        assert owner.ask("PATCH", "/api/workspace", json={"margin": margin}).status_code == status
    moved = ask(house, workspace)
    owner.ask("PATCH", "/api/workspace", json={"margin": 0.4})

    assert (moved["margin"], moved["break_even_roas"]) == (0.9, pytest.approx(1 / 0.9))
    assert owner.get("/api/workspace").json()["margin"] == 0.4


def test_what_was_held_back_is_in_no_report(house: House, workspace: int, brand: Brand) -> None:
    viewer = house.member(workspace, "viewer")
    send(house, workspace, [
        {"type": "track", "event": "Ad Held Out", "userId": "only-a-ghost", "properties": {"source": "ads/cpc"},
         "timestamp": "2026-03-20T00:00:00Z"},
        {"type": "track", "event": "Live Joined", "userId": "only-a-ghost", "timestamp": "2026-03-20T00:00:00Z",
         "properties": {"source": "ads/cpc", "ghost": True}},
    ])  # fmt: skip

    period = f"from=2026-03-02&to={LAST}"
    stages = {row["stage"]: row["people"] for row in viewer.get(f"/api/measure/stages?{period}").json()["stages"]}
    domains = {row["domain"]: row for row in viewer.get(f"/api/measure/flows?{period}").json()["domains"]}

    met = {person for person, _, _, is_ghost in brand.exposures if not is_ghost} | {order[0] for order in brand.orders}
    assert (stages["introduce"], stages["operate"]) == (len(met), 0)
    assert len(met) < PEOPLE
    shown = [row for row in brand.exposures if row[1] == "ads/cpc" and not row[3]]
    assert (domains["commercial"]["touches"], domains["commercial"]["people"]) == (len(shown), 400)
    person = house.rows(
        "SELECT last_source_id, event_count, is_real FROM person JOIN identifier USING (workspace_id, person_id)"
        " WHERE workspace_id = %s AND value = 'only-a-ghost'",
        workspace,
    )
    assert person == [{"last_source_id": 0, "event_count": 0, "is_real": False}]
    # The aliases come a day after the period.
    listed = house.member(workspace, "owner").get("/api/people").json()["total"]
    assert listed == len(met | set(range(1, PEOPLE, 2)))


def test_every_day_s_verdict_is_kept(house: House, workspace: int) -> None:
    keeper = ledger.History(house.settings, house.dsn)

    async def write(now: datetime) -> int:
        async with await Database.open(house.dsn, max_size=2) as db:
            return await keeper.write_due(db, now=now)

    first = asyncio.run(write(NOW))
    again = asyncio.run(write(NOW + timedelta(hours=2)))
    house.rows(
        "UPDATE verdict_day SET low_minor = low_minor - 1 WHERE workspace_id = %s AND day < '2026-03-20'", workspace
    )
    next_day = asyncio.run(write(NOW + timedelta(days=1)))
    history = ask(house, workspace, f"from=2026-03-03&to={LAST}")["history"]

    days = sorted({entry["day"] for entry in history})
    assert (again, next_day) == (0, 2)
    assert first == len(history) - 2
    assert days[0] >= "2026-03-02"
    assert days[-2:] == ["2026-04-12", "2026-04-13"]
    (newest,) = [e for e in history if (e["day"], e["channel"]) == ("2026-04-12", "ads/cpc")]
    assert newest["state"] == "wasted"
    assert newest["low_minor"] < newest["estimate_minor"] < newest["high_minor"] < 0
    course = [entry["state"] for entry in history if entry["channel"] == "ads/cpc"]
    assert course == sorted(course, key=["unproven", "wasted"].index)
    looks = house.rows(
        "SELECT return_low, return_high, changed_on FROM verdict_day JOIN source USING (workspace_id, source_id)"
        " WHERE workspace_id = %s AND slug = 'ads/cpc' ORDER BY day",
        workspace,
    )
    assert all(
        later["changed_on"] or one["return_low"] <= later["return_low"] <= later["return_high"] <= one["return_high"]
        for one, later in pairwise(looks)
    )


def test_a_made_up_brand_says_how_close_it_came(house: House, workspace: int) -> None:
    days = [
        {"source": source, "day": date(2026, 3, 2) + timedelta(days=day), "spend_minor": 100, "revenue_minor": revenue}
        for source, revenue in (("ads/cpc", 0), ("newsletter", 60_000), ("nowhere", 1))
        for day in range(42)
    ]

    async def store() -> None:
        async with house.database.transaction(workspace) as tx:
            await ledger.put_truth(tx, days)

    house.run(store())
    found = ask(house, workspace, f"from=2026-03-02&to={LAST}")
    house.rows("DELETE FROM known_truth WHERE workspace_id = %s", workspace)

    ads, letter = found["rows"]
    assert ads["truth"] == {"caused_revenue_minor": 0, "state": "wasted"}
    assert letter["truth"] == {"caused_revenue_minor": 600 * letter["spend_minor"], "state": "working"}
    inside = [
        row["caused_revenue"]["low_minor"]
        <= row["truth"]["caused_revenue_minor"]
        <= row["caused_revenue"]["high_minor"]
        for row in found["rows"]
    ]
    assert found["truth"] == {
        "wasted_spend_minor": ads["spend_minor"], "found_minor": ads["spend_minor"], "wrongly_minor": 0,
        "covered": sum(inside), "channels": 2,
    }  # fmt: skip


@pytest.mark.parametrize(("locale", "word"), [("en", "Which half is wasted?"), ("zh-CN", "哪一半预算浪费了?")])
def test_the_report_comes_as_a_page_in_either_language(house: House, workspace: int, locale: str, word: str) -> None:
    answer = house.member(workspace, "viewer").get(f"/api/measure/verdict/report?to={LAST}&locale={locale}")

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert word in answer.text
    assert "Newsletter" in answer.text


@pytest.mark.parametrize("query", ["from=2026-03-10&to=2026-03-01", "from=1900-01-01&to=2026-03-01", "to=9999-12-31"])
def test_a_period_that_makes_no_sense_is_refused(house: House, workspace: int, query: str) -> None:
    answer = house.member(workspace, "viewer").get(f"/api/measure/verdict?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_period")


@pytest.fixture
def young(house: House) -> Iterator[tuple[int, psycopg.Connection[Any]]]:
    made = house.workspace("Young")
    with psycopg.connect(house.dsn, autocommit=True) as conn:
        conn.execute(
            "INSERT INTO source (workspace_id, slug, name, domain) VALUES (%s, 'ads', 'Ads', 'commercial')", [made]
        )
        conn.execute(
            "INSERT INTO spend (workspace_id, source_id, spent_on, campaign, currency, amount_minor)"
            " SELECT workspace_id, source_id, '2026-04-01', '', 'USD', 5000 FROM source WHERE workspace_id = %s",
            [made],
        )
        yield made, conn


def test_spend_alone_is_not_yet_proven_and_says_why(house: House, young: tuple[int, Any]) -> None:
    found = ask(house, young[0], f"to={LAST}")

    (row,) = found["rows"]
    assert (row["channel"], row["spend_minor"], row["state"], row["advice"]["action"]) == (
        "ads",
        50_00,
        "unproven",
        "test",
    )
    assert row["evidence"]["why_not"] == {
        "code": "nothing_shown",
        "values": {},
        "text": "Nobody is known to have met a channel; send events with a source.",
    }


def test_a_holdout_that_is_too_small_says_how_many_are_needed(house: House, young: tuple[int, Any]) -> None:
    told = [
        (person, event, f"2026-04-0{day}T00:00:00Z", said)
        for person in range(8)
        for event, day, said in (
            ("Holdout Assigned", 1, {"holdout": "ads"}) if person < 4 else ("Product Viewed", 1, {}),
            ("Ad Held Out" if person < 4 else "Ad Viewed", 2, {"source": "ads"}),
            ("Order Completed", 3, {"order_id": f"o{person}", "total": 10}),
        )
    ]
    calls = [
        {"type": "track", "event": event, "userId": f"u{person}", "properties": said, "timestamp": at}
        for person, event, at, said in told
    ]
    send(house, young[0], calls)

    (row,) = ask(house, young[0], f"to={LAST}")["rows"]

    assert (row["state"], row["caused_profit"], row["credited_last_touch_minor"]) == ("unproven", None, 40_00)
    assert row["evidence"]["why_not"]["code"] == "too_few_people"
    assert row["evidence"]["why_not"]["values"] == {"shown": 4, "held": 4, "least": 30}

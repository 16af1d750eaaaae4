"""The product reports over HTTP: names as the web expects them, permissions, questions that make no sense."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.house import House
from tests.support.stream import Event, Stream, order

DAY = 86_400
PERIOD = "from=2026-03-01&to=2026-03-31"
STEPS = "step=Content%20Viewed&step=Channel%20Joined&step=Order%20Completed"


@pytest.fixture(scope="module")
def brand(house: House) -> Iterator[Stream]:
    """u1 (merged with a1) sees content, joins, buys twice; u2 joins before seeing anything, and buys; u3 looks."""
    stream = Stream(house.dsn)
    for slug, domain in (("douyin", "public"), ("wecom", "private")):
        stream.rows(
            "INSERT INTO source (workspace_id, slug, name, domain) VALUES (%(workspace)s, %(slug)s, upper(%(slug)s),"
            " %(domain)s) RETURNING 1",
            slug=slug,
            domain=domain,
        )
    douyin, wecom = (r["source_id"] for r in stream.rows("SELECT source_id FROM source ORDER BY source_id"))
    stream.tell(
        Event(who="a1", name="Content Viewed", source=douyin, domain=1),
        Event(who="u1", name="Content Viewed", at=30, source=douyin, domain=1),
        Event(who="u1", name="Channel Joined", at=60, source=wecom, domain=3, properties={"channel": "wecom"}),
        Event(who="u1", name="Order Completed", at=DAY, properties=order("o1", total=30)),
        Event(who="u1", name="Order Completed", at=9 * DAY, properties=order("o2", total=20)),
        Event(who="u2", name="Channel Joined", at=10, source=wecom, domain=3, properties={"channel": "wecom"}),
        Event(who="u2", name="Content Viewed", at=20),
        Event(who="u2", name="Order Completed", at=DAY, properties=order("o3", total=10)),
        Event(who="u3", name="Content Viewed", at=DAY, source=douyin, domain=1),
        Event(who="u2", name="Invite Sent", at=2 * DAY),
        Event(who="u3", name="Invite Accepted", at=3 * DAY, properties={"referrer_id": "u2"}),
    )
    stream.merge("u1", "a1")
    yield stream
    stream.close()


def ask(house: House, brand: Stream, path: str, role: str = "viewer") -> Any:
    answer = house.member(brand.workspace, role).get(f"/api/measure/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_funnel_over_http(house: House, brand: Stream) -> None:
    answer = ask(house, brand, f"funnel?{STEPS}&window_days=7&{PERIOD}")

    assert answer["window_days"] == 7
    # u1, u2 and u3 saw content; u1 alone joined after it, and bought a day later.
    assert answer["steps"] == [
        {"name": "Content Viewed", "people": 3, "of_first": 1.0, "of_previous": None},
        {"name": "Channel Joined", "people": 1, "of_first": 1 / 3, "of_previous": 1 / 3},
        {"name": "Order Completed", "people": 1, "of_first": 1 / 3, "of_previous": 1.0},
    ]


def test_a_funnel_counts_who_began_in_the_period(house: House, brand: Stream) -> None:
    answer = ask(house, brand, "funnel?step=Content Viewed&step=Order Completed&from=2026-03-01&to=2026-03-01")

    # u1 and u2 began on the 1st and bought on the 2nd, after the period; u3 began on the 2nd.
    assert [step["people"] for step in answer["steps"]] == [2, 2]


def test_names_of_events_over_http(house: House, brand: Stream) -> None:
    items = ask(house, brand, "events")["items"]

    assert items[0] == {"name": "Content Viewed", "people": 3, "events": 4}
    assert {"name": "Order Completed", "people": 2, "events": 3} in items


def test_rfm_over_http(house: House, brand: Stream) -> None:
    answer = ask(house, brand, "rfm")

    # Two buyers: u1 bought later and more often, so half of all are worse: 1 + 5 * 1 // 2 = 3.
    assert answer["cells"] == [
        {"recency": 1, "frequency": 1, "people": 1, "revenue_minor": 10_00},
        {"recency": 3, "frequency": 3, "people": 1, "revenue_minor": 50_00},
    ]
    assert answer["bounds"]["frequency"] == [1, 2, 2, 3, 3]
    late, early, *none = answer["bounds"]["recency_days"]
    assert late - early == 8
    assert none == [early, 0, 0]


def test_clv_says_what_is_missing_while_few_have_bought_again(house: House, brand: Stream) -> None:
    answer = ask(house, brand, "clv")

    assert (answer["people"], answer["distribution"], answer["calibration"]) == (2, [], None)
    assert answer["why_not"].startswith("1 people have bought again; 30 are")


def test_paths_over_http(house: House, brand: Stream) -> None:
    answer = ask(house, brand, "paths?limit=5")

    assert answer["currency"] == "USD"
    # u1 saw Douyin twice, which stands once, and joined WeCom before both orders; u2 knew WeCom only.
    assert answer["paths"] == [
        {"channels": ["DOUYIN", "WECOM"], "conversions": 2, "value_minor": 50_00},
        {"channels": ["WECOM"], "conversions": 1, "value_minor": 10_00},
    ]


def test_referral_over_http_has_a_series(house: House, brand: Stream) -> None:
    (month,) = ask(house, brand, "referral")["series"]

    # u1 and u2 joined a channel, so two could invite; one brought one: k = 1/2, variance ((1/2)² + (1/2)²) / 1 = 1/2,
    # standard error √(1/2 / 2) = 1/2, limits 1/2 · exp(± 1.96 · 1/2 / (1/2)).
    assert (month["month"], month["invites"], month["accepted"], month["k"]) == ("2026-03", 1, 1, 0.5)
    assert (month["low"], month["high"]) == pytest.approx((0.070436, 3.549300), rel=1e-4)


@pytest.mark.parametrize("query", ["step=A", "step=A&" * 9, "", "step=A&step=B&window_days=0", "step=A&step="])
def test_a_funnel_that_makes_no_sense_is_refused(house: House, brand: Stream, query: str) -> None:
    answer = house.member(brand.workspace, "viewer").get(f"/api/measure/funnel?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


@pytest.mark.parametrize("path", [f"funnel?{STEPS}", "events", "rfm", "clv", "paths", "referral"])
def test_a_workspace_in_which_nothing_has_happened_shows_nothing(house: House, path: str) -> None:
    answer = house.member(house.workspace(), "viewer").get(f"/api/measure/{path}")

    assert answer.status_code == 200, answer.text
    assert "NaN" not in answer.text

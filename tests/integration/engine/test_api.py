"""The reports over HTTP: names as the web expects them, one workspace, permissions, periods."""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.support.house import House
from tests.support.stream import Event, Stream, order

DAY = 86_400
PERIOD = "from=2026-03-01&to=2026-03-10"


@pytest.fixture(scope="module")
def brand(house: House) -> Iterator[Stream]:
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
        Event(who="u1", name="Content Viewed", source=douyin, domain=1),
        Event(who="u1", name="Channel Joined", at=60, source=wecom, domain=3, properties={"channel": "wecom"}),
        Event(who="u1", name="Order Completed", at=DAY, properties=order("o1", total=30, products=[{"sku": "a"}])),
        Event(who="u2", kind="identify", properties={"name": "Bo"}),
        Event(who="u2", name="Invite Accepted", at=2 * DAY, properties={"referrer_id": "u1"}),
    )
    yield stream
    stream.close()


def ask(house: House, brand: Stream, path: str, role: str = "analyst") -> Any:
    answer = house.member(brand.workspace, role).get(f"/api/measure/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_stages_over_http(house: House, brand: Stream) -> None:
    answer = ask(house, brand, f"stages?{PERIOD}")

    assert answer["period"] == {"from": "2026-03-01", "to": "2026-03-10"}
    assert answer["previous"] == {"from": "2026-02-19", "to": "2026-02-28"}
    assert answer["currency"] == "USD"
    assert [stage["stage"] for stage in answer["stages"]] == ["introduce", "operate", "convert", "share", "repurchase"]
    assert [stage["people"] for stage in answer["stages"]] == [2, 1, 1, 1, 0]
    assert answer["days"][0] == {
        "day": "2026-03-01", "introduce": 2, "operate": 1, "convert": 0, "share": 0, "repurchase": 0
    }  # fmt: skip
    assert len(answer["days"]) == 10


def test_flows_over_http(house: House, brand: Stream) -> None:
    answer = ask(house, brand, f"flows?{PERIOD}")

    assert {"from": "public", "to": "private", "people": 1, "crossings": 1} in answer["flows"]
    assert answer["domains"][0] == {"domain": "public", "people": 1, "touches": 1}
    assert {"id": "source:douyin", "label": "DOUYIN", "domain": "public", "layer": 0} in answer["links"]["nodes"]
    assert {"from": "source:douyin", "to": "channel:wecom", "people": 1} in answer["links"]["edges"]


def test_readouts_over_http(house: House, brand: Stream) -> None:
    answer = ask(house, brand, f"readouts?{PERIOD}")

    assert (answer["fans"], answer["boarded"], answer["fans_consented_share"]) == (1, 1, 1.0)
    assert (answer["orders"], answer["revenue_minor"], answer["revenue_before_minor"]) == (1, 30_00, 0)


def test_attribution_over_http_claims_no_proof(house: House, brand: Stream) -> None:
    answer = ask(house, brand, f"attribution?{PERIOD}&model=last_touch")

    assert (answer["model"], answer["proven"], answer["lookback_days"]) == ("last_touch", False, 30)
    (row,) = answer["rows"]
    assert (row["source"], row["domain"], row["credited_revenue_minor"], row["credited_orders"]) == (
        "wecom", "private", 30_00, 1
    )  # fmt: skip
    assert row["cost_per_order_minor"] is None


def test_cohorts_and_totals_over_http(house: House, brand: Stream) -> None:
    cohorts, totals = ask(house, brand, "cohorts?grain=month"), ask(house, brand, f"totals?{PERIOD}")

    assert cohorts["cohorts"][0]["cohort"] == "2026-03"
    assert cohorts["cohorts"][0]["returned"][0] == 1
    assert (totals["orders"], totals["lines"], totals["revenue_minor"]) == (1, 1, 30_00)
    assert totals["days"][0]["day"] == "2026-03-02"


def test_the_referral_tree_names_people_only_to_those_who_may_see_them(house: House, brand: Stream) -> None:
    seen, hidden = ask(house, brand, "referral", "analyst"), ask(house, brand, "referral", "viewer")

    assert [member["name"] for member in seen["tree"]] == ["u1", "Bo"]
    assert [member["name"] for member in hidden["tree"]] == ["", ""]
    assert [member["parent_id"] for member in seen["tree"]] == [None, brand.home("u1")]
    assert (seen["accepted_invites"], seen["k_factor"]) == (1, 1.0)


def test_without_a_period_the_last_four_weeks_are_shown(house: House, brand: Stream) -> None:
    answer = ask(house, brand, "readouts")

    first, last = (date.fromisoformat(answer["period"][end]) for end in ("from", "to"))
    assert last - first == timedelta(days=27)
    assert abs(last - datetime.fromisoformat(answer["as_of"]).date()) <= timedelta(days=1)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2026-03-10&to=2026-03-01", "bad_period"),
        ("from=1900-01-01&to=2026-03-01", "bad_period"),
        ("from=0001-01-01&to=0001-01-02", "bad_period"),
        ("from=yesterday", "invalid_request"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(house: House, brand: Stream, query: str, code: str) -> None:
    answer = house.member(brand.workspace, "viewer").get(f"/api/measure/stages?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize(
    "path", ["stages", "flows", "readouts", "attribution", "cohorts?grain=week", "referral", "totals"]
)
def test_a_workspace_in_which_nothing_has_happened_shows_zeros(house: House, path: str) -> None:
    answer = house.member(house.workspace(), "viewer").get(f"/api/measure/{path}")

    assert answer.status_code == 200, answer.text
    assert "NaN" not in answer.text


def test_new_events_show_without_anything_being_done(house: House) -> None:
    stream = Stream(house.dsn)
    viewer = house.member(stream.workspace, "viewer")

    def people() -> int:
        return int(viewer.get(f"/api/measure/stages?{PERIOD}").json()["stages"][0]["people"])

    before = people()
    stream.tell(Event(who="u9", name="Product Viewed"))
    deadline = time.monotonic() + 60
    while people() == before and time.monotonic() < deadline:
        time.sleep(0.1)
    stream.close()

    assert (before, people()) == (0, 1)

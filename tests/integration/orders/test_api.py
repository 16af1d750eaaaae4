"""Orders over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.house import Browser, House
from tests.support.stream import Event, Stream, order


@pytest.fixture(scope="module")
def house(shared_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House.open(shared_dsn, Path(tmp_path_factory.mktemp("home"))) as running:
        yield running


@pytest.fixture
def analyst(house: House, stream: Stream) -> Browser:
    return house.member(stream.workspace, "analyst")


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["order_id"] for item in answer.json()["items"]]


def test_a_page_holds_the_newest_orders_with_lines_and_what_is_left(stream: Stream, analyst: Browser) -> None:
    products = [{"product_id": "p1", "name": "Tea", "price": 5, "quantity": 2}]
    stream.tell(
        Event(name="Order Completed", at=1, properties=order("o1", total=10, coupon="HI", products=products)),
        Event(name="Order Refunded", at=2, properties=order("o1", total=4)),
        Event(name="Order Completed", at=3, properties=order("o2", total=7, currency="CHF")),
        Event(name="Order Refunded", at=4, properties=order("o3", total=4)),  # no order yet: not shown
    )

    answer = analyst.get("/api/orders")

    assert ids(answer) == ["o2", "o1"]
    other, first = answer.json()["items"]
    assert {name: first[name] for name in ("total_minor", "refunded_minor", "net_minor", "coupon", "status")} == {
        "total_minor": 1000, "refunded_minor": 400, "net_minor": 600, "coupon": "HI", "status": "paid",
    }  # fmt: skip
    assert first["lines"][0]["product_name"] == "Tea"
    # There is no rate from Swiss francs to dollars, and none is made up.
    assert (other["currency"], other["net_minor"], other["reporting_net_minor"]) == ("CHF", 700, None)


def test_pages_follow_one_another_without_gap_or_repetition(stream: Stream, analyst: Browser) -> None:
    moments = [1, 2, 2, 2, 3]
    stream.tell(
        *(Event(name="Order Completed", at=at, properties=order(f"o{n}", total=1)) for n, at in enumerate(moments))
    )

    found, cursor = [], ""
    for _ in range(3):
        answer = analyst.get(f"/api/orders?limit=2{cursor}")
        found += ids(answer)
        cursor = f"&cursor={answer.json()['next_cursor']}"

    assert found == ["o4", "o3", "o2", "o1", "o0"]
    assert answer.json()["next_cursor"] is None


def test_a_last_page_that_is_exactly_full_is_the_last(stream: Stream, analyst: Browser) -> None:
    stream.tell(*(Event(name="Order Completed", at=n, properties=order(f"o{n}", total=1)) for n in range(4)))

    first = analyst.get("/api/orders?limit=2").json()
    second = analyst.get(f"/api/orders?limit=2&cursor={first['next_cursor']}").json()

    assert [item["order_id"] for item in second["items"]] == ["o1", "o0"]
    assert second["next_cursor"] is None


def test_orders_are_found_by_status_and_by_any_home_of_a_person(stream: Stream, analyst: Browser) -> None:
    stream.tell(
        Event(name="Order Completed", who="a1", properties=order("o1", total=1)),
        Event(name="Order Completed", who="u1", at=1, properties=order("o2", total=1, status="pending")),
        Event(name="Order Completed", who="u2", at=2, properties=order("o3", total=1)),
    )
    stream.merge("a1", "u1")

    assert ids(analyst.get("/api/orders?status=pending")) == ["o2"]
    assert ids(analyst.get(f"/api/orders?person_id={stream.home('u1')}")) == ["o2", "o1"]
    assert ids(analyst.get(f"/api/orders?person_id={stream.home('a1')}&status=paid")) == ["o1"]


def test_one_order_has_its_refunds_whatever_its_id_looks_like(stream: Stream, analyst: Browser) -> None:
    stream.tell(
        Event(name="Order Completed", properties=order("2026/7 #1", total=10)),
        Event(name="Order Refunded", at=5, properties=order("2026/7 #1", refund_id="r1")),
    )

    answer = analyst.get("/api/orders/2026%2F7%20%231").json()

    assert (answer["net_minor"], answer["refunds"][0]["amount_minor"]) == (0, None)


def test_an_order_of_another_workspace_is_not_found(stream: Stream, house: House, shared_dsn: str) -> None:
    stream.tell(Event(name="Order Completed", properties=order("o1", total=10)))
    stranger = house.member(Stream(shared_dsn).workspace, "owner")

    answer = stranger.get("/api/orders/o1")

    assert (answer.status_code, answer.json()["code"]) == (404, "order_not_found")
    assert ids(stranger.get("/api/orders")) == []


def test_a_cursor_that_was_not_given_out_is_refused(analyst: Browser) -> None:
    for cursor in ("x", "WzEsMl0", "WyJhIiwiYiJd"):
        assert analyst.get(f"/api/orders?cursor={cursor}").status_code == 422

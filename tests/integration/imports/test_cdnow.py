"""CDNOW: totals in our tables equal totals worked out from the file itself."""

import lzma
from decimal import Decimal
from pathlib import Path

from tests.integration.imports.conftest import Shop
from tests.integration.imports.totals import BY_MONTH, LINES, by_month, cents

CDNOW = Path(__file__).parents[2] / "data" / "cdnow_master.txt.xz"


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

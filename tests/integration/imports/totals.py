"""Totals of purchases worked out from a file itself, and the statements that give the same from our tables."""

from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

BY_MONTH: Final = """
SELECT to_char(placed_at AT TIME ZONE 'America/New_York', 'YYYY-MM') AS month, count(*)::int AS orders,
       sum(total_minor)::bigint AS revenue, count(DISTINCT home_id)::int AS customers
  FROM shop_order WHERE workspace_id = %(workspace)s AND status = 'paid' GROUP BY 1 ORDER BY 1"""
LINES: Final = """
SELECT count(*)::int AS lines, sum(quantity)::bigint AS units, count(DISTINCT product_id)::int AS products
  FROM order_line WHERE workspace_id = %(workspace)s"""


def cents(amount: Decimal) -> int:
    """An amount in minor units."""
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

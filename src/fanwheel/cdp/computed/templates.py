"""Formulas to begin with, which operators ask for most."""

from typing import Any, Final, NamedTuple

from fanwheel.cdp.computed.formula import TraitType


class Template(NamedTuple):
    """A formula to begin with; the web app names it by its id in the reader's language.

    ``unit`` is a word that follows the number, empty for none; ``currency`` stands for the one that orders are in.
    """

    id: str
    name: str
    type: TraitType
    unit: str
    formula: dict[str, Any]


def _days(amount: int) -> dict[str, Any]:
    return {"amount": amount, "unit": "days"}


_ORDERS: Final = {"name": "Order Completed"}
_VISITS: Final = [{"name": "Product Viewed"}, {"name": "Content Viewed"}, {"name": "Live Joined"},
                  {"name": "Message Opened"}, {"name": "Message Received"}]  # fmt: skip

TEMPLATES: Final = (
    Template("orders", "orders", "number", "", {"of": "count", "event": _ORDERS}),
    Template("spend90Days", "spend_90_days", "number", "currency",
             {"of": "sum", "event": _ORDERS, "path": "total", "window": _days(90)}),
    Template("averageBasket", "average_basket", "number", "currency",
             {"of": "average", "event": _ORDERS, "path": "total"}),
    Template("favoriteCategory", "favorite_category", "text", "",
             {"of": "most_frequent", "event": _ORDERS, "path": "products.category"}),
    Template("topTopics", "top_topics", "options", "",
             {"of": "top", "event": {"name": "Content Viewed"}, "path": "topic", "limit": 3}),
    Template("bestHour", "best_hour", "number", "hour", {"of": "best_hour", "events": _VISITS}),
    Template("lastPurchase", "last_purchase", "date", "", {"of": "last_time", "event": _ORDERS}),
    Template("productsSeen30Days", "products_seen_30_days", "number", "",
             {"of": "distinct", "event": {"name": "Product Viewed"}, "path": "products.product_id",
              "window": _days(30)}),
    Template("lives30Days", "lives_30_days", "number", "",
             {"of": "count", "event": {"name": "Live Joined"}, "window": _days(30)}),
)  # fmt: skip

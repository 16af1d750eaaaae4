"""What the demo brand has worked out of its people's events."""

from typing import Any, Final

_ORDERS: Final = {"name": "Order Completed"}
_YUAN: Final = {"type": "property", "path": "currency", "test": {"op": "is", "value": "CNY"}}
_VISITS: Final = [{"name": name} for name in ("Content Viewed", "Live Joined", "Message Opened", "Product Viewed")]


def _days(amount: int) -> dict[str, Any]:
    return {"amount": amount, "unit": "days"}


def _trait(name: str, label: str, type_: str, unit: str, **formula: Any) -> dict[str, Any]:
    return {"name": name, "label": label, "type": type_, "unit": unit, "formula": formula}


TRAITS: Final = (
    _trait("orders", "Orders 订单数", "number", "", of="count", event=_ORDERS),
    _trait("spend_90_days", "Spend in 90 days 近 90 天消费", "number", "CNY", of="sum",
           event=_ORDERS | {"where": [_YUAN]}, path="total", window=_days(90)),
    _trait("average_basket", "Average basket 客单价", "number", "CNY", of="average",
           event=_ORDERS | {"where": [_YUAN]}, path="total"),
    _trait("favorite_category", "Favorite category 偏好品类", "text", "", of="most_frequent", event=_ORDERS,
           path="products.category"),
    _trait("top_content", "Top content 常看内容", "options", "", of="top", event={"name": "Content Viewed"},
           path="content_type", limit=2),
    _trait("best_hour", "Best hour to reach 最佳触达时段", "number", "", of="best_hour", events=_VISITS),
    _trait("last_purchase", "Last purchase 最近下单", "date", "", of="last_time", event=_ORDERS),
    _trait("products_seen_30_days", "Products seen in 30 days 近 30 天浏览商品数", "number", "", of="distinct",
           event={"name": "Product Viewed"}, path="products.product_id", window=_days(30)),
    _trait("lives_30_days", "Lives joined in 30 days 近 30 天看直播次数", "number", "", of="count",
           event={"name": "Live Joined"}, window=_days(30)),
)  # fmt: skip

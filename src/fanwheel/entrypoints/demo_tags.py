"""The tags and the layer by which the demo brand knows its people; rules keep all of them."""

from typing import Any, Final

_ORDER: Final = {"name": "Order Completed"}
_PRICE: Final = "Price 价格敏感度"
_INTEREST: Final = "Interest 兴趣"


def _days(amount: int) -> dict[str, Any]:
    return {"amount": amount, "unit": "days"}


def _did(event: dict[str, Any], at_least: int, within: int) -> dict[str, Any]:
    test = {"op": "at_least", "value": at_least}
    return {"type": "event", "event": event, "test": test, "within": _days(within)}


def _of(*categories: str) -> dict[str, Any]:
    """Orders with a product of one of some categories."""
    category = {"type": "property", "path": "category", "test": {"op": "one_of", "values": list(categories)}}
    return _ORDER | {"where": [{"type": "product", "where": [category]}]}


def _rule(*conditions: dict[str, Any], how: str = "all") -> dict[str, Any]:
    return {"version": 1, "condition": {"type": how, "conditions": list(conditions)}}


def _class(key: str, name: str, *conditions: dict[str, Any], how: str = "all") -> dict[str, Any]:
    return {"key": key, "name": name, "rule": _rule(*conditions, how=how)}


_COUPON: Final = _did({"name": "Coupon Applied"}, 1, 180)

GROUPS: Final = ({"name": _PRICE, "is_exclusive": True}, {"name": _INTEREST, "is_exclusive": False})
# The group goes by its name here.
TAGS: Final = (
    {"tag": "waits for coupons", "label": "Waits for coupons 等券下单", "color": "amber", "group": _PRICE,
     "rule": _rule(_COUPON)},
    {"tag": "pays full price", "label": "Pays full price 原价购买", "color": "green", "group": _PRICE,
     "rule": _rule(_did(_ORDER, 1, 180), {"type": "not", "condition": _COUPON})},
    {"tag": "drinks tea", "label": "Drinks tea 爱喝茶", "color": "teal", "group": _INTEREST,
     "rule": _rule(_did(_of("Tea bags", "Cold brew", "Loose-leaf tea", "Teaware"), 1, 365))},
    {"tag": "cares for skin", "label": "Cares for skin 爱护肤", "color": "pink", "group": _INTEREST,
     "rule": _rule(_did(_of("Masks", "Body care", "Cleansers", "Toners", "Serums", "Creams"), 1, 365))},
    {"tag": "wrote to us", "label": "Wrote to us lately 最近私信", "color": "blue", "group": None,
     "rule": _rule(_did({"name": "Message Received"}, 1, 7)), "keeps_after_exit": True, "expires_after_s": 7 * 86_400},
)  # fmt: skip
LAYER: Final = {
    "key": "engagement", "name": "Engagement 活跃度", "may_fall": True,
    "description": "How much people have to do with us these days. 最近与品牌的互动程度。",
    "classes": [
        _class("quiet", "Quiet 沉默"),
        _class("awake", "Awake 偶尔来访", {"type": "field", "name": "last_seen_at",
               "test": {"op": "within_last", "span": _days(30)}}),
        _class("active", "Active 活跃", _did({"name": "Content Viewed"}, 3, 30), _did({"name": "Live Joined"}, 1, 30),
               _did(_ORDER, 1, 30), how="any"),
        _class("devoted", "Devoted 铁粉", _did(_ORDER, 2, 90)),
    ],
}  # fmt: skip

"""The small print of messages: products, orders, pages, campaigns."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from fanwheel.measure.world import brand
from fanwheel.measure.world.config import ChannelSpec, Content, WorldConfig
from fanwheel.measure.world.ledger import Ledger
from fanwheel.measure.world.streams import mix

Fields = dict[str, Any]

HOME: Final[Fields] = {"url": f"{brand.SHOP_URL}/", "path": "/", "title": brand.SHOP_NAME}
_COUPON: Final = "CASHBACK5"


def _products(currency: str) -> list[Fields]:
    return [
        {
            "product_id": product.sku,
            "name": product.name,
            "category": product.category,
            "price": (product.cny if currency == "CNY" else product.usd) / 100,
            "currency": currency,
        }
        for product in brand.PRODUCTS
    ]


PRODUCTS: Final = {currency: _products(currency) for currency in ("CNY", "USD")}
CART_PRODUCTS: Final = {
    currency: [product | {"quantity": 1} for product in products] for currency, products in PRODUCTS.items()
}


class Orders:
    """The properties of Order Completed by the number of the order in the ledger."""

    def __init__(self, properties: list[Fields], refunded_minor: list[int]) -> None:
        self._properties = properties
        self.refunded_minor = refunded_minor

    def __getitem__(self, number: int) -> Fields:
        return self._properties[number]


def read_orders(config: WorldConfig, ledger: Ledger) -> Orders:
    """All orders of the ledger as event properties; money as decimal numbers in the order's currency."""
    names = ("person", "week", "slot", "currency", "goods", "discount", "shipping", "total", "first_line", "line_count")
    lines = [ledger.lines[name].tolist() for name in ("product", "quantity", "unit_price")]
    found: list[Fields] = []
    rows = zip(*(ledger.orders[name].tolist() for name in names), strict=True)
    for person, week, slot, currency, goods, discount, shipping, total, first, count in rows:
        code = ledger.currencies[int(currency)]
        properties: Fields = {
            "order_id": f"MW{int(week):02d}{int(slot)}{int(person):07d}",
            "total": total / 100,
            "subtotal": goods / 100,
            "shipping": shipping / 100,
            "discount": discount / 100,
            "currency": code,
            "products": [
                {
                    "product_id": brand.PRODUCTS[product].sku,
                    "name": brand.PRODUCTS[product].name,
                    "category": brand.PRODUCTS[product].category,
                    "price": price / 100,
                    "quantity": quantity,
                }
                for product, quantity, price in zip(*(column[first : first + count] for column in lines), strict=True)
            ],
        }
        if discount:
            properties["coupon"] = _COUPON
        found.append(properties)
    return Orders(found, ledger.orders["refunded"].astype(np.int64).tolist())


def refund(order: Fields, refunded_minor: int) -> Fields:
    """The properties of Order Refunded."""
    return {
        "order_id": order["order_id"],
        "refund_id": f"R{order['order_id']}",
        "amount": refunded_minor / 100,
        "currency": order["currency"],
    }


def pick(choices: Sequence[str], luck: float, salt: int) -> str:
    """One of ``choices`` by the luck of a moment; salt -1 takes the draw itself, as spend does for campaigns."""
    if not choices:
        return ""
    share = luck if salt < 0 else luck * (7_919.0 + 104_729.0 * salt) % 1.0
    return choices[int(share * len(choices))]


def arrival(channel: ChannelSpec, luck: float, *, is_china: bool) -> Fields:
    """What the landing page tells of where a visit came from: address, referrer and campaign."""
    evidence = channel.evidence
    campaign = pick(evidence.campaigns, luck, -1)
    if channel.is_messaging:
        return {"campaign": {"name": campaign}}
    referrer = evidence.referrer if is_china else evidence.west_referrer or evidence.referrer
    query = []
    if evidence.utm_source:
        query = [f"utm_source={evidence.utm_source}", f"utm_medium={evidence.utm_medium}"]
        if campaign:
            query.append(f"utm_campaign={campaign}")
    click_id = evidence.click_id if is_china else evidence.west_click_id or evidence.click_id
    if click_id:
        query.append(f"{click_id}={_click(luck)}")
    url = f"{brand.SHOP_URL}/" + ("?" + "&".join(query) if query else "")
    found: Fields = {"page": {"url": url, "path": "/", "referrer": referrer}}
    if evidence.utm_source:
        found["campaign"] = {"source": evidence.utm_source, "medium": evidence.utm_medium, "name": campaign}
    return found


def landing_event(channel: ChannelSpec, luck: float) -> tuple[str, Fields] | None:
    """The event by which a visit shows itself, or None where it is a plain page view."""
    if channel.is_messaging:
        return "Message Clicked", {"channel": channel.slug, "campaign": pick(channel.evidence.campaigns, luck, -1)}
    if channel.content is Content.LIVE:
        return "Live Joined", live(luck)
    if channel.content in (Content.VIDEO, Content.ARTICLE):
        titles = brand.VIDEO_TITLES if channel.content is Content.VIDEO else brand.ARTICLE_TITLES
        title = pick(titles, luck, 7)
        content_id = f"{channel.slug}-{titles.index(title)}"
        return "Content Viewed", {"content_id": content_id, "content_type": channel.content.value, "title": title}
    return None


def live(luck: float) -> Fields:
    """The live that somebody joined, and for how long."""
    title = pick(brand.LIVE_TITLES, luck, 6)
    return {
        "live_id": f"live-{brand.LIVE_TITLES.index(title)}",
        "title": title,
        "minutes": int(luck * 900) % 40 + 1,
    }


def _click(luck: float) -> str:
    number = np.array([int(luck * 2**53)], dtype=np.uint64)
    return f"{int(mix(number)[0]):016x}"

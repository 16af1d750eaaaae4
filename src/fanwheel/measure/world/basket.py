"""What an order holds and what becomes of it."""

from typing import Final

import numpy as np

from fanwheel.measure.world import brand
from fanwheel.measure.world.config import WorldConfig
from fanwheel.measure.world.ledger import Column
from fanwheel.measure.world.people import People
from fanwheel.measure.world.streams import Floats, Indices, Streams

CURRENCIES: Final = ("CNY", "USD")
PRICES: Final = np.array([[p.cny for p in brand.PRODUCTS], [p.usd for p in brand.PRODUCTS]], dtype=np.int64)
_MAX_LINES: Final = 3
_CHEAP_TILT: Final = 1.5


def fill(
    streams: Streams, people: People, who: Indices, *, week: int, slot: int, discount_rate: Floats
) -> tuple[dict[str, Column], dict[str, Column]]:
    """Orders of ``who`` and their lines: columns of shape (len(who),) and of shape (sum of line_count,).

    Money is in minor units of the order's currency, and ``total`` is goods - discount + shipping.
    """

    def draw(purpose: str) -> Floats:
        return streams.uniform(f"basket/{purpose}/{slot}", who, week=week)

    currency = np.where(people.is_china[who], 0, 1)
    line_count = 1 + (draw("lines") < 0.42).astype(np.int64) + (draw("more_lines") < 0.16)
    tilt = _CHEAP_TILT / people.tier[who]
    product = np.stack(
        [np.floor(len(brand.PRODUCTS) * draw(f"product/{i}") ** tilt) for i in range(_MAX_LINES)], axis=1
    ).astype(np.int64)
    quantity = np.stack([1 + (draw(f"quantity/{i}") < 0.14) for i in range(_MAX_LINES)], axis=1).astype(np.int64)
    price = PRICES[currency[:, None], product]
    is_line = np.arange(_MAX_LINES)[None, :] < line_count[:, None]
    goods = (price * quantity * is_line).sum(axis=1)
    discount = np.rint(goods * discount_rate).astype(np.int64)
    free_from = np.array([brand.FREE_SHIPPING_MINOR[c] for c in CURRENCIES])[currency]
    fee = np.array([brand.SHIPPING_MINOR[c] for c in CURRENCIES])[currency]
    shipping = np.where(goods >= free_from, 0, fee)
    orders: dict[str, Column] = {
        "currency": currency,
        "goods": goods,
        "discount": discount,
        "shipping": shipping,
        "total": goods - discount + shipping,
        "line_count": line_count,
    }
    lines: dict[str, Column] = {
        "product": product[is_line],
        "quantity": quantity[is_line],
        "unit_price": price[is_line],
    }
    return orders, lines


def fates(
    streams: Streams, config: WorldConfig, who: Indices, *, week: int, slot: int, total: Column
) -> dict[str, Column]:
    """Whether each order is cancelled, what is refunded of it, and after how many weeks."""

    def draw(purpose: str) -> Floats:
        return streams.uniform(f"fate/{purpose}/{slot}", who, week=week)

    is_cancelled = draw("cancel") < config.cancel_rate
    is_refunded = ~is_cancelled & (draw("refund") < config.refund_rate)
    is_partial = draw("partial") < 0.4
    amount = np.where(is_partial, total // 2, total)
    return {
        "is_cancelled": is_cancelled.astype(np.int64),
        "refunded": np.where(is_refunded, amount, 0).astype(np.int64),
        "delay": np.where(is_cancelled, 0.03, 0.3 + 1.4 * draw("delay")),
    }

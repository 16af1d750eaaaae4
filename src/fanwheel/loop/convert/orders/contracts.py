"""Orders in plain values.

An order is whatever its events said, in whatever order they arrive: for each of its parts the newest
statement counts. ``Said`` holds those statements; two of them join into one by taking the larger of each
part, so that it does not matter in which order, in which groups, or how often they are joined.
Times are epoch microseconds; amounts are decimal text, because a currency may become known later.
"""

from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

Status = Literal["pending", "paid", "cancelled"]


class Word(NamedTuple):
    """One statement: when it was made, the message that made it (breaks ties), and what it said."""

    at: int
    key: str
    value: str


class Owner(NamedTuple):
    """Whose order it is: a logged-in person's word (rank 1) goes before an anonymous one's (rank 0)."""

    rank: int
    at: int
    key: str
    home_id: int


class RefundWord(NamedTuple):
    """What was said of one refund. An empty amount: all that is left; an empty currency: the order's."""

    at: int
    key: str
    amount: str
    currency: str


class Said(msgspec.Struct, omit_defaults=True, kw_only=True, frozen=True):
    """Everything that events said of one order."""

    owner: Owner | None = None  # by a statement of the order itself
    bystander: Owner | None = None  # by a refund, a cancellation or a coupon
    placed: int | None = None  # the earliest Order Completed
    mentioned: int | None = None  # the earliest event of any kind
    stated: int | None = None  # the newest Order Completed or Order Updated
    status: Word | None = None
    reopened: Word | None = None  # a status that Order Updated gave, which may undo a cancellation
    cancelled: int | None = None  # the newest cancellation
    currency: Word | None = None
    assumed_currency: str | None = None  # the reporting currency when an amount came without one
    total: Word | None = None
    discount: Word | None = None
    shipping: Word | None = None
    tax: Word | None = None
    coupon: Word | None = None
    coupon_applied: Word | None = None
    lines: Word | None = None  # which message's lines are stored
    refunds: dict[str, RefundWord] = {}


class Line(NamedTuple):
    """One position of an order; the price is for one piece, in the order's currency."""

    product_id: str
    product_name: str
    category: str
    quantity: Decimal
    unit_price: Decimal


class Statement(NamedTuple):
    """What one event said of one order, with its lines if it had any."""

    order_id: str
    said: Said
    lines: tuple[Line, ...] | None = None


class Refund(NamedTuple):
    """A refund as it is stored; no amount: all that is left."""

    refund_id: str
    refunded_at: int
    currency: str
    amount_minor: int | None


class Order(NamedTuple):
    """An order as it is stored, resolved from all that was said."""

    order_id: str
    home_id: int
    status: Status
    placed_at: int
    currency: str
    total_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    coupon: str
    cancelled_at: int | None
    stated_at: int  # 0: only a refund, a cancellation or a coupon is known yet
    refunds: tuple[Refund, ...]
    foreign_refunds: tuple[str, ...]  # ids of refunds in another currency than the order's: not counted

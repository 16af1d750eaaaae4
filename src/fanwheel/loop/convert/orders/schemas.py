"""What the order routes give."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel

StatusName = Literal["pending", "paid", "cancelled"]


class LineOut(BaseModel):
    """One position of an order; the price is for one piece."""

    line_number: int
    product_id: str
    product_name: str
    category: str
    quantity: Decimal
    unit_price_minor: int


class RefundOut(BaseModel):
    """A refund; without an amount, all that was left of the order."""

    refund_id: str
    refunded_at: datetime
    currency: str
    amount_minor: int | None


class OrderOut(BaseModel):
    """An order. Amounts are in its own currency but ``reporting_net_minor``, which is empty without a rate."""

    order_id: str
    person_id: int
    status: StatusName
    placed_at: datetime
    cancelled_at: datetime | None
    currency: str
    total_minor: int
    refunded_minor: int
    net_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    coupon: str
    reporting_currency: str
    reporting_net_minor: int | None
    lines: list[LineOut]


class OrderDetailOut(OrderOut):
    """An order with its refunds."""

    refunds: list[RefundOut]

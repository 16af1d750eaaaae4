"""Orders: built from events by order id, whatever order they arrive in."""

from fanwheel.loop.convert.orders.contracts import Line, Order, Refund, Said, Statement
from fanwheel.loop.convert.orders.errors import OrderNotFoundError, OrderRefusedError
from fanwheel.loop.convert.orders.rules import (
    Speaker,
    join,
    read_cancelled,
    read_completed,
    read_coupon,
    read_refunded,
    read_updated,
    resolve,
)
from fanwheel.loop.convert.orders.service import Change, ForeignRefund, apply

__all__ = [
    "Change",
    "ForeignRefund",
    "Line",
    "Order",
    "OrderNotFoundError",
    "OrderRefusedError",
    "Refund",
    "Said",
    "Speaker",
    "Statement",
    "apply",
    "join",
    "read_cancelled",
    "read_completed",
    "read_coupon",
    "read_refunded",
    "read_updated",
    "resolve",
]

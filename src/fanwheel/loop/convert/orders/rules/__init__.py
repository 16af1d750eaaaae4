"""The rules of orders: what an event says, what many say together."""

from fanwheel.loop.convert.orders.rules.reading import (
    Speaker,
    read_cancelled,
    read_completed,
    read_coupon,
    read_refunded,
    read_updated,
)
from fanwheel.loop.convert.orders.rules.said import decode, encode, join, resolve

__all__ = [
    "Speaker",
    "decode",
    "encode",
    "join",
    "read_cancelled",
    "read_completed",
    "read_coupon",
    "read_refunded",
    "read_updated",
    "resolve",
]

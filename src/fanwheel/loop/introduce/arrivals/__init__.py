"""Arrivals: where a person came from this time, with the campaign and every click id."""

from fanwheel.loop.introduce.arrivals.rules import Arrival, read_arrival

__all__ = ["Arrival", "read_arrival"]

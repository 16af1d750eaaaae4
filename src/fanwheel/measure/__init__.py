"""Measurement: a library that works on any dataframe without a server, and the reports beside the loop.

After ``from fanwheel import measure`` every part is there and loaded when it is first used.
"""

from importlib import import_module
from typing import Any, Final

from fanwheel.measure.errors import BadDataError, MeasureError, NotEnoughDataError

_PARTS: Final[tuple[str, ...]] = ("attribution", "clv", "experiments", "geo", "mix", "referral", "retention", "uplift")

__all__ = ["BadDataError", "MeasureError", "NotEnoughDataError"]


def __getattr__(name: str) -> Any:
    if name == "verdict":
        return import_module("fanwheel.measure.verdicts").verdict
    if name in _PARTS:
        return import_module(f"fanwheel.measure.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

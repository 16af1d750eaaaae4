"""JSON of stored events, read so that no number in it can fail a page."""

import json
import math
from typing import Any, Final

import msgspec

_LONGEST_NUMBER: Final = 300


def read_object(text: str) -> dict[str, Any]:
    """The properties or the context of an event; numbers too large for any reader stay text."""
    try:
        decoded = msgspec.json.decode(text)
    except msgspec.DecodeError:
        decoded = json.loads(text, parse_int=_integer, parse_float=_float)
    return decoded if isinstance(decoded, dict) else {}


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _float(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits

"""Opaque cursors that hold the key of the last row seen."""

import base64
import binascii
import json
from typing import Any

from fanwheel.kernel.errors import FanwheelError


class BadCursorError(FanwheelError):
    """The cursor is not one that this server gave."""


def encode_cursor(*key: object) -> str:
    """The cursor that continues after ``key``; its parts must be JSON values."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, length: int) -> list[Any]:
    """The key inside a cursor.

    Raises
    ------
    BadCursorError
        If it was not made by ``encode_cursor`` with ``length`` parts.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.urlsafe_b64decode(padded.encode()))
    except (binascii.Error, ValueError):
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.") from None
    if not isinstance(key, list) or len(key) != length:
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.")
    return key

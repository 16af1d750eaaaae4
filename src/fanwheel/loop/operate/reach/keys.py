"""The keys under which messages go out: the same at every attempt, and read again when a platform speaks of one."""

import re
from datetime import datetime
from typing import Final

_KEY: Final = re.compile(r"fw-(\d{1,10})-(\d{1,19})-([0-9a-z]{1,13})", re.ASCII)
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def key_of(workspace: int, intent_id: int, made_at: datetime) -> str:
    """The key of an intent's message; another installation with the same numbers has another."""
    return f"fw-{workspace}-{intent_id}-{_base36(round(made_at.timestamp() * 1_000_000))}"


def read_key(key: str, workspace: int) -> int | None:
    """The intent that a key is of, if it can be one of this workspace."""
    found = _KEY.fullmatch(key)
    return int(found[2]) if found and int(found[1]) == workspace and len(found[2]) < 19 else None


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
    return text or "0"

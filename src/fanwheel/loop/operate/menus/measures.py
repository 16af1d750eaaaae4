"""How long a text is: every platform counts in its own way."""

import unicodedata
from collections.abc import Callable
from typing import Final, Literal

Unit = Literal["characters", "halves", "bytes", "utf16"]


def halves(text: str) -> int:
    """Half widths: a Chinese character takes two, as on a screen."""
    return sum(
        2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text if not unicodedata.combining(each)
    )


_BY_UNIT: Final[dict[Unit, Callable[[str], int]]] = {
    "characters": len,
    "halves": halves,
    "bytes": lambda text: len(text.encode("utf-8", "replace")),
    "utf16": lambda text: len(text.encode("utf-16-le", "replace")) // 2,
}


def length(text: str, unit: Unit) -> int:
    """How long a text is."""
    return _BY_UNIT[unit](text)


def cut(text: str, most: int, unit: Unit = "characters") -> str:
    """As much of a text as fits, with an ellipsis where something is missing."""
    if length(text, unit) <= most:
        return text
    kept = text
    while kept and length(kept + "…", unit) > most:
        kept = kept[:-1]
    return kept.rstrip() + "…"

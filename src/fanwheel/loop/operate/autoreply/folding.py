"""Folding: text as it is compared, so that spelling, width and script do not matter.

Full width becomes half width, capitals become small, traditional characters become simplified, marks that nobody sees
are dropped. Blanks between Chinese characters go, others become one.
"""

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Final

# Zero-width characters, variation selectors, soft hyphens, direction marks.
_UNSEEN: Final = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")  # fmt: skip  # noqa: E501
_EAST: Final = "\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_EAST_GAP: Final = re.compile(f"(?<=[{_EAST}]) (?=[{_EAST}])")
_ONE_EAST: Final = re.compile(f"[{_EAST}]")
_BLANKS: Final = re.compile(r"\s+")
_EDGES: Final = re.compile(r"^[\W_]+|[\W_]+$")
MAX_TEXT: Final = 2_000  # characters of a message that are looked at


@cache
def simplified() -> dict[int, int]:
    """The simplified character for each traditional one, by code point."""
    text = resources.files("fanwheel.loop.operate.autoreply").joinpath("traditional.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {ord(pair[0]): ord(pair[1]) for line in lines for pair in line.split()}


def fold(text: str) -> str:
    """``text`` as it is compared; folding twice changes nothing more."""
    folded = unicodedata.normalize("NFKC", text[:MAX_TEXT]).casefold()
    # Casefolding may leave what can be composed, and composing may bring capitals back: twice settles it.
    folded = unicodedata.normalize("NFKC", folded).casefold()
    folded = _UNSEEN.sub("", folded).translate(simplified())
    folded = _BLANKS.sub(" ", folded).strip()
    return _EAST_GAP.sub("", folded)


def bare(folded: str) -> str:
    """Folded text without what stands around it: marks, smileys, blanks. Of nothing else, the text itself."""
    return _EDGES.sub("", folded) or folded


def is_east(character: str) -> bool:
    """Whether words are written without blanks in this character's script."""
    return bool(_ONE_EAST.match(character))


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` cuts no word in two; Chinese has no blanks to go by, so there it never does."""
    return not (_joins(text, start) or _joins(text, end))


def _joins(text: str, place: int) -> bool:
    """Whether a word goes on across a place."""
    if place <= 0 or place >= len(text):
        return False
    before, after = text[place - 1], text[place]
    return before.isalnum() and after.isalnum() and not is_east(before) and not is_east(after)

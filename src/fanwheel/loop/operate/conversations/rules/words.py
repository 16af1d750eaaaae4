"""Words by which messages are found, in any script, without an extension of the database.

Chinese, Japanese and Korean are written without gaps, so every two neighboring characters are a word. Of other words
all beginnings are kept, so that what is still being typed finds. Each becomes a number of 32 bits together with the
workspace and the portion of messages it stands in: a portion can be searched alone, and nobody else's words collide
into a workspace but by chance, which whoever reads the text again finds out.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from zlib import crc32

from fanwheel.kernel.errors import FanwheelError

PORTION: Final = 1 << 17  # messages
_SHORTEST: Final = 2
_LONGEST: Final = 10
_MOST: Final = 400  # numbers of one message
_NO_GAPS: Final = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN: Final = re.compile(rf"[{_NO_GAPS}]+|[^\W_{_NO_GAPS}]+")
_HAS_NO_GAPS: Final = re.compile(rf"[{_NO_GAPS}]")


class TooShortError(FanwheelError):
    """Too little to search for."""


class Asked(NamedTuple):
    """What is searched for: its words, and what a text must hold to be meant."""

    words: frozenset[str]
    needles: tuple[str, ...]

    @property
    def wholes(self) -> list[str]:
        """Of what is longer than the beginnings that are kept, all that PostgreSQL folds as we do."""
        # “ß” is “ss” to us and stays what it is there.
        long = (needle for needle in self.needles if len(needle) > _LONGEST)
        return [needle for needle in long if needle.isascii() and "ss" not in needle]

    def is_in(self, text: str) -> bool:
        """Whether a text holds all of it."""
        folded = fold(text)
        return all(needle in folded for needle in self.needles)


def fold(text: str) -> str:
    """A text without what makes no difference: width, case, ways to compose a letter."""
    return unicodedata.normalize("NFKC", text).casefold()


def numbers(text: str, *, workspace: int, message_id: int) -> list[int]:
    """The numbers under which a message is found."""
    seed = _seed(workspace, message_id // PORTION)
    found: set[int] = set()
    for word in _words(fold(text)):
        found.add(_signed(crc32(word.encode(), seed)))
        if len(found) >= _MOST:
            break
    return sorted(found)


def ask(text: str) -> Asked:
    """What a search is for.

    Raises
    ------
    TooShortError
        If no word of it has two characters.
    """
    runs = _RUN.findall(fold(text))
    words = {word for run in runs for word in _asked_words(run)}
    if not words:
        raise TooShortError(hint="Type at least two characters.")
    return Asked(frozenset(words), tuple(dict.fromkeys(runs)))


def portions(asked: Asked, *, workspace: int, newest: int, oldest: int) -> list[list[int]]:
    """What to look for in each portion of messages, the newest first."""
    encoded = [word.encode() for word in sorted(asked.words)]
    seeds = (_seed(workspace, number) for number in range(newest // PORTION, oldest // PORTION - 1, -1))
    return [[_signed(crc32(word, seed)) for word in encoded] for seed in seeds]


def excerpt(text: str, needles: Sequence[str], *, around: int = 40) -> str:
    """The part of a text in which something was found."""
    flat = " ".join(text.split())
    places = [at for needle in needles if (at := fold(flat).find(needle)) >= 0]
    begin = max(0, min(places, default=0) - around)
    end = begin + 4 * around
    return ("…" if begin else "") + flat[begin:end] + ("…" if end < len(flat) else "")


def _words(folded: str) -> Iterator[str]:
    for run in _RUN.findall(folded):
        if _HAS_NO_GAPS.match(run):
            yield from (run[at : at + 2] for at in range(len(run) - 1))
        else:
            yield from (run[:length] for length in range(_SHORTEST, min(len(run), _LONGEST) + 1))


def _asked_words(run: str) -> Iterator[str]:
    if len(run) < _SHORTEST:
        return
    if _HAS_NO_GAPS.match(run):
        yield from (run[at : at + 2] for at in range(len(run) - 1))
    else:
        yield run[:_LONGEST]


def _seed(workspace: int, portion: int) -> int:
    return crc32(f"{workspace}:{portion}:".encode())


def _signed(number: int) -> int:
    return number - (1 << 32) if number >= 1 << 31 else number

"""Sentences as short runs of characters, so that a model needs no dictionary of either language."""

import math
import zlib
from collections import Counter
from typing import Final

from fanwheel.loop.operate.autoreply.folding import bare, fold, is_east

BUCKETS: Final = 1 << 14
_MOST: Final = 300  # characters of a sentence that are looked at


def features(text: str) -> dict[int, float]:
    """A sentence as numbered runs with their weights, of length one in all; nothing of an empty one.

    Runs of one to three Chinese characters; words, and runs of three and four letters within them. A run's number is
    its hash, so two may rarely share one.
    """
    counts = Counter(zlib.crc32(run.encode()) % BUCKETS for run in _runs(bare(fold(text))[:_MOST]))
    weights = {number: 1 + math.log(count) for number, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {number: weight / length for number, weight in weights.items()} if length else {}


def _runs(text: str) -> list[str]:
    runs: list[str] = []
    for token in _tokens(text):
        if is_east(token[0]):
            for size in (1, 2, 3):
                runs += [token[place : place + size] for place in range(len(token) - size + 1)]
        else:
            whole = f"^{token}$"
            runs.append(f"w:{token}")
            for size in (3, 4):
                runs += [whole[place : place + size] for place in range(len(whole) - size + 1)]
    return runs


def _tokens(text: str) -> list[str]:
    """Words, and stretches of characters that are written without blanks."""
    spaced: list[str] = []
    last_east = False
    for character in text:
        east = is_east(character)
        if east != last_east:
            spaced.append(" ")
        spaced.append(character if east or character.isalnum() else " ")
        last_east = east
    return "".join(spaced).split()

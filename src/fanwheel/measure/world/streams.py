"""Random draws that are a pure function of their key, so that counterfactual worlds share their luck.

A draw is addressed by purpose, week, channel and person. Two worlds that differ in one channel
therefore give every person the same luck everywhere else (common random numbers), in whatever
order and for whomever the draws are asked.

Source: the mixing function is splitmix64 (Steele, Lea, Flood, 2014, OOPSLA).
"""

import hashlib
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
_Words = npt.NDArray[np.uint64]

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX_1: Final = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2: Final = np.uint64(0x94D049BB133111EB)
_TO_UNIT: Final = 2.0**-53


def word(*parts: object) -> int:
    """A 64-bit number that names ``parts``."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def mix(values: _Words) -> _Words:
    """Each 64-bit word scrambled by splitmix64; a bijection, so distinct words stay distinct."""
    mixed: _Words = values ^ (values >> np.uint64(30))
    mixed *= _MIX_1
    mixed ^= mixed >> np.uint64(27)
    mixed *= _MIX_2
    mixed ^= mixed >> np.uint64(31)
    return mixed


class Streams:
    """Uniform and normal draws keyed by purpose, week and channel, one for each person asked for."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def uniform(self, purpose: str, people: Indices, *, week: int = 0, channel: str = "") -> Floats:
        """One draw in [0, 1) for each index of ``people``, shape (len(people),)."""
        key = np.uint64(word(self._seed, purpose, week, channel))
        words = people.astype(np.uint64)
        words *= _GOLDEN
        words += key
        words = mix(words)
        words ^= key
        bits = mix(words)
        bits >>= np.uint64(11)
        drawn: Floats = bits.astype(np.float64)
        drawn *= _TO_UNIT
        return drawn

    def normal(self, purpose: str, people: Indices, *, week: int = 0, channel: str = "") -> Floats:
        """One standard normal draw for each index of ``people``, by Box and Muller's transform."""
        radius = self.uniform(purpose + "/radius", people, week=week, channel=channel)
        angle = self.uniform(purpose + "/angle", people, week=week, channel=channel)
        drawn: Floats = np.sqrt(-2.0 * np.log1p(-radius)) * np.cos(2.0 * np.pi * angle)
        return drawn


def poisson(rate: Floats, luck: Floats, *, most: int) -> Indices:
    """Poisson counts by inversion, cut at ``most``: more rate never means fewer."""
    term = np.exp(-rate)
    below = term.copy()
    counts = np.zeros(len(rate), dtype=np.int64)
    for k in range(1, most + 1):
        counts += luck >= below
        term = term * rate / k
        below += term
    return counts

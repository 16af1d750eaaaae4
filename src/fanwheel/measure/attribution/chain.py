"""Paths as a Markov chain whose state is the last one, two or three touches."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from scipy import sparse

from fanwheel.measure.attribution.paths import Codes, Paths, sum_by
from fanwheel.measure.frames import Vector

_BLOCK_TOUCHES: Final = 1 << 20  # counted at a time, so that what is counted stays in the cache
_TABLE: Final = 1 << 22  # above so many codes, those that occur are sorted instead of all being counted


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A chain that ends.

    Parameters
    ----------
    channel : (states,) integers
        The channel of each state's newest touch.
    entry : (states,) floats
        Probability that a path begins in each state.
    step : (states, states) sparse floats
        Probability that a state follows a state; what a row leaves short of 1 is the end of the path.
    reward : (states, 1 or 2) floats
        Conversions, and value if known, earned per visit of a state.
    """

    channel: Codes
    entry: Vector
    step: Any
    reward: Vector


def count(paths: Paths, order: int) -> Chain:
    """The chain that paths follow most likely: every probability is a share of what was counted.

    Parameters
    ----------
    paths : Paths
        With at least one touch.
    order : int
        How many touches a state remembers.

    Returns
    -------
    Chain
        Over the states that occur; each leads to an end, because every path ends.

    Notes
    -----
    A state is a number with one digit for each touch remembered, the newest last and 0 for none.

    Source: Anderl, Becker, von Wangenheim & Schumann (2016), Int. J. Research in Marketing 33(3), 457-474.
    """
    base = len(paths.channels) + 1
    pairs = _Tally(base ** (order + 1))
    finals = np.empty(len(paths), np.int64)
    plain = bool((paths.weights == 1).all())
    for block in _blocks(paths):
        begin, end = paths.starts[block.start], paths.starts[block.stop]
        steps = paths.steps[begin:end].astype(np.int64) + 1
        starts = paths.starts[block.start : block.stop] - begin
        ends = paths.starts[block.start + 1 : block.stop + 1] - begin - 1
        codes = _remember(steps, starts, base, order)
        finals[block] = codes[ends]
        codes *= base
        codes[:-1] += steps[1:]
        codes[ends] = finals[block] * base
        pairs.add(codes, None if plain else np.repeat(paths.weights[block], paths.lengths[block]))
    code, weight = pairs.total()
    return _chain(paths, code, weight, finals=finals, base=base, order=order)


def _remember(steps: Codes, starts: Codes, base: int, order: int) -> Codes:
    """The state at each touch."""
    codes = steps.copy()
    for lag in range(1, order):
        before = np.zeros_like(steps)
        before[lag:] = steps[:-lag]
        for place in range(lag):
            early = starts + place
            before[early[early < len(steps)]] = 0
        codes += before * base**lag
    return codes


def _chain(paths: Paths, code: Codes, weight: Vector, *, finals: Codes, base: int, order: int) -> Chain:
    states, start = np.unique(code // base, return_inverse=True)
    after = code % base
    visits = sum_by(start, weight, len(states))
    follows = np.flatnonzero(after)
    target = np.searchsorted(states, after[follows] + base * (states[start[follows]] % base ** (order - 1)))
    step = sparse.csr_array(
        (weight[follows] / visits[start[follows]], (start[follows], target)), shape=(len(states), len(states))
    )
    begins = paths.steps[paths.starts[:-1]].astype(np.int64) + 1
    entry = _sums(begins, paths.weights, states) / paths.weights.sum()
    earned = [paths.conversions] if paths.values is None else [paths.conversions, paths.values]
    reward = np.stack([_sums(finals, amount, states) / visits for amount in earned], axis=1)
    return Chain(channel=states % base - 1, entry=entry, step=step, reward=reward)


def _sums(codes: Codes, weights: Vector, states: Codes) -> Vector:
    """The sum of weights by state."""
    if states[-1] < _TABLE:
        return sum_by(codes, weights, states[-1] + 1)[states]
    return sum_by(np.searchsorted(states, codes), weights, len(states))


def _blocks(paths: Paths) -> Iterator[slice]:
    """Paths in runs of about as many touches as the cache holds."""
    cuts = np.searchsorted(paths.starts, np.arange(_BLOCK_TOUCHES, paths.starts[-1], _BLOCK_TOUCHES))
    bounds = np.unique(np.concatenate([[0], cuts, [len(paths)]])).tolist()
    for first, last in pairwise(bounds):
        yield slice(first, last)


class _Tally:
    """Sums of weights by code."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._table = np.zeros(size if size <= _TABLE else 0)
        self._found: list[tuple[Codes, Vector]] = []

    def add(self, codes: Codes, weights: Vector | None) -> None:
        """Count ``codes``, once each or by weight."""
        if len(self._table):
            self._table += sum_by(codes, weights, self._size)
            return
        distinct, place = np.unique(codes, return_inverse=True)
        self._found.append((distinct, sum_by(place, weights, len(distinct))))

    def total(self) -> tuple[Codes, Vector]:
        """The codes that occur with a weight, in order, and their sums."""
        if len(self._table):
            codes: Codes = np.flatnonzero(self._table)
            return codes, self._table[codes]
        distinct, place = np.unique(np.concatenate([codes for codes, _ in self._found]), return_inverse=True)
        sums = sum_by(place, np.concatenate([sums for _, sums in self._found]), len(distinct))
        return distinct[sums > 0], sums[sums > 0]

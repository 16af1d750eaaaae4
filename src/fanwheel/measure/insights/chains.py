"""Chains of steps, counted with NumPy: the answer of the statement ``funnel``, faster and in less memory.

An event becomes one number: person, time and step, from the highest bits to the lowest. Sorted, the numbers of a person
stand together in order of time, and what came last of a kind before each event is a running maximum that can never be
mistaken for another person's.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
_STEP_BITS: Final = 3
_PART_BITS: Final = 8
_PARTS: Final = 1 << _PART_BITS
_THREADS: Final = 2


class Chains:
    """Counts people by how many steps they came through; takes events in any order.

    ``codes`` are the numbers of the steps asked, from 1. The first of them must lie in [``since_us``, ``until_us``);
    events before that, or later than the window behind it, are not to be given.
    """

    def __init__(self, codes: Sequence[int], *, since_us: int, until_us: int, window_us: int) -> None:
        self._codes = [code - 1 for code in codes]
        # Times begin one window early, so that no window reaches back into the numbers of another person.
        self._zero = since_us - window_us
        self._until, self._window = until_us - self._zero, window_us
        self._time_bits = (until_us + window_us - self._zero).bit_length()
        # So many bits of a person's id have room beside the time and the parts; the others part people further.
        self._low_bits = 64 - _STEP_BITS - self._time_bits
        self._parts: dict[tuple[int, int], list[Keys]] = {}

    def take(self, person: Ints, at_us: Ints, step: NDArray[Any]) -> None:
        """Add events."""
        floor = person >> (self._low_bits + _PART_BITS)
        for level in np.unique(floor).tolist():
            here = slice(None) if len(floor) and floor[0] == level and (floor == level).all() else floor == level
            self._add(level, person[here], at_us[here], step[here])

    def count(self) -> list[int]:
        """People who came through each step and all before it."""
        with ThreadPoolExecutor(_THREADS) as pool:
            found = list(pool.map(self._walk, self._parts.values()))
        return [sum(people) for people in zip(*found, strict=True)] or [0] * len(self._codes)

    def _add(self, level: int, person: Ints, at_us: Ints, step: NDArray[Any]) -> None:
        part = (person & (_PARTS - 1)).astype(np.uint8)
        key = ((person >> _PART_BITS) & ((1 << self._low_bits) - 1)) << self._time_bits
        key |= at_us - self._zero
        keys = key.astype(np.uint64) << np.uint64(_STEP_BITS)
        keys |= (step - 1).astype(np.uint64)
        keys = keys[np.argsort(part, kind="stable")]
        end = 0
        for place, many in enumerate(np.bincount(part, minlength=_PARTS).tolist()):
            start, end = end, end + many
            if many:
                self._parts.setdefault((level, place), []).append(keys[start:end])

    def _walk(self, parts: list[Keys]) -> list[int]:
        keys = np.concatenate(parts)
        keys.sort()
        step = (keys & np.uint64((1 << _STEP_BITS) - 1)).astype(np.uint8)
        at = (keys >> np.uint64(_STEP_BITS)).view(np.int64)
        del keys
        ends = np.flatnonzero((step == self._codes[0]) & ((at & ((1 << self._time_bits) - 1)) < self._until))
        starts = at[ends]
        people = [self._people(starts)]
        for code in self._codes[1:]:
            here = np.flatnonzero(step == code)
            before = np.searchsorted(ends, here)
            # The latest start from which the steps before were finished ahead of each event.
            best = np.maximum.accumulate(np.concatenate([[-1], starts]))[before]
            fits = best >= at[here] - self._window
            ends, starts = here[fits], best[fits]
            people.append(self._people(starts))
        return people

    def _people(self, at: Ints) -> int:
        """How many different people some sorted numbers belong to."""
        who = at >> self._time_bits
        return int(np.count_nonzero(who[1:] != who[:-1])) + 1 if len(who) else 0

"""Sequences: one thing done after the other within a span."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.facts import Series
from fanwheel.cdp.segments.rules import moments
from fanwheel.cdp.segments.rules.moments import NEVER, Answer

_NOT_BEGUN: Final = -NEVER


class Chain:
    """A compiled sequence."""

    __slots__ = ("_completed", "_within")

    def __init__(self, condition: tree.Sequence) -> None:
        self._within = moments.span_us(condition.within)
        self._completed = moments.span_us(condition.completed) if condition.completed else None

    def judge(self, steps: Sequence[Series | None], now: int) -> Answer:
        """Whether the sequence, whose steps' events are given, is there at ``now``, and until when at least."""
        # What was completed before this is over, and so is what it began with.
        since = None if self._completed is None else now - self._completed + 1
        ends = self._ends(steps, since)
        past = bisect_right(ends, now)
        if past == 0:
            return False, ends[0] if ends else NEVER
        return True, NEVER if self._completed is None else ends[past - 1] + self._completed

    def latest(self, steps: Sequence[Series | None], now: int) -> int | None:
        """When the sequence was last completed, however long ago."""
        ends = self._ends(steps, None)
        past = bisect_right(ends, now)
        return ends[past - 1] if past else None

    def _ends(self, steps: Sequence[Series | None], since: int | None) -> list[int]:
        """Every moment, ascending, from ``since`` on at which the sequence was completed."""
        some = [step for step in steps if step]
        if len(some) < len(steps):
            return []
        # For each step the latest start of a chain that ends with it, strictly before the moment looked at. Chains
        # that started later are never worse, so one start for each step is enough.
        starts = [_NOT_BEGUN] * len(some)
        last, ends = len(some) - 1, []
        for moment, backwards in _taken(some, None if since is None else since - self._within):
            step = -backwards
            if step == 0:
                starts[0] = moment
                continue
            begin = starts[step - 1]
            if step < last:
                starts[step] = max(starts[step], begin)
            elif begin != _NOT_BEGUN and moment - begin <= self._within and (since is None or moment >= since):
                ends.append(moment)
        return ends


def _taken(steps: Sequence[Series], since: int | None) -> list[tuple[int, int]]:
    """Each moment from ``since`` on with the number of the step taken then, negative: at one moment the last first."""
    return sorted(
        (moment, -number)
        for number, step in enumerate(steps)
        for moment in (step.times if since is None else step.times[step.since(since) :])
    )

"""Sequences: one thing done after the other within a span."""

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
        if any(not step for step in steps):
            return False, NEVER
        ends = self.ends([step for step in steps if step])
        if not ends:
            return False, NEVER
        if self._completed is None:
            return ends[0] <= now, NEVER if ends[0] <= now else ends[0]
        latest = max((end for end in ends if end <= now), default=None)
        if latest is not None and now < latest + self._completed:
            return True, latest + self._completed
        return False, min((end for end in ends if end > now), default=NEVER)

    def ends(self, steps: Sequence[Series]) -> list[int]:
        """Every moment, ascending, at which the sequence was completed."""
        # For each step the latest start of a chain that ends with it, strictly before the moment looked at. Chains
        # that started later are never worse, so one start for each step is enough.
        starts = [_NOT_BEGUN] * len(steps)
        last, ends = len(steps) - 1, []
        for moment, taken in _moments(steps):
            for step in reversed(taken):
                if step == 0:
                    starts[0] = moment
                    continue
                begin = starts[step - 1]
                if step < last:
                    starts[step] = max(starts[step], begin)
                elif begin != _NOT_BEGUN and moment - begin <= self._within:
                    ends.append(moment)
        return ends


def _moments(steps: Sequence[Series]) -> list[tuple[int, list[int]]]:
    """Each moment at which something was done, with the steps it counts for, ascending."""
    taken: dict[int, list[int]] = {}
    for number, step in enumerate(steps):
        for moment in step.times:
            known = taken.setdefault(moment, [])
            if not known or known[-1] != number:
                known.append(number)
    return sorted(taken.items())

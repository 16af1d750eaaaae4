"""Crowds: people by their ids alone, as many as a segment may have."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np

FEW: Final = 20_000
SOME: Final = 4_000
_WIDEST: Final = 2**28  # ids from first to last for which a bit each is sent: 32 MB


class Bits(NamedTuple):
    """A bit for each id from ``low`` to ``high``; the first is the lowest of the first byte."""

    low: int
    high: int
    bits: bytes


class Crowd:
    """Ids of persons, sorted, each once."""

    def __init__(self, ids: "np.ndarray[Any, np.dtype[np.int64]]") -> None:
        self.ids = ids

    @property
    def size(self) -> int:
        """How many."""
        return len(self.ids)

    def few(self, most: int = FEW) -> list[int] | None:
        """The ids, where to look each up is cheaper than to walk through everybody."""
        if self.size <= most or int(self.ids[-1]) - int(self.ids[0]) >= _WIDEST:
            return [int(one) for one in self.ids]
        return None

    def bits(self) -> Bits:
        """The ids as bits."""
        import numpy as np

        low, high = int(self.ids[0]), int(self.ids[-1])
        flags = np.zeros(high - low + 1, dtype=np.bool_)
        flags[self.ids - low] = True
        return Bits(low, high, np.packbits(flags, bitorder="little").tobytes())


def both(one: Collection[int] | None, other: Collection[int] | None) -> list[int] | None:
    """Ids that are in both, sorted; None stands for everybody."""
    if one is None or other is None:
        rest = other if one is None else one
        return None if rest is None else sorted(rest)
    return sorted(set(one) & set(other))

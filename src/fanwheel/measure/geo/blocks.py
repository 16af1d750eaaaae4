"""Rows of a switchback: which block, on or off, when, where and how much."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.geo import panels

Vector = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """One row for each region and time."""

    block: Places
    treated: Flags
    time: Vector
    region: Places
    regions: tuple[str, ...]
    value: Vector
    backend: str

    def settled(self, burn_in: int) -> Flags:
        """Rows at least ``burn_in`` times after the last switch of their region, or after its first row."""
        order = np.lexsort((self.time, self.region))
        region, treated = self.region[order], self.treated[order]
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = (region[1:] != region[:-1]) | (treated[1:] != treated[:-1])
        places = np.arange(len(order))
        since = places - np.maximum.accumulate(np.where(fresh, places, 0))
        kept = np.empty(len(order), dtype=bool)
        kept[order] = since >= burn_in
        return kept


def read(data: Any, *, block: str, treated: str, day: str, region: str | None, outcome: str) -> Rows:
    """The rows, checked: one for each region and time, and every block either on or off."""
    frame = frames.read(data, [block, treated, day, outcome, *([region] if region else [])])
    if not frame.rows:
        raise NotEnoughDataError("data is empty; a switchback needs at least 3 blocks on and 3 off.")
    is_on = frames.numbers(frame, treated)
    frames.require((is_on == 0) | (is_on == 1), table="data", problem=f"“{treated}” is not 0 or 1", hint="Give 0 or 1.")
    names = np.array([str(name) for name in frame[region]]) if region else np.full(frame.rows, "all")
    regions, places = frames.codes(names)
    moments, clock = frames.codes(panels.times(frame, day))
    cells = places * len(moments) + clock
    repeated = np.ones(len(cells), dtype=bool)
    repeated[np.unique(cells, return_index=True)[1]] = False
    frames.require(~repeated, table="data", problem=f"“{day}” has a second row", hint="Sum its rows, or name region=….")
    _, blocks = frames.codes(np.array([str(name) for name in frame[block]]))
    share = np.bincount(blocks, weights=is_on) / np.bincount(blocks)
    frames.require(((share == 0) | (share == 1))[blocks], table="data", problem=f"“{block}” is both on and off",
                   hint="Give every stretch of time that was drawn as one its own block.")  # fmt: skip
    return Rows(
        block=blocks, treated=is_on == 1, time=moments[clock].astype(np.float64), region=places,
        regions=tuple(map(str, regions)), value=frames.numbers(frame, outcome), backend=frame.backend,
    )  # fmt: skip


def require_enough(rows: Rows, kept: Flags, *, burn_in: int) -> None:
    """Raise unless 3 blocks on and 3 off are left after the burn-in."""
    if burn_in < 0:
        raise BadDataError(f"burn_in is {burn_in}.", hint="Give times, 0 or more.")
    for is_on, name in ((True, "on"), (False, "off")):
        left = len(np.unique(rows.block[kept & (rows.treated == is_on)]))
        if left < 3:
            raise NotEnoughDataError(
                f"{left} blocks {name} are left after the burn-in; a switchback needs at least 3 on and 3 off.",
                hint="Run more blocks, or longer ones.",
            )

"""Equal rows counted once: the distinct combinations of a few columns, and each row's place among them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.frames import Vector

Codes = NDArray[np.int32]
# Whole numbers; weeks counted from days; hundredths.
_GRIDS: Final = (1.0, 7.0, 100.0)
_LONGEST_GRID: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as its distinct values, ascending, and each row's place among them."""

    values: Vector
    codes: Codes

    def rows(self) -> Vector:
        """The column itself."""
        return self.values[self.codes]

    def take(self, chosen: NDArray[np.intp]) -> "Coded":
        """Some of the rows, over the same values."""
        return Coded(self.values, self.codes[chosen])


def encode(column: Vector) -> Coded:
    """The distinct values of a non-negative column; without sorting where they lie on a grid."""
    for grid in _GRIDS:
        scaled = column * grid
        if len(column) == 0 or scaled.max() >= _LONGEST_GRID or scaled.min() < 0:
            continue
        whole = np.rint(scaled).astype(np.int32)
        if np.array_equal(whole / grid, column):
            present = np.zeros(int(whole.max()) + 1, dtype=bool)
            present[whole] = True
            places = np.cumsum(present, dtype=np.int32) - np.int32(1)
            return Coded(np.flatnonzero(present) / grid, places[whole])
    values, codes = np.unique(column, return_inverse=True)
    return Coded(values, codes.reshape(-1).astype(np.int32))


@dataclass(frozen=True, slots=True)
class Groups:
    """The distinct combinations of columns, in lexical order."""

    columns: tuple[Coded, ...]
    count: Vector
    place: Codes


def group(columns: Sequence[Coded], weights: Vector | None = None) -> Groups:
    """Group equal rows.

    Parameters
    ----------
    columns : sequence of Coded
        The first varies slowest in the order of the result.
    weights : (n,) array, optional
        How many people each row stands for; 1 by default.

    Returns
    -------
    Groups
        Each combination's columns, its total weight, and the combination of every row. The order depends on the
        values only, so that the same rows in another order give the same bits.
    """
    rows = len(columns[0].codes)
    key, cells = _key(columns, rows)
    if cells <= 4 * rows + 4096:
        present = np.zeros(cells, dtype=bool)
        present[key] = True
        places = np.cumsum(present, dtype=np.int32)
        place = places[key] - np.int32(1)
        groups = int(places[-1])
    else:
        distinct, inverse = np.unique(key, return_inverse=True)
        place, groups = inverse.reshape(-1).astype(np.int32), len(distinct)
    del key
    count = np.bincount(place, weights=weights, minlength=groups).astype(np.float64)
    # Equal rows are equal, so any one of them stands for its group.
    member = np.zeros(groups, dtype=np.intp)
    member[place] = np.arange(rows)
    return Groups(tuple(column.take(member) for column in columns), count, place)


def _key(columns: Sequence[Coded], rows: int) -> tuple[NDArray[np.signedinteger], int]:
    """One number for each combination, in lexical order, and a bound on it."""
    cells = math.prod(len(column.values) for column in columns)
    key: NDArray[np.signedinteger] = np.zeros(rows, dtype=np.int32 if cells < 1 << 31 else np.int64)
    cells = 1
    for column in columns:
        if cells * len(column.values) >= 1 << 62:
            distinct, inverse = np.unique(key, return_inverse=True)
            key, cells = inverse.reshape(-1).astype(np.int64), len(distinct)
        cells *= len(column.values)
        key *= key.dtype.type(len(column.values))
        key += column.codes
    return key, cells

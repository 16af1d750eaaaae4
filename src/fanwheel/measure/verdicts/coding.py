"""People and channels by number, whatever type their names have."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Column

Codes = NDArray[np.int64]
_DENSE: Final = 16


def is_there(values: Column) -> NDArray[np.bool_]:
    """Which cells hold something: not None, not a number that is none, not an empty text."""
    if values.dtype.kind in "iub":
        return np.ones(len(values), dtype=np.bool_)
    if values.dtype.kind == "f":
        finite: NDArray[np.bool_] = np.isfinite(values)
        return finite
    if values.dtype.kind == "U":
        return np.asarray(values != "", dtype=np.bool_)
    there = [value is not None and value == value and value != "" for value in values.tolist()]
    return np.array(there, dtype=np.bool_)


def required(values: Column, name: str, *, table: str) -> Column:
    """The column, or ``BadDataError`` that names the rows in which it is missing."""
    frames.require(is_there(values), table=table, problem=f"“{name}” is missing", hint="Drop these rows or fill them.")
    return values


def number(columns: Sequence[Column]) -> tuple[list[Codes], int]:
    """Each column with every value replaced by its number, and how many distinct values there are in all."""
    plain = [_whole(column) for column in columns]
    bounds = np.cumsum([len(column) for column in plain])[:-1]
    if all(column.dtype.kind in "iu" for column in plain):
        codes, count = _from_integers(np.concatenate([column.astype(np.int64) for column in plain]))
    else:
        rows = [value for column in plain for value in column.tolist()]
        kinds = {type(value) for value in rows}
        if len(kinds) > 1:
            names = ", ".join(sorted(kind.__name__ for kind in kinds))
            raise BadDataError(f"People are named by different types: {names}.", hint="Use one type in all tables.")
        places: dict[Any, int] = {}
        codes = np.fromiter((places.setdefault(value, len(places)) for value in rows), np.int64, len(rows))
        count = len(places)
    return np.split(codes, bounds), count


def names(values: Column) -> tuple[list[str], Codes]:
    """The distinct names in order, and each row's place among them."""
    rows = values.tolist()
    raw = set(rows)
    distinct = sorted({str(value) for value in raw})
    order = {name: index for index, name in enumerate(distinct)}
    place = {value: order[str(value)] for value in raw}
    return distinct, np.fromiter(map(place.__getitem__, rows), np.int64, len(rows))


def _whole(column: Column) -> Column:
    if column.dtype.kind == "f" and np.equal(column, np.rint(column)).all():
        return column.astype(np.int64)  # a column of whole numbers with gaps comes as floats
    return column


def _from_integers(values: Codes) -> tuple[Codes, int]:
    if len(values) == 0:
        return values, 0
    least, most = int(values.min()), int(values.max())
    if most - least < _DENSE * len(values):
        seen = np.zeros(most - least + 1, dtype=np.bool_)
        seen[values - least] = True
        place = np.cumsum(seen) - 1
        return place[values - least], int(seen.sum())
    distinct, codes = np.unique(values, return_inverse=True)
    return codes.reshape(-1).astype(np.int64), len(distinct)

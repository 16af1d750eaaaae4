"""Small day-grain tables from which the answer for any period is read off in microseconds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    # Named for readers only: what answers requests does not load Arrow or NumPy before there is a book.
    import pyarrow as pa

_EPOCH: Final = date(1970, 1, 1).toordinal()
NEVER: Final = -(2**31)
NOBODY: Final = -1
Column = Any
Cube = Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """The period of the same length that ends the day before."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=step) for step in range(self.days))

    def holds(self, cube: Cube) -> Column:
        """Which rows of a cube fall on a day of the period."""
        day = cube["day"]
        return (day >= number_of(self.first)) & (day <= number_of(self.last))

    def new_in(self, cube: Cube) -> Column:
        """Which rows hold people who were not counted on an earlier day of the period."""
        return self.holds(cube) & (cube["previous_day"] < number_of(self.first))


class Branch(NamedTuple):
    """A person in the referral tree: who brought them, their paid orders, and how many people stand below them."""

    person_id: int
    parent_id: int | None
    orders: int
    brought: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Every cube of one workspace, worked out from the same instant's data."""

    as_of: datetime
    time_zone: str
    currency: str
    sources: Mapping[int, Mapping[str, str]]
    cubes: Mapping[str, Cube]
    branches: Sequence[Branch]  # of the referral tree, the first of them the most telling


def number_of(day: date) -> int:
    """Days since 1970, as cubes hold them."""
    return day.toordinal() - _EPOCH


def date_of(number: int) -> date:
    """The day that a cube's number stands for."""
    return date.fromordinal(int(number) + _EPOCH)


def cube(table: "pa.Table") -> Cube:
    """An Arrow table as NumPy arrays.

    Days become numbers, a missing day NEVER, a missing id NOBODY. A text column holds numbers; ``<column>_names``
    says what they stand for.
    """
    import pyarrow as pa

    arrays: dict[str, Column] = {}
    for name in table.column_names:
        values = table.column(name)
        if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
            values = values.combine_chunks().dictionary_encode()
            arrays[f"{name}_names"] = values.dictionary.to_pylist()
            values = values.indices
        arrays[name] = _numbers(values)
    return arrays


def _numbers(values: "pa.ChunkedArray") -> Column:
    import numpy as np
    import pyarrow as pa

    if pa.types.is_date(values.type):
        return values.cast(pa.int32()).fill_null(NEVER).to_numpy(zero_copy_only=False)
    numbers = values.cast(pa.int64()).fill_null(NOBODY).to_numpy(zero_copy_only=False)
    # Cubes stay in memory while nobody asks, so counts take four bytes where they fit.
    small = numbers.size == 0 or max(numbers.max(), -numbers.min()) < 2**31
    return numbers.astype(np.int32) if small else numbers


def total(cube: Cube, column: str, rows: Column) -> int:
    """The sum of a column over some rows."""
    return int(cube[column][rows].sum(dtype="int64"))


def totals_by(cube: Cube, keys: Sequence[str], column: str, rows: Column) -> dict[tuple[int, ...], int]:
    """The sums of a column over some rows, by the values of ``keys``; exact, and without a loop over rows."""
    import numpy as np

    values = cube[column][rows].astype(np.int64)
    code = np.zeros(len(values), np.int64)
    levels = []
    for key in keys:
        level, index = np.unique(cube[key][rows], return_inverse=True)
        code = code * len(level) + index
        levels.append(level)
    found, index = np.unique(code, return_inverse=True)
    sums = np.zeros(len(found), np.int64)
    np.add.at(sums, index, values)
    parts = []
    for level in reversed(levels):
        parts.append(level[found % len(level)].tolist() if len(found) else [])
        found = found // max(len(level), 1)
    return dict(zip(zip(*reversed(parts), strict=True), sums.tolist(), strict=True))

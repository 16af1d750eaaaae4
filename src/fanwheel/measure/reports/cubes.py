"""Small day-grain tables from which the answer for any period is read off in microseconds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Every cube of one workspace, worked out from the same instant's data."""

    as_of: datetime
    time_zone: str
    currency: str
    sources: Mapping[int, Mapping[str, str]]
    cubes: Mapping[str, Cube]


def number_of(day: date) -> int:
    """Days since 1970, as cubes hold them."""
    return day.toordinal() - _EPOCH


def date_of(number: int) -> date:
    """The day that a cube's number stands for."""
    return date.fromordinal(int(number) + _EPOCH)


def cube(table: "pa.Table") -> Cube:
    """An Arrow table as NumPy arrays: days as numbers, a missing day as NEVER, a missing id as NOBODY."""
    return {name: _column(table.column(name)) for name in table.column_names}


def _column(values: "pa.ChunkedArray") -> Column:
    import numpy as np
    import pyarrow as pa

    if pa.types.is_date(values.type):
        return values.cast(pa.int32()).fill_null(NEVER).to_numpy()
    if pa.types.is_integer(values.type):
        return values.cast(pa.int64()).fill_null(NOBODY).to_numpy()
    return np.array(values.to_pylist(), dtype=object)


def total(cube: Cube, column: str, rows: Column) -> int:
    """The sum of a column over some rows."""
    return int(cube[column][rows].sum())

"""Regions by days: a table of rows turned into a matrix, and checked to be whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError

Matrix = NDArray[np.float64]
_DAY: Final = 86_400_000_000  # microseconds, as frames.moments counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The outcome of every region (row) on every day (column), which regions are treated, and where the test starts."""

    regions: tuple[str, ...]
    days: tuple[Any, ...]
    values: Matrix
    treated: NDArray[np.bool_]
    first: int
    backend: str

    @property
    def before(self) -> Matrix:
        """Days before the test."""
        return self.values[:, : self.first]

    @property
    def after(self) -> Matrix:
        """Days of the test."""
        return self.values[:, self.first :]

    @property
    def treated_names(self) -> tuple[str, ...]:
        """The regions with the treatment."""
        return tuple(name for name, is_treated in zip(self.regions, self.treated, strict=True) if is_treated)


def read(data: Any, *, region: str, day: str, outcome: str, treated: Sequence[Any] | str, start: Any) -> Panel:
    """A panel with at least 2 days before ``start``, one after, one treated region and 2 others."""
    frame = frames.read(data, [region, day, outcome])
    if not frame.rows:
        raise NotEnoughDataError("data is empty; a test by region needs at least 3 regions and 3 days.")
    values = frames.numbers(frame, outcome)
    names = np.array([str(value) for value in frame[region]])
    regions, rows = frames.codes(names)
    days, columns = frames.codes(times(frame, day))
    matrix = _whole(values, rows, columns, shape=(len(regions), len(days)), names=(region, day))
    first = int(np.searchsorted(days, one_time(start, frame[day])))
    chosen = {treated} if isinstance(treated, str) else {str(name) for name in treated}
    is_treated = np.isin(regions, list(chosen))
    if chosen - set(regions):
        raise BadDataError(f"There is no region “{sorted(chosen - set(regions))[0]}”.", hint="Check `treated`.")
    if first < 2 or first >= len(days):
        raise NotEnoughDataError(
            f"There are {first} days before the test and {len(days) - first} of it; it takes 2 and 1."
        )
    if not is_treated.any() or (~is_treated).sum() < 2:
        raise NotEnoughDataError(
            f"There are {(~is_treated).sum()} untreated regions; it takes at least 2 and a treated one."
        )
    shown = tuple(str(np.datetime64(int(stamp), "us"))[:10] if is_date(frame[day]) else float(stamp) for stamp in days)
    return Panel(regions=tuple(map(str, regions)), days=shown, values=matrix, treated=is_treated, first=first,
                 backend=frame.backend)  # fmt: skip


def times(frame: frames.Frame, name: str) -> Matrix:
    """Days or instants as numbers that keep their order: microseconds since 1970, or the numbers given."""
    if is_date(frame[name]):
        return frames.moments(frame, name).astype(np.float64)
    return frames.numbers(frame, name)


def one_time(value: Any, like: NDArray[Any]) -> float:
    """One moment in the unit of ``times``."""
    return (
        float(times(frames.Frame({"start": np.array([value])}, "pyarrow"), "start")[0])
        if is_date(like)
        else float(value)
    )


def is_date(values: NDArray[Any]) -> bool:
    """Whether a column holds dates rather than numbers."""
    return values.dtype.kind not in "iufb"


def _whole(values: Matrix, rows: Any, columns: Any, *, shape: tuple[int, int], names: tuple[str, str]) -> Matrix:
    cells = rows * shape[1] + columns
    repeated = np.ones(len(cells), dtype=bool)
    repeated[np.unique(cells, return_index=True)[1]] = False
    where = f"“{names[0]}” × “{names[1]}”"
    frames.require(~repeated, table="data", problem=f"{where} has a second row", hint="Sum the rows of a day first.")
    if len(cells) < shape[0] * shape[1]:
        raise BadDataError(
            f"data: {shape[0] * shape[1] - len(cells)} of {shape[0] * shape[1]} pairs of {where} have no row.",
            hint="Add rows with 0 for days without any, or drop the region.",
        )
    matrix = np.empty(shape)
    matrix.reshape(-1)[cells] = values
    return matrix


def checked(alpha: float) -> float:
    """``alpha``, if it is a chance below one half."""
    if not 0 < alpha < 0.5:
        raise BadDataError(f"alpha is {alpha:g}.", hint="Give a chance between 0 and 0.5, as 0.05.")
    return alpha

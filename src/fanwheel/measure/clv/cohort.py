"""The sufficient statistics of purchase histories: who bought how often, how lately, seen for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.clv.grouping import Coded, Codes, encode, group
from fanwheel.measure.clv.summaries import Summary
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.frames import Column, Vector

_MOST_PURCHASES: Final = 1_000_000
_FARTHEST: Final = 30.0


@dataclass(frozen=True, slots=True)
class Cell:
    """The groups that share one setting of the covariates: a slice of the cohort's groups."""

    rows: slice
    covariates: Vector


@dataclass(frozen=True, slots=True)
class Cohort:
    """People grouped by equal histories, sorted by covariates, frequency, age and recency."""

    frequency: Coded
    age: Coded
    recency: Coded
    count: Vector
    cells: tuple[Cell, ...]
    place: Codes
    person: Column | None
    backend: str

    @property
    def people(self) -> float:
        """How many people there are."""
        return float(self.count.sum())

    @property
    def purchases(self) -> NDArray[np.int64]:
        """Repeat purchases of each group."""
        return self.frequency.rows().astype(np.int64)

    @property
    def covariates(self) -> Vector:
        """The covariates of each group, one column each."""
        lengths = [cell.rows.stop - cell.rows.start for cell in self.cells]
        return np.repeat(np.array([cell.covariates for cell in self.cells]), lengths, axis=0)

    def spread(self, values: Vector) -> Vector:
        """One value for each group, as one value for each row of the data."""
        return values[self.place]

    def mean_wait(self) -> float:
        """Time observed for each repeat purchase: the scale on which the search begins."""
        bought = float((self.count * self.frequency.rows()).sum())
        watched = float((self.count * self.age.rows()).sum())
        return watched / (bought + 0.5) if watched > 0 else 1.0


def read(data: Any, covariates: Sequence[str] = (), *, timed: bool = True) -> Cohort:
    """Read and check purchase histories, and group equal ones.

    Parameters
    ----------
    data : Summary or dataframe
        Columns ``frequency``, ``recency``, ``age``; optionally ``person`` and ``people``.
    covariates : sequence of str
        Further columns with numbers that do not change over time.
    timed : bool
        Whether recency and age are times; otherwise they count opportunities and are whole.
    """
    names = ("frequency", "recency", "age")
    if isinstance(data, Summary) and not covariates:
        columns: dict[str, Column] = {name: getattr(data, name) for name in (*names, "person")}
        frame = frames.Frame(columns, data.backend)
    else:
        table = data.to_frame() if isinstance(data, Summary) else data
        frame = frames.read(table, [*names, *covariates], optional=["person", "people"])
    if frame.rows == 0:
        raise NotEnoughDataError("The data have no rows.", hint="One person observed for some time is the least.")
    x, recency, age = (frames.numbers(frame, name, at_least=0) for name in names)
    _check(x, recency, age, timed=timed)
    weights = frames.numbers(frame, "people", at_least=0) if "people" in frame else None
    if weights is not None and not weights.any():
        raise NotEnoughDataError("“people” is 0 in every row.", hint="One person observed for some time is the least.")
    traits = np.column_stack([frames.numbers(frame, name) for name in covariates]) if covariates else None
    if traits is not None:
        _check_covariates(traits, covariates)
    keys = [encode(x), encode(age), encode(recency)]
    del x, recency, age
    distinct = np.zeros((0, 0))
    if traits is not None:
        distinct, codes = np.unique(traits, axis=0, return_inverse=True)
        keys.insert(0, Coded(np.arange(len(distinct), dtype=np.float64), codes.reshape(-1).astype(np.int32)))
    groups = group(keys, weights)
    if traits is None:
        cells: tuple[Cell, ...] = (Cell(slice(0, len(groups.count)), np.zeros(0)),)
    else:
        ends = np.cumsum(np.bincount(groups.columns[0].codes, minlength=len(distinct))).tolist()
        cells = tuple(Cell(slice(s, e), row) for s, e, row in zip([0, *ends[:-1]], ends, distinct, strict=True))
    frequency, ages, recencies = groups.columns[-3:]
    return Cohort(frequency, ages, recencies, groups.count, cells, groups.place, who(frame), frame.backend)


def who(frame: frames.Frame) -> Column | None:
    """The people that rows are about, if the data say."""
    if "person" not in frame:
        return None
    return frame["person"]


def _check(x: Vector, recency: Vector, age: Vector, *, timed: bool) -> None:
    frames.require(x == np.rint(x), table="data", problem="“frequency” is not a whole number", hint="Count purchases.")
    frames.require(
        x <= _MOST_PURCHASES, table="data", problem="“frequency” is above a million", hint="Drop who is not a person."
    )
    frames.require(
        recency <= age, table="data", problem="“recency” is above “age” (a future order)",
        hint="Recency is the time from the first to the last purchase, age from the first to the end of observation.",
    )  # fmt: skip
    frames.require(
        (x > 0) | (recency == 0), table="data", problem="“recency” is not 0 where “frequency” is 0",
        hint="Frequency counts repeat purchases; who made none has recency 0.",
    )  # fmt: skip
    if not timed:
        frames.require(
            (recency == np.rint(recency)) & (age == np.rint(age)), table="data",
            problem="“recency” or “age” is not a whole number of opportunities", hint="Count opportunities.",
        )  # fmt: skip
        frames.require(
            (x <= recency) & ((x > 0) | (recency == 0)), table="data",
            problem="“frequency” is above “recency”", hint="There is at most one purchase at each opportunity.",
        )  # fmt: skip


def _check_covariates(traits: Vector, names: Sequence[str]) -> None:
    mean, spread = traits.mean(axis=0), traits.std(axis=0)
    for name, m, s in zip(names, mean, spread, strict=True):
        if abs(m) > _FARTHEST * s and s > 0:
            raise BadDataError(
                f"Covariate “{name}” is centered at {m:g}, more than {_FARTHEST:g} standard deviations from 0.",
                hint="Subtract a reference value (such as its mean) from the column.",
            )

"""Dataframes of any library in, NumPy columns inside, the same library out."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any, Final

import narwhals.stable.v2 as nw
import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.errors import BadDataError

Column = NDArray[Any]
Vector = NDArray[np.float64]
_MAX_NAMED_ROWS: Final = 5


class Frame:
    """The columns of one dataframe as NumPy arrays, and the library that it came from."""

    def __init__(self, columns: Mapping[str, Column], backend: str) -> None:
        self._columns = dict(columns)
        self.backend = backend
        self.rows = len(next(iter(self._columns.values()))) if self._columns else 0

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def __contains__(self, name: object) -> bool:
        return name in self._columns


def read(data: Any, needed: Sequence[str], *, optional: Sequence[str] = (), table: str = "data") -> Frame:
    """Read columns from any dataframe that Narwhals knows (or a mapping of sequences).

    Parameters
    ----------
    data : dataframe
        pandas, Polars (lazy too), PyArrow, DuckDB relation, or a mapping of names to sequences.
    needed, optional : sequence of str
        Column names; only these are read.
    table : str
        What error messages call the data.

    Returns
    -------
    Frame
        One array for each column found, all of one length.

    Raises
    ------
    BadDataError
        If a needed column is missing; the message names it and those that are there.
    """
    if isinstance(data, Mapping):
        columns = {str(name): np.asarray(values) for name, values in data.items() if name in {*needed, *optional}}
        _need(list(data), needed, table)
        if len({len(values) for values in columns.values()}) > 1:
            raise BadDataError(f"The columns of {table} differ in length.", hint="Give every column one value a row.")
        return Frame(columns, "pyarrow")
    try:
        frame = nw.from_native(data)
    except TypeError as error:
        raise BadDataError(
            f"{table} is a {type(data).__name__}, not a dataframe.", hint="Give pandas, Polars, PyArrow or DuckDB."
        ) from error
    names = list(frame.collect_schema().names())
    _need(names, needed, table)
    wanted = [name for name in dict.fromkeys([*needed, *optional]) if name in names]
    selected = frame.select(wanted)
    eager = selected.collect() if isinstance(selected, nw.LazyFrame) else selected
    backend = str(eager.implementation)
    return Frame({name: eager.get_column(name).to_numpy() for name in wanted}, backend)


def build(columns: Mapping[str, Any], *, backend: str = "pyarrow") -> Any:
    """A dataframe of these columns in the library named (``pandas``, ``polars`` or ``pyarrow``)."""
    kind = nw.Implementation.from_backend(backend)  # type: ignore[arg-type]
    return nw.from_dict({name: _plain(values) for name, values in columns.items()}, backend=kind).to_native()  # type: ignore[arg-type]


def require(valid: Any, *, table: str, problem: str, hint: str) -> None:
    """Raise ``BadDataError`` that names the first rows (counted from 0) where ``valid`` is false."""
    bad = np.flatnonzero(~np.asarray(valid, dtype=bool))
    if len(bad):
        shown = ", ".join(map(str, bad[:_MAX_NAMED_ROWS])) + (", …" if len(bad) > _MAX_NAMED_ROWS else "")
        raise BadDataError(f"{table}: {problem} in {len(bad)} rows (rows {shown}).", hint=hint)


def numbers(frame: Frame, name: str, *, table: str = "data", at_least: float | None = None) -> Vector:
    """One column as finite float64; missing, infinite or too small values are named by row."""
    try:
        values = frame[name].astype(np.float64)
    except (TypeError, ValueError) as error:
        raise BadDataError(f"{table}: column “{name}” does not hold numbers.", hint="Convert it first.") from error
    require(np.isfinite(values), table=table, problem=f"“{name}” is missing or not finite", hint="Drop or fill them.")
    if at_least is not None:
        require(
            values >= at_least, table=table, problem=f"“{name}” is below {at_least:g}", hint="Correct or drop them."
        )
    return values


def moments(frame: Frame, name: str, *, table: str = "data") -> NDArray[np.int64]:
    """One column of dates or instants (UTC) as microseconds since 1970; missing ones are named by row."""
    values: Any = frame[name]
    if values.dtype == object:
        # NumPy knows no time zones and would warn.
        values = [_in_utc(value) for value in values.tolist()]
    try:
        stamps = np.asarray(values, dtype="datetime64[us]")
    except (TypeError, ValueError) as error:
        raise BadDataError(f"{table}: column “{name}” does not hold dates.", hint="Use dates or timestamps.") from error
    require(~np.isnat(stamps), table=table, problem=f"“{name}” is missing", hint="Drop or fill them.")
    return stamps.astype(np.int64)


def present(frame: Frame, name: str, *, table: str = "data") -> Column:
    """One column as it is; missing values are named by row."""
    values = frame[name]
    there: Any = True
    if values.dtype.kind in "fmM":
        there = ~np.isnan(values)
    elif values.dtype == object:
        there = [value is not None and value == value for value in values.tolist()]  # NaN differs from itself
    require(np.broadcast_to(there, len(values)), table=table, problem=f"“{name}” is missing", hint="Drop or fill them.")
    return values


def codes(values: Column) -> tuple[Column, NDArray[np.intp]]:
    """The distinct values in order, and each row's place among them."""
    if values.dtype != object:
        distinct, inverse = np.unique(values, return_inverse=True)
        return distinct, inverse.reshape(-1)
    # Hashing objects takes a tenth of the time of sorting them.
    rows = values.tolist()
    try:
        ordered = sorted(set(rows))
    except TypeError as error:
        raise BadDataError("Names of different types stand in one column.", hint="Use one type.") from error
    place = {value: number for number, value in enumerate(ordered)}
    inverse = np.fromiter(map(place.__getitem__, rows), np.intp, len(rows))
    return np.fromiter(ordered, dtype=object, count=len(ordered)), inverse


def _in_utc(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if getattr(value, "tzinfo", None) is not None else value


def _need(present: Sequence[Any], needed: Sequence[str], table: str) -> None:
    missing = [name for name in needed if name not in present]
    if missing:
        raise BadDataError(
            f"{table} has no column “{missing[0]}”; it has {', '.join(map(str, present)) or 'none'}.",
            hint="Rename or add the column.",
        )


def _plain(values: Any) -> Any:
    return values.tolist() if isinstance(values, np.ndarray) and values.dtype == object else values

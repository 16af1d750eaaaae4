"""One row per person, read and checked: what they did, in which arm, and what was known of them before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError

Matrix = NDArray[np.float64]
_CONTROLS: Final = ("control", "holdout", "held out", "ghost", "baseline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """The arm of every row: labels with the control first, and each row's place among them."""

    labels: Sequence[str]
    codes: NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Columns (outcome, divisor, pre-period) of the people of a test, with their arms and clusters."""

    columns: Matrix
    arms: Arms
    cluster: NDArray[np.intp] | None
    ratio: bool
    backend: str


def labels(frame: frames.Frame, name: str, *, table: str = "data") -> tuple[list[Any], NDArray[np.intp]]:
    """The distinct values of a column in order of first appearance, and each row's place; missing ones are named."""
    values = frame[name]
    if values.dtype != object:
        if values.dtype.kind in "fM":
            frames.require(values == values, table=table, problem=f"“{name}” is missing", hint="Drop those rows.")
        distinct, first, inverse = np.unique(values, return_index=True, return_inverse=True)
        order = np.argsort(first)
        place = np.empty(len(order), dtype=np.intp)
        place[order] = np.arange(len(order))
        return list(distinct[order]), place[inverse.reshape(-1)]
    frames.require([_is_present(v) for v in values], table=table, problem=f"“{name}” is missing", hint="Drop them.")
    known: dict[Any, int] = {}
    codes = np.fromiter((known.setdefault(value, len(known)) for value in values), dtype=np.intp, count=len(values))
    return list(known), codes


def read_arms(frame: frames.Frame, name: str, *, control: Any = None, table: str = "data") -> Arms:
    """The arms of a test, control first: the one named, or 0/False, or one called control or holdout."""
    found, codes = labels(frame, name, table=table)
    if len(found) < 2:
        raise NotEnoughDataError(
            f"{table}: “{name}” has {len(found)} arm; a comparison needs 2.", hint="Add the people who were held out."
        )
    first = _control(found, control, name)
    order = [first, *sorted((i for i in range(len(found)) if i != first), key=lambda i: str(found[i]))]
    place = np.empty(len(found), dtype=np.intp)
    place[order] = np.arange(len(found))
    return Arms(labels=tuple(str(found[i]) for i in order), codes=place[codes])


def read(
    data: Any,
    outcomes: Sequence[str],
    *,
    arm: str,
    control: Any = None,
    pre: Sequence[str] = (),
    cluster: str | None = None,
    ratio_to: str | None = None,
    person: str | None = None,
) -> tuple[Sample, ...]:
    """One sample for each outcome, of the same people."""
    extra = [name for name in (ratio_to, *pre, cluster, person) if name is not None]
    frame = frames.read(data, [*outcomes, arm, *extra])
    if not frame.rows:
        raise NotEnoughDataError("data is empty; a comparison needs at least 2 people in each arm.")
    if person is not None:
        require_distinct(labels(frame, person)[1], name=person)
    arms = read_arms(frame, arm, control=control)
    groups = None if cluster is None else labels(frame, cluster)[1]
    aside = [frames.numbers(frame, name) for name in ([ratio_to] if ratio_to else []) + list(pre)]
    made = [np.column_stack([frames.numbers(frame, name), *aside]) for name in outcomes]
    return tuple(
        Sample(columns=columns, arms=arms, cluster=groups, ratio=ratio_to is not None, backend=frame.backend)
        for columns in made
    )


def require_distinct(codes: NDArray[np.intp], *, name: str, table: str = "data") -> None:
    """Raise where a person has a second row."""
    repeated = np.ones(len(codes), dtype=bool)
    repeated[np.unique(codes, return_index=True)[1]] = False
    frames.require(~repeated, table=table, problem=f"“{name}” has a second row", hint="Sum each person's rows first.")


def winsorize(columns: Matrix, level: float, *, ratio: bool) -> Matrix:
    """Outcome and pre-period columns capped at their own quantile ``level`` over both arms; a divisor is left alone."""
    if not 0.5 < level < 1:
        raise BadDataError(f"winsorize is {level:g}.", hint="Give the quantile to cap at, as 0.99.")
    capped = [j for j in range(columns.shape[1]) if not (ratio and j == 1)]
    result = columns.copy()
    result[:, capped] = np.minimum(columns[:, capped], np.quantile(columns[:, capped], level, axis=0))
    return result


def _control(found: list[Any], control: Any, name: str) -> int:
    if control is not None:
        matches = [i for i, value in enumerate(found) if value == control or str(value) == str(control)]
    else:
        matches = [i for i, value in enumerate(found) if str(value).lower() in _CONTROLS]
        if not matches and len(found) == 2 and {str(value) for value in found} <= {"0", "1", "False", "True"}:
            matches = [i for i, value in enumerate(found) if not bool(value) or str(value) in ("0", "False")]
    if len(matches) == 1:
        return matches[0]
    seen = ", ".join(sorted(map(str, found))[:8])
    raise BadDataError(f"“{name}” does not say which arm is the control; it has {seen}.", hint="Give control=….")


def _is_present(value: Any) -> bool:
    try:
        return value is not None and bool(value == value)
    except TypeError:  # pandas.NA is neither
        return False

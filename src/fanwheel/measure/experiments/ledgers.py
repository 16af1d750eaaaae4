"""Who was assigned, who would have been reached, who ordered: three tables, joined by person."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError
from fanwheel.measure.experiments import samples

Moments = NDArray[np.int64]
DAY: Final = 86_400_000_000  # microseconds, as frames.moments counts
NEVER: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Those assigned, one place each, with their arms and clusters."""

    names: list[Any]
    arms: samples.Arms
    cluster: NDArray[np.intp] | None
    backend: str

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Who is not in the control."""
        return self.arms.codes > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Happenings:
    """Rows of people who were assigned: whose (a place among ``People``), when (microseconds) and how much."""

    person: NDArray[np.intp]
    at: Moments
    value: frames.Vector


def read_people(data: Any, *, arm: str, control: Any, cluster: str | None) -> People:
    """The assignments, one row per person, in two arms."""
    frame = frames.read(data, ["person", arm], optional=[cluster] if cluster else [], table="assignments")
    if not frame.rows:
        raise NotEnoughDataError("assignments is empty; a comparison needs at least 2 people in each arm.")
    names, codes = samples.labels(frame, "person", table="assignments")
    samples.require_distinct(codes, name="person", table="assignments")
    arms = samples.read_arms(frame, arm, control=control, table="assignments")
    if len(arms.labels) > 2:
        raise BadDataError(f"assignments has {len(arms.labels)} arms.", hint="Keep the control and one other.")
    groups = samples.labels(frame, cluster, table="assignments")[1] if cluster else None
    return People(names=names, arms=arms, cluster=groups, backend=frame.backend)


def read_rows(data: Any, people: People, *, value: str, table: str, now: Any = None) -> Happenings:
    """The rows of people who were assigned (others are left out); with ``now``, none may be later.

    A table without the column ``value`` counts 1 a row.
    """
    frame = frames.read(data, ["person", "at"], optional=[value], table=table)
    if not frame.rows:
        return Happenings(person=np.zeros(0, np.intp), at=np.zeros(0, np.int64), value=np.zeros(0))
    names, codes = samples.labels(frame, "person", table=table)
    at = frames.moments(frame, "at", table=table)
    if now is not None:
        frames.require(
            at <= moment(now, "now"), table=table, problem="“at” is in the future", hint="Correct the clock."
        )
    values = frames.numbers(frame, value, table=table) if value in frame else np.ones(frame.rows)
    known = {name: place for place, name in enumerate(people.names)}
    places = np.array([known.get(name, -1) for name in names], dtype=np.intp)[codes]
    mine = places >= 0
    return Happenings(person=places[mine], at=at[mine], value=values[mine])


def moment(value: Any, name: str) -> int:
    """A date, an instant or its ISO text as microseconds since 1970, UTC."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC).replace(tzinfo=None)
    try:
        stamp = np.array(value if isinstance(value, str | date | np.datetime64) else "NaT", dtype="datetime64[us]")
    except ValueError:
        stamp = np.array("NaT", dtype="datetime64[us]")
    if np.isnat(stamp):
        raise BadDataError(f"{name} is {value!r}, not a date.", hint="Give a date, a datetime or ISO text.")
    return int(stamp.astype(np.int64))


def totals(rows: Happenings, since: Moments, before: Moments) -> frames.Vector:
    """Each person's sum of values at ``since`` or later and earlier than ``before``, one pair of moments a person."""
    counted = (rows.at >= since[rows.person]) & (rows.at < before[rows.person])
    return np.bincount(rows.person[counted], weights=rows.value[counted], minlength=len(since)).astype(np.float64)


def firsts(rows: Happenings, people: int, *, start: int, until: int) -> Moments:
    """The first moment of each person from ``start`` up to ``until``; ``NEVER`` for those without."""
    first = np.full(people, NEVER, dtype=np.int64)
    inside = (rows.at >= start) & (rows.at <= until)
    np.minimum.at(first, rows.person[inside], rows.at[inside])
    return first

"""Orders as the days on which each person bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Frame, Vector

Ints = NDArray[np.int64]
DAY_US: Final = 86_400_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Purchases:
    """One row per person and day (UTC) with an order, in order of both; ``until`` is the last day observed."""

    people: Sequence[Any]
    person: Ints
    day: Ints  # since 1970
    value: Vector | None
    until: int
    backend: str

    @property
    def first(self) -> Ints:
        """The row of each person's first purchase."""
        rows: Ints = np.searchsorted(self.person, np.arange(len(self.people)))
        return rows

    @property
    def last(self) -> Ints:
        """The row of each person's last purchase."""
        rows: Ints = np.append(self.first[1:], len(self.person)) - 1
        return rows


def read(orders: Any, as_of: datetime | None, *, value: bool = False) -> Purchases:
    """Orders by person and day.

    Parameters
    ----------
    orders : dataframe
        ``person`` and ``at`` (UTC), with ``value`` (>= 0) also that; ``currency`` (one only) and ``order_id`` (each
        once) are checked where they are given.
    as_of : datetime, optional
        Until when orders are known; the day of the last order by default.
    value : bool
        Whether values are needed.

    Returns
    -------
    Purchases
        Orders of one person and day are one purchase, with their values added.

    Raises
    ------
    BadDataError
        If there is no order, a cell is missing or negative, currencies are mixed, or an order is after ``as_of``.
    """
    needed = ("person", "at", "value") if value else ("person", "at")
    frame = frames.read(orders, needed, optional=("currency", "order_id"), table="orders")
    if frame.rows == 0:
        raise BadDataError("orders is empty.", hint="Give at least one order.")
    at = frames.moments(frame, "at", table="orders")
    until = int(at.max()) if as_of is None else _microseconds(as_of)
    frames.require(at <= until, table="orders", problem="“at” is after as_of", hint="Drop them or move as_of.")
    _check(frame)
    people, person = frames.codes(frames.present(frame, "person", table="orders"))
    amount = frames.numbers(frame, "value", table="orders", at_least=0) if value else None
    day = at // DAY_US
    # Equal days keep the order of their amounts, so that sums are the same whatever the order of rows.
    order = np.lexsort((day, person) if amount is None else (amount, day, person))
    person, day = person[order], day[order]
    begins = np.flatnonzero(np.append(True, (person[1:] != person[:-1]) | (day[1:] != day[:-1])))
    return Purchases(
        people=people.tolist(),
        person=person[begins].astype(np.int64),
        day=day[begins],
        value=None if amount is None else np.add.reduceat(amount[order], begins),
        until=until // DAY_US,
        backend=frame.backend,
    )


def _check(frame: Frame) -> None:
    if "order_id" in frame:
        _, where = frames.codes(frames.present(frame, "order_id", table="orders"))
        frames.require(
            np.bincount(where)[where] == 1, table="orders", problem="“order_id” repeats", hint="Keep one row each."
        )
    if "currency" in frame and len(set(frame["currency"].tolist())) > 1:
        raise BadDataError(
            "orders: more than one currency.", hint="Convert values to one currency, or measure one at a time."
        )


def _microseconds(moment: datetime) -> int:
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    return int(np.datetime64(utc.replace(tzinfo=None), "us").astype(np.int64))


def dates(days: Ints) -> NDArray[np.datetime64]:
    """Days since 1970 as dates."""
    return days.astype("datetime64[D]")

"""Building paths from touches and conversions: who met which channel in the days before they bought."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from fanwheel.measure import frames
from fanwheel.measure.attribution import windows
from fanwheel.measure.attribution.paths import Paths
from fanwheel.measure.attribution.windows import DAY_US, Ints, Piece, Sales, Touches, Window
from fanwheel.measure.errors import BadDataError
from fanwheel.measure.frames import Frame, Vector

_FEW: Final = 1 << 16


def build_paths(
    touches: Any, conversions: Any, *, lookback_days: float = 30, overlap: bool = True, as_of: datetime | None = None
) -> Paths:
    """Paths from touches and conversions.

    Parameters
    ----------
    touches : dataframe
        One row per touch: ``person``, ``channel``, ``at`` (UTC). Order does not matter; touches of one instant
        stand in the order of their channels.
    conversions : dataframe
        One row per conversion: ``person``, ``at`` and, if known, ``value`` (>= 0), ``currency`` (one only) and
        ``order_id`` (each once).
    lookback_days : float
        A touch counts for conversions at its instant or up to this many days later, both ends included.
    overlap : bool
        Whether a touch counts for every conversion in whose window it lies, as in the report on last touch. If not,
        it counts for the next conversion only.
    as_of : datetime, optional
        Until when the data reach. Paths without a conversion that are younger than the window are then left out,
        because they may still convert.

    Returns
    -------
    Paths
        One path per conversion; touches that no window covers make paths without conversion, which end where
        nothing follows for ``lookback_days``.

    Raises
    ------
    BadDataError
        If a table is empty, a cell is missing, a value is negative, currencies are mixed, or a row is after ``as_of``.

    Notes
    -----
    Person, time and channel of a touch are packed into one integer, so that sorting is one sort of integers; the
    windows of conversions are ranges of the sorted touches.

    Source: windows as in the product's report on last touch; gaps as in Anderl, Becker, von Wangenheim & Schumann
    (2016), Int. J. Research in Marketing 33(3), 457-474.
    """
    if not lookback_days > 0:
        raise BadDataError("lookback_days must be above 0.", hint="30 is usual.")
    touch, sale, names, backend = _read(touches, conversions, as_of)
    width = round(lookback_days * DAY_US)
    window = Window(width=width, overlap=overlap, closed_by=None if as_of is None else _microseconds(as_of) - width)
    return _join(list(windows.pieces(touch, sale, window, channels=len(names))), sale, names, backend=backend)


def _join(found: Sequence[Piece], sale: Sales, names: Sequence[Any], *, backend: str) -> Paths:
    """All pieces as one."""
    lengths = np.concatenate([piece.lengths for piece in found])
    ends = np.cumsum(lengths)
    converts = np.concatenate([np.arange(len(piece.lengths)) < piece.conversions for piece in found])
    kept = np.concatenate([piece.kept for piece in found])
    values = None
    if sale.value is not None:
        values = np.zeros(len(lengths))
        values[converts] = sale.value[kept]
    return Paths(
        channels=tuple(names),
        steps=np.concatenate([piece.steps for piece in found]).astype(np.int16 if len(names) < 2**15 else np.int32),
        starts=np.concatenate([[0], ends]),
        conversions=converts.astype(np.float64),
        non_conversions=(~converts).astype(np.float64),
        values=values,
        ages_days=np.concatenate([piece.ages_days for piece in found]),
        untouched=float(np.count_nonzero(~kept)),
        untouched_value=0.0 if sale.value is None else float(sale.value[~kept].sum()),
        backend=backend,
    )


def _read(touches: Any, conversions: Any, as_of: datetime | None) -> tuple[Touches, Sales, list[Any], str]:
    touch = frames.read(touches, ("person", "channel", "at"), table="touches")
    sale = frames.read(conversions, ("person", "at"), optional=("value", "currency", "order_id"), table="conversions")
    if touch.rows == 0:
        raise BadDataError("touches is empty.", hint="Give at least one touch.")
    touched_at, sold_at = frames.moments(touch, "at", table="touches"), frames.moments(sale, "at", table="conversions")
    if as_of is not None:
        for table, at in (("touches", touched_at), ("conversions", sold_at)):
            frames.require(
                at <= _microseconds(as_of), table=table, problem="“at” is after as_of", hint="Drop them or move as_of."
            )
    people = frames.present(touch, "person", table="touches"), frames.present(sale, "person", table="conversions")
    person = _numbered(np.concatenate(people) if sale.rows else people[0])
    names, channel = frames.codes(frames.present(touch, "channel", table="touches"))
    value = _values(sale)
    # Equal conversions keep their place whatever the order of rows, so that sums are the same to the last bit.
    sold = person[touch.rows :]
    order = np.lexsort((np.zeros(sale.rows) if value is None else value, sold_at, sold))
    return (
        Touches(person=person[: touch.rows], at=touched_at, channel=channel.astype(np.int64)),
        Sales(person=sold[order], at=sold_at[order], value=None if value is None else value[order]),
        names.tolist(),
        touch.backend,
    )


def _values(sale: Frame) -> Vector | None:
    if "order_id" in sale:
        _, where, times = np.unique(sale["order_id"], return_inverse=True, return_counts=True)
        frames.require(times[where] == 1, table="conversions", problem="“order_id” repeats", hint="Keep one row each.")
    if "currency" in sale and len(set(sale["currency"].tolist())) > 1:
        raise BadDataError(
            "conversions: more than one currency.", hint="Convert values to one currency, or measure one at a time."
        )
    return frames.numbers(sale, "value", table="conversions", at_least=0) if "value" in sale else None


def _numbered(people: Any) -> Ints:
    """A small number for each person; equal numbers for equal people."""
    if people.dtype.kind in "iu":
        least, most = int(people.min()), int(people.max())
        if most - least < 4 * len(people) + _FEW:
            numbers: Ints = (people - people.dtype.type(least)).astype(np.int64)
            return numbers
    return frames.codes(people)[1].astype(np.int64)


def _microseconds(moment: datetime) -> int:
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    return int(np.datetime64(utc.replace(tzinfo=None), "us").astype(np.int64))

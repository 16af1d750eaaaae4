"""What a mix model reads: one row per period, and one row per lift test."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import BadDataError, NotEnoughDataError

Array = NDArray[np.float64]
_DAY: Final = 86_400_000_000
_YEAR: Final = 365.2425 * _DAY
_MIN_ROWS: Final = 26
_ROWS_PER_CHANNEL: Final = 8
_DAYS_OF_SEASON: Final = 360


@dataclass(frozen=True, kw_only=True)
class Weeks:
    """The periods in order: outcome (n,), spend (n, channels) and the baseline's columns (n, k)."""

    at: NDArray[np.int64]
    outcome: Array
    spend: Array
    baseline: Array
    notes: tuple[str, ...]
    backend: str


@dataclass(frozen=True, kw_only=True)
class Test:
    """One lift test: what ``channel`` caused between two moments, with its standard error."""

    channel: int
    start: np.int64
    end: np.int64
    lift: float
    standard_error: float
    change: float

    def moved(self, spend: Array, at: NDArray[np.int64]) -> Array:
        """The channel's spend as it would have been on the other side of the test."""
        inside = (at >= self.start) & (at <= self.end)
        result: Array = spend * np.where(inside, 1 + self.change, 1.0)
        return result

    def window(self, at: NDArray[np.int64]) -> NDArray[np.bool_]:
        """The periods in which the effect was measured."""
        result: NDArray[np.bool_] = (at >= self.start) & (at <= self.end)
        return result


def read_weeks(
    data: Any,
    *,
    columns: tuple[str, str],
    channels: Sequence[str],
    controls: Sequence[str],
    harmonics: int,
) -> Weeks:
    """The periods of ``data`` in order of time, checked; ``columns`` are those of time and outcome."""
    time, outcome = columns
    table = frames.read(data, [time, outcome, *channels, *controls])
    enough = max(_MIN_ROWS, _ROWS_PER_CHANNEL * len(channels) + 2 * harmonics + len(controls) + 2)
    if table.rows < enough:
        raise NotEnoughDataError(
            f"A mix of {len(channels)} channels needs {enough} periods; there are {table.rows}.",
            hint="Give a longer history or fewer channels; a lift test needs no history.",
        )
    at = frames.moments(table, time)
    order = np.argsort(at, kind="stable")
    _evenly_spaced(at, order)
    spend = np.column_stack([frames.numbers(table, name, at_least=0) for name in channels])[order]
    _spent(spend, channels)
    at = at[order]
    seasonal, notes = _season(at, harmonics)
    baseline = [np.ones(len(at)), np.linspace(-1, 1, len(at)), *seasonal]
    baseline += [_standard(frames.numbers(table, name)[order]) for name in controls]
    return Weeks(
        at=at,
        outcome=frames.numbers(table, outcome)[order],
        spend=spend,
        baseline=np.column_stack(baseline),
        notes=notes,
        backend=table.backend,
    )


def read_tests(data: Any, *, channels: Sequence[str], weeks: Weeks) -> tuple[Test, ...]:
    """The lift tests, checked against the periods in which they ran; in an order of their own."""
    name = "lift_tests"
    table = frames.read(
        data, ["channel", "start", "end", "lift", "standard_error"], optional=["spend_change"], table=name
    )
    known = np.isin(np.asarray(table["channel"], dtype=object).astype(str), list(channels))
    frames.require(known, table=name, problem="“channel” is not one of the channels", hint="Correct the name.")
    start, end = frames.moments(table, "start", table=name), frames.moments(table, "end", table=name)
    frames.require(end >= start, table=name, problem="“end” is before “start”", hint="Swap them.")
    error = frames.numbers(table, "standard_error", table=name)
    frames.require(error > 0, table=name, problem="“standard_error” is not positive", hint="Give the test's own.")
    change = _changes(table, name)
    tests = [
        Test(
            channel=list(channels).index(str(table["channel"][row])),
            start=start[row],
            end=end[row],
            lift=float(lift),
            standard_error=float(error[row]),
            change=float(change[row]),
        )
        for row, lift in enumerate(frames.numbers(table, "lift", table=name))
    ]
    spent = [bool(weeks.spend[test.window(weeks.at), test.channel].sum() > 0) for test in tests]
    frames.require(
        np.array(spent, dtype=bool),
        table=name,
        problem="the data have no spend of the channel between “start” and “end”",
        hint="Check the dates, or leave the test out.",
    )
    return tuple(sorted(tests, key=lambda test: (test.channel, test.start, test.end, test.lift, test.standard_error)))


def _changes(table: frames.Frame, name: str) -> Array:
    if "spend_change" not in table:
        return np.full(table.rows, -1.0)
    change = frames.numbers(table, "spend_change", table=name, at_least=-1)
    frames.require(change != 0, table=name, problem="“spend_change” is 0", hint="-1 is off, 0.5 is half more.")
    return change


def _evenly_spaced(at: NDArray[np.int64], order: NDArray[np.intp]) -> None:
    gaps = np.diff(at[order])
    twice = np.ones(len(at), dtype=bool)
    twice[order[1:][gaps == 0]] = False
    frames.require(twice, table="data", problem="a period is there twice", hint="Add up the rows of one period.")
    late = np.ones(len(at), dtype=bool)
    late[order[1:][gaps > 1.6 * np.median(gaps)]] = False  # months differ by a tenth, a missing period by a whole
    frames.require(late, table="data", problem="periods are missing before the row", hint="Add them, with zeros.")


def _spent(spend: Array, channels: Sequence[str]) -> None:
    silent = [name for name, total in zip(channels, spend.sum(axis=0), strict=True) if total <= 0]
    if silent:
        raise BadDataError(f"Channel “{silent[0]}” never spent anything.", hint="Leave it out of `channels`.")


def _season(at: NDArray[np.int64], harmonics: int) -> tuple[list[Array], tuple[str, ...]]:
    if harmonics and at[-1] - at[0] < _DAYS_OF_SEASON * _DAY:
        return [], ("seasonality: the history is shorter than a year, so a season looks like a trend.",)
    turns = 2 * np.pi * at / _YEAR
    return [wave(number * turns) for number in range(1, harmonics + 1) for wave in (np.sin, np.cos)], ()


def _standard(values: Array) -> Array:
    spread = float(values.std())
    result: Array = (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)
    return result

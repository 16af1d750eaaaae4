"""Paths: the channels that somebody met in order, and how it ended, as coded arrays."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure import frames
from fanwheel.measure.errors import NotEnoughDataError
from fanwheel.measure.frames import Vector

Codes = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Paths:
    """Paths to conversion and paths that led nowhere.

    Parameters
    ----------
    channels : tuple
        Names, in order.
    steps : (touches,) integers
        The channel of every touch, path after path, oldest first.
    starts : (paths + 1,) integers
        Where each path begins in ``steps``; every path has at least one touch.
    conversions, non_conversions : (paths,) floats
        How often the path ended in a conversion, and how often it did not.
    values : (paths,) floats, optional
        Summed value of the path's conversions.
    ages_days : (touches,) floats, optional
        Days from the touch to the end of its path.
    untouched, untouched_value : float
        Conversions without a touch in their window, and their value: credited to nobody.
    """

    channels: tuple[Any, ...]
    steps: Codes
    starts: Codes
    conversions: Vector
    non_conversions: Vector
    values: Vector | None = None
    ages_days: Vector | None = None
    untouched: float = 0.0
    untouched_value: float = 0.0
    backend: str = "pyarrow"

    def __len__(self) -> int:
        return len(self.conversions)

    @cached_property
    def lengths(self) -> Codes:
        """How many touches each path has."""
        lengths: Codes = np.diff(self.starts)
        return lengths

    @cached_property
    def weights(self) -> Vector:
        """How often each path was walked."""
        return self.conversions + self.non_conversions

    @property
    def converted(self) -> float:
        """Conversions that had a touch."""
        return float(self.conversions.sum())

    def need_conversions(self) -> None:
        """Raise ``NotEnoughDataError`` where there is nothing to credit."""
        if self.converted <= 0:
            raise NotEnoughDataError(
                f"None of {len(self)} paths converts; at least 1 that does is needed.",
                hint="Look at a longer time or a wider lookback window.",
            )

    def grouped(self) -> "Paths":
        """The same with equal paths merged into one each, in the order of their channels; ages are dropped."""
        firsts, group = _alike(self)
        lengths = self.lengths[firsts]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        index = spread(self.starts[firsts], lengths)
        return Paths(
            channels=self.channels,
            steps=self.steps[index],
            starts=starts,
            conversions=sum_by(group, self.conversions, len(firsts)),
            non_conversions=sum_by(group, self.non_conversions, len(firsts)),
            values=None if self.values is None else sum_by(group, self.values, len(firsts)),
            untouched=self.untouched,
            untouched_value=self.untouched_value,
            backend=self.backend,
        )

    def to_frame(self, *, separator: str = " > ") -> Any:
        """One row per distinct path: path, conversions, non_conversions and, where known, value."""
        merged = self.grouped()
        names = [str(name) for name in merged.channels]
        bounds = zip(merged.starts[:-1].tolist(), merged.starts[1:].tolist(), strict=True)
        steps = merged.steps.tolist()
        columns: dict[str, Any] = {
            "path": [separator.join(names[step] for step in steps[first:last]) for first, last in bounds],
            "conversions": merged.conversions,
            "non_conversions": merged.non_conversions,
        }
        if merged.values is not None:
            columns["value"] = merged.values
        return frames.build(columns, backend=self.backend)


def sum_by(codes: Codes, amounts: Vector | None, size: int) -> Vector:
    """The sum of amounts (by default 1 each) for every code from 0 to ``size`` - 1."""
    return np.asarray(np.bincount(codes, amounts, size), dtype=np.float64)


def spread(starts: Codes, lengths: Codes) -> Codes:
    """The indices ``start, start + 1, …`` of every range, one range after the other."""
    ends = np.cumsum(lengths)
    index: Codes = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - lengths), lengths)
    return index


def _alike(paths: Paths) -> tuple[Codes, Codes]:
    """The first path of each kind, by length and then channels, and the kind of every path."""
    group = np.empty(len(paths), np.int64)
    firsts: list[Codes] = []
    found = 0
    for length in np.unique(paths.lengths).tolist():
        mine = np.flatnonzero(paths.lengths == length)
        index = _kinds(paths.steps[paths.starts[mine][:, None] + np.arange(length)], len(paths.channels))
        _, first, kind = np.unique(index, return_index=True, return_inverse=True)
        firsts.append(mine[first])
        group[mine] = kind + found
        found += len(first)
    return np.concatenate(firsts) if firsts else np.empty(0, np.int64), group


def _kinds(rows: Codes, base: int) -> Codes:
    """One number for each row, equal where rows are and in the order of rows."""
    kind = np.zeros(len(rows), np.int64)
    top = 1
    for column in rows.T:
        if top * base >= 2**62:
            distinct, kind = np.unique(kind, return_inverse=True)
            top = len(distinct)
        kind = kind * base + column
        top *= base
    return kind

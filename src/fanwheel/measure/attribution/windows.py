"""The touches in the window before each conversion, and those in nobody's window, one part of the people at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from fanwheel.measure.attribution.paths import spread
from fanwheel.measure.frames import Vector

Ints = NDArray[np.int64]
DAY_US: Final = 86_400_000_000
_KEY_BITS: Final = 62


@dataclass(frozen=True, kw_only=True)
class Touches:
    """Who met which channel, coded, and when, in microseconds."""

    person: Ints
    at: Ints
    channel: Ints

    def cut(self, rows: Any) -> "Touches":
        """Some of them."""
        return Touches(person=self.person[rows], at=self.at[rows], channel=self.channel[rows])


@dataclass(frozen=True, kw_only=True)
class Sales:
    """Who converted, coded as in touches, and when, in microseconds; in order of both."""

    person: Ints
    at: Ints
    value: Vector | None

    def cut(self, rows: slice) -> "Sales":
        """Some of them, without their values."""
        return Sales(person=self.person[rows], at=self.at[rows], value=None)


@dataclass(frozen=True, kw_only=True)
class Window:
    """What counts: touches up to ``width`` microseconds before a conversion, shared by conversions or not."""

    width: int
    overlap: bool
    closed_by: int | None  # paths without conversion that end later are still open


@dataclass(frozen=True, kw_only=True)
class Piece:
    """The paths of one part of the people; those that convert come first."""

    steps: Ints
    lengths: Ints
    conversions: int
    ages_days: Vector
    kept: NDArray[np.bool_]  # which conversions had a touch


@dataclass(frozen=True, kw_only=True)
class _Clock:
    """Touches happen at whole ticks of ``unit`` microseconds after ``origin``, the last one at ``ticks``."""

    origin: int
    unit: int
    ticks: int

    def first_at(self, at: Ints) -> Ints:
        """The first tick at or after each time; one past the last if there is none."""
        return np.clip(-((self.origin - at) // self.unit), 0, self.ticks + 1)

    def first_after(self, at: Ints) -> Ints:
        """The first tick after each time; one past the last if there is none."""
        return np.clip((at - self.origin) // self.unit + 1, 0, self.ticks + 1)


def pieces(touch: Touches, sale: Sales, window: Window, *, channels: int) -> Iterator[Piece]:
    """The paths of all people, part by part.

    Person, time and channel of a touch fit into one integer, so that one sort of integers puts them in order; where
    they would not fit, the people are split.
    """
    origin = int(touch.at.min())
    unit = int(np.gcd.reduce(touch.at - origin)) or 1
    clock = _Clock(origin=origin, unit=unit, ticks=int(touch.at.max() - origin) // unit)
    time_bits, channel_bits = (clock.ticks + 1).bit_length(), channels.bit_length()
    room = 1 << max(_KEY_BITS - time_bits - channel_bits, 0)
    for first, mine, sold in _parts(touch, sale, room):
        line = _Line(mine, clock, first=first, time_bits=time_bits, channel_bits=channel_bits)
        yield _piece(line, sold, window)


def _parts(touch: Touches, sale: Sales, room: int) -> Iterator[tuple[int, Touches, Sales]]:
    """People in runs of ``room``, all of them in order: the first person, their touches and their conversions."""
    parts = int(max(touch.person.max(), sale.person.max(initial=0))) // room + 1
    if parts == 1:
        yield 0, touch, sale
        return
    part = touch.person // room
    # A stable sort of 16-bit numbers takes one pass.
    order = np.argsort(part.astype(np.uint16) if parts < 1 << 16 else part, kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(part, minlength=parts))])
    sold = np.searchsorted(sale.person, np.arange(parts + 1) * room)
    for number in range(parts):
        mine = order[bounds[number] : bounds[number + 1]]
        yield number * room, touch.cut(mine), sale.cut(slice(sold[number], sold[number + 1]))


class _Line:
    """Touches in order of person, time and channel."""

    def __init__(self, touch: Touches, clock: _Clock, *, first: int, time_bits: int, channel_bits: int) -> None:
        keys = (touch.person - first) << time_bits
        keys |= (touch.at - clock.origin) // clock.unit
        keys <<= channel_bits
        keys |= touch.channel
        keys.sort()
        self._clock, self._first, self._time_bits = clock, first, time_bits
        self.channel: Ints = keys & ((1 << channel_bits) - 1)
        self.place: Ints = keys >> channel_bits  # person and time

    def find(self, sale: Sales, ticks: Ints) -> Ints:
        """How many touches stand before each conversion's person and a tick."""
        place = ((sale.person - self._first) << self._time_bits) + ticks
        return np.searchsorted(self.place, place).astype(np.int64)

    def windows(self, sale: Sales, window: Window) -> tuple[Ints, Ints]:
        """The range of touches in each conversion's window."""
        last = self.find(sale, self._clock.first_after(sale.at))
        first = self.find(sale, self._clock.first_at(sale.at - window.width))
        if not window.overlap:
            again = sale.person[1:] == sale.person[:-1]
            first[1:] = np.where(again, np.maximum(first[1:], last[:-1]), first[1:])
        return first, last

    def at(self, touches: Ints) -> Ints:
        """The times of touches."""
        tick: Ints = self.place[touches] & ((1 << self._time_bits) - 1)
        return self._clock.origin + self._clock.unit * tick

    def person(self, touches: Ints) -> Ints:
        """Whose touches these are, as numbers."""
        person: Ints = self.place[touches] >> self._time_bits
        return person


def _piece(line: _Line, sale: Sales, window: Window) -> Piece:
    first, last = line.windows(sale, window)
    kept = last > first
    lengths = (last - first)[kept]
    lost, lost_lengths = _lost(line, first, last, window)
    index = np.concatenate([spread(first[kept], lengths), lost])
    at = line.at(index)
    every = np.concatenate([lengths, lost_lengths])
    ended = np.concatenate([sale.at[kept], at[np.cumsum(every)[len(lengths) :] - 1]])
    return Piece(
        steps=line.channel[index],
        lengths=every,
        conversions=len(lengths),
        ages_days=(np.repeat(ended, every) - at) / DAY_US,
        kept=kept,
    )


def _lost(line: _Line, first: Ints, last: Ints, window: Window) -> tuple[Ints, Ints]:
    """Touches in no conversion's window, and the lengths of the paths that they make."""
    size = len(line.place) + 1
    cover = np.cumsum(np.bincount(first, minlength=size) - np.bincount(last, minlength=size))
    lost = np.flatnonzero(cover[:-1] == 0)
    at, person = line.at(lost), line.person(lost)
    begins = np.ones(len(lost), bool)
    begins[1:] = (person[1:] != person[:-1]) | (at[1:] - at[:-1] > window.width)
    starts = np.flatnonzero(begins)
    lengths = np.diff(np.append(starts, len(lost)))
    if window.closed_by is None:
        return lost, lengths
    closed = at[starts + lengths - 1] <= window.closed_by
    return lost[spread(starts[closed], lengths[closed])], lengths[closed]

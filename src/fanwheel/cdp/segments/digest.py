"""What is remembered of one home's events, packed: 16 bytes for each metric of an event, 24 with a number.

The bytes do not depend on the order in which events came, nor on how often: an event that is already there changes
nothing, so a digest can be filled from the live stream and from the lake at once.

The format: a byte 1; the count of metrics in 4 bytes; for each metric, ascending, its number and its count of events
in 4 bytes each, and a byte that is 1 if it has values; then for each its times, ids and values, 8 bytes each. All are
signed integers, the lowest byte first.
"""

import struct
import sys
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID
from zlib import crc32

from fanwheel.cdp.segments.facts import Column, Series

EMPTY: Final = b"\x01\x00\x00\x00\x00"
_VERSION: Final = 1
_COUNT: Final = struct.Struct("<Bi")
_HEAD: Final = struct.Struct("<iiB")
_WORD: Final = 8
# Up to how many new events are put into their places one by one.
_FEW: Final = 16
_32_BITS: Final = 0xFFFFFFFF
_IS_BIG_ENDIAN: Final = sys.byteorder == "big"


class Remembered(NamedTuple):
    """An event that belongs to a metric; ``value`` is in millionths, None where the metric reads no number."""

    metric: int
    at_us: int
    event_id: int
    value: int | None


def short_id(event_id: UUID | str) -> int:
    """The low 64 bits of an event's id, signed: of a UUID of version 7 the random ones."""
    digits = event_id.hex if isinstance(event_id, UUID) else event_id.replace("-", "")
    low = int(digits[-16:], 16)
    return low - (1 << 64) if low >= 1 << 63 else low


def encode(series: Mapping[int, Series]) -> bytes:
    """The digest that holds ``series``, by the numbers of their metrics."""
    return _join({number: _pack(each) for number, each in series.items() if each})


def decode(packed: bytes) -> dict[int, Series]:
    """The series that a digest holds."""
    return {number: _unpack(part) for number, part in _split(packed).items()}


def add(packed: bytes, events: Iterable[Remembered]) -> bytes:
    """The digest with ``events`` in it as well."""
    new: dict[int, list[Remembered]] = defaultdict(list)
    for event in events:
        new[event.metric].append(event)
    if not new:
        return packed
    parts = _split(packed)
    for number, some in new.items():
        known = parts.get(number)
        parts[number] = _pack(_series(some)) if known is None else _grown(known, some)
    return _join(parts)


def merge(packed: Iterable[bytes]) -> dict[int, Series]:
    """What the digests of all homes of a person hold together."""
    found: dict[int, list[Series]] = defaultdict(list)
    for each in packed:
        for number, part in _split(each).items():
            found[number].append(_unpack(part))
    return {number: some[0] if len(some) == 1 else join(some) for number, some in found.items()}


class Memory(Mapping[int, Series]):
    """What the digests of all homes of a person hold together; each series is read when it is asked for."""

    __slots__ = ("_parts", "_read")

    def __init__(self, packed: Iterable[bytes]) -> None:
        self._read: dict[int, Series] = {}
        self._parts: dict[int, list[_Part]] = {}
        for each in packed:
            for number, part in _split(each).items():
                self._parts.setdefault(number, []).append(part)

    def __getitem__(self, number: int) -> Series:
        if number not in self._parts:
            raise KeyError(number)
        found: Series = self.get(number)
        return found

    def __iter__(self) -> Iterator[int]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def get(self, number: int, default: Any = None) -> Any:
        """The series of a metric."""
        found = self._read.get(number)
        if found is None:
            parts = self._parts.get(number)
            if parts is None:
                return default
            some = [_unpack(part) for part in parts]
            found = self._read[number] = some[0] if len(some) == 1 else join(some)
        return found

    def prints(self, among: Container[object]) -> dict[int, int]:
        """For metrics ``among`` some 32 bits that change when what is remembered does, whichever home has it first."""
        return {
            number: crc32(parts[0].body) if len(parts) == 1 else sum(crc32(part.body) for part in parts) & _32_BITS
            for number, parts in self._parts.items()
            if number in among
        }


def only(packed: bytes, metrics: Container[int]) -> bytes:
    """The digest without what it holds of others than ``metrics``."""
    parts = _split(packed)
    kept = {number: part for number, part in parts.items() if number in metrics}
    return packed if len(kept) == len(parts) else _join(kept)


class _Part(NamedTuple):
    size: int
    has_values: int
    body: bytes | memoryview


def _split(packed: bytes) -> dict[int, _Part]:
    """The part of each metric, not yet read."""
    if not packed:
        return {}
    version, count = _COUNT.unpack_from(packed)
    if version != _VERSION:
        raise ValueError(f"a digest of version {version} cannot be read")
    view, here = memoryview(packed), _COUNT.size + count * _HEAD.size
    parts = {}
    for number, size, has_values in _HEAD.iter_unpack(view[_COUNT.size : here]):
        end = here + size * _WORD * (2 + has_values)
        parts[number] = _Part(size, has_values, view[here:end])
        here = end
    return parts


def _join(parts: Mapping[int, _Part]) -> bytes:
    numbers = sorted(parts)
    heads = [_HEAD.pack(number, parts[number].size, parts[number].has_values) for number in numbers]
    return b"".join([_COUNT.pack(_VERSION, len(numbers)), *heads, *(parts[number].body for number in numbers)])


def _pack(series: Series) -> _Part:
    columns, has_values = series.times + series.ids, series.values is not None
    return _Part(
        len(series), int(has_values), _swapped(columns + series.values if series.values else columns).tobytes()
    )


def _columns(part: _Part) -> Column:
    """The times, then the ids, then the values."""
    columns = array("q")
    columns.frombytes(part.body)
    return _swapped(columns)


def _unpack(part: _Part) -> Series:
    columns, size = _columns(part), part.size
    values = columns[2 * size :] if part.has_values else None
    return Series(columns[:size], columns[size : 2 * size], values)


def _grown(part: _Part, events: Sequence[Remembered]) -> _Part:
    """The part with ``events`` in it as well; a few are put into their places, many are sorted."""
    if len(events) > _FEW or any((event.value is not None) != part.has_values for event in events):
        return _pack(join([_unpack(part), _series(events)]))
    columns, size = _columns(part), part.size
    for event in events:
        ids = columns[size : 2 * size]
        if event.event_id in ids:
            place = ids.index(event.event_id)
            known = (columns[place], columns[2 * size + place] if part.has_values else None)
            if known == (event.at_us, event.value):
                continue
            return _pack(join([_unpack(part), _series(events)]))
        place = bisect_left(columns, event.at_us, 0, size)
        while place < size and columns[place] == event.at_us and ids[place] < event.event_id:
            place += 1
        if event.value is not None:
            columns.insert(2 * size + place, event.value)
        columns.insert(size + place, event.event_id)
        columns.insert(place, event.at_us)
        size += 1
    return part if size == part.size else _Part(size, part.has_values, _swapped(columns).tobytes())


def _swapped(column: Column) -> Column:
    if _IS_BIG_ENDIAN:
        column = column[:]
        column.byteswap()
    return column


def _series(events: Sequence[Remembered]) -> Series:
    rows = sorted((event.at_us, event.event_id, event.value or 0) for event in events)
    return _of_rows(rows, has_values=any(event.value is not None for event in events))


def join(some: Iterable[Series]) -> Series:
    """All events of some series, each once: of two that share an id the one that sorts first."""
    every = list(some)
    rows = sorted(row for each in every for row in zip(each.times, each.ids, each.values or each.times, strict=True))
    return _of_rows(rows, has_values=any(each.values is not None for each in every))


def _of_rows(rows: Iterable[tuple[int, int, int]], *, has_values: bool) -> Series:
    """The series of sorted times, ids and values, of which each id counts once."""
    kept: dict[int, tuple[int, int, int]] = {}
    for row in rows:
        kept.setdefault(row[1], row)
    columns = [array("q", column) for column in zip(*kept.values(), strict=True)]
    return Series(columns[0], columns[1], columns[2] if has_values else None)

"""Who is in a segment, as a crowd: by ids alone, however many; and what two segments share."""

from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from psycopg.rows import tuple_row

from fanwheel.cdp.persons.crowds import Crowd
from fanwheel.cdp.segments import service
from fanwheel.cdp.segments.live.repository import CHUNK_BITS
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

if TYPE_CHECKING:
    from pyroaring import BitMap

Chunks = dict[int, "BitMap"]
_SQL: Final = sqlfile.load("fanwheel.cdp.segments", "crowds.sql")
_MOST_COMPARED: Final = 300


class Shared(NamedTuple):
    """How many people of one segment are in another."""

    segment_id: int
    name: str
    size: int
    both: int


class Overlap(NamedTuple):
    """The same, with the shares of either."""

    segment_id: int
    name: str
    size: int
    both: int
    share_of_this: float
    share_of_other: float


async def crowd_of(tx: Transaction, segment_id: int) -> Crowd:
    """Everybody in a segment.

    Raises
    ------
    SegmentNotFoundError
        If there is no such segment.
    """
    await service.get(tx, segment_id)
    return crowd(await service.bitmap(tx, segment_id))


def crowd(chunks: Chunks) -> Crowd:
    """The ids in chunks of a bitmap, by the chunks' numbers."""
    import numpy as np

    parts = [
        np.frombuffer(bits.to_array(), dtype=np.uint32).astype(np.int64) + (number << CHUNK_BITS)
        for number, bits in sorted(chunks.items())
        if bits
    ]
    return Crowd(np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64))


def chunks_of(ids: "Crowd") -> Chunks:
    """The same ids in chunks."""
    import numpy as np
    from pyroaring import BitMap

    numbers = ids.ids >> CHUNK_BITS
    return {
        int(number): BitMap((ids.ids[numbers == number] & ((1 << CHUNK_BITS) - 1)).astype(np.uint32))
        for number in np.unique(numbers)
    }


async def list_movements(tx: Transaction, *, since: datetime) -> dict[int, int]:
    """By segment, how many more are in it than at an instant; fewer are less than 0."""
    rows = await tx.all(_SQL["list_movements"], since=since)
    return {row["segment_id"]: row["change"] for row in rows}


async def list_shared(tx: Transaction, chunks: Chunks, *, but: int | None, most: int) -> list[Shared]:
    """The other segments that share most people with some, largest first."""
    from pyroaring import BitMap

    others = [each for each in await service.list_segments(tx) if each.size and each.segment_id != but]
    others = others[-_MOST_COMPARED:]
    both = dict.fromkeys((each.segment_id for each in others), 0)
    asked = {"workspace": tx.workspace, "segments": list(both), "chunks": list(chunks)}
    # In binary: bytes in hexadecimal would be twice as many.
    async with tx.conn.cursor(binary=True, row_factory=tuple_row) as cursor:
        await cursor.execute(_SQL["list_same_chunks"].encode(), asked)
        for segment_id, number, packed in await cursor.fetchall():
            both[segment_id] += chunks[number].intersection_cardinality(BitMap.deserialize(packed))
    shared = [Shared(each.segment_id, each.name, each.size, both[each.segment_id]) for each in others]
    return sorted((each for each in shared if each.both), key=lambda each: (-each.both, each.segment_id))[:most]


def overlap(shared: Shared, size: int) -> Overlap:
    """What people, so many of them, share with a segment."""
    return Overlap(*shared, shared.both / size if size else 0.0, shared.both / shared.size if shared.size else 0.0)

"""Whom a broadcast is for, as bitmaps: a million people are a hundred kilobytes."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fanwheel.cdp import lists
from fanwheel.cdp.segments import service as segments
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.broadcasts.contracts import Audience, Source

if TYPE_CHECKING:
    from pyroaring import BitMap

_SQL: Final = sqlfile.load("fanwheel.loop.operate.broadcasts", "crowds.sql")
BITS: Final = 16
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)  # of chunks whose time is not known yet
_MOST_ON_A_LIST: Final = 20_000_000
MOST_SEEDS: Final = 1_000

Chunks = dict[int, "BitMap"]


class Place(NamedTuple):
    """Where a chunk stands: in which part of the crowd, for when, and which ids it holds."""

    part: str
    due_at: datetime
    chunk: int


async def gather(tx: Transaction, audience: Audience, *, seed_list_id: int | None = None) -> Chunks:
    """Everybody that a broadcast is for, without those who get it as seeds."""
    found = await _source(tx, Source(segment_id=audience.segment_id, list_id=audience.list_id))
    for each in audience.without:
        _take_out(found, await _source(tx, each))
    if seed_list_id is not None:
        _take_out(found, chunks_of(await list_seeds(tx, seed_list_id)))
    return {number: bits for number, bits in found.items() if bits}


async def list_seeds(tx: Transaction, list_id: int) -> list[int]:
    """The people of the seed list."""
    return await lists.find_people(tx, list_id, most=MOST_SEEDS)


def size(chunks: Chunks) -> int:
    """How many people that are."""
    return sum(len(bits) for bits in chunks.values())


def chunks_of(people: Iterable[int]) -> Chunks:
    """Some people in chunks."""
    from pyroaring import BitMap

    found: dict[int, list[int]] = {}
    for person in people:
        found.setdefault(person >> BITS, []).append(person & ((1 << BITS) - 1))
    return {number: BitMap(ids) for number, ids in found.items()}


def draw(chunks: Chunks, count: int, *, seed: int) -> list[int]:
    """Some of the people, each as likely as any other, and the same ones each time; all where there are no more."""
    import numpy as np

    total = size(chunks)
    places = np.arange(total)
    if total > count:
        places = np.sort(np.random.default_rng(seed).choice(total, count, replace=False))
    found: list[int] = []
    begin = 0
    for number, bits in sorted(chunks.items()):
        inside = places[(places >= begin) & (places < begin + len(bits))] - begin
        found += [(number << BITS) + bits[int(place)] for place in inside]
        begin += len(bits)
    return found


async def _source(tx: Transaction, source: Source) -> Chunks:
    found: Chunks = {}
    if source.segment_id is not None:
        await segments.get(tx, source.segment_id)
        found = await segments.bitmap(tx, source.segment_id)
    if source.list_id is not None:
        people = await lists.find_people(tx, source.list_id, most=_MOST_ON_A_LIST)
        for number, bits in chunks_of(people).items():
            found[number] = found[number] | bits if number in found else bits
    return found


def _take_out(chunks: Chunks, others: Chunks) -> None:
    for number in chunks.keys() & others.keys():
        chunks[number] = chunks[number] - others[number]


class CrowdRepository:
    """Who is still to be reached of one broadcast."""

    def __init__(self, tx: Transaction, broadcast_id: int) -> None:
        self._tx = tx
        self._id = broadcast_id

    async def put(self, chunks: dict[Place, "BitMap"]) -> None:
        """Write chunks; those of which nobody is left go."""
        kept = {place: bits for place, bits in chunks.items() if bits}
        for place in chunks.keys() - kept.keys():
            await self._tx.run(_SQL["delete_chunk"], broadcast_id=self._id, **place._asdict())
        if kept:
            await self._tx.run(
                _SQL["put_chunks"],
                broadcast_id=self._id,
                parts=[place.part for place in kept],
                dues=[place.due_at for place in kept],
                chunks=[place.chunk for place in kept],
                members=[bits.serialize() for bits in kept.values()],
                sizes=[len(bits) for bits in kept.values()],
            )

    async def list_due(self, *, now: datetime, most: int) -> dict[Place, "BitMap"]:
        """Planned chunks whose time has come."""
        return _read(await self._tx.all(_SQL["list_due"], broadcast_id=self._id, now=now, most=most))

    async def find_raw(self) -> tuple[Place, "BitMap"] | None:
        """The first chunk that is not planned yet."""
        rows = _read(await self._tx.all(_SQL["find_raw"], broadcast_id=self._id))
        return next(iter(rows.items()), None)

    async def list_planned(self, chunk: int) -> dict[Place, "BitMap"]:
        """The chunks of a number that are planned or wait for a winner."""
        return _read(await self._tx.all(_SQL["list_planned"], broadcast_id=self._id, chunk=chunk))

    async def find_next(self) -> Row:
        """When the next are due, and how many wait for what."""
        return await self._tx.one(_SQL["find_next"], broadcast_id=self._id)

    async def let_rest_go(self, *, part: str, due_at: datetime) -> None:
        """Let those go who waited for a winner."""
        await self._tx.run(_SQL["let_rest_go"], broadcast_id=self._id, part=part, due_at=due_at)

    async def delete(self) -> None:
        """Forget who was still to be reached."""
        await self._tx.run(_SQL["delete_crowd"], broadcast_id=self._id)


async def list_clocks(tx: Transaction, people: Sequence[int], *, trait: str) -> dict[int, tuple[str, float | None]]:
    """Where some people live, and the hour that a trait tells of each."""
    rows = await tx.all(_SQL["list_clocks"], people=list(people), trait=trait)
    return {row["person_id"]: (row["zone"], row["hour"]) for row in rows}


async def count_sources(tx: Transaction, audience: Audience) -> int:
    """At most how many people a broadcast is for, by what was counted last."""
    found = await tx.value(_SQL["count_sources"], segment_id=audience.segment_id, list_id=audience.list_id)
    return int(found or 0)


async def list_missing(tx: Transaction, sources: Sequence[Source]) -> list[Row]:
    """Segments and lists that are not there, or not built yet."""
    return await tx.all(
        _SQL["list_missing"],
        segments=[each.segment_id for each in sources if each.segment_id is not None],
        lists=[each.list_id for each in sources if each.list_id is not None],
    )


def _read(rows: Sequence[Row]) -> dict[Place, "BitMap"]:
    from pyroaring import BitMap

    found: dict[Place, Any] = {}
    for row in rows:
        found[Place(row["part"], row["due_at"], row["chunk"])] = BitMap.deserialize(row["members"])
    return found

"""Bitmaps: who is in each segment, in chunks of 65,536 ids, for questions about many."""

from collections.abc import Iterable

from pyroaring import BitMap

from fanwheel.cdp.segments.live.contracts import Change
from fanwheel.cdp.segments.live.repository import CHUNK_BITS, LiveRepository

_WITHIN = (1 << CHUNK_BITS) - 1


async def move(live: LiveRepository, moves: Iterable[Change]) -> None:
    """Let persons enter and leave, the later move of two counting."""
    wanted: dict[tuple[int, int], dict[int, bool]] = {}
    for each in moves:
        chunk = wanted.setdefault((each.segment_id, each.person_id >> CHUNK_BITS), {})
        chunk[each.person_id & _WITHIN] = each.is_entry
    if not wanted:
        return
    known = await live.load_bitmaps(wanted.keys())
    written: dict[tuple[int, int], tuple[int, bytes]] = {}
    for key, asked in wanted.items():
        bits = BitMap.deserialize(known[key]) if key in known else BitMap()
        bits |= BitMap([place for place, is_in in asked.items() if is_in])
        bits -= BitMap([place for place, is_in in asked.items() if not is_in])
        written[key] = (len(bits), bits.serialize())
    await live.put_bitmaps(written)


async def read_members(live: LiveRepository) -> dict[int, set[int]]:
    """Everybody in every segment."""
    found: dict[int, set[int]] = {}
    for segment_id, chunk, members in await live.list_bitmaps():
        base = chunk << CHUNK_BITS
        found.setdefault(segment_id, set()).update(base + place for place in BitMap.deserialize(members))
    return found

"""What people do with segments: make, change, pause, delete, and look at who is in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import msgspec

from fanwheel.cdp.segments import mentions, reading, tree
from fanwheel.cdp.segments.contracts import ChangeRow, Membership, SegmentInfo, TrendDay
from fanwheel.cdp.segments.errors import (
    SegmentMentionedError,
    SegmentNameTakenError,
    SegmentNotFoundError,
    SegmentStateError,
)
from fanwheel.cdp.segments.live.reckoning import ReckoningRepository
from fanwheel.cdp.segments.live.repository import CHUNK_BITS, LiveRepository
from fanwheel.cdp.segments.metrics import metrics_of
from fanwheel.cdp.segments.repository import SegmentRepository
from fanwheel.infra.postgres import Transaction

if TYPE_CHECKING:
    from pyroaring import BitMap

Told = bytes | str | Mapping[str, Any]
_CHUNKS_AT_ONCE: Final = 16
_DAY: Final = timedelta(days=1)


async def create(
    tx: Transaction, *, name: str, rule: Told, description: str = "", is_draft: bool = False, actor: str
) -> int:
    """Make a segment, which the worker then builds; its number.

    Raises
    ------
    BadSegmentError
        If the rule is none, mentions what is not there, or would mention itself.
    SegmentNameTakenError
        If another segment has the name.
    """
    segments = await hold(tx)
    read = reading.read_rule(rule)
    await mentions.require_fit(tx, read, itself=None)
    name = await _clean_name(segments, name, segment_id=None)
    segment_id = await segments.add(
        name=name,
        description=description,
        rule=_json(read),
        status="draft" if is_draft else "building",
        purpose="segment",
        actor=actor,
    )
    await turn_page(tx)
    return segment_id


async def update(
    tx: Transaction,
    segment_id: int,
    *,
    name: str | None = None,
    description: str | None = None,
    rule: Told | None = None,
) -> None:
    """Change a segment. Another rule is built beside the one that counts; who differs then enters or leaves."""
    segments = await hold(tx)
    before = await get(tx, segment_id)
    if name is not None or description is not None:
        name = before.name if name is None else await _clean_name(segments, name, segment_id=segment_id)
        kept = before.description if description is None else description
        await segments.rename(segment_id, name=name, description=kept)
    if rule is None:
        return
    read = reading.read_rule(rule)
    await mentions.require_fit(tx, read, itself=segment_id)
    if msgspec.json.decode(_json(read)) != before.rule:
        await segments.change_rule(segment_id, _json(read))
        await turn_page(tx)


async def pause(tx: Transaction, segment_id: int) -> None:
    """Leave everybody where they are until the segment is resumed."""
    segments = await hold(tx)
    if (await get(tx, segment_id)).status == "draft":
        raise SegmentStateError("A draft has nobody in it yet.", hint="Start it first.")
    await segments.set_status(segment_id, "paused")
    await turn_page(tx)


async def resume(tx: Transaction, segment_id: int) -> None:
    """Start a draft, go on after a pause, or try again after a failure: the segment is built anew."""
    segments = await hold(tx)
    if (await get(tx, segment_id)).status in ("draft", "paused", "failed"):
        await segments.set_status(segment_id, "building")
        await turn_page(tx)


async def delete(tx: Transaction, segment_id: int) -> None:
    """Delete a segment; nobody is told that its members are in it no more.

    Raises
    ------
    SegmentMentionedError
        If the rules of others mention it.
    """
    segments = await hold(tx)
    await get(tx, segment_id)
    if mentioning := (await mentions.read_web(tx)).asking(segment_id):
        raise SegmentMentionedError(
            f"Other rules mention this segment: {', '.join(mentioning)}.", hint="Take it out of them first."
        )
    await segments.delete(segment_id)
    await turn_page(tx)


async def get(tx: Transaction, segment_id: int) -> SegmentInfo:
    """A segment with its size and state; raises ``SegmentNotFoundError``."""
    found = await SegmentRepository(tx).list_segments(one=segment_id)
    if not found:
        raise SegmentNotFoundError
    return found[0]


async def list_segments(tx: Transaction) -> list[SegmentInfo]:
    """Every segment, in the order in which they were made."""
    return await SegmentRepository(tx).list_segments()


async def members(tx: Transaction, segment_id: int, *, after: int = 0, limit: int) -> list[int]:
    """Ids of members greater than ``after``, ascending."""
    found: list[int] = []
    segments = SegmentRepository(tx)
    chunk, low = (after + 1) >> CHUNK_BITS, (after + 1) & ((1 << CHUNK_BITS) - 1)
    while len(found) < limit:
        held = await segments.list_chunks(segment_id, chunk=chunk, most=_CHUNKS_AT_ONCE)
        for number, packed in held:
            bits = _read(packed)
            begin = bits.rank(low - 1) if number == chunk and low else 0
            base = number << CHUNK_BITS
            found += [base + place for place in bits[begin : begin + limit - len(found)]]
        if len(held) < _CHUNKS_AT_ONCE:
            break
        chunk, low = held[-1][0] + 1, 0
    return found[:limit]


async def bitmap(tx: Transaction, segment_id: int) -> "dict[int, BitMap]":
    """Everybody in a segment: by the number of a chunk of 65,536 ids, which of them."""
    chunks = await SegmentRepository(tx).list_chunks(segment_id, chunk=0, most=1 << 30)
    return {number: _read(packed) for number, packed in chunks}


async def of_person(tx: Transaction, person_id: int) -> list[Membership]:
    """The segments that a living person is in."""
    return await SegmentRepository(tx).list_memberships(person_id)


async def changes(tx: Transaction, *, after: int = 0, segment_id: int | None = None, limit: int) -> list[ChangeRow]:
    """Entries and exits after one, in their order; whoever keeps the last number misses none."""
    return await SegmentRepository(tx).list_changes(after=after, segment_id=segment_id, most=limit)


async def trend(tx: Transaction, segment_id: int, *, days: int = 90, now: datetime) -> list[TrendDay]:
    """How many were in a segment at the end of each day, with entries and exits; from when it was first built on."""
    segment = await get(tx, segment_id)
    if segment.built_at is None:
        return []
    state = await LiveRepository(tx).find_state()
    zone = ZoneInfo(state.time_zone if state else "UTC")
    today = now.astimezone(zone).date()
    first = max(today - (days - 1) * _DAY, segment.created_at.astimezone(zone).date())
    rows = await SegmentRepository(tx).list_days(
        segment_id, since=datetime(first.year, first.month, first.day, tzinfo=zone)
    )
    told = {row["day"]: (row["entries"], row["exits"]) for row in rows}
    size, found = segment.size, []
    day = max([today, *told])
    while day >= first:
        entries, exits = told.get(day, (0, 0))
        found.append(TrendDay(day, size, entries, exits))
        size -= entries - exits
        day -= _DAY
    return found[::-1]


async def hold(tx: Transaction) -> SegmentRepository:
    """Keep the judge and other changes out until the transaction ends."""
    segments = SegmentRepository(tx)
    await segments.open_book()
    await LiveRepository(tx).lock()
    return segments


async def turn_page(tx: Transaction) -> None:
    """Let events be remembered for what is saved or counts, forgotten for what does not, and all of it read anew."""
    from fanwheel.cdp.computed.formula import Formula  # formulas are made of rules' parts

    segments, reckoning = SegmentRepository(tx), ReckoningRepository(tx)
    rules = [row for row in await LiveRepository(tx).list_rules() if row.status != "draft"]
    told = [rule for row in rules for rule in (row.rule, row.live_rule) if rule is not None]
    metrics = {metric for rule in told for metric in metrics_of(msgspec.convert(rule, tree.Rule))}
    formulas = [row for row in await reckoning.list_formulas() if row.status != "retiring"]
    for formula in (each for row in formulas for each in (row.formula, row.live_formula) if each is not None):
        metrics.update(msgspec.convert(formula, Formula).metrics)
    if await segments.keep_metrics([metric.key for metric in metrics]):
        await reckoning.begin_sweep()
    await segments.add_metrics([(metric.key, metric.spec) for metric in sorted(metrics, key=lambda each: each.key)])
    await LiveRepository(tx).turn_page()


async def _clean_name(segments: SegmentRepository, name: str, *, segment_id: int | None) -> str:
    cleaned = " ".join(name.split())
    if await segments.is_name_taken(cleaned, segment_id=segment_id):
        raise SegmentNameTakenError(hint="Choose another name.")
    return cleaned


def _json(rule: tree.Rule) -> str:
    return msgspec.json.encode(rule).decode()


def _read(packed: bytes) -> "BitMap":
    from pyroaring import BitMap

    return BitMap.deserialize(packed)

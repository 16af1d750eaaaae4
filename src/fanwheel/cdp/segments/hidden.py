"""Hidden segments: rules that keep tags on people, and people in layers; nobody else sees who is in."""

from collections.abc import Collection
from typing import Literal, TypeAlias

import msgspec

from fanwheel.cdp.segments import mentions, reading
from fanwheel.cdp.segments.live.repository import LiveRepository
from fanwheel.cdp.segments.repository import SegmentRepository
from fanwheel.cdp.segments.service import Told, turn_page
from fanwheel.infra.postgres import Transaction

Hidden: TypeAlias = Literal["tag", "layer"]


async def put(
    tx: Transaction, segment_id: int | None, *, purpose: Hidden, name: str, rule: Told, actor: str
) -> tuple[int, bool]:
    """Make a hidden segment, or give one another rule; its number, and whether anything was changed.

    Once it is noted what it decides about, ``mentions.require_no_circles`` has to be asked.

    Raises
    ------
    BadSegmentError
        If the rule is none, or mentions what is not there.
    """
    segments = await hold(tx)
    read = reading.read_rule(rule)
    await mentions.require_fit(tx, read, itself=None)
    text = msgspec.json.encode(read).decode()
    if segment_id is None:
        made = await segments.add(name=name, description="", rule=text, status="building", purpose=purpose, actor=actor)
        await segments.carry(made)
        await turn_page(tx)
        return made, True
    (before,) = await segments.list_segments(one=segment_id, purpose=purpose)
    await segments.rename(segment_id, name=name, description="")
    # A failed one is tried again.
    is_other = before.rule != msgspec.json.decode(text) or before.status == "failed"
    if is_other:
        await segments.change_rule(segment_id, text)
        await turn_page(tx)
    return segment_id, is_other


async def delete(tx: Transaction, segments: Collection[int]) -> None:
    """Delete hidden segments; nobody is told that their members are in them no more."""
    if not segments:
        return
    held = await hold(tx)
    for segment_id in sorted(segments):
        await held.delete(segment_id)
    await turn_page(tx)


async def refresh(tx: Transaction) -> None:
    """Have everybody read the rules anew, in which names have changed."""
    await turn_page(tx)


async def hold(tx: Transaction) -> SegmentRepository:
    """Keep the judge and other changes of rules out until the transaction ends."""
    segments = SegmentRepository(tx)
    await segments.open_book()
    await LiveRepository(tx).lock()
    return segments

"""Entries and exits of segments as facts that webhooks are told."""

from collections.abc import Sequence
from typing import Final

from fanwheel.cdp.segments import service
from fanwheel.cdp.segments.repository import SegmentRepository
from fanwheel.infra import webhooks
from fanwheel.infra.postgres import Transaction

TOPICS: Final = ("segment.entered", "segment.exited")


async def tell(tx: Transaction) -> int:
    """Make messages of what has happened in segments; how many facts were looked at."""
    names: dict[int, str] = {}

    async def source(after: int, most: int) -> Sequence[webhooks.Fact]:
        changes = await service.changes(tx, after=after, limit=most)
        # What tags and layers follow is nobody's business but theirs; the cursor goes past it.
        hidden = await SegmentRepository(tx).list_hidden() if changes else set()
        if changes and not names:
            names.update({each.segment_id: each.name for each in await service.list_segments(tx)})
        return [
            webhooks.Fact(
                number=change.change_id,
                topic="" if change.segment_id in hidden else TOPICS[0] if change.is_entry else TOPICS[1],
                happened_at=change.changed_at,
                segment_id=change.segment_id,
                data={
                    "change_id": change.change_id,
                    "segment_id": change.segment_id,
                    "segment_name": names.get(change.segment_id, ""),
                    "person_id": change.person_id,
                    "cause": change.cause,
                },
            )
            for change in changes
        ]

    return await webhooks.tell(tx, source)

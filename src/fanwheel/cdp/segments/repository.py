"""Segments, read and written through one transaction."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fanwheel.cdp.segments.contracts import ChangeRow, Membership, NamedRule, Purpose, SegmentInfo
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows

_SQL: Final = sqlfile.load("fanwheel.cdp.segments")


class SegmentRepository:
    """The segments of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def open_book(self) -> None:
        """Begin the workspace's book of segments."""
        await self._tx.run(_SQL["open_book"])

    async def list_segments(self, *, one: int | None = None, purpose: Purpose = "segment") -> list[SegmentInfo]:
        """Every segment of a purpose, or one."""
        rows = await self._tx.all(_SQL["list_segments"], one=one, purpose=purpose)
        return [SegmentInfo(**row) for row in rows]

    async def list_hidden(self) -> set[int]:
        """The segments that are rules of tags and layers."""
        return {row["segment_id"] for row in await self._tx.all(_SQL["list_hidden"])}

    async def list_named_rules(self) -> list[NamedRule]:
        """What every rule is of, with the rule."""
        return [NamedRule(**row) for row in await self._tx.all(_SQL["list_named_rules"])]

    async def list_deciders(self) -> dict[tuple[str, str], set[int]]:
        """The rules that decide about each tag and layer."""
        rows = await self._tx.all(_SQL["list_deciders"])
        return {(row["kind"], row["name"]): set(row["segments"]) for row in rows}

    async def carry(self, segment_id: int) -> None:
        """Have tags or layers follow a hidden segment."""
        await self._tx.run(_SQL["open_carrying"])
        await self._tx.run(_SQL["carry"], segment_id=segment_id)

    async def list_lists(self) -> set[int]:
        """Every list."""
        return {row["list_id"] for row in await self._tx.all(_SQL["list_known_lists"])}

    async def list_layers(self) -> dict[str, list[str]]:
        """The classes of every layer that users define, by their keys."""
        return {row["layer"]: row["classes"] for row in await self._tx.all(_SQL["list_known_layers"])}

    async def is_name_taken(self, name: str, *, segment_id: int | None) -> bool:
        """Whether another segment has a name."""
        return bool(await self._tx.value(_SQL["is_name_taken"], name=name, segment_id=segment_id))

    async def add(self, **values: Any) -> int:
        """The number of a new segment."""
        return int(await self._tx.value(_SQL["add_segment"], **values))

    async def rename(self, segment_id: int, *, name: str, description: str) -> None:
        """Change what a segment is called."""
        await self._tx.run(_SQL["rename_segment"], segment_id=segment_id, name=name, description=description)

    async def change_rule(self, segment_id: int, rule: str) -> None:
        """Save another rule."""
        await self._tx.run(_SQL["change_rule"], segment_id=segment_id, rule=rule)

    async def set_status(self, segment_id: int, status: str, *, error: str | None = None) -> None:
        """Move a segment to another state."""
        await self._tx.run(_SQL["set_status"], segment_id=segment_id, status=status, error=error)

    async def delete(self, segment_id: int) -> None:
        """Delete a segment, who was in it, and its entries and exits."""
        for statement in ("delete_segment", "delete_bitmaps", "delete_changes", "carry_no_more"):
            await self._tx.run(_SQL[statement], segment_id=segment_id)

    async def add_metrics(self, metrics: Iterable[tuple[UUID, bytes]]) -> None:
        """Begin to remember events for metrics."""
        import msgspec

        rows = [{"key": str(key), "spec": msgspec.Raw(spec)} for key, spec in metrics]
        await self._tx.run(_SQL["add_metrics"], metrics=to_json_rows(rows))

    async def keep_metrics(self, keys: Collection[UUID]) -> int:
        """Stop to remember events for metrics other than these; for how many."""
        return await self._tx.run(_SQL["delete_metrics"], keys=list(keys))

    async def list_chunks(self, segment_id: int, *, chunk: int, most: int) -> list[tuple[int, bytes]]:
        """Chunks of a segment's bitmap from one on."""
        rows = await self._tx.all(_SQL["list_chunks"], segment_id=segment_id, chunk=chunk, most=most)
        return [(row["chunk"], row["members"]) for row in rows]

    async def list_memberships(self, person_id: int) -> list[Membership]:
        """The segments that a person is in."""
        return [Membership(**row) for row in await self._tx.all(_SQL["list_memberships"], person_id=person_id)]

    async def list_days(self, segment_id: int, *, since: datetime) -> list[dict[str, Any]]:
        """Entries and exits per day."""
        return await self._tx.all(_SQL["list_days"], segment_id=segment_id, since=since)

    async def list_changes(self, *, after: int, segment_id: int | None, most: int) -> list[ChangeRow]:
        """Entries and exits after one."""
        rows = await self._tx.all(_SQL["list_changes"], after=after, segment_id=segment_id, most=most)
        return [ChangeRow(**row) for row in rows]

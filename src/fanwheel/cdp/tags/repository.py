"""Tags and groups, read and written through one transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from fanwheel.cdp.tags.contracts import GroupInfo, TagInfo
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.cdp.tags")


class TagRepository:
    """The tags of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def hold(self) -> None:
        """Keep whoever follows rules out until the transaction ends."""
        await self._tx.run(_SQL["hold_following"])

    async def list_tags(self, *, one: str | None = None) -> list[TagInfo]:
        """Tags that are defined or carried, or one."""
        return [TagInfo(**row) for row in await self._tx.all(_SQL["list_tags"], one=one)]

    async def find(self, tag: str) -> Row | None:
        """A tag as it is defined."""
        return await self._tx.one_or_none(_SQL["find_definition"], tag=tag)

    async def is_worn(self, tag: str) -> bool:
        """Whether anybody carries a tag."""
        return bool(await self._tx.value(_SQL["is_worn"], tag=tag))

    async def put(self, values: Mapping[str, Any]) -> None:
        """Write what a tag is."""
        await self._tx.run(_SQL["put_definition"], **values)

    async def carry_anew(self, segment_id: int) -> None:
        """Have everybody gone through again for a rule."""
        await self._tx.run(_SQL["carry_anew"], segment_id=segment_id)

    async def delete(self, tag: str) -> None:
        """Forget what a tag is."""
        await self._tx.run(_SQL["delete_definition"], tag=tag)

    async def take_from_all(self, tag: str, *, only_ruled: bool, by: str, now: datetime) -> None:
        """Take a tag off everybody, or only what its rule keeps on."""
        await self._tx.run(_SQL["take_from_all"], tag=tag, only_ruled=only_ruled, by=by, now=now)

    async def note_wearers(self, tags: Collection[str]) -> None:
        """Have everybody looked at again who carries one of ``tags``."""
        await self._tx.run(_SQL["note_wearers"], tags=list(tags))

    async def rename(self, tag: str, other: str, *, actor: str, is_defined: bool) -> None:
        """Call a tag by another name wherever it is written; with ``is_defined`` what it is goes by it too."""
        for statement in ("rename_given", "delete_given", "rename_log", "rename_worn"):
            await self._tx.run(_SQL[statement], tag=tag, other=other)
        if is_defined:
            await self._tx.run(_SQL["rename_definition"], tag=tag, other=other, actor=actor)
        else:
            await self.delete(tag)

    async def list_rules(self) -> list[Row]:
        """Every rule as it was saved last and as it counts."""
        return await self._tx.all(_SQL["list_raw_rules"])

    async def put_rule(self, segment_id: int, rule: Any, live_rule: Any) -> None:
        """Write a rule in which a tag goes by another name."""
        texts = [None if each is None else msgspec.json.encode(each).decode() for each in (rule, live_rule)]
        await self._tx.run(_SQL["put_raw_rule"], segment_id=segment_id, rule=texts[0], live_rule=texts[1])

    async def list_groups(self, *, one: int | None = None) -> list[GroupInfo]:
        """Groups of tags, or one."""
        return [GroupInfo(**row) for row in await self._tx.all(_SQL["list_groups"], one=one)]

    async def is_group_name_taken(self, name: str, *, group_id: int | None) -> bool:
        """Whether another group has a name."""
        return bool(await self._tx.value(_SQL["is_group_name_taken"], name=name, group_id=group_id))

    async def add_group(self, name: str, *, is_exclusive: bool, actor: str) -> int:
        """The number of a new group."""
        return int(await self._tx.value(_SQL["add_group"], name=name, is_exclusive=is_exclusive, actor=actor))

    async def change_group(self, group: GroupInfo) -> None:
        """Change a group."""
        await self._tx.run(_SQL["change_group"], **group._asdict())

    async def delete_group(self, group_id: int) -> None:
        """Delete a group; its tags stay."""
        await self._tx.run(_SQL["leave_group"], group_id=group_id)
        await self._tx.run(_SQL["delete_group"], group_id=group_id)

    async def list_grouped(self, group_id: int) -> dict[str, int | None]:
        """The tags of a group, with the rules of those that have one."""
        rows = await self._tx.all(_SQL["list_grouped"], group_id=group_id)
        return {row["tag"]: row["segment_id"] for row in rows}

    async def list_given(self, person: int, homes: Collection[int]) -> list[Row]:
        """The tags of a person, with who gave them and why."""
        return await self._tx.all(_SQL["list_given"], person=person, homes=list(homes))

    async def list_log(self, homes: Collection[int]) -> list[Row]:
        """Who put tags on some homes and took them off, newest first."""
        return await self._tx.all(_SQL["list_log"], homes=list(homes))

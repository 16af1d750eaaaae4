"""Templates and their versions, read and written through one transaction."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.loop.operate.content")


class TemplateRepository:
    """The templates of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_templates(
        self,
        *,
        template_id: int | None = None,
        channel: str | None = None,
        q: str | None = None,
        is_archived: bool = False,
    ) -> list[Row]:
        """Templates without what they say, or one."""
        return await self._tx.all(
            _SQL["list_templates"], template_id=template_id, channel=channel, q=q, is_archived=is_archived
        )

    async def find(self, template_id: int) -> Row | None:
        """A template with its draft, kept from changes until the transaction ends."""
        return await self._tx.one_or_none(_SQL["find_draft"], template_id=template_id)

    async def is_name_taken(self, name: str, *, template_id: int | None = None) -> bool:
        """Whether another template has a name."""
        return bool(await self._tx.value(_SQL["is_name_taken"], name=name, template_id=template_id))

    async def list_names(self) -> set[str]:
        """Names that templates have."""
        return {row["name"] for row in await self._tx.all(_SQL["list_names"])}

    async def add(self, values: Mapping[str, Any], draft: Mapping[str, Any], *, actor: str) -> int:
        """The number of a new template."""
        return int(await self._tx.value(_SQL["add_template"], draft=_json(draft), actor=actor, **values))

    async def change(
        self, template_id: int, values: Mapping[str, Any], draft: Mapping[str, Any], *, actor: str
    ) -> None:
        """Write a template's name, folder, labels and draft."""
        await self._tx.run(_SQL["change_template"], template_id=template_id, draft=_json(draft), actor=actor, **values)

    async def set_archived(self, template_id: int, *, is_archived: bool, actor: str) -> None:
        """Archive a template or take it back."""
        await self._tx.run(_SQL["set_archived"], template_id=template_id, is_archived=is_archived, actor=actor)

    async def add_version(
        self, template: Row, content: Mapping[str, Any], compiled: Any, *, note: str, actor: str
    ) -> int:
        """The number of a new version, which is said from now on."""
        template_id = template["template_id"]
        version_id = await self._tx.value(
            _SQL["add_version"],
            template_id=template_id,
            channel=template["channel"],
            content=_json(content),
            compiled=_json(compiled),
            note=note,
            actor=actor,
        )
        await self._tx.run(_SQL["publish"], template_id=template_id, version_id=version_id, actor=actor)
        return int(version_id)

    async def list_versions(self, template_id: int) -> list[Row]:
        """Versions of a template, newest first."""
        return await self._tx.all(_SQL["list_versions"], template_id=template_id)

    async def find_version(self, version_id: int) -> Row | None:
        """A version as it was written."""
        return await self._tx.one_or_none(_SQL["find_version"], version_id=version_id)

    async def find_compiled(self, version_id: int) -> Row | None:
        """A version as it is filled in."""
        return await self._tx.one_or_none(_SQL["find_compiled"], version_id=version_id)

    async def list_people(self, homes: Collection[int]) -> dict[int, Row]:
        """The living persons behind homes, by home."""
        rows = await self._tx.all(_SQL["list_people"], homes=sorted(set(homes)))
        return {row["home_id"]: row for row in rows}

    async def get_brand(self) -> Row:
        """The brand, its time zone, and the names of its accounts."""
        return await self._tx.one(_SQL["get_brand"])

    async def put_brand(self, profile: Mapping[str, Any], *, actor: str) -> None:
        """Write how the brand signs its messages."""
        await self._tx.run(_SQL["put_brand"], profile=_json(profile), actor=actor)

    async def sample_people(self, *, most: int) -> list[dict[str, Any]]:
        """Traits of some of the people seen last."""
        return [row["traits"] for row in await self._tx.all(_SQL["sample_people"], most=most)]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()

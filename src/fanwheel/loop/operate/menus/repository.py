"""Menus, read and written through one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows
from fanwheel.loop.operate.menus.contracts import Menu, MenuInfo, Publication, Shown, TapCount, VersionInfo, decode

_SQL: Final = sqlfile.load("fanwheel.loop.operate.menus")


class MenuRepository:
    """The menus of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_menus(self, *, one: int | None = None) -> list[MenuInfo]:
        """Menus, or one, with their newest versions."""
        return [MenuInfo(**row) for row in await self._tx.all(_SQL["list_menus"], one=one)]

    async def list_shown(self) -> list[Shown]:
        """The menu that each account shows."""
        rows = await self._tx.all(_SQL["list_shown"])
        return [
            Shown(row["account_id"], row["menu_id"], row["version"], row["surface"], decode(row["definition"]))
            for row in rows
        ]

    async def list_newest(self) -> dict[int, Menu]:
        """The newest version of every menu."""
        return {row["menu_id"]: decode(row["definition"]) for row in await self._tx.all(_SQL["list_newest"])}

    async def add(self, name: str, *, actor: str) -> int:
        """The number of a new menu."""
        return int(await self._tx.value(_SQL["add_menu"], name=name, actor=actor))

    async def rename(self, menu_id: int, name: str) -> int:
        """Change what a menu is called; how many."""
        return await self._tx.run(_SQL["rename_menu"], menu_id=menu_id, name=name)

    async def delete(self, menu_id: int) -> int:
        """Take a menu away; how many."""
        return await self._tx.run(_SQL["delete_menu"], menu_id=menu_id)

    async def hold(self, menu_id: int) -> bool:
        """Keep others from adding versions; False where there is no such menu."""
        return await self._tx.one_or_none(_SQL["hold_menu"], menu_id=menu_id) is not None

    async def add_version(self, menu_id: int, definition: str, *, actor: str, note: str) -> int:
        """The number of another version."""
        values = {"menu_id": menu_id, "definition": definition, "actor": actor, "note": note}
        return int(await self._tx.value(_SQL["add_version"], **values))

    async def list_versions(self, menu_id: int, *, most: int) -> list[VersionInfo]:
        """Versions, newest first."""
        rows = await self._tx.all(_SQL["list_versions"], menu_id=menu_id, most=most)
        return [VersionInfo(**row) for row in rows]

    async def find_version(self, menu_id: int, version: int) -> Menu | None:
        """One version."""
        found = await self._tx.value(_SQL["find_version"], menu_id=menu_id, version=version)
        return None if found is None else decode(found)

    async def list_publications(self, *, menu_id: int | None, most: int) -> list[Publication]:
        """What was put where, newest first."""
        rows = await self._tx.all(_SQL["list_publications"], menu_id=menu_id, most=most)
        return [Publication(**row) for row in rows]

    async def add_publication(self, **values: Any) -> int:
        """Note what was put where."""
        return int(await self._tx.value(_SQL["add_publication"], **values))

    async def add_taps(self, taps: Sequence[Mapping[str, Any]]) -> None:
        """Note what was tapped."""
        if taps:
            await self._tx.run(_SQL["add_taps"], taps=to_json_rows(taps))

    async def count_taps(self, menu_id: int, *, since: datetime) -> list[TapCount]:
        """How often entries were tapped."""
        rows = await self._tx.all(_SQL["count_taps"], menu_id=menu_id, since=since)
        return [TapCount(**row) for row in rows]

    async def tidy(self, *, before: datetime) -> None:
        """Delete old taps."""
        await self._tx.run(_SQL["tidy_taps"], before=before)

    async def turn_page(self) -> None:
        """Have every worker that answers taps read menus anew."""
        await self._tx.run(_SQL["turn_page"])

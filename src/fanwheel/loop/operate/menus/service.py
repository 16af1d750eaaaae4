"""Menus as the rest of the product uses them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.menus import checking
from fanwheel.loop.operate.menus.contracts import (
    Compiled,
    Menu,
    MenuInfo,
    Publication,
    Shown,
    Surface,
    Tap,
    TapCount,
    VersionInfo,
)
from fanwheel.loop.operate.menus.errors import BadMenuError, MenuNotFoundError
from fanwheel.loop.operate.menus.repository import MenuRepository
from fanwheel.loop.operate.menus.surfaces import compile_for

MOST_LISTED: Final = 200
_MAX_NAME: Final = 100


async def list_menus(tx: Transaction) -> list[MenuInfo]:
    """Menus with their newest versions."""
    return await MenuRepository(tx).list_menus()


async def get(tx: Transaction, menu_id: int) -> MenuInfo:
    """A menu with its newest version; raises ``MenuNotFoundError``."""
    found = await MenuRepository(tx).list_menus(one=menu_id)
    if not found:
        raise MenuNotFoundError
    return found[0]


async def add(tx: Transaction, name: str, menu: Menu, *, actor: str) -> int:
    """Make a menu; its number.

    Raises
    ------
    BadMenuError
        If it cannot be one.
    """
    checking.check(menu)
    repository = MenuRepository(tx)
    menu_id = await repository.add(_clean(name), actor=actor)
    await repository.add_version(menu_id, _encode(menu), actor=actor, note="")
    await repository.turn_page()
    return menu_id


async def change(
    tx: Transaction, menu_id: int, *, name: str | None = None, menu: Menu | None = None, actor: str, note: str = ""
) -> None:
    """Give a menu another name, and another version where something of it is new.

    Raises
    ------
    BadMenuError, MenuNotFoundError
        If it cannot be one, or there is none.
    """
    repository = MenuRepository(tx)
    if not await repository.hold(menu_id):
        raise MenuNotFoundError
    if name is not None:
        await repository.rename(menu_id, _clean(name))
    if menu is None:
        return
    checking.check(menu)
    newest = (await repository.list_menus(one=menu_id))[0]
    if msgspec.convert(newest.definition, Menu) != menu:
        await repository.add_version(menu_id, _encode(menu), actor=actor, note=note)
        await repository.turn_page()


async def delete(tx: Transaction, menu_id: int) -> None:
    """Take a menu away; where it is shown it stays until something else is. Raises ``MenuNotFoundError``."""
    if not await MenuRepository(tx).delete(menu_id):
        raise MenuNotFoundError


async def list_versions(tx: Transaction, menu_id: int) -> list[VersionInfo]:
    """Versions, newest first."""
    await get(tx, menu_id)
    return await MenuRepository(tx).list_versions(menu_id, most=MOST_LISTED)


async def get_version(tx: Transaction, menu_id: int, version: int) -> Menu:
    """One version; raises ``MenuNotFoundError``."""
    found = await MenuRepository(tx).find_version(menu_id, version)
    if found is None:
        raise MenuNotFoundError
    return found


async def list_publications(tx: Transaction, *, menu_id: int | None = None) -> list[Publication]:
    """What was put where, newest first."""
    return await MenuRepository(tx).list_publications(menu_id=menu_id, most=MOST_LISTED)


async def note_publication(tx: Transaction, account_id: int, compiled: Compiled, **values: object) -> None:
    """Note what was put where, or why the platform refused it."""
    repository = MenuRepository(tx)
    body = msgspec.json.encode(compiled.body).decode()
    await repository.add_publication(account_id=account_id, surface=compiled.surface, body=body, **values)
    await repository.turn_page()


async def list_shown(tx: Transaction) -> list[Shown]:
    """The menu that each account shows."""
    return await MenuRepository(tx).list_shown()


async def list_newest(tx: Transaction) -> dict[int, Menu]:
    """The newest version of every menu."""
    return await MenuRepository(tx).list_newest()


async def add_taps(tx: Transaction, taps: Sequence[Tap]) -> None:
    """Note what was tapped."""
    rows = [{**tap._asdict(), "tapped_at": tap.at} for tap in taps]
    await MenuRepository(tx).add_taps(rows)


async def count_taps(tx: Transaction, menu_id: int, *, since: datetime) -> list[TapCount]:
    """How often the entries of a menu were tapped."""
    return await MenuRepository(tx).count_taps(menu_id, since=since)


async def footer(tx: Transaction, account_id: int) -> dict[str, str]:
    """What stands under mails of an account, in HTML and in plain text; nothing where no menu was published."""
    shown = next((each for each in await list_shown(tx) if each.account_id == account_id), None)
    compiled = compile_for("email", shown.menu, shown.menu_id) if shown else None
    return dict(compiled.body) if compiled else {"html": "", "text": ""}


def surface_of(channel: str) -> Surface | None:
    """The surface on which accounts of a channel show a menu; None where they have none."""
    known: dict[str, Surface] = {
        "wechat_oa": "wechat_oa", "douyin": "douyin", "tiktok": "tiktok", "telegram": "telegram", "line": "line",
        "whatsapp": "whatsapp", "webchat": "webchat", "email": "email",
    }  # fmt: skip
    return known.get(channel)


def _clean(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > _MAX_NAME:
        raise BadMenuError("The menu needs a name.", hint=f"1 to {_MAX_NAME} characters.")
    return cleaned


def _encode(menu: Menu) -> str:
    return msgspec.json.encode(menu).decode()


async def tidy_taps(tx: Transaction, *, before: datetime) -> None:
    """Delete old taps."""
    await MenuRepository(tx).tidy(before=before)

"""Telegram: commands behind the menu button, and a keyboard whose keys say their label."""

import re
from typing import Any, Final

from fanwheel.loop.operate.menus.contracts import Compiled, Item, Menu
from fanwheel.loop.operate.menus.measures import cut
from fanwheel.loop.operate.menus.surfaces.linting import lint, repeated_labels

_MOST_COMMAND: Final = 32
_MOST_DESCRIPTION: Final = 256
_ROW_HALVES: Final = 28  # two keys side by side are readable up to here
_RESERVED: Final = frozenset({"start", "help", "settings"})


def compile_menu(menu: Menu, _menu_id: int) -> Compiled:
    """Commands for every entry that does something, keys for the first level; a sub-menu is answered with its own."""
    faults = [*lint(menu, "telegram", says=("url", "phone", "mini_program")), *repeated_labels(menu)]
    commands = [{"command": name, "description": cut(item.label, _MOST_DESCRIPTION)} for name, item in named(menu)]
    return Compiled("telegram", {"commands": commands, "keyboard": _rows(menu.items)}, faults)


def named(menu: Menu) -> list[tuple[str, Item]]:
    """Every entry that does something with its command: the label's Latin letters, else its number."""
    taken = set(_RESERVED)
    found: list[tuple[str, Item]] = []
    for number, item in enumerate(menu.leaves(), 1):
        name = re.sub(r"[^a-z0-9]+", "_", item.label.casefold()).strip("_")[:_MOST_COMMAND]
        if not name or name in taken or not name[0].isalpha():
            name = f"menu_{number}"
        taken.add(name)
        found.append((name, item))
    return found


def _rows(items: tuple[Item, ...]) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = []
    room = 0
    for item in items:
        size = sum(2 if ord(each) > 0x2E80 else 1 for each in item.label) + 2
        if rows and size <= room and len(rows[-1]) < 3:
            rows[-1].append({"text": item.label})
            room -= size
        else:
            rows.append([{"text": item.label}])
            room = _ROW_HALVES - size
    return rows

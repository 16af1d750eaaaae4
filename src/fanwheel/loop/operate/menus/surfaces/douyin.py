"""Douyin direct messages: two levels; an entry opens a page or is answered."""

from typing import Any

from fanwheel.loop.operate.menus.contracts import Compiled, Item, Menu, tap_value
from fanwheel.loop.operate.menus.surfaces.linting import lint


def compile_menu(menu: Menu, menu_id: int) -> Compiled:
    """The menu below a direct message."""
    faults = lint(menu, "douyin", says=("phone",), drops=("mini_program",))
    items = [_entry(item, menu_id) for item in menu.items if item.kind != "mini_program"]
    return Compiled("douyin", {"menus": items}, faults)


def _entry(item: Item, menu_id: int) -> dict[str, Any]:
    if item.kind == "menu":
        below = [_entry(each, menu_id) for each in item.items if each.kind != "mini_program"]
        return {"name": item.label, "type": "menu", "sub": below}
    if item.kind == "url":
        return {"name": item.label, "type": "url", "url": item.url}
    if item.kind == "reply":
        return {"name": item.label, "type": "reply", "text": item.text, "key": tap_value(menu_id, item.id)}
    return {"name": item.label, "type": "reply", "key": tap_value(menu_id, item.id)}

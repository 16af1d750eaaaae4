"""Our own web chat: everything as it was meant."""

from typing import Any

from fanwheel.loop.operate.menus.contracts import Compiled, Item, Menu, tap_value
from fanwheel.loop.operate.menus.surfaces.linting import lint


def compile_menu(menu: Menu, menu_id: int) -> Compiled:
    """Entries for the widget: buttons that open, call, or come back as a tap."""
    body: dict[str, Any] = {"items": [_entry(item, menu_id) for item in menu.items]}
    if menu.greeting:
        body["greeting"] = menu.greeting
    return Compiled("webchat", body, lint(menu, "webchat", says=("mini_program",)))


def _entry(item: Item, menu_id: int) -> dict[str, Any]:
    entry: dict[str, Any] = {"label": item.label, "value": tap_value(menu_id, item.id), "kind": item.kind}
    match item.kind:
        case "menu":
            entry["items"] = [_entry(below, menu_id) for below in item.items]
        case "url":
            entry["url"] = item.url
        case "phone":
            entry["url"] = f"tel:{item.phone.replace(' ', '')}"
        case _:
            pass
    return entry

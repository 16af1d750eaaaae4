"""WhatsApp: a list that opens from a button in the chat; sub-menus are its sections."""

from typing import Any, Final

from fanwheel.loop.operate.menus.contracts import Compiled, Fault, Item, Menu, tap_value
from fanwheel.loop.operate.menus.measures import cut
from fanwheel.loop.operate.menus.surfaces.linting import lint

_DESCRIPTION: Final = 72
_SECTION: Final = 24


def compile_menu(menu: Menu, menu_id: int) -> Compiled:
    """The interactive part of a list message; it is said in the chat, nothing stands there for good."""
    faults = lint(menu, "whatsapp", says=("url", "phone", "mini_program"))
    if not menu.greeting:
        faults.append(Fault("error", "greeting_missing"))
    if not menu.button:
        faults.append(Fault("error", "button_missing"))
    loose = [item for item in menu.items if item.kind != "menu"]
    sections = [_section(item.label, item.items, menu_id) for item in menu.items if item.kind == "menu"]
    if loose:
        sections.insert(0, _section(menu.title if sections else "", loose, menu_id))
    if len(sections) > 1 and not sections[0]["title"]:
        faults.append(Fault("error", "title_missing"))  # several sections must all be called something
    body: dict[str, Any] = {"body": menu.greeting, "button": menu.button, "sections": sections}
    if menu.title:
        body["header"] = menu.title
    return Compiled("whatsapp", body, faults)


def _section(title: str, items: tuple[Item, ...] | list[Item], menu_id: int) -> dict[str, Any]:
    rows = [
        {"id": tap_value(menu_id, item.id), "title": item.label}
        | ({"description": cut(item.url, _DESCRIPTION)} if item.kind == "url" else {})
        for item in items
    ]
    return {"title": cut(title, _SECTION), "rows": rows}

"""What changed between two versions of a menu."""

from typing import Any, Final

import msgspec

from fanwheel.loop.operate.menus.contracts import Change, Item, Menu

_OF_MENU: Final = ("greeting", "button", "title", "image_media_id")


def diff(before: Menu | None, after: Menu) -> list[Change]:
    """Every difference, in the order of the newer version; what is gone comes last."""
    old = _places(before) if before else {}
    new = _places(after)
    changes: list[Change] = []
    if before and (fields := tuple(name for name in _OF_MENU if getattr(before, name) != getattr(after, name))):
        changes.append(Change("menu", "", "", fields, _some(before, fields), _some(after, fields)))
    for item_id, (item, place) in new.items():
        if item_id not in old:
            changes.append(Change("added", item_id, item.label))
            continue
        was, place_before = old[item_id]
        if fields := tuple(name for name in _fields() if getattr(was, name) != getattr(item, name)):
            changes.append(Change("changed", item_id, item.label, fields, _some(was, fields), _some(item, fields)))
        if place != place_before:
            changes.append(Change("moved", item_id, item.label))
    changes += [Change("removed", item_id, was.label) for item_id, (was, _) in old.items() if item_id not in new]
    return changes


def _places(menu: Menu) -> dict[str, tuple[Item, tuple[str, int]]]:
    """Every entry with where it stands: below which, and as the how manieth."""
    found: dict[str, tuple[Item, tuple[str, int]]] = {}
    for number, item in enumerate(menu.items):
        found[item.id] = (item, ("", number))
        for place, below in enumerate(item.items):
            found[below.id] = (below, (item.id, place))
    return found


def _fields() -> list[str]:
    return [name for name in Item.__struct_fields__ if name not in ("id", "items")]


def _some(value: Menu | Item, fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: msgspec.to_builtins(getattr(value, name)) for name in fields}

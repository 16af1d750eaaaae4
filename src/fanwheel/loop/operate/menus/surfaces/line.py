"""LINE: a picture of up to six fields below the chat, and quick replies for what is below a field."""

from typing import Any, Final

from fanwheel.loop.operate.menus.contracts import Compiled, Fault, Item, Menu, tap_value
from fanwheel.loop.operate.menus.measures import cut
from fanwheel.loop.operate.menus.surfaces.linting import lint

_WIDTH: Final = 2500
_ROW: Final = 843
# Fields of each number of entries: columns per row.
_GRIDS: Final = {1: (1,), 2: (2,), 3: (3,), 4: (2, 2), 5: (2, 3), 6: (3, 3)}
_LABEL: Final = 20


def compile_menu(menu: Menu, menu_id: int) -> Compiled:
    """A rich menu in a grid; its picture is one of the media library."""
    faults = lint(menu, "line", says=("mini_program",))
    if menu.image_media_id is None:
        faults.append(Fault("error", "picture_missing", "", {"width": _WIDTH, "height": _ROW * len(_grid(menu))}))
    rich: dict[str, Any] = {
        "size": {"width": _WIDTH, "height": _ROW * len(_grid(menu))},
        "selected": True,
        "name": (menu.title or f"menu {menu_id}")[:300],
        "chatBarText": menu.button or "Menu",
        "areas": [
            {"bounds": bounds, "action": _action(item, menu_id)}
            for bounds, item in zip(_bounds(menu), menu.items, strict=False)
        ],
    }
    body: dict[str, Any] = {"rich_menu": rich, "image": menu.image_media_id}
    return Compiled("line", body, faults)


def _grid(menu: Menu) -> tuple[int, ...]:
    return _GRIDS[min(len(menu.items), 6)]


def _bounds(menu: Menu) -> list[dict[str, int]]:
    """Where each field stands; columns of a row fill it to the last pixel."""
    bounds = []
    for row, columns in enumerate(_grid(menu)):
        edges = [_WIDTH * column // columns for column in range(columns + 1)]
        bounds += [
            {"x": edges[column], "y": row * _ROW, "width": edges[column + 1] - edges[column], "height": _ROW}
            for column in range(columns)
        ]
    return bounds


def _action(item: Item, menu_id: int) -> dict[str, str]:
    label = cut(item.label, _LABEL)
    if item.kind == "url":
        return {"type": "uri", "label": label, "uri": item.url}
    if item.kind == "phone":
        return {"type": "uri", "label": label, "uri": f"tel:{item.phone.replace(' ', '')}"}
    return {"type": "postback", "label": label, "data": tap_value(menu_id, item.id), "displayText": item.label}

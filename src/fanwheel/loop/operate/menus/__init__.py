"""Menus: one definition, shown on every surface as far as the surface holds it."""

from fanwheel.loop.operate.menus.contracts import (
    Compiled,
    Fault,
    Item,
    Menu,
    Shown,
    Surface,
    Tap,
    read_tap,
    tap_value,
)
from fanwheel.loop.operate.menus.service import (
    add,
    add_taps,
    footer,
    list_menus,
    list_newest,
    list_shown,
    surface_of,
    tidy_taps,
)

__all__ = [
    "Compiled",
    "Fault",
    "Item",
    "Menu",
    "Shown",
    "Surface",
    "Tap",
    "add",
    "add_taps",
    "footer",
    "list_menus",
    "list_newest",
    "list_shown",
    "read_tap",
    "surface_of",
    "tap_value",
    "tidy_taps",
]

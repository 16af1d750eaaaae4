"""Surfaces: what becomes of a menu on each platform; pure, so that it can be shown before it is published."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from fanwheel.loop.operate.menus.contracts import Compiled, Menu, Surface
from fanwheel.loop.operate.menus.surfaces import (
    douyin,
    email,
    line,
    telegram,
    tiktok,
    webchat,
    wechat_oa,
    whatsapp,
)

_COMPILERS: Final[Mapping[Surface, Callable[[Menu, int], Compiled]]] = MappingProxyType(
    {
        "wechat_oa": wechat_oa.compile_menu,
        "douyin": douyin.compile_menu,
        "tiktok": tiktok.compile_menu,
        "telegram": telegram.compile_menu,
        "line": line.compile_menu,
        "whatsapp": whatsapp.compile_menu,
        "webchat": webchat.compile_menu,
        "email": email.compile_menu,
    }
)


def compile_for(surface: Surface, menu: Menu, menu_id: int) -> Compiled:
    """What a surface is given of a menu, and what is to be said about it."""
    return _COMPILERS[surface](menu, menu_id)

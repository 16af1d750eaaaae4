"""Official Account: three buttons with up to five below each."""

from typing import Any

from fanwheel.loop.operate.menus.contracts import Compiled, Fault, Item, Menu, tap_value
from fanwheel.loop.operate.menus.surfaces.linting import lint


def compile_menu(menu: Menu, menu_id: int) -> Compiled:
    """The body of ``menu/create``; taps come back as ``CLICK`` with our value as the key."""
    faults = lint(menu, "wechat_oa", says=("phone",))
    faults += [
        Fault("warning", "no_fallback_url", item.id)
        for item in menu.leaves()
        if item.kind == "mini_program" and not item.url
    ]
    faults += [Fault("warning", "not_https", item.id) for item in menu.leaves() if item.url.startswith("http://")]
    return Compiled("wechat_oa", {"button": [_button(item, menu_id) for item in menu.items]}, faults)


def _button(item: Item, menu_id: int) -> dict[str, Any]:
    match item.kind:
        case "menu":
            return {"name": item.label, "sub_button": [_button(below, menu_id) for below in item.items]}
        case "url":
            return {"type": "view", "name": item.label, "url": item.url}
        case "mini_program":
            # Old clients open the address; the platform insists on one.
            fallback = item.url or "https://mp.weixin.qq.com"
            return {
                "type": "miniprogram",
                "name": item.label,
                "url": fallback,
                "appid": item.app_id,
                "pagepath": item.page or "pages/index/index",
            }
        case "reply" | "phone" | "keyword" | "form" | "agent":
            return {"type": "click", "name": item.label, "key": tap_value(menu_id, item.id)}

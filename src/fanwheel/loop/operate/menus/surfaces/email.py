"""E-mail: a line of links under the mail; what must be tapped in a chat has no place there."""

from html import escape
from typing import Final

from fanwheel.loop.operate.menus.contracts import Compiled, Item, Menu
from fanwheel.loop.operate.menus.surfaces.linting import lint

_KINDS: Final = ("url", "phone", "mini_program")


def compile_menu(menu: Menu, _menu_id: int) -> Compiled:
    """The footer in HTML and in plain text."""
    faults = lint(menu, "email", drops=("reply", "keyword", "form", "agent"))
    links = [(item.label, address) for item in menu.leaves() if item.kind in _KINDS and (address := _address(item))]
    html = " &nbsp;·&nbsp; ".join(f'<a href="{escape(address)}">{escape(label)}</a>' for label, address in links)
    text = "\n".join(f"{label}: {address}" for label, address in links)
    body = {"html": f'<p style="text-align:center">{html}</p>' if html else "", "text": text}
    return Compiled("email", body, faults)


def _address(item: Item) -> str:
    return f"tel:{item.phone.replace(' ', '')}" if item.kind == "phone" else item.url

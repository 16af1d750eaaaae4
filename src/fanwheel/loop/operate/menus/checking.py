"""What every menu must be, wherever it is shown."""

import re
from typing import Final
from urllib.parse import urlsplit

from fanwheel.loop.operate.menus.contracts import Item, Menu
from fanwheel.loop.operate.menus.errors import BadMenuError

MAX_ITEMS: Final = 60
MAX_LABEL: Final = 100
MAX_TEXT: Final = 2_000
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_PHONE: Final = re.compile(r"\+?[\d\- ]{3,20}")
_NEEDED: Final = {
    "reply": "text", "url": "url", "mini_program": "app_id", "phone": "phone", "keyword": "keyword", "menu": "items",
}  # fmt: skip


def check(menu: Menu) -> None:
    """Raise ``BadMenuError`` unless every entry has an id of its own and what its kind needs."""
    found = list(menu.walk())
    if not found:
        raise BadMenuError("The menu has no entries.", hint="Add one.")
    if len(found) > MAX_ITEMS:
        raise BadMenuError(f"The menu has more than {MAX_ITEMS} entries.")
    if len({item.id for item, _ in found}) < len(found):
        raise BadMenuError("Two entries have the same id.")
    for item, above in found:
        _check_item(item, is_below=above is not None)


def _check_item(item: Item, *, is_below: bool) -> None:
    name = f"“{item.label}”" if item.label.strip() else "An entry"
    if not _ID.fullmatch(item.id):
        raise BadMenuError(f"{name} has an id that cannot be used.", hint="Letters, digits, - and _, 40 at most.")
    if not item.label.strip() or len(item.label) > MAX_LABEL:
        raise BadMenuError(f"{name} needs a label.", hint=f"1 to {MAX_LABEL} characters.")
    if item.kind == "menu" and is_below:
        raise BadMenuError(f"{name} is a third level.", hint="A menu has two levels.")
    if item.items and item.kind != "menu":
        raise BadMenuError(f"{name} has entries below it and is no sub-menu.")
    needed = _NEEDED.get(item.kind)
    if needed and not getattr(item, needed):
        raise BadMenuError(f"{name} lacks “{needed}”.")
    if item.kind == "form" and item.form_id is None:
        raise BadMenuError(f"{name} names no lead form.")
    if item.url and not is_web_address(item.url):
        raise BadMenuError(f"{name} has an address that is none.", hint="Begin it with https://")
    if item.kind == "phone" and not _PHONE.fullmatch(item.phone):
        raise BadMenuError(f"{name} has a phone number that is none.")
    if len(item.text) > MAX_TEXT:
        raise BadMenuError(f"{name} says more than {MAX_TEXT} characters.")


def is_web_address(url: str) -> bool:
    """Whether something is an address that a browser can open."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", url)

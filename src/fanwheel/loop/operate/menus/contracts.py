"""Menus in plain values: one definition, and what it becomes on each surface."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

import msgspec

Kind = Literal["reply", "url", "mini_program", "phone", "menu", "keyword", "form", "agent"]
Surface = Literal["wechat_oa", "douyin", "tiktok", "telegram", "line", "whatsapp", "webchat", "email"]
SURFACES: Final[tuple[Surface, ...]] = (
    "wechat_oa", "douyin", "tiktok", "telegram", "line", "whatsapp", "webchat", "email",
)  # fmt: skip
_NO_DETAIL: Final[Mapping[str, Any]] = MappingProxyType({})


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One entry; which of the other fields count depends on its kind."""

    id: str  # stays when the label changes, so that taps are counted through
    label: str
    kind: Kind = "reply"
    text: str = ""  # reply: what is said
    url: str = ""  # url; mini_program: for phones that cannot open it
    app_id: str = ""
    page: str = ""
    phone: str = ""
    keyword: str = ""  # as if the person had written it
    form_id: int | None = None
    team_id: int | None = None
    items: tuple["Item", ...] = ()  # menu


class Menu(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A self-service menu of at most two levels."""

    items: tuple[Item, ...]
    greeting: str = ""  # said where the menu is shown in the chat
    button: str = ""  # what opens it, where something must be tapped first
    title: str = ""
    image_media_id: int | None = None  # LINE: the picture that is tapped

    def walk(self) -> Iterator[tuple[Item, Item | None]]:
        """Every entry with the one that it stands under."""
        for item in self.items:
            yield item, None
            for below in item.items:
                yield below, item

    def leaves(self) -> list[Item]:
        """The entries that do something themselves."""
        return [item for item, _ in self.walk() if item.kind != "menu"]

    def find(self, item_id: str) -> Item | None:
        """The entry of an id."""
        return next((item for item, _ in self.walk() if item.id == item_id), None)


class Fault(NamedTuple):
    """What a surface makes of an entry otherwise than it was meant: an error keeps the menu from being published."""

    severity: Literal["error", "warning", "info"]
    code: str
    item: str = ""  # its id; empty: the whole menu
    detail: Mapping[str, Any] = _NO_DETAIL  # such as most and have


class Compiled(NamedTuple):
    """What a surface is given, and what is to be said about it."""

    surface: Surface
    body: Mapping[str, Any]
    faults: Sequence[Fault]

    @property
    def is_fine(self) -> bool:
        """Whether it may be published."""
        return all(fault.severity != "error" for fault in self.faults)


class Change(NamedTuple):
    """One difference between two versions."""

    what: Literal["added", "removed", "moved", "changed", "menu"]
    item: str
    label: str
    fields: tuple[str, ...] = ()
    before: Mapping[str, Any] = _NO_DETAIL
    after: Mapping[str, Any] = _NO_DETAIL


class Shown(NamedTuple):
    """The menu that an account shows."""

    account_id: int
    menu_id: int
    version: int
    surface: Surface
    menu: Menu


class MenuInfo(NamedTuple):
    """A menu as it is listed, with its newest version."""

    menu_id: int
    name: str
    version: int
    definition: Mapping[str, Any]
    made_at: datetime
    made_by: str


class VersionInfo(NamedTuple):
    """A version as it is listed."""

    version: int
    definition: Mapping[str, Any]
    made_at: datetime
    made_by: str
    note: str


class Publication(NamedTuple):
    """What was put where."""

    publication_id: int
    account_id: int
    account: str
    menu_id: int
    version: int
    surface: Surface
    error: str | None
    published_at: datetime
    published_by: str
    is_shown: bool


class TapCount(NamedTuple):
    """How often an entry was tapped, and by how many people."""

    item: str
    account_id: int
    taps: int
    people: int


def tap_value(menu_id: int, item_id: str) -> str:
    """What a platform gives back when an entry is tapped."""
    return f"menu:{menu_id}:{item_id}"


def read_tap(value: str) -> tuple[int, str] | None:
    """Menu and entry of a tap; None if it is none of ours."""
    head, _, rest = value.partition(":")
    number, _, item = rest.partition(":")
    return (int(number), item) if head == "menu" and number.isdigit() and len(number) < 10 and item else None


def decode(raw: bytes | str) -> Menu:
    """A definition as it is kept."""
    return msgspec.json.decode(raw, type=Menu)


class Tap(NamedTuple):
    """Somebody tapped an entry."""

    menu_id: int
    item: str
    account_id: int
    home_id: int
    at: datetime

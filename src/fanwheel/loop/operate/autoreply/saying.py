"""What a rule says, in the parts that channels know, with the blanks filled in."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from fanwheel.domains.private.channels.contracts import AnyPart, Button, Card, Choices, Section, Text
from fanwheel.loop.operate.autoreply.contracts import (
    AnyAction,
    AskLead,
    GiveCoupon,
    SayCard,
    SayChoices,
    SayText,
    ShowMenu,
)
from fanwheel.loop.operate.autoreply.forms import Line
from fanwheel.loop.operate.menus import Item, Menu, tap_value

BLANK: Final = re.compile(r"\{\{\s*([\w.]{1,64})\s*(?:\|\s*default:\s*[\"'“]([^\"'”]{0,100})[\"'”]\s*)?\}\}")
_MOST_OPTIONS: Final = 10  # what every channel's list of answers holds


def fill(text: str, variables: Mapping[str, Any]) -> str:
    """``text`` with its blanks filled in; what nobody knows is left out, or says its default."""

    def put(found: re.Match[str]) -> str:
        value = variables.get(found[1])
        return str(value) if isinstance(value, str | int | float) and str(value) else (found[2] or "")

    return BLANK.sub(put, text) if "{{" in text else text


def has_blanks(actions: Iterable[AnyAction]) -> bool:
    """Whether something about the person is said."""
    return any("{{" in getattr(each, "text", "") or "{{" in getattr(each, "title", "") for each in actions)


def part_of(action: AnyAction, variables: Mapping[str, Any], menus: Mapping[int, Menu]) -> AnyPart | None:
    """The part of an action that speaks by itself; None where it says nothing, or its menu is gone."""
    match action:
        case SayText(text=text):
            return Text(fill(text, variables))
        case GiveCoupon(text=text, code=code):
            return Text(fill(text, {**variables, "coupon": code}))
        case SayCard():
            return Card(
                title=fill(action.title, variables),
                text=fill(action.text, variables),
                image_url=action.image_url,
                url=action.url,
                buttons=action.buttons,
            )
        case SayChoices(text=text, options=options):
            return Choices(fill(text, variables), tuple(_answer(each) for each in options))
        case ShowMenu(menu_id=menu_id, text=text):
            menu = menus.get(menu_id)
            if menu is None:
                return None
            shown = of_menu(menu.items, menu_id, text or menu.greeting or menu.title)
            return msgspec.structs.replace(shown, sections=_sections(menu, menu_id) or msgspec.UNSET)
        case AskLead(card_id=card_id) if card_id:
            return Card(title="", about="lead", about_id=card_id)
        case _:
            return None


def of_menu(items: Iterable[Item], menu_id: int, text: str) -> Choices:
    """Entries of a menu as answers to tap."""
    return Choices(text or "☰", tuple(_option(item, menu_id) for item in items)[:_MOST_OPTIONS])


def of_line(line: Line) -> AnyPart:
    """A line of a lead form."""
    return Choices(line.text, tuple(_answer(each) for each in line.options)) if line.options else Text(line.text)


def of_item(item: Item, menu_id: int) -> AnyPart | None:
    """What is said when an entry is tapped; None where something is done instead."""
    match item.kind:
        case "reply":
            return Text(item.text)
        case "menu":
            return of_menu(item.items, menu_id, item.label)
        case "phone":
            return Text(f"{item.label}: {item.phone}")
        case "url":
            return Text(f"{item.label}: {item.url}")
        case "mini_program":
            return Card(title=item.label, buttons=(Button(item.label, "mini_program", item.app_id, item.page),))
        case "keyword" | "form" | "agent":
            return None


def words_in(parts: Iterable[AnyPart]) -> str:
    """What is read of parts, for prints."""
    said = (getattr(part, "text", "") or getattr(part, "title", "") for part in parts)
    return "\n".join(each for each in said if each)


def _sections(menu: Menu, menu_id: int) -> tuple[Section, ...]:
    """All entries under the entries that they stand below; none where no entry has others below."""
    loose = [item for item in menu.items if item.kind != "menu"]
    below = [(item.label, item.items) for item in menu.items if item.kind == "menu" and item.items]
    if not below:
        return ()
    # A list has rows, no links: the address is said when its row is tapped.
    return tuple(
        Section(title, tuple(Button(item.label, "key", tap_value(menu_id, item.id)) for item in items))
        for title, items in [(menu.title or "☰", loose), *below]
        if items
    )


def _option(item: Item, menu_id: int) -> Button:
    if item.kind == "url":
        return Button(item.label, "url", item.url)
    if item.kind == "phone":
        return Button(item.label, "phone", item.phone)
    if item.kind == "mini_program":
        return Button(item.label, "mini_program", item.app_id, item.page)
    return Button(item.label, "key", tap_value(menu_id, item.id))


def _answer(label: str) -> Button:
    return Button(label, "reply", label)

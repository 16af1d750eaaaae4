"""What comes in, as rules look at it."""

from collections.abc import Callable, Mapping
from typing import Final

from fanwheel.domains.private.channels.contracts import (
    AnyHappening,
    Commented,
    Entered,
    Followed,
    Message,
    Tapped,
    Text,
)
from fanwheel.loop.operate import menus
from fanwheel.loop.operate.autoreply.contracts import Incoming
from fanwheel.loop.operate.autoreply.folding import bare, fold
from fanwheel.loop.operate.autoreply.matching import Said

_MOST_ORIGIN: Final = 50
# Here a tap on a menu comes back as its words, as if the person had written them.
_SAYS_LABELS: Final = frozenset({"telegram", "tiktok", "line", "whatsapp", "webchat", "wecom"})
# Here the platform itself has answered these.
_ANSWERED_BY_PLATFORM: Final = frozenset({"reply", "url", "phone"})


def text_of(happening: AnyHappening) -> str:
    """What the person wrote; a button that was tapped says its value."""
    match happening:
        case Message(parts=parts):
            return "\n".join(each.text for each in parts if isinstance(each, Text))
        case Commented(text=text):
            return text
        case Tapped(value=value, surface="button"):
            return value
        case _:
            return ""


def said_of(happening: AnyHappening) -> Said | None:
    """What rules look at; None where nothing answers."""
    origin = _flat(happening.origin)
    match happening:
        case Message() | Tapped():
            return Said.of("message", text_of(happening), origin=origin)
        case Commented(content=content):
            return Said.of("comment", happening.text, origin=origin, content=content)
        case Followed(scene=scene):
            return Said.of("followed", origin=origin, scene=scene)
        case Entered(scene=scene):
            return Said.of("entered", origin=origin, scene=scene)
        case _:
            return None


def _flat(origin: Mapping[str, object]) -> dict[str, str]:
    """What a platform says of where somebody came from, as texts."""
    kept = list(origin.items())[:_MOST_ORIGIN]
    return {name: str(value) for name, value in kept if isinstance(value, str | int | float) and str(value)}


def tap_of(item: Incoming, shown: Mapping[int, menus.Shown]) -> tuple[int, str] | None:
    """Menu and entry that were tapped, however the platform tells it."""
    happening = item.happening
    here = shown.get(item.account_id)
    match happening:
        case Tapped(value=value):
            if found := menus.read_tap(value):
                return found
            # An entry that opens a page comes back as its address.
            return _by(here, lambda entry: entry.kind == "url" and entry.url == value)
        case Message(context=context) if isinstance(context.get("choice"), str):
            if found := menus.read_tap(context["choice"]):
                return found
        case _:
            pass
    if isinstance(happening, Message) and item.channel in _SAYS_LABELS:
        said = bare(fold(text_of(happening)))
        return _by(here, lambda entry: bool(said) and bare(fold(entry.label)) == said) if here else None
    return None


def is_answered_by_platform(channel: str, entry: menus.Item) -> bool:
    """Whether the platform has answered a tap by itself."""
    return channel == "tiktok" and entry.kind in _ANSWERED_BY_PLATFORM


def _by(here: menus.Shown | None, is_it: Callable[[menus.Item], bool]) -> tuple[int, str] | None:
    if here is None:
        return None
    found = next((entry for entry, _ in here.menu.walk() if is_it(entry)), None)
    return (here.menu_id, found.id) if found else None

"""What all surfaces ask of a menu alike: how many entries, how long, and what cannot be shown."""

from collections.abc import Iterator

from fanwheel.loop.operate.menus.contracts import Fault, Item, Kind, Menu, Surface
from fanwheel.loop.operate.menus.measures import length
from fanwheel.loop.operate.menus.surfaces.limits import LIMITS, Limits, Room


def lint(menu: Menu, surface: Surface, *, drops: tuple[Kind, ...] = (), says: tuple[Kind, ...] = ()) -> list[Fault]:
    """Faults of a menu on a surface that leaves out some kinds, and says others in words instead."""
    limits = LIMITS[surface]
    return [
        *_count(menu, limits, drops),
        *_sizes(menu, limits),
        *_kinds(menu, drops=drops, says=says),
    ]


def _count(menu: Menu, limits: Limits, drops: tuple[Kind, ...]) -> Iterator[Fault]:
    shown = [item for item in menu.items if item.kind not in drops]
    if limits.top is not None and len(shown) > limits.top:
        yield Fault("error", "too_many", "", {"most": limits.top, "have": len(shown)})
    leaves = [item for item in menu.leaves() if item.kind not in drops]
    if limits.total is not None and len(leaves) > limits.total:
        yield Fault("error", "too_many_in_all", "", {"most": limits.total, "have": len(leaves)})
    if not leaves:
        yield Fault("error", "nothing_to_show")
    for item in menu.items:
        if item.kind != "menu":
            continue
        if limits.below == 0:
            yield Fault("info", "flattened", item.id)
        elif limits.below is not None and len(item.items) > limits.below:
            yield Fault("error", "too_many_below", item.id, {"most": limits.below, "have": len(item.items)})


def _sizes(menu: Menu, limits: Limits) -> Iterator[Fault]:
    for item, above in menu.walk():
        yield from check_room(item.label, limits.label if above is None else limits.label_below, "label", item.id)
        if item.kind == "reply":
            yield from check_room(item.text, limits.text, "text", item.id)
        if item.url:
            yield from check_room(item.url, limits.url, "url", item.id)
    for name in ("greeting", "button", "title"):
        yield from check_room(getattr(menu, name), getattr(limits, name), name, "")


def check_room(text: str, room: Room, name: str, item: str) -> Iterator[Fault]:
    """A fault where a text is refused for its length, or cut on screens."""
    if room.most is not None and (have := length(text, room.unit)) > room.most:
        yield Fault("error", f"{name}_too_long", item, {"most": room.most, "have": have, "unit": room.unit})
    elif room.shown is not None and (have := length(text, room.shown_unit)) > room.shown:
        yield Fault("warning", f"{name}_may_be_cut", item, {"most": room.shown, "have": have, "unit": room.shown_unit})


def _kinds(menu: Menu, *, drops: tuple[Kind, ...], says: tuple[Kind, ...]) -> Iterator[Fault]:
    for item in menu.leaves():
        if item.kind in drops:
            yield Fault("warning", "left_out", item.id, {"kind": item.kind})
        elif item.kind in says:
            yield Fault("info", "said_instead", item.id, {"kind": item.kind})


def repeated_labels(menu: Menu) -> Iterator[Fault]:
    """Faults where a tap comes back as the label alone, and two entries have the same."""
    seen: dict[str, Item] = {}
    for item, _ in menu.walk():
        label = item.label.strip().casefold()
        if label in seen:
            yield Fault("error", "same_label", item.id, {"other": seen[label].id})
        seen.setdefault(label, item)

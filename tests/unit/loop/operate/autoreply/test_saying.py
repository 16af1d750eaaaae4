"""A menu said in a chat is a list in sections where the channel has such lists, and answers to tap elsewhere."""

import pytest

from fanwheel.domains.private.channels.contracts import Choices
from fanwheel.domains.private.whatsapp import outbound
from fanwheel.loop.operate.autoreply import saying
from fanwheel.loop.operate.autoreply.contracts import ShowMenu
from fanwheel.loop.operate.menus import Item, Menu

TEAS = Item("teas", "Teas", "menu", items=(Item("oolong", "Oolong", text="12"), Item("shop", "All", "url", url="/all")))
HELP = Item("help", "Help", text="Ask us")


def shown(*items: Item, title: str = "Menu") -> Choices:
    part = saying.part_of(ShowMenu(menu_id=7, text="Hello"), {}, {7: Menu(items, title=title)})
    assert isinstance(part, Choices)
    outbound.require_sendable((part,))
    return part


def test_entries_below_others_stand_in_sections_on_whatsapp() -> None:
    said = outbound.body(shown(TEAS, HELP))["interactive"]

    assert said["type"] == "list"
    assert said["action"]["sections"] == [
        {"title": "Menu", "rows": [{"id": "menu:7:help", "title": "Help"}]},
        {
            "title": "Teas",
            "rows": [{"id": "menu:7:oolong", "title": "Oolong"}, {"id": "menu:7:shop", "title": "All"}],
        },
    ]


@pytest.mark.parametrize(
    "items",
    [
        (HELP,),  # nothing stands below
        (Item("many", "Many", "menu", items=tuple(Item(f"i{n}", str(n), text="x") for n in range(11))),),
        (Item("long", "Long", "menu", items=(Item("i", "x" * 25, text="x"),)),),
    ],
)
def test_without_sections_that_fit_the_answers_go_out_one_level_at_a_time(items: tuple[Item, ...]) -> None:
    said = outbound.body(shown(*items))["interactive"]

    assert said["action"] == {
        "buttons": [{"type": "reply", "reply": {"id": f"menu:7:{items[0].id}", "title": items[0].label}}]
    }

"""One menu becomes what each platform holds, and what does not fit is said before it is published."""

import json

import pytest

from fanwheel.loop.operate.menus.checking import check
from fanwheel.loop.operate.menus.contracts import SURFACES, Item, Menu, Surface, read_tap, tap_value
from fanwheel.loop.operate.menus.diffing import diff
from fanwheel.loop.operate.menus.errors import BadMenuError
from fanwheel.loop.operate.menus.measures import cut, halves, length
from fanwheel.loop.operate.menus.surfaces import compile_for

SHOP = Item(
    "shop",
    "逛逛",
    "menu",
    items=(Item("new", "本月新品", "url", url="https://x.example/new"), Item("hi", "你好", text="您好")),
)
SIX = tuple(Item(f"i{number}", "短", text="x") for number in range(6))
CALL = Item("call", "电话", "phone", phone="+86 400 800")
MENU = Menu((SHOP, Item("help", "帮助", "keyword", keyword="帮助"), CALL), greeting="您好", button="菜单", title="茶")


def codes(menu: Menu, surface: Surface) -> set[tuple[str, str]]:
    return {(fault.code, fault.item) for fault in compile_for(surface, menu, 7).faults if fault.severity == "error"}


def test_an_official_account_gets_the_body_of_menu_create() -> None:
    body = compile_for("wechat_oa", MENU, 7).body

    assert body == {
        "button": [
            {
                "name": "逛逛",
                "sub_button": [
                    {"type": "view", "name": "本月新品", "url": "https://x.example/new"},
                    {"type": "click", "name": "你好", "key": "menu:7:hi"},
                ],
            },
            {"type": "click", "name": "帮助", "key": "menu:7:help"},
            {"type": "click", "name": "电话", "key": "menu:7:call"},
        ]
    }


def test_telegram_gets_commands_it_takes_and_keys() -> None:
    body = compile_for("telegram", Menu((Item("a", "Our Shop!", text="x"), Item("b", "帮助", text="y"))), 7).body

    assert body["commands"] == [
        {"command": "our_shop", "description": "Our Shop!"},
        {"command": "menu_2", "description": "帮助"},
    ]
    assert body["keyboard"] == [[{"text": "Our Shop!"}, {"text": "帮助"}]]


def test_a_rich_menu_is_covered_to_the_last_pixel() -> None:
    for count in range(1, 7):
        menu = Menu(tuple(Item(f"i{number}", f"n{number}", text="x") for number in range(count)), image_media_id=3)
        rich = compile_for("line", menu, 7).body["rich_menu"]
        area = sum(each["bounds"]["width"] * each["bounds"]["height"] for each in rich["areas"])
        assert area == rich["size"]["width"] * rich["size"]["height"]
        assert len(rich["areas"]) == count


def test_a_list_has_a_section_for_each_sub_menu() -> None:
    body = compile_for("whatsapp", MENU, 7).body

    assert [(section["title"], [row["title"] for row in section["rows"]]) for section in body["sections"]] == [
        ("茶", ["帮助", "电话"]), ("逛逛", ["本月新品", "你好"]),
    ]  # fmt: skip


def test_mail_shows_what_can_be_opened_and_nothing_harmful() -> None:
    menu = Menu((Item("x", "<b>Shop", "url", url="https://x.example/?a=1&b=2"), Item("hi", "你好", text="您好"), CALL))
    body = compile_for("email", menu, 7).body

    assert '<a href="https://x.example/?a=1&amp;b=2">&lt;b&gt;Shop</a>' in body["html"]
    assert body["text"] == "<b>Shop: https://x.example/?a=1&b=2\n电话: tel:+86400800"


@pytest.mark.parametrize(
    ("surface", "menu", "fault"),
    [
        ("wechat_oa", Menu(tuple(Item(f"i{n}", "短", text="x") for n in range(4))), ("too_many", "")),
        ("wechat_oa", Menu((Item("m", "菜单", "menu", items=SIX),)), ("too_many_below", "m")),
        ("wechat_oa", Menu((Item("a", "六个汉字太长", text="x"),)), ("label_too_long", "a")),  # 18 bytes, 16 fit
        ("tiktok", Menu(tuple(Item(f"i{n}", f"n{n}", text="x") for n in range(7))), ("too_many_in_all", "")),
        ("tiktok", Menu((Item("a", "nineteen characters", text="x"),)), ("label_too_long", "a")),
        ("telegram", Menu((Item("a", "Shop", text="x"), Item("b", "shop", text="y"))), ("same_label", "b")),
        ("line", Menu((Item("a", "Shop", text="x"),)), ("picture_missing", "")),
        ("whatsapp", Menu((Item("a", "Shop", text="x"),)), ("greeting_missing", "")),
        ("email", Menu((Item("a", "Shop", text="x"),)), ("nothing_to_show", "")),
        ("douyin", Menu((Item("a", "Shop", text="x" * 301),)), ("text_too_long", "a")),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(surface: Surface, menu: Menu, fault: tuple[str, str]) -> None:
    assert fault in codes(menu, surface)


def test_five_chinese_characters_are_taken_and_may_be_cut() -> None:
    compiled = compile_for("wechat_oa", Menu((Item("a", "本月新品多", text="x"),)), 7)

    assert [(fault.severity, fault.code) for fault in compiled.faults] == [("warning", "label_may_be_cut")]
    assert compiled.is_fine


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_takes_every_kind_and_gives_plain_json(surface: Surface) -> None:
    kinds = Menu((
        SHOP, Item("m", "小程序", "mini_program", app_id="wx1", page="p"), Item("f", "表单", "form", form_id=1),
        Item("a", "人工", "agent"), CALL,
    ), greeting="x", button="x", title="x")  # fmt: skip

    compiled = compile_for(surface, kinds, 7)

    assert json.loads(json.dumps(compiled.body)) == compiled.body


@pytest.mark.parametrize(
    ("text", "unit", "size"),
    [("逛逛", "bytes", 6), ("逛逛", "halves", 4), ("ab", "halves", 2), ("😀", "utf16", 2), ("é", "halves", 1),
     ("逛逛", "characters", 2)],
)  # fmt: skip
def test_each_platform_counts_in_its_own_way(text: str, unit: str, size: int) -> None:
    assert length(text, unit) == size  # type: ignore[arg-type]


def test_what_is_cut_fits_with_its_ellipsis() -> None:
    assert cut("本月新品热销", 8, "halves") == "本月新…"
    assert halves(cut("本月新品热销", 8, "halves")) <= 8
    assert cut("short", 8) == "short"


@pytest.mark.parametrize(
    "menu",
    [
        Menu(()),
        Menu((Item("a", "x", text="y"), Item("a", "z", text="y"))),
        Menu((Item("a", "x", "menu", items=(Item("b", "y", "menu", items=(Item("c", "z", text="t"),)),)),)),
        Menu((Item("a", "x", "menu"),)),
        Menu((Item("a", "x", "url", url="javascript:alert(1)"),)),
        Menu((Item("a", "x", "phone", phone="call me"),)),
        Menu((Item("a b", "x", text="y"),)),
        Menu((Item("a", " ", text="y"),)),
    ],
)
def test_what_can_be_no_menu_is_refused(menu: Menu) -> None:
    with pytest.raises(BadMenuError):
        check(menu)


def test_a_difference_names_what_changed_and_from_what() -> None:
    before = Menu((Item("a", "Old", text="x"), Item("b", "Gone", text="x"), Item("c", "Stays", text="x")))
    after = Menu(
        (Item("a", "New", text="x"), Item("c", "Stays", text="x"), Item("d", "Fresh", text="x")), greeting="Hi"
    )

    changes = {(change.what, change.item): change for change in diff(before, after)}

    assert set(changes) == {("menu", ""), ("changed", "a"), ("moved", "c"), ("added", "d"), ("removed", "b")}
    assert (changes["changed", "a"].before, changes["changed", "a"].after) == ({"label": "Old"}, {"label": "New"})
    assert diff(after, after) == []


@pytest.mark.parametrize("value", ["menu:7", "menu:x:a", "7:a", "menu:7:", "hello", "menu:99999999999:a"])
def test_values_that_are_none_of_ours_are_left_alone(value: str) -> None:
    assert read_tap(value) is None
    assert read_tap(tap_value(7, "a:b")) == (7, "a:b")

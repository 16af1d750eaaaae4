"""TikTok there and back: answers, windows, quotas, tokens and faults."""

from collections.abc import Iterator

import pytest
from tests.support.channels import Clock, Desk

from fanwheel.domains.private.channels.adapter import MediaFile
from fanwheel.domains.private.channels.contracts import (
    Button,
    Card,
    Choices,
    Commented,
    Entered,
    Media,
    Message,
    Native,
    Receipt,
    Tapped,
    Text,
)
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RefusedError,
    UnclearError,
    WindowClosedError,
)
from fanwheel.domains.private.tiktok import TikTok
from fanwheel.entrypoints.simulator import Simulator

APP = {"app_id": "aw1", "app_secret": "s3cret", "business_id": "biz"}
ANA = "ana"


@pytest.fixture
def desk(simulator: Simulator, clock: Clock) -> Iterator[Desk]:
    settings = {"app_id": "aw1", "business_id": "biz", "base_url": f"{simulator.url}/tiktok"}
    secrets = {"app_secret": "s3cret", "refresh_token": "rft.0"}
    with Desk(TikTok, settings, secrets, clock=clock).hooked() as desk:
        simulator.do("tiktok", "connect", callback_url=desk.callback_url, refresh_token="rft.0", **APP)
        yield desk


def does(simulator: Simulator, desk: Desk, verb: str, **args: object) -> dict[str, object]:
    told = simulator.do("tiktok", verb, business_id="biz", person=ANA, **args)
    assert told["status"] == 200
    return desk.heard[-1].context


def test_an_answer_arrives_in_the_conversation(simulator: Simulator, desk: Desk) -> None:
    context = does(simulator, desk, "write", text="price?")

    sent = desk.send(ANA, "19", context=context)

    (taken,) = simulator.platform("tiktok").sent_to(ANA)
    assert taken.what["text"] == {"body": "19"}
    assert sent.platform_id == taken.platform_id


def test_every_part_has_its_own_form(simulator: Simulator, desk: Desk) -> None:
    context = does(simulator, desk, "write", text="Hi")
    parts = [
        Media("image", media_id=1),
        Choices("Size?", (Button("S", "reply", "s"), Button("M", "key", "m"))),
        Card("Shop", buttons=(Button("A longer label of a link", "url", "https://x"),)),
        Card("Plain", text="card", url="https://x"),
        Native({"message_type": "SHARE_POST", "share_post": {"item_id": "7"}}),
    ]

    desk.send(ANA, *parts, context=context)

    taken = [each.what for each in simulator.platform("tiktok").sent_to(ANA)]
    assert [each["message_type"] for each in taken] == ["IMAGE", "TEMPLATE", "TEMPLATE", "TEXT", "SHARE_POST"]
    assert [each["template"]["type"] for each in taken[1:3]] == ["QA_BUTTON_CARD", "QA_LINK_CARD"]
    assert simulator.platform("tiktok").violations == {}


def test_a_tap_comes_back(simulator: Simulator, desk: Desk) -> None:
    does(simulator, desk, "tap", value="s")

    assert isinstance(desk.heard[-1], Tapped)
    assert desk.heard[-1].value == "s"


def test_ten_messages_in_two_days(simulator: Simulator, desk: Desk, clock: Clock) -> None:
    context = does(simulator, desk, "write", text="Hi")
    for number in range(10):
        desk.send(ANA, str(number), context=context)

    with pytest.raises(WindowClosedError):  # until this person writes again; others are not kept waiting
        desk.send(ANA, "11", context=context)
    does(simulator, desk, "write", text="still here")
    clock.go(hours=48)
    with pytest.raises(WindowClosedError):
        desk.send(ANA, "late", context=context)
    assert simulator.platform("tiktok").violations == {"quota_used_up": 1, "window_closed": 1}


def test_nobody_is_written_to_first(simulator: Simulator, desk: Desk) -> None:
    with pytest.raises(WindowClosedError):
        desk.send(ANA, "Hi")
    assert simulator.platform("tiktok").calls == {}


def test_an_entrance_by_an_ad_is_told_with_it(simulator: Simulator, desk: Desk) -> None:
    does(simulator, desk, "refer", referral={"source": "ad", "ad": {"ad_id": "5"}})

    assert isinstance(desk.heard[-1], Entered)
    assert desk.heard[-1].origin == {"source": "ad", "ad_id": "5"}


def test_comments_are_answered_where_tiktok_allows_it(simulator: Simulator, desk: Desk) -> None:
    below = does(simulator, desk, "comment", text="nice")
    direct = does(simulator, desk, "ask", text="how much?")

    desk.send(ANA, "thanks", context=below)
    desk.send(ANA, "19", context=direct)

    assert isinstance(desk.heard[-1], Commented)
    assert [each.what["text"] for each in simulator.platform("tiktok").messages] == ["thanks", {"body": "19"}]
    with pytest.raises(RefusedError):  # once per comment
        desk.send(ANA, "again", context=direct)
    with pytest.raises(RefusedError, match="150"):
        desk.send(ANA, "x" * 151, context=below)


def test_reading_and_echoes_are_told(simulator: Simulator, desk: Desk) -> None:
    does(simulator, desk, "read")
    does(simulator, desk, "tell", text="from the app")

    read, echo = desk.heard
    assert isinstance(read, Receipt)
    assert isinstance(echo, Message)
    assert echo.is_echo


def test_a_new_refresh_token_takes_the_place_of_the_old(simulator: Simulator, desk: Desk) -> None:
    context = does(simulator, desk, "write", text="Hi")
    for number in range(3):
        simulator.platform("tiktok").expire_tokens()
        desk.send(ANA, str(number), context=context)

    assert desk.fetched == ["access"] * 3
    assert desk.secrets["refresh_token"] == simulator.platform("tiktok").refresh_tokens["biz"]


def test_a_refused_account_is_told(simulator: Simulator, desk: Desk) -> None:
    desk.secrets["refresh_token"] = "another"

    with pytest.raises(BadAccountError):
        desk.send(ANA, "Hi", context={"conversation_id": "conversation-ana"})
    check = desk.run(lambda adapter: adapter.check())
    assert not check.is_fine


def test_the_connection_test_names_the_account(desk: Desk) -> None:
    assert desk.run(lambda adapter: adapter.check()).facts == {"name": "Brand"}


def test_typing_is_shown_and_costs_nothing(simulator: Simulator, desk: Desk) -> None:
    context = does(simulator, desk, "write", text="Hi")

    desk.run(lambda adapter: adapter.typing(desk.message(ANA, context=context)))

    assert simulator.platform("tiktok").typed == [ANA]
    assert simulator.platform("tiktok").taken == 0


def test_a_menu_takes_the_place_of_the_one_before(simulator: Simulator, desk: Desk) -> None:
    prompts = [{"title": str(number), "content": f"Size {number}"} for number in range(6)]
    question = {"question": "Open?", "answer": "Until six."}

    for menu in (
        {"welcome": "Hi", "prompts": prompts},
        {"welcome": "Hello", "prompts": prompts, "questions": [question]},
    ):
        desk.run(lambda adapter, menu=menu: adapter.publish_menu(menu))

    shown = list(simulator.platform("tiktok").menu.values())
    assert [each["chat_prompt"] for each in shown if "chat_prompt" in each] == prompts
    assert [each["welcome_message"]["content"] for each in shown if "welcome_message" in each] == ["Hello"]
    assert [each["suggested_question"] for each in shown if "suggested_question" in each] == [question]
    assert simulator.platform("tiktok").violations == {}


def test_a_menu_that_is_empty_is_taken_down(simulator: Simulator, desk: Desk) -> None:
    for menu in ({"prompts": [{"title": "Sizes", "content": "S, M"}]}, {"prompts": []}):
        desk.run(lambda adapter, menu=menu: adapter.publish_menu(menu))

    assert simulator.platform("tiktok").menu == {}


@pytest.mark.parametrize(
    ("menu", "told"),
    [
        ({"prompts": [{"title": "x" * 19, "content": "y"}]}, "title has 19"),
        ({"questions": [{"question": "x" * 81, "answer": "y"}]}, "question has 81"),
        ({"prompts": [{"title": str(n), "content": "y"} for n in range(7)]}, "7 chat prompts"),
        ({"welcome": "x" * 251}, "content has 251"),
    ],
)
def test_a_menu_that_tiktok_would_not_take_changes_nothing(
    simulator: Simulator, desk: Desk, menu: dict[str, object], told: str
) -> None:
    with pytest.raises(RefusedError, match=told):
        desk.run(lambda adapter: adapter.publish_menu(menu))
    assert simulator.platform("tiktok").calls == {}


def test_a_lost_answer_leaves_open_whether_it_was_taken(simulator: Simulator, desk: Desk) -> None:
    context = does(simulator, desk, "write", text="Hi")
    simulator.set_faults("tiktok", drop_answer=1.0, only="message/send")

    with pytest.raises(UnclearError):
        desk.send(ANA, "1", context=context)
    assert simulator.platform("tiktok").taken == 1


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (Text("x" * 6001), "6,007"),
        (Choices("x" * 41, (Button("a", "reply", "a"),)), "question has 41"),
        (Choices("x", ()), "0 buttons"),
        (Choices("x", tuple(Button(str(n), "reply", str(n)) for n in range(4))), "4 buttons"),
        (Choices("x", (Button("y" * 21, "reply", "y"),)), "button has 21"),
        (Choices("x", (Button("y", "reply", "y" * 41),)), "value"),
        (Choices("x", (Button("y", "phone", "1"),)), "phone"),
        (Media("image", url="https://x"), "media library"),
        (Media("video", media_id=1), "cannot send"),
    ],
)
def test_what_tiktok_would_not_take_is_not_sent(simulator: Simulator, desk: Desk, part: object, told: str) -> None:
    with pytest.raises(RefusedError, match=told):
        desk.send(ANA, "fine", part, context={"conversation_id": "c"})  # type: ignore[arg-type]
    assert simulator.platform("tiktok").calls == {}


@pytest.mark.parametrize(
    "file", [MediaFile("a.gif", "image/gif", b"x"), MediaFile("a.png", "image/png", b"x" * 3_145_729)]
)
def test_a_picture_that_tiktok_would_not_take_is_not_sent(simulator: Simulator, desk: Desk, file: MediaFile) -> None:
    desk.media = file

    with pytest.raises(RefusedError, match="Part 1"):
        desk.send(ANA, Media("image", media_id=1), context={"conversation_id": "c"})
    assert simulator.platform("tiktok").calls == {}

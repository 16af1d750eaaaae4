"""LINE there and back: reply tokens, retry keys, quotas and faults."""

from collections.abc import Iterator

import pytest
from tests.support.channels import Clock, Desk

from fanwheel.domains.private.channels.contracts import (
    AnyPart,
    Button,
    Card,
    Choices,
    Media,
    Message,
    Native,
    Tapped,
    Text,
    Unfollowed,
)
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    QuotaUsedUpError,
    RefusedError,
    UnclearError,
)
from fanwheel.domains.private.line import Line
from fanwheel.entrypoints.simulator import Simulator

ANA = "Uana"


@pytest.fixture
def desk(simulator: Simulator, clock: Clock) -> Iterator[Desk]:
    base = f"{simulator.url}/line"
    settings = {"channel_id": "165", "base_url": base, "data_url": base}
    with Desk(Line, settings, {"channel_secret": "s3cret"}, clock=clock).hooked() as desk:
        told = simulator.do(
            "line", "connect", channel_id="165", channel_secret="s3cret", callback_url=desk.callback_url, monthly=3
        )
        assert told == {"status": 200}
        yield desk


def does(simulator: Simulator, verb: str, **args: object) -> None:
    assert simulator.do("line", verb, channel_id="165", person=ANA, **args) == {"status": 200}


def used(simulator: Simulator) -> int:
    return int(simulator.platform("line")._channels["165"].used)


def test_an_answer_in_time_costs_nothing(simulator: Simulator, desk: Desk) -> None:
    does(simulator, "write", text="Hi")

    desk.send(ANA, "Hello", context=desk.heard[-1].context)

    (taken,) = simulator.platform("line").sent_to(ANA)
    assert taken.what["messages"] == [{"type": "text", "text": "Hello"}]
    assert used(simulator) == 0


def test_a_late_answer_is_pushed(simulator: Simulator, desk: Desk, clock: Clock) -> None:
    does(simulator, "write", text="Hi")
    clock.go(seconds=61)

    desk.send(ANA, "Hello", context=desk.heard[-1].context)

    assert used(simulator) == 1


def test_a_second_answer_to_the_same_message_is_pushed(simulator: Simulator, desk: Desk) -> None:
    does(simulator, "write", text="Hi")
    for key in ("m1", "m2"):
        desk.send(ANA, "Hello", key=key, context=desk.heard[-1].context)

    assert len(simulator.platform("line").sent_to(ANA)) == 2
    assert used(simulator) == 1


def test_a_message_pushed_again_goes_out_once(simulator: Simulator, desk: Desk) -> None:
    does(simulator, "follow")
    simulator.set_faults("line", drop_answer=1.0, only="push")
    with pytest.raises(UnclearError):
        desk.send(ANA, "Hello", key="m1")
    simulator.set_faults("line")

    desk.send(ANA, "Hello", key="m1")
    desk.send(ANA, "Hello", key="m2")

    assert len(simulator.platform("line").sent_to(ANA)) == 2


def test_a_lost_answer_to_a_reply_sends_nothing_twice(simulator: Simulator, desk: Desk) -> None:
    does(simulator, "write", text="Hi")
    simulator.set_faults("line", drop_answer=0.5, only="reply")
    context = desk.heard[-1].context

    for number in range(8):
        does(simulator, "write", text=str(number))
        context = desk.heard[-1].context
        try:
            desk.send(ANA, f"answer {number}", key=f"m{number}", context=context)
        except UnclearError:
            continue

    said = [each.what["messages"][0]["text"] for each in simulator.platform("line").sent_to(ANA)]
    assert len(said) == len(set(said)) == 8


def test_however_often_it_is_tried_everybody_is_written_to_once(simulator: Simulator, desk: Desk) -> None:
    simulator.platform("line")._channels["165"].monthly = 100
    does(simulator, "follow")
    simulator.set_faults("line", fail=0.3, drop_answer=0.3, only="push")

    for number in range(30):
        for _ in range(40):
            try:
                desk.send(ANA, str(number), key=f"m{number}")
                break
            except UnclearError:
                continue

    said = [each.what["messages"][0]["text"] for each in simulator.platform("line").sent_to(ANA)]
    assert said == [str(number) for number in range(30)]


def test_a_month_s_messages_are_used_up(simulator: Simulator, desk: Desk) -> None:
    does(simulator, "follow")
    for number in range(3):
        desk.send(ANA, "Hello", key=str(number))

    with pytest.raises(QuotaUsedUpError):
        desk.send(ANA, "Hello", key="4")
    check = desk.run(lambda adapter: adapter.check())
    assert check.facts["monthly_messages"] == check.facts["used"] == "3"


def test_taps_and_leaving_are_told(simulator: Simulator, desk: Desk) -> None:
    does(simulator, "tap", data="menu:1")
    does(simulator, "unfollow")
    does(simulator, "write", content={"type": "image"})

    tapped, left, message = desk.heard
    assert isinstance(tapped, Tapped)
    assert isinstance(left, Unfollowed)
    assert isinstance(message, Message)


def test_every_part_has_its_own_form(simulator: Simulator, desk: Desk) -> None:
    does(simulator, "follow")
    parts: list[AnyPart] = [
        Choices("Size?", (Button("S", "reply", "small"), Button("M", "key", "m")), tail="Thanks"),
        Card("Shop", text="now", image_url="https://x/i", buttons=(Button("Open", "url", "https://x"),)),
        Media("image", url="https://x/i.png"),
        Native({"type": "sticker", "packageId": "1", "stickerId": "2"}),
        Card("Plain", url="https://x"),
    ]

    desk.send(ANA, *parts)

    (taken,) = simulator.platform("line").sent_to(ANA)
    asked, card, *rest = taken.what["messages"]
    assert [each["action"]["type"] for each in asked["quickReply"]["items"]] == ["message", "postback"]
    assert card["template"]["title"] == "Shop"
    assert [each["type"] for each in rest] == ["image", "sticker", "text"]


def test_a_token_that_ended_early_is_fetched_again(simulator: Simulator, desk: Desk) -> None:
    does(simulator, "follow")
    desk.send(ANA, "1", key="1")
    simulator.platform("line").expire_tokens()

    desk.send(ANA, "2", key="2")

    assert desk.fetched == ["access", "access"]


def test_wrong_keys_are_the_account_s_fault(desk: Desk) -> None:
    desk.settings["channel_id"] = "166"

    with pytest.raises(BadAccountError):
        desk.send(ANA, "Hi")
    assert not desk.run(lambda adapter: adapter.check()).is_fine


def test_a_token_of_the_operator_s_own_is_not_replaced(desk: Desk) -> None:
    desk.secrets["access_token"] = "stale"

    with pytest.raises(BadAccountError):
        desk.send(ANA, "Hi")
    assert desk.fetched == []


def test_a_menu_is_put_up_with_its_picture(simulator: Simulator, desk: Desk) -> None:
    menu = {"rich_menu": {"size": {"width": 2500, "height": 843}, "areas": []}, "image": 1}

    desk.run(lambda adapter: adapter.publish_menu(menu))

    (shown,) = simulator.platform("line").menus
    assert shown["is_shown"]
    assert shown["picture"] == len(desk.media.body)


def test_a_menu_without_a_picture_is_refused(simulator: Simulator, desk: Desk) -> None:
    with pytest.raises(RefusedError, match="picture"):
        desk.run(lambda adapter: adapter.publish_menu({"rich_menu": {}, "image": None}))
    assert simulator.platform("line").menus == []


def test_typing_is_shown(simulator: Simulator, desk: Desk) -> None:
    desk.run(lambda adapter: adapter.typing(desk.message(ANA)))

    assert simulator.platform("line").loading == [ANA]


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([Text("😀" * 2501)], "5,002"),
        ([Media("image", url="https://x/1")] * 6, "6 messages"),
        ([Choices("?", tuple(Button(str(n), "reply", str(n)) for n in range(14)))], "14 answers"),
        ([Choices("?", (Button("x" * 21, "reply", "a"),))], "button has 21"),
        ([Choices("?", (Button("x", "key", "a" * 301),))], "300"),
        ([Choices("?", (Button("x", "mini_program", "a"),))], "mini programs"),
        ([Card("x", buttons=tuple(Button(str(n), "url", "https://x") for n in range(5)))], "5 buttons"),
        ([Card("x" * 41, text="y", buttons=(Button("a", "url", "https://x"),))], "title has 41"),
        ([Card("x", text="y" * 61, buttons=(Button("a", "url", "https://x"),))], "text has 61"),
        ([Card("x", image_url="http://x", buttons=(Button("a", "url", "https://x"),))], "https"),
        ([Media("image", media_id=1)], "fetches"),
        ([Media("file", url="https://x")], "cannot send"),
    ],
)
def test_what_line_would_not_take_is_not_sent(
    simulator: Simulator, desk: Desk, parts: list[AnyPart], told: str
) -> None:
    with pytest.raises(RefusedError, match=told):
        desk.send(ANA, *parts)
    assert simulator.platform("line").calls == {}

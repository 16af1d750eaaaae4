"""An Official Account in use: through its adapter to the simulated WeChat, and back through its callback."""

from typing import Any

import pytest
from tests.support.tencent import APP, a_desk, a_message
from tests.support.tencent_live import Brand

from fanwheel.domains.private.channels.contracts import (
    Address,
    Button,
    Card,
    Choices,
    Entered,
    Followed,
    Granted,
    Media,
    Message,
    Native,
    Outgoing,
    Receipt,
    Tapped,
    Template,
    Text,
    Unfollowed,
)
from fanwheel.domains.private.channels.errors import (
    ForgedError,
    RecipientGoneError,
    RefusedError,
    SendError,
    WindowClosedError,
)
from fanwheel.entrypoints.simulator import Simulator

MENU = {"button": [{"type": "click", "name": "今日活动", "key": "menu:1:a"}]}


# ---------------------------------------------------------------- coming in
def test_callback_is_verified_when_the_account_is_entered(brand: Brand) -> None:
    assert brand.connect() == {"is_verified": True}
    assert brand.connect(token="somebodyElses") == {"is_verified": False}


@pytest.mark.parametrize("mode", ["safe", "plain"])
def test_everything_that_people_do_comes_in(simulator: Simulator, brand: Brand, mode: str) -> None:
    with a_desk("wechat", f"{simulator.url}/wechat", mode=mode) as desk:
        desk.clock.now = brand.desk.clock.now
        brand.connect(mode=mode, callback_url=desk.url)
        brand.do("follow", scene="c_1")
        brand.do("write", text="你好")
        brand.do("choose", choice="good", label="很好")
        brand.do("scan", scene="c_2")
        brand.do("tap", key="menu:1:a")
        brand.do("view", url="https://x/")
        brand.do("tick", template="t1")
        brand.do("unfollow")

        kinds = [type(happening) for happening in desk.heard]
        assert kinds == [Followed, Message, Message, Entered, Tapped, Tapped, Granted, Unfollowed]
        assert {happening.sender for happening in desk.heard} == {Address("openid", f"{APP}:oAna")}
        assert not desk.refused


def test_message_is_asked_for_three_times_and_known_again(brand: Brand) -> None:
    brand.desk.statuses = [500, 503]

    assert brand.do("write", text="hi")["attempts"] == 3
    assert len(brand.desk.requests) - 1 == 3  # the first was the question on entering
    assert len(brand.desk.heard) == 1


def test_doubled_and_overtaken_messages_keep_their_keys(brand: Brand) -> None:
    brand.simulator.set_faults("wechat", duplicate=0.5, reorder=0.5)
    for number in range(20):
        brand.do("write", text=str(number))
    brand.simulator.set_faults("wechat")
    brand.do("write", text="last")

    said = {happening.key: happening.parts[0].text for happening in brand.desk.heard if isinstance(happening, Message)}
    assert len(brand.desk.heard) > len(said)
    assert set(said.values()) == {*map(str, range(20)), "last"}


@pytest.mark.parametrize("mode", ["safe", "plain"])
def test_answer_within_the_callback_reaches_the_person(simulator: Simulator, brand: Brand, mode: str) -> None:
    with a_desk("wechat", f"{simulator.url}/wechat", mode=mode) as desk:
        brand.connect(mode=mode, callback_url=desk.url)
        desk.answer = a_message("oAna", "马上回复您")
        brand.do("write", text="在吗")

        (said,) = brand.said()
        assert (said["Content"], said["is_passive"]) == ("马上回复您", True)
        assert not brand.wechat.violations


def test_forged_callback_is_refused(brand: Brand) -> None:
    brand.connect(token="somebodyElses")

    brand.do("write", text="I am WeChat")

    assert not brand.desk.heard
    assert {type(error) for error in brand.desk.refused} == {ForgedError}


# ---------------------------------------------------------------- going out
@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("hi", {"msgtype": "text", "text": {"content": "hi"}}),
        (Media("image", platform_id="known"), {"msgtype": "image", "image": {"media_id": "known"}}),
        (
            Media("image", url="https://x/a.png", text="Ours"),
            {"msgtype": "news", "news": {"articles": [
                {"title": "Ours", "url": "https://x/a.png", "picurl": "https://x/a.png"}]}},
        ),
        (Media("file", url="https://x/a.pdf", name="a.pdf"), {"msgtype": "text", "text": {"content": "a.pdf\nhttps://x/a.pdf"}}),
        (
            Card("T", "D", image_url="https://i", url="https://u"),
            {"msgtype": "news", "news": {"articles": [
                {"title": "T", "description": "D", "url": "https://u", "picurl": "https://i"}]}},
        ),
        (
            Choices("满意吗？", (Button("很好", "reply", "good"), Button("不好", "key", "bad")), tail="谢谢"),
            {"msgtype": "msgmenu", "msgmenu": {
                "head_content": "满意吗？", "tail_content": "谢谢",
                "list": [{"id": "good", "content": "很好"}, {"id": "bad", "content": "不好"}]}},
        ),
        (
            Choices("Go", (Button("<Shop>", "url", "https://x/?a=1&b=2"),)),
            {"msgtype": "text", "text": {"content": 'Go\n<a href="https://x/?a=1&amp;b=2">&lt;Shop&gt;</a>'}},
        ),
        (Native({"msgtype": "wxcard", "wxcard": {"card_id": "1"}}), {"msgtype": "wxcard", "wxcard": {"card_id": "1"}}),
    ],
)  # fmt: skip
def test_every_kind_of_part_is_said(brand: Brand, part: Any, said: dict[str, Any]) -> None:
    brand.wechat.apps[APP].media["known"] = "image"
    brand.do("write", text="hi")

    brand.send(part)

    assert brand.said() == [{"touser": "oAna", **said}]


def test_file_of_the_library_is_uploaded_once(brand: Brand) -> None:
    brand.do("write", text="hi")

    brand.send(Media("image", media_id=7))
    brand.send(Media("image", media_id=7))

    assert brand.wechat.calls["/cgi-bin/media/upload"] == 1
    assert len({said["image"]["media_id"] for said in brand.said()}) == 1


def test_texts_that_follow_one_another_are_one_message(brand: Brand) -> None:
    brand.do("write", text="hi")

    brand.send("one", "two", Card("T", url="https://u"))

    assert [said["msgtype"] for said in brand.said()] == ["text", "news"]


def test_five_messages_are_allowed_in_two_days(brand: Brand) -> None:
    brand.do("write", text="hi")
    for _ in range(5):
        brand.send("yes")

    with pytest.raises(WindowClosedError) as refused:
        brand.send("one more")
    assert refused.value.platform_code == "45047"

    brand.do("write", text="again")
    brand.desk.clock.go(hours=48, minutes=1)
    with pytest.raises(WindowClosedError) as refused:
        brand.send("too late")
    assert refused.value.platform_code == "45015"
    assert brand.wechat.violations == {"count": 1, "window": 1}


@pytest.mark.parametrize(("verb", "args"), [("follow", {}), ("tap", {"key": "a"}), ("scan", {"scene": "c"})])
def test_three_messages_are_allowed_in_the_minute_after_a_tap(brand: Brand, verb: str, args: dict[str, Any]) -> None:
    brand.do(verb, **args)
    for _ in range(3):
        brand.send("hi")

    with pytest.raises(WindowClosedError):
        brand.send("one more")
    brand.do(verb, **args)
    brand.desk.clock.go(seconds=61)
    with pytest.raises(WindowClosedError):
        brand.send("too late")


def test_page_opened_from_the_menu_allows_nothing(brand: Brand) -> None:
    brand.do("view", url="https://x/")

    with pytest.raises(WindowClosedError):
        brand.send("hi")
    assert [happening.is_view for happening in brand.desk.heard if isinstance(happening, Tapped)] == [True]


def test_template_comes_back_as_a_receipt(brand: Brand) -> None:
    brand.do("follow")

    sent = brand.send(Template("tpl", values={"first": "Hi"}, url="https://u"), purpose="transactional")
    brand.settle()

    (receipt,) = [happening for happening in brand.desk.heard if isinstance(happening, Receipt)]
    assert (receipt.platform_id, receipt.state) == (sent.platform_id, "delivered")
    assert brand.said()[0]["data"] == {"first": {"value": "Hi"}}


def test_same_template_message_goes_out_once(brand: Brand) -> None:
    brand.do("follow")

    brand.send(Template("tpl"), key="fw-1-9")
    brand.send(Template("tpl"), key="fw-1-9")

    assert len(brand.said()) == 1


def test_subscription_message_uses_up_a_tick(brand: Brand) -> None:
    brand.do("tick", template="t1")
    message = Template("subscription:t1", values={"thing1": "Hi"})

    brand.send(message)
    with pytest.raises(WindowClosedError) as refused:
        brand.send(message)
    brand.settle()

    assert refused.value.platform_code == "43101"
    assert [happening.state for happening in brand.desk.heard if isinstance(happening, Receipt)] == ["delivered"]


def test_mini_program_opens_from_template_and_subscription(simulator: Simulator, brand: Brand) -> None:
    with a_desk("wechat", f"{simulator.url}/wechat", mini_program_id="wxmini") as desk:
        brand.do("follow")
        brand.do("tick", template="t1")
        for name in ("tpl", "subscription:t1"):
            desk.send("oAna", Template(name, page="pages/order"))

    program = {"appid": "wxmini", "pagepath": "pages/order"}
    assert [said["miniprogram"] for said in brand.said()] == [program, program]


def test_typing_is_shown(brand: Brand) -> None:
    brand.do("write", text="hi")

    brand.desk.run(brand.desk.adapter.typing(a_message("oAna", "…")))

    assert brand.wechat.calls["/cgi-bin/message/custom/typing"] == 1


@pytest.mark.parametrize(
    ("to", "error"),
    [
        (Address("openid", f"{APP}:oNobody"), RecipientGoneError),
        (Address("openid", "wxother:oAna"), RecipientGoneError),
        (Address("email", "a@example.com"), RecipientGoneError),
    ],
)
def test_stranger_is_not_reached(brand: Brand, to: Address, error: type[SendError]) -> None:
    message = Outgoing(key="k", to=to, parts=(Text("hi"),), purpose="service")

    with pytest.raises(error):
        brand.desk.run(brand.desk.adapter.send(message))


def test_part_that_wechat_has_nothing_for_is_refused_before_anything_is_sent(brand: Brand) -> None:
    brand.do("write", text="hi")

    with pytest.raises(RefusedError):
        brand.send("first", Media("image", url="https://x"), "长" * 683)
    assert not brand.said()

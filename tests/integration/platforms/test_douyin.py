"""Douyin there and back: answers, windows, quotas, tokens and faults."""

from collections.abc import Iterator

import pytest
from tests.support.channels import Clock, Desk

from fanwheel.domains.private.channels.contracts import (
    Button,
    Card,
    Choices,
    Commented,
    Entered,
    Lead,
    Media,
    Message,
    Native,
    Template,
    Text,
)
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    QuotaUsedUpError,
    RefusedError,
    UnavailableError,
    UnclearError,
    WindowClosedError,
)
from fanwheel.domains.private.douyin import Douyin
from fanwheel.entrypoints.simulator import Simulator

APP = {"client_key": "awkey123", "client_secret": "s3cret", "open_id": "brand", "refresh_token": "rft.0"}
ANA = "ana-open-id"


@pytest.fixture
def desk(simulator: Simulator, clock: Clock) -> Iterator[Desk]:
    settings = {"client_key": APP["client_key"], "open_id": APP["open_id"], "base_url": f"{simulator.url}/douyin"}
    secrets = {"client_secret": APP["client_secret"], "refresh_token": APP["refresh_token"]}
    with Desk(Douyin, settings, secrets, clock=clock).hooked() as desk:
        assert simulator.do("douyin", "connect", callback_url=desk.callback_url, **APP) == {"is_verified": True}
        yield desk


def write(simulator: Simulator, desk: Desk, text: str = "多少钱", **more: object) -> Message:
    simulator.do("douyin", "write", client_key=APP["client_key"], person=ANA, text=text, **more)
    message = desk.heard[-1]
    assert isinstance(message, Message)
    return message


def test_an_answer_arrives(simulator: Simulator, desk: Desk) -> None:
    asked = write(simulator, desk)

    sent = desk.send(ANA, "19 元", "包邮", context=asked.context)

    (taken,) = simulator.platform("douyin").sent_to(ANA)
    assert taken.what == {"msg_type": 1, "text": {"text": "19 元\n\n包邮"}}
    assert sent.platform_id == taken.platform_id


def test_every_part_has_its_own_form(simulator: Simulator, desk: Desk) -> None:
    asked = write(simulator, desk)
    parts = [
        Media("image", media_id=1),
        Card("留资", about="lead", about_id="@card"),
        Media("video", platform_id="@v"),
        Choices("要吗？", (Button("要", "reply", "y"),)),
        Native({"msg_type": 12, "auth_private_message_card": {}}),
    ]

    desk.send(ANA, *parts, context=asked.context)

    taken = [each.what for each in simulator.platform("douyin").sent_to(ANA)]
    assert [each["msg_type"] for each in taken] == [2, 8, 3, 1, 12]
    assert taken[3]["text"]["text"] == "要吗？\n要"


def test_an_answer_to_nobody_s_message_is_refused(simulator: Simulator, desk: Desk) -> None:
    asked = write(simulator, desk)

    with pytest.raises(WindowClosedError):
        desk.send("ben-open-id", "Hi", context=asked.context)
    with pytest.raises(WindowClosedError):
        desk.send(ANA, "Hi", context={})
    assert simulator.platform("douyin").violations == {"wrong_context": 1}


def test_the_window_closes_after_a_day(simulator: Simulator, desk: Desk, clock: Clock) -> None:
    asked = write(simulator, desk)
    clock.go(hours=24)

    with pytest.raises(WindowClosedError):
        desk.send(ANA, "Hi", context=asked.context)


def test_the_quota_of_a_message_is_used_up(simulator: Simulator, desk: Desk) -> None:
    asked = write(simulator, desk)
    for number in range(6):
        desk.send(ANA, str(number), context=asked.context)

    with pytest.raises(QuotaUsedUpError):
        desk.send(ANA, "7", context=asked.context)


def test_somebody_who_enters_from_an_ad_can_be_greeted_for_a_moment(
    simulator: Simulator, desk: Desk, clock: Clock
) -> None:
    simulator.do("douyin", "enter", client_key=APP["client_key"], person=ANA, ad={"ad_id": 7, "adv_id": 8})
    entered = desk.heard[-1]
    assert isinstance(entered, Entered)

    desk.send(ANA, "欢迎", context=entered.context)
    clock.go(seconds=31)

    assert entered.origin == {"ad_id": "7", "adv_id": "8"}
    with pytest.raises(WindowClosedError):
        desk.send(ANA, "还在吗", context=entered.context)


def test_whoever_granted_it_is_greeted_three_times_a_day(simulator: Simulator, desk: Desk) -> None:
    greeting = Template("douyin_authorized", values={"text": "早"})
    card = Template("douyin_authorized", values={"card_template_id": "@t"}, page="pages/index")
    with pytest.raises(WindowClosedError):
        desk.send(ANA, greeting)
    simulator.do("douyin", "authorize", client_key=APP["client_key"], person=ANA)

    for part in (greeting, greeting, card):
        desk.send(ANA, part)

    with pytest.raises(QuotaUsedUpError):
        desk.send(ANA, greeting)
    assert [each.what["msg_type"] for each in simulator.platform("douyin").sent_to(ANA)] == [1, 1, 10]


def test_nobody_is_addressed_in_free_words(simulator: Simulator, desk: Desk) -> None:
    simulator.do("douyin", "authorize", client_key=APP["client_key"], person=ANA)

    with pytest.raises(WindowClosedError):
        desk.send(ANA, "早")
    assert simulator.platform("douyin").violations == {}


def test_a_comment_is_answered_below_the_video(simulator: Simulator, desk: Desk) -> None:
    simulator.do("douyin", "comment", client_key=APP["client_key"], person=ANA, text="哪里买")
    comment = desk.heard[-1]
    assert isinstance(comment, Commented)

    desk.send(ANA, "私信我", context=comment.context)

    (taken,) = simulator.platform("douyin").sent_to(comment.comment)
    assert taken.what == {"comment": "私信我"}


def test_a_filled_in_card_is_a_lead(simulator: Simulator, desk: Desk) -> None:
    simulator.do("douyin", "lead", client_key=APP["client_key"], person=ANA, fields={"手机号": "13800000000"})

    assert isinstance(desk.heard[-1], Lead)
    assert desk.heard[-1].fields == {"手机号": "13800000000"}


def test_our_own_messages_come_back_as_echoes(simulator: Simulator, desk: Desk) -> None:
    asked = write(simulator, desk)
    simulator.platform("douyin").has_echoes = True

    sent = desk.send(ANA, "在", context=asked.context)

    echo = desk.heard[-1]
    assert isinstance(echo, Message)
    assert echo.is_echo
    assert echo.context["platform_id"] == sent.platform_id


def test_a_token_that_ended_early_is_fetched_again(simulator: Simulator, desk: Desk) -> None:
    asked = write(simulator, desk)
    desk.send(ANA, "1", context=asked.context)
    simulator.platform("douyin").expire_tokens()

    desk.send(ANA, "2", context=asked.context)

    assert desk.fetched == ["access", "access"]
    assert len(simulator.platform("douyin").sent_to(ANA)) == 2


def test_a_refresh_token_that_ends_soon_is_renewed_and_kept(simulator: Simulator, desk: Desk) -> None:
    simulator.platform("douyin").refresh_lasts_s = 3600
    asked = write(simulator, desk)

    desk.send(ANA, "1", context=asked.context)

    assert desk.secrets["refresh_token"] == simulator.platform("douyin").refresh_tokens[APP["client_key"]] != "rft.0"


def test_a_refused_account_is_told(simulator: Simulator, desk: Desk) -> None:
    desk.secrets["refresh_token"] = "another"
    asked = write(simulator, desk)

    with pytest.raises(BadAccountError):
        desk.send(ANA, "1", context=asked.context)
    assert not desk.run(lambda adapter: adapter.check()).is_fine


def test_the_connection_test_names_the_account(desk: Desk) -> None:
    check = desk.run(lambda adapter: adapter.check())

    assert check.is_fine
    assert check.facts == {"name": "品牌"}


def test_a_lost_answer_leaves_open_whether_it_was_taken(simulator: Simulator, desk: Desk) -> None:
    asked = write(simulator, desk)
    desk.send(ANA, "1", context=asked.context)
    simulator.set_faults("douyin", drop_answer=1.0, only="/im/send")

    with pytest.raises(UnclearError):
        desk.send(ANA, "2", context=asked.context)
    assert len(simulator.platform("douyin").sent_to(ANA)) == 2


def test_a_lost_answer_before_the_message_leaves_nothing_open(simulator: Simulator, desk: Desk) -> None:
    asked = write(simulator, desk)
    simulator.set_faults("douyin", drop_answer=1.0, only="/oauth/")

    with pytest.raises(UnavailableError):
        desk.send(ANA, "1", context=asked.context)


def test_a_second_part_that_fails_leaves_the_message_open(simulator: Simulator, desk: Desk) -> None:
    asked = write(simulator, desk)
    for number in range(5):
        desk.send(ANA, str(number), context=asked.context)

    with pytest.raises(UnclearError, match="Part 2 of 2"):
        desk.send(ANA, "6", Card("留资", about="lead", about_id="@card"), context=asked.context)


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (Text("x" * 1001), "Part 1: the text has 1,001 characters"),
        (Media("image", url="https://x/i.png"), "media library"),
        (Media("video", media_id=1), "own videos"),
        (Media("voice", media_id=1), "cannot send"),
        (Card("x", about="lead"), "number"),
        (Native({}), "msg_type"),
    ],
)
def test_what_douyin_would_not_take_is_not_sent(simulator: Simulator, desk: Desk, part: object, told: str) -> None:
    with pytest.raises(RefusedError, match=told):
        desk.send(ANA, part, context={"scene": "im_reply_msg"})  # type: ignore[arg-type]
    assert simulator.platform("douyin").taken == 0


def test_repeated_and_disordered_callbacks_are_known_by_their_names(simulator: Simulator, desk: Desk) -> None:
    simulator.set_faults("douyin", duplicate=1.0, reorder=0.5)

    for number in range(10):
        simulator.do("douyin", "write", client_key=APP["client_key"], person=ANA, text=str(number))
    simulator.set_faults("douyin")
    write(simulator, desk, "last")

    said = {
        part.text for each in desk.heard if isinstance(each, Message) for part in each.parts if isinstance(part, Text)
    }
    assert said == {*map(str, range(10)), "last"}
    assert len(desk.heard) == 11


def test_an_account_of_other_keys_refuses_what_comes(simulator: Simulator, desk: Desk) -> None:
    desk.secrets["client_secret"] = "changed"

    told = simulator.do("douyin", "follow", client_key=APP["client_key"], person=ANA)

    assert told["status"] == 403
    assert desk.heard == []
    with pytest.raises(BadAccountError):  # pictures need the secret too
        desk.send(ANA, Media("image", media_id=1), context={"scene": "im_reply_msg"})

"""WeCom in use: through its adapter to the simulated platform, and back through its callback."""

from typing import Any

import pytest
from tests.support.tencent import CORP, a_message
from tests.support.tencent_live import KIND, Corp

from fanwheel.domains.private.channels.contracts import (
    Address,
    Card,
    Followed,
    InGroup,
    Media,
    Outgoing,
    Sent,
    Text,
    Unfollowed,
)
from fanwheel.domains.private.channels.errors import (
    RecipientGoneError,
    RefusedError,
    SendError,
    ThrottledError,
    WindowClosedError,
)


# ---------------------------------------------------------------- coming in
def test_callback_is_verified_by_what_it_opens(corp: Corp) -> None:
    assert corp.connect() == {"is_verified": True}
    assert corp.connect(token="somebodyElses") == {"is_verified": False}


def test_everything_that_customers_do_comes_in(corp: Corp) -> None:
    corp.do("add", state="c_1", staff="lisi")
    corp.do("join_group", chat="wr1")
    corp.do("leave_group", chat="wr1")
    corp.do("leave", staff="lisi")
    corp.do("add", is_half=True)
    corp.do("remove")

    kinds = [type(happening) for happening in corp.desk.heard]
    assert kinds == [Followed, InGroup, InGroup, Unfollowed, Followed, Unfollowed]
    assert len(set(corp.desk.keys)) == 6
    assert not corp.desk.refused


# ---------------------------------------------------------------- welcomes
def test_welcome_goes_out_once_and_in_time(corp: Corp) -> None:
    corp.do("add", state="c_1")

    sent = corp.answer("欢迎", Media("image", media_id=3), Card("商城", "新人券", url="https://x"))
    with pytest.raises(WindowClosedError) as refused:
        corp.answer("欢迎")

    assert sent == Sent(None)
    assert refused.value.platform_code == "41051"
    (said,) = corp.said()
    assert said["text"] == {"content": "欢迎"}
    assert [one["msgtype"] for one in said["attachments"]] == ["image", "link"]


def test_welcome_that_comes_too_late_is_not_even_tried(corp: Corp) -> None:
    corp.do("add")
    corp.desk.clock.go(seconds=21)

    with pytest.raises(WindowClosedError):
        corp.answer("欢迎")
    assert not corp.wecom.violations
    assert not corp.wecom.calls["/cgi-bin/externalcontact/send_welcome_msg"]


# ---------------------------------------------------------------- tasks
def test_message_is_a_task_until_staff_confirm_it(corp: Corp) -> None:
    corp.do("add")

    sent = corp.send("双十一预告")
    before = corp.follow_up(sent)
    corp.confirm(str(sent.platform_id))
    (receipt,) = corp.follow_up(sent)

    assert (sent.state, before) == ("task", [])
    assert (receipt.platform_id, receipt.state, receipt.sender) == (
        sent.platform_id,
        "confirmed",
        Address(KIND, "wmAna"),
    )
    assert [said["text"] for said in corp.said()] == [{"content": "双十一预告"}]


def test_same_words_for_many_are_one_task(corp: Corp) -> None:
    people = [f"wm{number}" for number in range(12)]
    for person in people:
        corp.do("add", person)
    messages = [a_message(person, "大促", kind=KIND, key=person) for person in (*people, "wmStranger")]

    outcomes = corp.desk.run(corp.desk.adapter.send_together([*messages, a_message("wm0", "others", kind=KIND)]))

    sent = [outcome for outcome in outcomes if isinstance(outcome, Sent)]
    assert [type(outcome) for outcome in outcomes] == [*[Sent] * 12, RefusedError, Sent]
    assert len({one.platform_id for one in sent}) == 13
    assert corp.wecom.calls["/cgi-bin/externalcontact/add_msg_template"] == 2


def test_staff_who_are_named_must_confirm(corp: Corp) -> None:
    corp.do("add", staff="lisi")

    sent = corp.send("hi", staff="lisi")
    corp.confirm(str(sent.platform_id), "zhangsan")
    waiting = corp.follow_up(sent)
    corp.confirm(str(sent.platform_id), "lisi")

    assert not waiting
    assert [receipt.state for receipt in corp.follow_up(sent)] == ["confirmed"]


def test_customer_who_left_before_the_confirmation_was_not_reached(corp: Corp) -> None:
    corp.do("add")
    sent = corp.send("hi")
    corp.do("leave")
    corp.confirm(str(sent.platform_id))

    (receipt,) = corp.follow_up(sent)
    assert (receipt.state, receipt.is_permanent, receipt.detail) == ("failed", True, "not_in_contact")


def test_month_has_as_many_messages_as_days(corp: Corp) -> None:
    corp.do("add")
    corp.wecom.apps[CORP].customers["wmAna"].sent_in["2026-11"] = 30

    sent = corp.send("hi")
    corp.confirm(str(sent.platform_id))

    (receipt,) = corp.follow_up(sent)
    assert (receipt.state, receipt.detail) == ("failed", "had_another_message")


def test_results_of_thousands_are_read_page_by_page(corp: Corp) -> None:
    people = [f"wm{number}" for number in range(2_500)]
    corp.simulator.do("wecom", "know", id=CORP, people=people)
    outcomes = corp.desk.run(
        corp.desk.adapter.send_together([a_message(person, "大促", kind=KIND, key=person) for person in people])
    )
    corp.confirm(str(outcomes[0].platform_id))

    receipts = corp.follow_up(*outcomes)
    assert {receipt.platform_id for receipt in receipts} == {one.platform_id for one in outcomes}
    assert corp.wecom.calls["/cgi-bin/externalcontact/get_groupmsg_send_result"] == 3


def test_task_can_be_called_to_mind_three_times_a_day(corp: Corp) -> None:
    corp.do("add")
    sent = corp.send("hi")
    for _ in range(3):
        corp.desk.run(corp.desk.adapter.remind(sent.platform_id))

    with pytest.raises(ThrottledError):
        corp.desk.run(corp.desk.adapter.remind(sent.platform_id))


@pytest.mark.parametrize("parts", [("x" * 4001,), tuple(Card("T", url="https://x") for _ in range(10)), ("",)])
def test_what_wecom_does_not_take_is_refused_before_it_is_sent(corp: Corp, parts: tuple[Any, ...]) -> None:
    corp.do("add")

    with pytest.raises(RefusedError):
        corp.send(*parts)
    assert not corp.wecom.calls["/cgi-bin/externalcontact/add_msg_template"]


@pytest.mark.parametrize(
    ("to", "error"), [(Address(KIND, "wmStranger"), SendError), (Address("email", "a@example.com"), RecipientGoneError)]
)
def test_stranger_is_not_reached(corp: Corp, to: Address, error: type[SendError]) -> None:
    with pytest.raises(error):
        corp.desk.run(corp.desk.adapter.send(Outgoing(key="k", to=to, parts=(Text("hi"),), purpose="service")))

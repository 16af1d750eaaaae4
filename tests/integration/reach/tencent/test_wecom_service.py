"""WeCom's customer service, live codes, people, tags and tokens."""

import pytest
from tests.support.tencent import CORP
from tests.support.tencent_live import KIND, Corp

from fanwheel.domains.private.channels.abilities import CodeWish
from fanwheel.domains.private.channels.contracts import (
    Address,
    Button,
    Choices,
    Entered,
    Followed,
    Message,
    Receipt,
    Text,
)
from fanwheel.domains.private.channels.errors import (
    RefusedError,
    UnclearError,
    WindowClosedError,
)


# ---------------------------------------------------------------- customer service
def test_talk_with_customer_service_goes_both_ways(corp: Corp) -> None:
    corp.do("write", text="在吗")
    sent = corp.answer(
        "在的", Choices("要什么？", (Button("订单", "reply", "menu:1:a"), Button("官网", "url", "https://x")))
    )
    corp.do("write", text="订单", choice="menu:1:a")
    corp.do("answer", text="人工在", staff="zhangsan")

    said = [happening for happening in corp.desk.heard if isinstance(happening, Message)]
    latest = {one.key: one for one in said}.values()
    assert [(one.parts[0], one.is_echo) for one in latest] == [
        (Text("在吗"), False),
        (Text("订单"), False),
        (Text("人工在"), True),
    ]
    assert [one.context.get("choice") for one in latest] == [None, "menu:1:a", None]
    assert [one["msgtype"] for one in corp.said()] == ["text", "msgmenu"]
    assert sent.platform_id == corp.said()[1]["msgid"]


def test_five_service_messages_are_allowed_in_two_days(corp: Corp) -> None:
    corp.do("write", text="hi")
    for number in range(5):
        corp.answer("yes", key=f"fw-1-{number}")

    with pytest.raises(WindowClosedError) as refused:
        corp.answer("one more", key="fw-1-5")
    assert refused.value.platform_code == "95001"

    corp.do("write", text="again")
    corp.desk.clock.go(hours=49)
    with pytest.raises(WindowClosedError) as refused:
        corp.answer("too late", key="fw-1-6")
    assert refused.value.platform_code == "95002"


def test_same_service_message_goes_out_once(corp: Corp) -> None:
    corp.do("write", text="hi")
    corp.answer("yes", key="fw-1-1")

    with pytest.raises(RefusedError):
        corp.answer("yes", key="fw-1-1")
    assert len(corp.said()) == 1


def test_whoever_enters_is_greeted_once_and_in_time(corp: Corp) -> None:
    corp.do("enter", scene="qr")

    corp.answer(Choices("您好", (Button("订单", "reply", "a"),)))
    corp.do("enter", scene="qr")
    corp.desk.clock.go(seconds=21)
    with pytest.raises(WindowClosedError):
        corp.answer("late")

    assert [one["msgtype"] for one in corp.said()] == ["msgmenu"]
    assert [one.scene for one in corp.desk.heard if isinstance(one, Entered)][-1] == "qr"


def test_nothing_that_was_said_is_missed_when_storing_fails(corp: Corp) -> None:
    corp.do("write", text="first")
    corp.desk.heard.clear()  # as if the transaction had been rolled back
    corp.do("write", text="second")

    assert {one.parts[0] for one in corp.desk.heard if isinstance(one, Message)} == {Text("first"), Text("second")}


def test_old_talk_is_not_fetched_for_ever(corp: Corp) -> None:
    corp.do("write", text="first")
    for text in ("second", "third"):
        corp.desk.clock.go(minutes=6)
        corp.do("write", text=text)
    corp.desk.heard.clear()
    corp.desk.clock.go(minutes=6)
    corp.do("write", text="fourth")

    assert Text("first") not in {one.parts[0] for one in corp.desk.heard if isinstance(one, Message)}


def test_message_that_the_person_refused_comes_back_as_a_receipt(corp: Corp) -> None:
    corp.do("write", text="hi")
    sent = corp.answer("yes")
    corp.do("refuse", message=sent.platform_id)

    (receipt,) = [one for one in corp.desk.heard if isinstance(one, Receipt)]
    assert (receipt.platform_id, receipt.state) == (sent.platform_id, "refused")


# ---------------------------------------------------------------- codes, people, tags
def test_customer_by_a_live_code_brings_its_state(corp: Corp) -> None:
    code = corp.desk.run(corp.desk.adapter.make_code(CodeWish("c_42", name="门店", staff=("zhangsan", "lisi"))))
    corp.do("add", config_id=code.platform_id)
    corp.desk.run(corp.desk.adapter.drop_code(code.platform_id))

    assert [one.scene for one in corp.desk.heard if isinstance(one, Followed)] == ["c_42"]
    assert code.image_url.endswith(code.platform_id)
    with pytest.raises(RefusedError):
        corp.desk.run(corp.desk.adapter.drop_code(code.platform_id))


@pytest.mark.parametrize(
    "wish", [CodeWish("x" * 31), CodeWish(""), CodeWish("c", lasts_s=3600, staff=("zhangsan", "lisi"))]
)
def test_code_that_wecom_cannot_make_is_refused(corp: Corp, wish: CodeWish) -> None:
    with pytest.raises(RefusedError):
        corp.desk.run(corp.desk.adapter.make_code(wish))


def test_temporary_code_says_when_it_ends(corp: Corp) -> None:
    code = corp.desk.run(corp.desk.adapter.make_code(CodeWish("c", lasts_s=3600)))

    assert (code.expires_at - corp.desk.clock.now).total_seconds() == 3600


def test_customer_is_recognized_and_found_by_their_unionid(corp: Corp) -> None:
    corp.do("add", unionid="oUnion", state="c_1")

    known = corp.desk.run(corp.desk.adapter.recognize(Address(KIND, "wmAna")))

    assert known.others == (Address("unionid", "oUnion"),)
    assert known.profile["followed_by"][0]["state"] == "c_1"
    assert corp.desk.run(corp.desk.adapter.find_by_unionid("oUnion", "oAna")) == Address(KIND, "wmAna")
    assert corp.desk.run(corp.desk.adapter.find_by_unionid("oOther", "oAna")) is None


def test_tags_are_made_listed_and_put_on_customers(corp: Corp) -> None:
    adapter, run = corp.desk.adapter, corp.desk.run
    corp.do("add")

    first, second = run(adapter.add_tags("等级", ["金卡", "银卡"]))
    run(adapter.mark(Address(KIND, "wmAna"), "zhangsan", add=[first.platform_id, second.platform_id]))
    run(adapter.mark(Address(KIND, "wmAna"), "zhangsan", remove=[second.platform_id]))

    assert run(adapter.list_tags()) == [first, second]
    known = run(adapter.recognize(Address(KIND, "wmAna")))
    assert known.profile["followed_by"][0]["tags"] == [first.platform_id]
    with pytest.raises(RefusedError, match="no longer in contact"):  # with this one of the staff
        run(adapter.mark(Address(KIND, "wmAna"), "lisi", add=[first.platform_id]))


# ---------------------------------------------------------------- tokens and faults
@pytest.mark.parametrize("is_replaced", [True, False])
def test_refused_token_is_fetched_anew_once(corp: Corp, is_replaced: bool) -> None:
    corp.do("add")
    corp.send("one")
    corp.simulator.do("wecom", "expire_token", id=CORP, is_replaced=is_replaced)

    corp.send("two")

    assert corp.wecom.calls["/cgi-bin/gettoken"] == 2


def test_account_passes_its_check_or_says_what_is_wrong(corp: Corp) -> None:
    fine = corp.desk.run(corp.desk.adapter.check())
    corp.connect(secret="another")
    corp.desk.safe.kept.clear()
    wrong = corp.desk.run(corp.desk.adapter.check())

    assert (fine.is_fine, fine.facts["staff"]) == (True, "zhangsan, lisi")
    assert (wrong.is_fine, wrong.message) == (False, "WeCom refuses the secret.")


def test_lost_answer_may_have_gone_out(corp: Corp) -> None:
    corp.do("add")
    corp.send("first")
    corp.simulator.set_faults("wecom", drop_answer=1.0)

    with pytest.raises(UnclearError):
        corp.send("second")


def test_welcome_is_not_lost_to_a_callback_that_fails(corp: Corp) -> None:
    corp.desk.statuses = [500, 500]
    corp.do("add")

    corp.answer("欢迎")

    assert [said["text"] for said in corp.said()] == [{"content": "欢迎"}]

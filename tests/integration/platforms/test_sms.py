"""Text messages there and back: Twilio's interface, and a provider that the operator described."""

from collections.abc import Iterator

import pytest
from tests.support.channels import Clock, Desk

from fanwheel.domains.private.channels.contracts import Followed, Receipt, Unfollowed
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RecipientGoneError,
    RefusedError,
    ThrottledError,
    UnclearError,
)
from fanwheel.domains.private.sms import Sms
from fanwheel.entrypoints.simulator import Simulator

ANA = "+8613800000000"
PATTERN = '{"account": "shop", "pwd": "{{password}}", "mobile": "{{phone_national}}", "content": "{{text}}"}'


@pytest.fixture
def desk(simulator: Simulator, clock: Clock) -> Iterator[Desk]:
    settings = {"account_sid": "AC1", "sender": "+15550100", "base_url": f"{simulator.url}/sms"}
    with Desk(Sms, settings, {"auth_token": "t0ken"}, clock=clock).hooked() as desk:
        simulator.do("sms", "connect", account="AC1", auth_token="t0ken", callback_url=desk.callback_url)
        yield desk


@pytest.fixture
def plain(simulator: Simulator, clock: Clock) -> Iterator[Desk]:
    settings = {
        "provider": "http",
        "request_url": f"{simulator.url}/sms/plain/send",
        "body": PATTERN,
        "success_path": "code",
        "success_value": "0",
        "id_path": "data.msgid",
        "gone_values": "301",
        "throttled_values": "401",
        "signature": "品牌",
        "list_path": "list",
        "from_path": "mobile",
        "text_path": "content",
        "report_id_path": "msgid",
        "report_state_path": "status",
        "delivered_values": "DELIVRD",
    }
    secrets = {"password": 'p"1', "callback_password": "c"}
    with Desk(Sms, settings, secrets, clock=clock).hooked() as desk:
        simulator.do("sms", "connect", account="shop", callback_url=desk.callback_url, **secrets)
        yield desk


def test_a_text_arrives_and_its_receipts_carry_our_name(simulator: Simulator, desk: Desk) -> None:
    sent = desk.send(ANA, "您的订单已发货", key="fw-1-2-x", purpose="transactional")
    simulator.do("sms", "report", account="AC1", message=sent.platform_id, state="delivered", person=ANA)

    (taken,) = simulator.platform("sms").sent_to(ANA)
    assert taken.what["Body"] == "您的订单已发货"
    (receipt,) = desk.heard
    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.message, receipt.platform_id) == ("delivered", "fw-1-2-x", sent.platform_id)


def test_marketing_breaks_no_rule(simulator: Simulator, desk: Desk, plain: Desk) -> None:
    desk.send(ANA, "全场八折优惠", purpose="marketing")
    plain.send(ANA, "全场八折优惠", purpose="marketing")

    assert simulator.platform("sms").violations == {}
    assert simulator.platform("sms").taken == 2


def test_whoever_refuses_is_gone(simulator: Simulator, desk: Desk) -> None:
    simulator.do("sms", "write", account="AC1", person=ANA, text="TD")

    with pytest.raises(RecipientGoneError):
        desk.send(ANA, "Hi")
    simulator.do("sms", "write", account="AC1", person=ANA, text="START")

    assert [type(each) for each in desk.heard if isinstance(each, Unfollowed | Followed)] == [Unfollowed, Followed]


def test_a_number_that_is_none_is_gone(desk: Desk) -> None:
    with pytest.raises(RecipientGoneError, match="21211") as raised:
        desk.send("+0013800000000000000", "Hi")

    assert "1380" not in str(raised.value)


def test_a_refused_login_is_the_account_s_fault(desk: Desk) -> None:
    desk.secrets["auth_token"] = "another"

    with pytest.raises(BadAccountError):
        desk.send(ANA, "Hi")
    assert not desk.run(lambda adapter: adapter.check()).is_fine


def test_an_account_that_is_not_filled_in_says_what_it_lacks(desk: Desk) -> None:
    desk.settings["sender"] = ""

    with pytest.raises(BadAccountError, match="sender"):
        desk.send(ANA, "Hi")


def test_the_connection_test_names_the_account(desk: Desk, plain: Desk) -> None:
    assert "Brand" in desk.run(lambda adapter: adapter.check()).message
    assert plain.run(lambda adapter: adapter.check()).is_fine
    plain.settings["body"] = "{{phon}}"
    assert not plain.run(lambda adapter: adapter.check()).is_fine


def test_a_lost_answer_leaves_open_whether_it_was_taken(simulator: Simulator, desk: Desk) -> None:
    simulator.set_faults("sms", drop_answer=1.0)

    with pytest.raises(UnclearError):
        desk.send(ANA, "Hi")
    assert simulator.platform("sms").taken == 1


# ---------------------------------------------------------------- another provider
def test_a_provider_that_was_described_is_spoken_to(simulator: Simulator, plain: Desk) -> None:
    sent = plain.send(ANA, '回复 "1" 确认\n谢谢')
    for state in ("DELIVRD", "UNDELIV"):
        simulator.do("sms", "report", account="shop", message=sent.platform_id, state=state, person=ANA)

    (taken,) = simulator.platform("sms").sent_to("13800000000")
    assert taken.what["content"] == '【品牌】回复 "1" 确认\n谢谢'
    assert [each.state for each in plain.heard if isinstance(each, Receipt)] == ["delivered", "failed"]


def test_its_refusals_are_read_by_the_operator_s_rule(simulator: Simulator, plain: Desk) -> None:
    simulator.do("sms", "write", account="shop", person="13800000000", text="退订")

    with pytest.raises(RecipientGoneError):
        plain.send(ANA, "Hi")
    plain.settings["signature"] = ""
    with pytest.raises(RefusedError, match="201"):
        plain.send(ANA, "Hi")
    plain.settings["throttled_values"] = "201"
    with pytest.raises(ThrottledError):
        plain.send(ANA, "Hi")
    plain.settings["success_path"] = "nowhere"
    with pytest.raises(UnclearError):
        plain.send(ANA, "Hi")


def test_success_may_be_a_piece_of_the_answer(plain: Desk) -> None:
    plain.settings |= {"success_path": "", "success_value": "提交成功"}

    plain.send(ANA, "Hi")

    plain.settings["signature"] = ""
    with pytest.raises(RefusedError):
        plain.send(ANA, "Hi")


def test_a_forged_callback_is_refused(simulator: Simulator, plain: Desk) -> None:
    plain.secrets["callback_password"] = "changed"

    told = simulator.do("sms", "write", account="shop", person=ANA, text="退订")

    assert told["status"] == 403
    assert plain.heard == []

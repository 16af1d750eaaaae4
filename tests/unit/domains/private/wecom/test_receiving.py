"""What WeCom's callbacks say, and which are not WeCom's."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests.support.tencent import APP, CORP, KEY, NOON, WORD, a_message, a_push, offline

from fanwheel.domains.private.channels.contracts import Address, Card, Followed, InGroup, Request, Unfollowed
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.tencent import Envelope
from fanwheel.domains.private.wecom import service

HEAD = (
    f"<ToUserName>{CORP}</ToUserName><FromUserName>sys</FromUserName><CreateTime>{int(NOON.timestamp())}</CreateTime>"
)
BOTH = "<UserID><![CDATA[zhangsan]]></UserID><ExternalUserID><![CDATA[wmAna]]></ExternalUserID>"
ANA = Address("wecom_external_userid", "wmAna")


def heard(body: str) -> Any:
    request = a_push(f"<xml>{HEAD}<MsgType>event</MsgType>{body}</xml>", receive_id=CORP)
    return asyncio.run(offline("wecom").receive(request)).happenings


def a_change(change: str, more: str = "") -> str:
    return f"<Event>change_external_contact</Event><ChangeType>{change}</ChangeType>{BOTH}{more}"


# ---------------------------------------------------------------- proof
def a_question(**changed: str) -> Request:
    stamp, nonce = str(int(NOON.timestamp())), "437374425"
    envelope = Envelope(token=WORD, encoding_aes_key=KEY, receive_id=CORP)
    sealed = envelope.seal(b"5927782489442352469", timestamp=stamp, nonce=nonce)
    query = {"msg_signature": sealed.signature, "timestamp": stamp, "nonce": nonce, "echostr": sealed.encrypted}
    return Request("GET", query | changed, {}, b"", NOON)


def test_question_is_answered_with_the_opened_word() -> None:
    assert asyncio.run(offline("wecom").receive(a_question())).answer.body == b"5927782489442352469"


@pytest.mark.parametrize(
    "changed", [{"msg_signature": "0" * 40}, {"echostr": "AAAA"}, {"echostr": ""}, {"timestamp": "1"}, {"nonce": "1"}]
)
def test_question_of_somebody_else_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(ForgedError):
        asyncio.run(offline("wecom").receive(a_question(**changed)))


@pytest.mark.parametrize(
    "changed",
    [
        {"is_sealed": False},
        {"receive_id": APP},
        {"at": NOON - timedelta(minutes=6)},
        {"msg_signature": "0" * 40},
    ],
)
def test_callback_of_somebody_else_is_refused(changed: dict[str, Any]) -> None:
    request = a_push(f"<xml>{HEAD}{a_change('del_follow_user')}</xml>", **({"receive_id": CORP} | changed))

    with pytest.raises(ForgedError):
        asyncio.run(offline("wecom").receive(request))


@pytest.mark.parametrize("body", ["<!DOCTYPE x><xml/>", "nonsense", ""])
def test_body_that_wecom_never_sends_is_refused(body: str) -> None:
    request = a_push("<xml/>", receive_id=CORP)._replace(body=body.encode())

    with pytest.raises(MalformedError):
        asyncio.run(offline("wecom").receive(request))


# ---------------------------------------------------------------- customers
@pytest.mark.parametrize("change", ["add_external_contact", "add_half_external_contact"])
def test_new_customer_brings_the_state_and_the_welcome_that_is_owed(change: str) -> None:
    (followed,) = heard(a_change(change, "<State>c_7</State><WelcomeCode>w1</WelcomeCode>"))

    assert isinstance(followed, Followed)
    assert (followed.sender, followed.scene) == (ANA, "c_7")
    until = (NOON + timedelta(seconds=20)).isoformat()
    assert followed.context == {"staff": "zhangsan", "welcome_code": "w1", "until": until}


def test_customer_welcomed_elsewhere_is_owed_nothing() -> None:
    (followed,) = heard(a_change("add_external_contact"))

    assert (followed.scene, followed.context) == ("", {"staff": "zhangsan"})


@pytest.mark.parametrize(("change", "by"), [("del_follow_user", "person"), ("del_external_contact", "staff")])
def test_parting_says_who_left(change: str, by: str) -> None:
    (left,) = heard(a_change(change))

    assert isinstance(left, Unfollowed)
    assert (left.sender, left.origin, left.must_erase) == (ANA, {"by": by, "staff": "zhangsan"}, False)


@pytest.mark.parametrize("change", ["edit_external_contact", "transfer_fail", "msg_audit_approved", "", "new_one"])
def test_what_changes_nothing_about_reaching_is_taken_and_left(change: str) -> None:
    assert not heard(a_change(change, "<FailReason>customer_refused</FailReason>"))


def test_customer_without_an_id_is_nobody() -> None:
    body = "<Event>change_external_contact</Event><ChangeType>add_external_contact</ChangeType>"

    assert not heard(body)


@pytest.mark.parametrize(("detail", "is_member"), [("add_member", True), ("del_member", False)])
def test_group_chats_tell_of_customers_and_not_of_staff(detail: str, is_member: bool) -> None:
    members = "<MemChangeList><Item>wmAna</Item><Item>lisi</Item><Item>wmBo</Item></MemChangeList>"
    more = f"<ChangeType>update</ChangeType><UpdateDetail>{detail}</UpdateDetail><JoinScene>3</JoinScene>{members}"
    found = heard(f"<Event>change_external_chat</Event><ChatId>wr1</ChatId>{more}")

    assert all(isinstance(one, InGroup) for one in found)
    assert [(one.sender.value, one.chat, one.is_member) for one in found] == [
        ("wmAna", "wr1", is_member),
        ("wmBo", "wr1", is_member),
    ]
    assert len({one.key for one in found}) == 2


@pytest.mark.parametrize("change", ["create", "dismiss", "update"])
def test_other_news_of_group_chats_are_taken_and_left(change: str) -> None:
    assert not heard(f"<Event>change_external_chat</Event><ChangeType>{change}</ChangeType><ChatId>wr1</ChatId>")


# ---------------------------------------------------------------- customer service
def a_talk(msgtype: str, body: dict[str, Any], **changed: Any) -> dict[str, Any]:
    common = {"msgid": "m1", "open_kfid": "wk1", "external_userid": "wmAna", "send_time": int(NOON.timestamp())}
    return {**common, "origin": 3, "msgtype": msgtype, msgtype: body, **changed}


@pytest.mark.parametrize(
    ("msgtype", "body", "kinds"),
    [
        ("text", {"content": "hi"}, ["Text"]),
        ("image", {"media_id": "m"}, ["Media"]),
        ("voice", {"media_id": "m"}, ["Media"]),
        ("video", {"media_id": "m"}, ["Media"]),
        ("file", {"media_id": "m"}, ["Media"]),
        ("location", {"latitude": 23.1, "longitude": 113.3, "name": "店"}, ["Text", "Native"]),
        ("location", {"latitude": 23.1, "longitude": 113.3}, ["Native"]),
        ("link", {"title": "T", "desc": "D", "url": "http://u"}, ["Card"]),
        ("business_card", {"userid": "lisi"}, ["Native"]),
    ],
)
def test_every_kind_of_service_message_is_understood(msgtype: str, body: dict[str, Any], kinds: list[str]) -> None:
    (said,) = service.happenings(a_talk(msgtype, body), received_at=NOON)

    assert [type(part).__name__ for part in said.parts] == kinds  # type: ignore[union-attr]
    assert (said.key, said.sender, said.at, said.context) == ("m1", ANA, NOON, {"open_kfid": "wk1"})


def test_answer_of_staff_is_an_echo() -> None:
    talk = a_talk("text", {"content": "您好"}, origin=5, servicer_userid="zhangsan")
    (said,) = service.happenings(talk, received_at=NOON)

    assert said.is_echo  # type: ignore[union-attr]
    assert said.context == {"open_kfid": "wk1", "platform_id": "m1", "staff": "zhangsan"}


@pytest.mark.parametrize(
    "talk",
    [
        a_talk("text", {"content": "hi"}, msgid=""),
        a_talk("text", {"content": "hi"}, external_userid=""),
        a_talk("text", {"content": "hi"}, origin=9),
        a_talk("event", {"event_type": "session_status_change"}),
        a_talk("event", {"event_type": "enter_session"}),
        a_talk("event", {}, event="nonsense"),
    ],
)
def test_service_messages_of_nobody_are_left(talk: dict[str, Any]) -> None:
    assert not service.happenings(talk, received_at=NOON)


@pytest.mark.parametrize(("fail_type", "state"), [(10, "refused"), (6, "failed")])
def test_message_that_failed_later_is_a_receipt(fail_type: int, state: str) -> None:
    event = {"event_type": "msg_send_fail", "external_userid": "wmAna", "fail_msgid": "s1", "fail_type": fail_type}
    (receipt,) = service.happenings(a_talk("event", event), received_at=NOON)

    assert (receipt.platform_id, receipt.state) == ("s1", state)  # type: ignore[union-attr]


# ---------------------------------------------------------------- what a message takes
@pytest.mark.parametrize(
    ("context", "weight"),
    [
        (None, (1, "task")),
        ({"staff": "zhangsan"}, (1, "task")),
        ({"welcome_code": "w"}, (1, "free")),
        ({"event_code": "e", "open_kfid": "wk"}, (1, "free")),
        ({"open_kfid": "wk"}, (2, "free")),
    ],
)
def test_message_takes_of_the_allowances_what_wecom_counts(context: Any, weight: tuple[int, str]) -> None:
    parts = ("one", "two", Card("T", url="https://u"))

    assert offline("wecom").weigh(a_message("wmAna", *parts, kind=ANA.kind, context=context)) == weight

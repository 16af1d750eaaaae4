"""Callbacks of Douyin: proved by their bodies, and read whatever shape they have."""

import hashlib
import json
from typing import Any

import pytest
from tests.support.channels import Desk

from fanwheel.domains.private.channels.contracts import (
    AnyHappening,
    Commented,
    Entered,
    Followed,
    Granted,
    Lead,
    Media,
    Message,
    Native,
    Receipt,
    Tapped,
    Text,
)
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.douyin import Douyin

BRAND, ANA = "brand-open-id", "ana-open-id"
SECRET = "test_secret"


def a_desk() -> Desk:
    settings = {"client_key": "abcdef", "open_id": BRAND}
    return Desk(Douyin, settings, {"client_secret": SECRET, "refresh_token": "r"})


def told(body: dict[str, Any], **headers: str) -> list[AnyHappening]:
    raw = json.dumps(body, ensure_ascii=False).encode()
    return list(a_desk().receive(raw, {"x-douyin-signature": sign(raw), **headers}).happenings)


def sign(raw: bytes, secret: str = SECRET) -> str:
    return hashlib.sha1(secret.encode() + raw).hexdigest()


def an_event(event: str, content: Any, *, sender: str = ANA, receiver: str = BRAND) -> dict[str, Any]:
    return {"event": event, "client_key": "abcdef", "from_user_id": sender, "to_user_id": receiver, "content": content}


def a_text(**more: Any) -> dict[str, Any]:
    return {
        "conversation_short_id": "@c1",
        "server_message_id": "@m1",
        "conversation_type": 1,
        "create_time": 1700000000000,
        "message_type": "text",
        "text": "多少钱",
        "user_infos": [{"open_id": ANA, "nick_name": "阿娜", "avatar": "https://p3.example/a"}],
        **more,
    }


def test_the_challenge_of_the_vector_is_answered() -> None:
    body = b'{"event":"verify_webhook","client_key":"abc","content":{"challenge":12345}}'
    signature = "ff779a3b9e9daa2d1484d22450cd02e9fcfc4e62"

    received = a_desk().receive(body, {"x-douyin-signature": signature})

    assert json.loads(received.answer.body) == {"challenge": 12345}
    assert received.happenings == ()


def test_a_challenge_in_a_string_is_answered_too() -> None:
    body = b'{"event":"verify_webhook","content":"{\\"challenge\\":77}"}'

    received = a_desk().receive(body, {"x-douyin-signature": sign(body)})

    assert json.loads(received.answer.body) == {"challenge": 77}


@pytest.mark.parametrize("signature", ["", "0" * 40, sign(b"{}", "another secret"), "ünicode"])
def test_what_is_not_signed_with_our_secret_is_refused(signature: str) -> None:
    with pytest.raises(ForgedError):
        a_desk().receive(b"{}", {"x-douyin-signature": signature})


def test_a_changed_body_is_refused() -> None:
    body = json.dumps(an_event("im_receive_msg", a_text())).encode()

    with pytest.raises(ForgedError):
        a_desk().receive(body.replace(b"@m1", b"@m2"), {"x-douyin-signature": sign(body)})


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'"text"', b"[" * 100_000])
def test_what_is_signed_and_no_event_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedError):
        a_desk().receive(body, {"x-douyin-signature": sign(body)})


@pytest.mark.parametrize("content", [None, "", "{", 5, [], {"create_time": "x"}, {"user_infos": "x"}])
@pytest.mark.parametrize("event", ["im_receive_msg", "im_enter_direct_msg", "item_comment_reply", "im_authorize", "?"])
def test_an_event_of_an_unknown_shape_breaks_nothing(event: str, content: Any) -> None:
    assert len(told(an_event(event, content))) <= 1


@pytest.mark.parametrize("is_text", [True, False])
def test_a_message_says_who_wrote_what_and_how_to_answer(is_text: bool) -> None:
    content = json.dumps(a_text()) if is_text else a_text()

    (message,) = told(an_event("im_receive_msg", content))

    assert isinstance(message, Message)
    assert message.sender is not None
    assert (message.sender.kind, message.sender.value) == ("douyin_open_id", ANA)
    assert message.parts == (Text("多少钱"),)
    assert message.profile == {"nickname": "阿娜", "avatar": "https://p3.example/a"}
    assert message.context == {"msg_id": "@m1", "conversation_id": "@c1", "scene": "im_reply_msg"}
    assert message.at.year == 2023
    assert not message.is_echo
    assert message.conversation == "@c1"


def test_the_header_that_is_not_signed_does_not_name_a_message() -> None:
    event = an_event("im_receive_msg", a_text())

    (first,), (again,) = told(event, **{"msg-id": "1"}), told(event, **{"msg-id": "2"})

    assert first.key == again.key


def test_what_the_brand_wrote_is_an_echo_to_the_person() -> None:
    (echo,) = told(an_event("im_send_msg", a_text(), sender=BRAND, receiver=ANA))

    assert isinstance(echo, Message)
    assert echo.is_echo
    assert echo.sender is not None
    assert echo.sender.value == ANA
    assert echo.context == {"platform_id": "@m1"}


@pytest.mark.parametrize("is_text", [True, False])
def test_an_advertisement_that_led_to_the_conversation_is_the_origin(is_text: bool) -> None:
    ad = {"adv_id": 1, "ad_id": 2, "creative_id": 3, "promotion_id": 4, "material_video_id": 5, "unknown": 6}
    content = a_text(ad_info=json.dumps(ad) if is_text else ad, objectId="@video", **{"data-im-extra": "spring"})

    (entered,) = told(an_event("im_enter_direct_msg", content))

    assert isinstance(entered, Entered)
    assert entered.origin == {
        "adv_id": "1",
        "ad_id": "2",
        "creative_id": "3",
        "promotion_id": "4",
        "material_video_id": "5",
        "item_id": "@video",
        "extra": "spring",
    }
    assert entered.scene == "spring"
    assert entered.context["scene"] == "im_enter_direct_msg"


def test_a_lead_card_that_was_filled_in_is_a_lead() -> None:
    data = [
        {"label": "姓名", "value": "阿娜"},
        {"label": "手机号", "value": "13800000000"},
        {"label": "城市", "value": ""},
    ]
    content = a_text(message_type="retain_consult_card", card_id="@card", card_status=2, card_data=data)

    (lead,) = told(an_event("im_receive_msg", content))

    assert isinstance(lead, Lead)
    assert lead.fields == {"姓名": "阿娜", "手机号": "13800000000"}
    assert lead.card == "@card"
    assert lead.context["msg_id"] == "@m1"


def test_a_lead_card_that_is_empty_is_a_message() -> None:
    content = a_text(message_type="retain_consult_card", card_id="@card", card_data=[{"label": "姓名", "value": ""}])

    (message,) = told(an_event("im_receive_msg", content))

    assert isinstance(message, Message)
    assert isinstance(message.parts[0], Native)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("image", Media("image", url="https://x/1")),
        ("emoji", Media("image", url="https://x/1")),
        ("user_local_image", Media("image", url="https://x/1")),
        ("video", Media("video", url="https://x/1")),
        ("user_local_video", Media("video", url="https://x/1")),
        ("other", Native({"message_type": "other"})),
    ],
)
def test_every_kind_of_message_is_read(kind: str, wanted: Any) -> None:
    (message,) = told(an_event("im_receive_msg", a_text(message_type=kind, resource_url="https://x/1")))

    assert isinstance(message, Message)
    assert message.parts == (wanted,)


def test_a_comment_is_the_writers() -> None:
    content = {
        "comment_id": "@k",
        "comment_user_id": ANA,
        "content": "想买",
        "reply_to_item_id": "@v",
        "create_time": 1,
    }

    (comment,) = told(an_event("item_comment_reply", content))

    assert isinstance(comment, Commented)
    assert (comment.text, comment.content, comment.comment) == ("想买", "@v", "@k")
    assert comment.context == {"comment": "@k", "item": "@v"}


def test_our_own_comment_is_nothing() -> None:
    assert told(an_event("item_comment_reply", {"comment_id": "@k", "comment_user_id": BRAND}, sender=BRAND)) == []


def test_the_other_events_are_read() -> None:
    (followed,) = told(an_event("new_follow_action", '{"action_type":1,"action_time":1686811643}'))
    (read,) = told(an_event("im_message_read", {"server_message_id": "@m9", "create_time": 1700000000000}))
    (tapped,) = told(an_event("dial_phone", "{}"))
    (granted,) = told(an_event("im_authorize", '{"create_time":1670229453,"expire_time":1672821453,"auth_status":1}'))
    (taken_back,) = told(an_event("im_authorize", '{"create_time":1670229453,"auth_status":2}'))

    assert isinstance(followed, Followed)
    assert followed.at.year == 2023
    assert isinstance(read, Receipt)
    assert (read.state, read.platform_id) == ("read", "@m9")
    assert isinstance(tapped, Tapped)
    assert tapped.value == "dial_phone"
    assert tapped.is_view
    assert isinstance(granted, Granted)
    assert granted.is_granted
    assert granted.until is not None
    assert isinstance(taken_back, Granted)
    assert not taken_back.is_granted
    assert granted.allowance in {allowance.name for allowance in Douyin.about.allowances}


def test_groups_are_not_told_of() -> None:
    assert told(an_event("im_group_receive_msg", a_text())) == []

"""Callbacks of TikTok: signed with their time, and read into happenings."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.support.channels import NOON, Desk

from fanwheel.domains.private.channels.contracts import (
    AnyHappening,
    Commented,
    Entered,
    Media,
    Message,
    Native,
    Receipt,
    Tapped,
    Text,
)
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.tiktok import TikTok

BRAND, ANA = "business-1", "ana-stable"
SECRET = "app_secret"


def a_desk(business: str = BRAND) -> Desk:
    return Desk(TikTok, {"app_id": "aw123", "business_id": business}, {"app_secret": SECRET, "refresh_token": "r"})


def signed(raw: bytes, at: datetime = NOON, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    proof = hmac.new(secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    return {"tiktok-signature": f"t={stamp},s={proof}"}


def told(event: str, content: dict[str, Any], *, create_time: int = 1791633600) -> list[AnyHappening]:
    sides = {
        "from": "ana",
        "from_user": {"id": "ana-1", "role": "personal_account"},
        "to_user": {"id": BRAND, "role": "business_account"},
        "unique_identifier": ANA,
    }
    body = {
        "client_key": "aw123",
        "event": event,
        "create_time": create_time,
        "user_openid": BRAND,
        "content": json.dumps(sides | content),
    }
    raw = json.dumps(body).encode()
    return list(a_desk().receive(raw, signed(raw)).happenings)


def test_the_signature_of_the_vector_is_taken() -> None:
    body = b'{"client_key":"aw123","event":"im_receive_msg"}'
    signature = "t=1633174587,s=c2367825e895bbdd6e56994eea592cd3a2b916f720856a2835455e834ab3759d"

    received = a_desk().receive(body, {"tiktok-signature": signature}, at=datetime.fromtimestamp(1633174600, UTC))

    assert received.answer.status == 200
    assert list(received.happenings) == []


@pytest.mark.parametrize("age", [timedelta(seconds=301), timedelta(seconds=-301), timedelta(days=3)])
def test_a_signature_of_another_time_is_refused(age: timedelta) -> None:
    with pytest.raises(ForgedError, match="too old"):
        a_desk().receive(b"{}", signed(b"{}", NOON - age))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=,s=",
        "t=1,s=2",
        "s=only",
        signed(b"{}", secret="another")["tiktok-signature"],
        signed(b'{"a":1}')["tiktok-signature"],
        signed(b"{}")["tiktok-signature"].replace("t=", "t=1"),
    ],
)
def test_what_is_not_signed_with_our_secret_is_refused(header: str) -> None:
    with pytest.raises(ForgedError):
        a_desk().receive(b"{}", {"tiktok-signature": header})


def test_a_time_that_is_none_is_refused_though_signed() -> None:
    proof = hmac.new(SECRET.encode(), b"soon.{}", hashlib.sha256).hexdigest()

    with pytest.raises(ForgedError):
        a_desk().receive(b"{}", {"tiktok-signature": f"t=soon,s={proof}"})


def test_what_is_signed_and_no_event_is_malformed() -> None:
    with pytest.raises(MalformedError):
        a_desk().receive(b"[1]", signed(b"[1]"))


def test_another_business_is_refused() -> None:
    raw = json.dumps({"event": "im_receive_msg", "user_openid": "business-2", "content": "{}"}).encode()

    with pytest.raises(ForgedError):
        a_desk().receive(raw, signed(raw))


def test_a_message_says_who_wrote_what_and_how_to_answer() -> None:
    content = {
        "type": "text",
        "text": {"body": "price?"},
        "message_id": "m1",
        "conversation_id": "c1",
        "is_follower": True,
    }

    (message,) = told("im_receive_msg", content | {"timestamp": 1791633600123})

    assert isinstance(message, Message)
    assert message.parts == (Text("price?"),)
    assert message.sender is not None
    assert (message.sender.kind, message.sender.value) == ("tiktok_open_id", ANA)
    assert message.context == {"conversation_id": "c1", "message_id": "m1"}
    assert message.profile == {"nickname": "ana", "is_follower": True}
    assert message.at.year == 2026


def test_what_the_business_wrote_is_an_echo() -> None:
    content = {
        "type": "text",
        "text": {"body": "hello"},
        "message_id": "m2",
        "from_user": {"id": BRAND, "role": "business_account"},
        "to_user": {"id": "ana-1", "role": "personal_account"},
    }

    (echo,) = told("im_send_msg", content)

    assert isinstance(echo, Message)
    assert echo.is_echo
    assert echo.sender is not None
    assert echo.sender.value == ANA
    assert echo.context == {"platform_id": "m2"}
    assert echo.profile == {}


def test_a_message_from_where_tiktok_may_not_say_whose_is_nothing() -> None:
    sides = {"from_user": {}, "unique_identifier": "", "to_user": {}}

    assert told("im_receive_msg_eu", {"timestamp": 1791633600123}) == []
    assert told("im_receive_msg", sides) == []


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ({"type": "image", "image": {"media_id": "i1"}}, Media("image", platform_id="i1")),
        ({"type": "sticker", "sticker": {"url": "https://x/s"}}, Media("image", url="https://x/s")),
        ({"type": "video", "video": {"media_id": "v1"}}, Media("video", platform_id="v1")),
        ({"type": "share_post", "share_post": {"embed_url": "https://x/p"}}, Media("video", url="https://x/p")),
        ({"type": "other"}, Native({"type": "other"})),
        ({}, Native({"type": ""})),
    ],
)
def test_every_kind_of_message_is_read(content: dict[str, Any], wanted: Any) -> None:
    (message,) = told("im_receive_msg", {"message_id": "m1", **content})

    assert isinstance(message, Message)
    assert message.parts == (wanted,)


def test_a_tapped_button_is_a_tap() -> None:
    (tapped,) = told(
        "im_receive_msg", {"message_id": "m1", "type": "template", "template": {"button": {"id": "opt_1"}}}
    )

    assert isinstance(tapped, Tapped)
    assert (tapped.value, tapped.surface) == ("opt_1", "button")


def test_what_brought_somebody_is_the_origin() -> None:
    ad = {"advertiser_id": "1", "ad_id": "2", "ad_name": "Spring", "embed_url": "https://x"}

    (by_ad,) = told("im_referral_msg", {"conversation_id": "c1", "referral": {"source": "ad", "ad": ad}})
    (by_link,) = told("im_referral_msg", {"referral": {"source": "short_link", "short_link": {"ref": "bio"}}})

    assert isinstance(by_ad, Entered)
    assert by_ad.origin == {"source": "ad", **ad}
    assert isinstance(by_link, Entered)
    assert by_link.scene == "bio"


def test_reading_is_told_of_the_person_alone() -> None:
    ours = {"from_user": {"id": BRAND, "role": "business_account"}}

    (read,) = told("im_mark_read_msg", {"read": {"last_read_timestamp": 1791633600123}})

    assert isinstance(read, Receipt)
    assert read.state == "read"
    assert told("im_mark_read_msg", ours) == []


def test_comments_are_answered_below_or_by_message() -> None:
    (question,) = told("im_receive_high_intent_comment", {"comment_id": "9", "comment_text": "how much?"})
    (comment,) = told("comment.update", {"comment_id": 8, "video_id": 7, "comment_action": "insert", "text": "nice"})
    hidden = told("comment.update", {"comment_id": 8, "video_id": 7, "comment_action": "set_to_hidden"})

    assert isinstance(question, Commented)
    assert question.context == {"comment": "9", "is_direct": True}
    assert isinstance(comment, Commented)
    assert comment.context == {"comment": "8", "item": "7"}
    assert hidden == []


def test_the_same_event_has_the_same_name_though_it_has_no_number() -> None:
    (first,) = told("im_referral_msg", {"referral": {"source": "ad"}})
    (again,) = told("im_referral_msg", {"referral": {"source": "ad"}})
    (later,) = told("im_referral_msg", {"referral": {"source": "ad"}}, create_time=1791633601)

    assert first.key == again.key != later.key

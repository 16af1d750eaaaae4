"""Callbacks of LINE: signed over the body, and read into happenings."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from tests.support.channels import Desk

from fanwheel.domains.private.channels.contracts import (
    AnyHappening,
    Entered,
    Followed,
    Media,
    Message,
    Native,
    Tapped,
    Text,
    Unfollowed,
)
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.line import Line

SECRET = "channel_secret"


def a_desk() -> Desk:
    return Desk(Line, {"channel_id": "1"}, {"channel_secret": SECRET})


def signed(raw: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-line-signature": base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()}


def test_the_signature_of_line_s_own_kit_fits() -> None:
    proof = {"x-line-signature": "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="}

    with pytest.raises(MalformedError):  # it is proved, and no JSON
        a_desk().receive(b"bodybodybodybody", proof)
    with pytest.raises(ForgedError):
        a_desk().receive(b"bodybodybodybodY", proof)


def told(*events: dict[str, Any]) -> list[AnyHappening]:
    raw = json.dumps({"destination": "U0", "events": events}).encode()
    return list(a_desk().receive(raw, signed(raw)).happenings)


def an_event(kind: str, **more: Any) -> dict[str, Any]:
    return {
        "type": kind,
        "mode": "active",
        "timestamp": 1791633600000,
        "source": {"type": "user", "userId": "Uana"},
        "webhookEventId": "01H",
        "replyToken": "r1",
        **more,
    }


def test_the_signature_of_the_vector_is_taken() -> None:
    # The vector's body is no JSON: that it is malformed shows that its signature was taken.
    with pytest.raises(MalformedError):
        a_desk().receive(b"bodybodybodybody", {"x-line-signature": "/gg9a+LvFevTH1sd7XCQycD7tsWclCsInj7MhBHxN7k="})


@pytest.mark.parametrize("headers", [{}, {"x-line-signature": ""}, signed(b"{}", "another"), signed(b'{"a":1}')])
def test_what_is_not_signed_with_our_secret_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ForgedError):
        a_desk().receive(b"{}", headers)


def test_the_console_s_test_without_events_is_answered() -> None:
    raw = b'{"destination":"U0","events":[]}'

    received = a_desk().receive(raw, signed(raw))

    assert received.answer.status == 200
    assert list(received.happenings) == []


def test_a_message_says_who_wrote_what_and_how_to_answer() -> None:
    (message,) = told(an_event("message", message={"id": "1", "type": "text", "text": "Hi"}))

    assert isinstance(message, Message)
    assert message.parts == (Text("Hi"),)
    assert message.key == "01H"
    assert message.context == {"reply_token": "r1"}
    assert message.sender is not None
    assert (message.sender.kind, message.sender.value) == ("line_id", "Uana")


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ({"type": "image", "id": "1"}, Media("image", platform_id="1")),
        ({"type": "video", "id": "2"}, Media("video", platform_id="2")),
        ({"type": "audio", "id": "3"}, Media("voice", platform_id="3")),
        ({"type": "file", "id": "4", "fileName": "a.pdf"}, Media("file", platform_id="4", name="a.pdf")),
        (
            {"type": "sticker", "stickerId": "5", "keywords": ["hi", "you"]},
            Media("image", platform_id="5", text="hi, you"),
        ),
        ({"type": "location", "title": "Here"}, Native({"type": "location", "title": "Here"})),
    ],
)
def test_every_kind_of_message_is_read(content: dict[str, Any], wanted: Any) -> None:
    (message,) = told(an_event("message", message=content))

    assert isinstance(message, Message)
    assert message.parts == (wanted,)


def test_the_other_events_are_read_in_their_order() -> None:
    followed, tapped, beacon, left = told(
        an_event("follow", webhookEventId="1"),
        an_event("postback", postback={"data": "menu:1"}, webhookEventId="2"),
        an_event("beacon", beacon={"hwid": "d41d"}, webhookEventId="3"),
        {**an_event("unfollow", webhookEventId="4"), "replyToken": None},
    )

    assert isinstance(followed, Followed)
    assert isinstance(tapped, Tapped)
    assert tapped.value == "menu:1"
    assert isinstance(beacon, Entered)
    assert beacon.scene == "d41d"
    assert isinstance(left, Unfollowed)
    assert left.context == {}


@pytest.mark.parametrize(
    "more",
    [
        {"source": {"type": "group", "groupId": "G", "userId": "U"}},
        {"mode": "standby"},
        {"source": {"type": "user"}},
        {"type": "join"},
        {"source": "x"},
    ],
)
def test_what_is_not_ours_to_answer_is_left_out(more: dict[str, Any]) -> None:
    assert told(an_event("message", message={"type": "text", "text": "x"}) | more) == []

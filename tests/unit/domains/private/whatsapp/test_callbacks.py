"""Callbacks of WhatsApp: signed over the body, and read into happenings."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from tests.support.channels import Desk

from fanwheel.domains.private.channels.contracts import (
    AnyHappening,
    Followed,
    Media,
    Message,
    Native,
    Receipt,
    Tapped,
    Text,
    Unfollowed,
)
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.whatsapp import WhatsApp

SECRET = "app_secret"


def a_desk() -> Desk:
    settings = {"phone_number_id": "42", "verify_token": "our-word"}
    return Desk(WhatsApp, settings, {"access_token": "t", "app_secret": SECRET})


def signed(raw: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-hub-signature-256": f"sha256={hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}"}


def told(value: dict[str, Any], *, number: str = "42") -> list[AnyHappening]:
    metadata = {"display_phone_number": "1", "phone_number_id": number}
    change = {"field": "messages", "value": {"metadata": metadata, **value}}
    raw = json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}).encode()
    return list(a_desk().receive(raw, signed(raw)).happenings)


def written(**content: Any) -> list[AnyHappening]:
    message = {"from": "8613800000000", "id": "wamid.1", "timestamp": "1791633600", **content}
    return told({"contacts": [{"wa_id": "8613800000000", "profile": {"name": "Ana"}}], "messages": [message]})


def test_the_signature_of_the_vector_is_taken() -> None:
    body = b'{"object":"whatsapp_business_account"}'
    signature = "sha256=e790291ff924369c1f80c8b2cc24fb9ccd37600d883a729059d4bbfa632c882b"

    received = a_desk().receive(body, {"x-hub-signature-256": signature})

    assert received.answer.status == 200
    assert list(received.happenings) == []


def test_the_challenge_is_answered_to_whoever_knows_the_word() -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "our-word", "hub.challenge": "1158201444"}

    assert a_desk().receive(method="GET", query=query).answer.body == b"1158201444"
    with pytest.raises(ForgedError):
        a_desk().receive(method="GET", query=query | {"hub.verify_token": "another"})


def test_an_account_without_a_word_answers_no_challenge() -> None:
    desk = a_desk()
    desk.settings["verify_token"] = ""

    with pytest.raises(ForgedError):
        desk.receive(method="GET", query={"hub.verify_token": "", "hub.challenge": "1"})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-hub-signature-256": "sha256="},
        signed(b"{}", "another"),
        signed(b'{"a":1}'),
        {"x-hub-signature": "sha1=0"},
    ],
)
def test_what_is_not_signed_with_our_secret_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ForgedError):
        a_desk().receive(b"{}", headers)


def test_what_is_signed_and_no_object_is_malformed() -> None:
    with pytest.raises(MalformedError):
        a_desk().receive(b"[]", signed(b"[]"))


@pytest.mark.parametrize("value", [{"messages": "x"}, {"messages": [{}]}, {"statuses": [{"id": "1"}]}, {"contacts": 5}])
def test_a_value_of_an_unknown_shape_breaks_nothing(value: dict[str, Any]) -> None:
    assert told(value) == []


def test_a_message_says_who_wrote_what() -> None:
    (message,) = written(type="text", text={"body": "Hi"})

    assert isinstance(message, Message)
    assert message.parts == (Text("Hi"),)
    assert message.sender is not None
    assert (message.sender.kind, message.sender.value) == ("phone", "+8613800000000")
    assert message.profile == {"nickname": "Ana"}
    assert message.context == {"message_id": "wamid.1"}


def test_messages_of_another_number_are_left_out() -> None:
    assert told({"messages": [{"from": "1", "id": "2", "type": "text"}]}, number="43") == []


def test_an_advertisement_that_led_to_the_message_is_the_origin() -> None:
    referral = {"source_type": "ad", "source_id": "120", "source_url": "https://fb.me/x", "ctwa_clid": "ARAk"}

    (message,) = written(type="text", text={"body": "Hi"}, referral=referral)

    assert message.origin == referral


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ({"type": "image", "image": {"id": "1", "caption": "see"}}, Media("image", platform_id="1", text="see")),
        ({"type": "audio", "audio": {"id": "2", "voice": True}}, Media("voice", platform_id="2")),
        ({"type": "video", "video": {"id": "3"}}, Media("video", platform_id="3")),
        (
            {"type": "document", "document": {"id": "4", "filename": "a.pdf"}},
            Media("file", platform_id="4", name="a.pdf"),
        ),
        ({"type": "sticker", "sticker": {"id": "5"}}, Media("image", platform_id="5")),
        ({"type": "location", "location": {"latitude": 1.5}}, Native({"type": "location", "latitude": 1.5})),
        ({"type": "contacts", "contacts": [{"a": 1}]}, Native({"type": "contacts", "contacts": [{"a": 1}]})),
        ({"type": "unsupported"}, Native({"type": "unsupported"})),
    ],
)
def test_every_kind_of_message_is_read(content: dict[str, Any], wanted: Any) -> None:
    (message,) = written(**content)

    assert isinstance(message, Message)
    assert message.parts == (wanted,)


@pytest.mark.parametrize(
    "content",
    [
        {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "yes", "title": "Yes"}}},
        {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "yes", "title": "Yes"}}},
        {"type": "button", "button": {"payload": "yes", "text": "Yes"}},
    ],
)
def test_a_tapped_answer_is_a_tap_with_its_label(content: dict[str, Any]) -> None:
    (tapped,) = written(**content)

    assert isinstance(tapped, Tapped)
    assert tapped.value == "yes"
    assert tapped.context["text"] == "Yes"


def test_what_the_brand_wrote_on_its_phone_is_an_echo() -> None:
    (echo,) = told({"message_echoes": [{"to": "861", "id": "wamid.9", "type": "text", "text": {"body": "Hi"}}]})

    assert isinstance(echo, Message)
    assert echo.is_echo
    assert echo.context == {"platform_id": "wamid.9"}


@pytest.mark.parametrize(
    ("status", "state"), [("sent", "confirmed"), ("delivered", "delivered"), ("read", "read"), ("played", "read")]
)
def test_statuses_are_receipts_under_our_own_name(status: str, state: str) -> None:
    found = {"id": "wamid.1", "status": status, "timestamp": "1791633600", "recipient_id": "861"}

    (receipt,) = told({"statuses": [found | {"biz_opaque_callback_data": "m1"}]})

    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.message, receipt.platform_id) == (state, "m1", "wamid.1")


@pytest.mark.parametrize(("code", "is_permanent"), [(131047, True), (131026, True), (131049, False), (131016, False)])
def test_a_failure_says_whether_it_will_pass(code: int, is_permanent: bool) -> None:
    error = {"code": code, "title": "why", "error_data": {"details": "because"}}

    (receipt,) = told({"statuses": [{"id": "w", "status": "failed", "recipient_id": "1", "errors": [error]}]})

    assert isinstance(receipt, Receipt)
    assert receipt.state == "failed"
    assert receipt.is_permanent is is_permanent
    assert receipt.detail == f"{code} because"


def test_stopping_and_resuming_marketing_is_told() -> None:
    (stopped,) = told({"user_preferences": [{"wa_id": "861", "value": "stop", "category": "marketing_messages"}]})
    (resumed,) = told({"user_preferences": [{"wa_id": "861", "value": "resume"}]})

    assert isinstance(stopped, Unfollowed)
    assert isinstance(resumed, Followed)


def test_a_word_to_verify_with_is_made_once() -> None:
    made, _ = WhatsApp.prepare({"phone_number_id": "42"}, {})
    again, _ = WhatsApp.prepare(made, {})

    assert len(made["verify_token"]) >= 32
    assert again == made

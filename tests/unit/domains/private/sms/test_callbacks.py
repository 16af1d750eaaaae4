"""Callbacks of text message providers: Twilio's signature, a password for the others, and words that refuse."""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.support.channels import Desk

from fanwheel.domains.private.channels.contracts import Followed, Media, Message, Receipt, Text, Unfollowed
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.sms import Sms

TOKEN = "12345"


def a_desk() -> Desk:
    settings = {"provider": "twilio", "account_sid": "AC1", "sender": "+15550100"}
    return Desk(Sms, settings, {"auth_token": TOKEN})


def a_plain_desk(**settings: str) -> Desk:
    paths = {
        "list_path": "list",
        "from_path": "mobile",
        "text_path": "content",
        "report_id_path": "msgid",
        "report_state_path": "status",
        "delivered_values": "DELIVRD, 0",
    }
    return Desk(Sms, {"provider": "http", "request_url": "http://x/"} | paths | settings, {"callback_password": "open"})


def sign(url: str, form: dict[str, str], token: str = TOKEN) -> dict[str, str]:
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return {
        "x-twilio-signature": base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()
    }


def told(form: dict[str, str], **query: str) -> Any:
    desk = a_desk()
    url = desk.callback_url + (f"?{urlencode(query)}" if query else "")
    return desk.receive(urlencode(form).encode(), sign(url, form), query=query)


def test_the_provider_s_own_example_of_a_signature_is_taken() -> None:
    # The example of Twilio's page on the security of webhooks.
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    desk = a_desk()
    desk.callback_url = "https://mycompany.com/myapp.php"

    received = desk.receive(
        urlencode(form).encode(), {"x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}, query={"foo": "1", "bar": "2"}
    )

    assert sign(url, form)["x-twilio-signature"] == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert list(received.happenings) == []


@pytest.mark.parametrize("forgery", ["no signature", "another token", "another address", "another body"])
def test_what_is_not_signed_with_our_token_is_refused(forgery: str) -> None:
    desk, form = a_desk(), {"From": "+1555", "Body": "Hi", "MessageSid": "SM1"}
    signature = {
        "no signature": {},
        "another token": sign(desk.callback_url, form, "54321"),
        "another address": sign("https://elsewhere/", form),
        "another body": sign(desk.callback_url, form | {"Body": "Ho"}),
    }[forgery]

    with pytest.raises(ForgedError):
        desk.receive(urlencode(form).encode(), signature)


def test_a_text_is_a_message_and_answered_with_nothing_to_say() -> None:
    form = {"From": "+15550199", "To": "+15550100", "Body": "Hi", "MessageSid": "SM1", "NumMedia": "0"}

    received = told(form)

    assert received.happenings == [
        Message(
            key="SM1",
            at=received.happenings[0].at,
            sender=received.happenings[0].sender,
            origin={"To": "+15550100"},
            parts=(Text("Hi"),),
        )
    ]
    assert received.happenings[0].sender.value == "+15550199"
    assert b"<Response></Response>" in received.answer.body


def test_pictures_come_as_addresses() -> None:
    form = {"From": "+1555", "Body": "", "MessageSid": "SM1", "NumMedia": "1", "MediaUrl0": "https://api.twilio.com/m"}

    assert told(form).happenings[0].parts == (Media("image", url="https://api.twilio.com/m"),)


def test_a_character_that_no_database_keeps_is_left_out() -> None:
    assert told({"From": "+1555", "Body": "a\0b", "MessageSid": "SM1"}).happenings[0].parts == (Text("ab"),)


@pytest.mark.parametrize("word", ["STOP", "stop", " Stop. ", "TD", "ｔｄ", "T", "R", "r", "退订", "unsubscribe"])
def test_a_word_that_refuses_is_a_message_and_a_refusal(word: str) -> None:
    message, refusal = told({"From": "+8613800000000", "Body": word, "MessageSid": "SM1"}).happenings

    assert isinstance(message, Message)
    assert isinstance(refusal, Unfollowed)
    assert refusal.sender == message.sender
    assert refusal.key == "SM1:stop"


@pytest.mark.parametrize("text", ["Please do not stop", "R you there?", "TDK", "No", "END of season?", ""])
def test_other_texts_refuse_nothing(text: str) -> None:
    assert len(told({"From": "+1555", "Body": text, "MessageSid": "SM1"}).happenings) == 1


def test_start_allows_texts_again() -> None:
    assert isinstance(told({"From": "+1555", "Body": "START", "MessageSid": "SM1"}).happenings[1], Followed)


@pytest.mark.parametrize(
    ("status", "code", "state", "is_permanent"),
    [
        ("sent", "", "confirmed", False),
        ("delivered", "", "delivered", False),
        ("undelivered", "30003", "failed", False),
        ("undelivered", "30005", "failed", True),
        ("failed", "21610", "failed", True),
    ],
)
def test_statuses_are_receipts_under_our_own_name(status: str, code: str, state: str, *, is_permanent: bool) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": status, "To": "+1555"} | ({"ErrorCode": code} if code else {})

    (receipt,) = told(form, message="fw-1-2-x").happenings

    assert isinstance(receipt, Receipt)
    assert (receipt.state, receipt.message, receipt.platform_id) == (state, "fw-1-2-x", "SM1")
    assert (receipt.is_permanent, receipt.detail) == (is_permanent, code)


def test_a_status_on_the_way_is_nothing() -> None:
    assert told({"MessageSid": "SM1", "MessageStatus": "queued"}).happenings == []


# ---------------------------------------------------------------- other providers
def test_another_provider_proves_itself_by_a_password() -> None:
    body = json.dumps({"list": [{"mobile": "13800000000", "content": "退订", "id": 1}]}).encode()

    message, refusal = a_plain_desk().receive(body, {}, query={"password": "open"}).happenings
    by_header = a_plain_desk().receive(body, {"x-callback-password": "open"}).happenings

    assert message.sender is not None
    assert message.sender.value == "+8613800000000"
    assert isinstance(refusal, Unfollowed)
    assert len(by_header) == 2


@pytest.mark.parametrize("query", [{}, {"password": ""}, {"password": "shut"}])
def test_another_provider_without_the_password_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(ForgedError):
        a_plain_desk().receive(b"{}", {}, query=query)


def test_an_account_without_a_callback_password_takes_no_callbacks() -> None:
    desk = a_plain_desk()
    desk.secrets["callback_password"] = ""

    with pytest.raises(ForgedError):
        desk.receive(b"{}", {}, query={"password": ""})


def test_reports_of_another_provider_are_receipts() -> None:
    items = [{"msgid": "1", "status": "DELIVRD"}, {"msgid": "2", "status": "MK:0001"}, {"msgid": "3"}, 5]

    found = a_plain_desk().receive(json.dumps({"list": items}).encode(), {}, query={"password": "open"}).happenings

    assert [(each.platform_id, each.state) for each in found if isinstance(each, Receipt)] == [
        ("1", "delivered"),
        ("2", "failed"),
    ]


def test_forms_and_queries_are_read_too() -> None:
    form = urlencode({"mobile": "13800000000", "content": "你好"}).encode()
    kind = {"content-type": "application/x-www-form-urlencoded", "x-callback-password": "open"}

    by_form = a_plain_desk().receive(form, kind).happenings
    query = {"mobile": "008613800000000", "content": "你好", "password": "open"}
    by_query = a_plain_desk().receive(method="GET", query=query).happenings

    assert by_form[0].sender == by_query[0].sender


@pytest.mark.parametrize("body", [b"nonsense", b'{"list": 5}', b'"text"'])
def test_what_is_no_list_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedError):
        a_plain_desk().receive(body, {}, query={"password": "open"})

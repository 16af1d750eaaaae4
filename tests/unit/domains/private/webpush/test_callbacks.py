"""What browsers tell of notifications, and the scripts that sites load."""

import json
import os
from base64 import urlsafe_b64encode
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.support.channels import Desk

from fanwheel.domains.private.channels.contracts import Button, Card, Followed, Native, Receipt, Text, Unfollowed
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError, RefusedError
from fanwheel.domains.private.webpush import WebPush, outbound, subscriptions, vapid

SITE = "https://shop.example"
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"
KEY = ec.generate_private_key(ec.SECP256R1())
SECRET = os.urandom(16)


def encode(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


POINT = KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
KEYS = {"p256dh": encode(POINT), "auth": encode(SECRET)}


def a_desk(**settings: str) -> Desk:
    made, secrets = WebPush.prepare({"origins": f"{SITE}, https://b.example", "contact": "mailto:a@b.example"}, {})
    return Desk(WebPush, made | settings, secrets)


def told(desk: Desk, origin: str = SITE, **body: Any) -> Any:
    return desk.receive(json.dumps({"anonymous_id": "a1", **body}).encode(), {"origin": origin})


def subscribe(desk: Desk, endpoint: str = ENDPOINT, keys: Any = KEYS, **body: Any) -> Any:
    return told(desk, do="subscribe", subscription={"endpoint": endpoint, "keys": keys}, **body)


def test_keys_are_made_once() -> None:
    settings, secrets = WebPush.prepare({}, {})

    assert WebPush.prepare(settings, secrets) == (settings, secrets)
    assert WebPush.prepare({}, {}) != (settings, secrets)


@pytest.mark.parametrize("name", ["worker.js", "subscribe.js"])
def test_the_scripts_know_the_account_and_other_sites_may_load_them(name: str) -> None:
    desk = a_desk()

    answer = desk.receive(method="GET", query={"file": name}).answer

    assert desk.settings["vapid_public_key"].encode() in answer.body
    assert desk.callback_url.encode() in answer.body
    assert answer.content_type.startswith("text/javascript")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("name", ["", "adapter.py", "../about.py"])
def test_no_other_file_is_given_out(name: str) -> None:
    with pytest.raises(ForgedError):
        a_desk().receive(method="GET", query={"file": name})


def test_a_subscription_is_kept_and_told() -> None:
    desk = a_desk()

    received = subscribe(desk)

    (followed,) = received.happenings
    assert isinstance(followed, Followed)
    assert followed.sender is not None
    assert followed.sender.value == "a1"
    assert followed.context == {"evidence": "browser permission"}
    assert followed.origin == {"site": SITE}
    kept = subscriptions.Subscription.of_text(desk.notes.kept["a1"])
    assert kept == subscriptions.Subscription(ENDPOINT, POINT, SECRET)
    assert received.answer.headers["Access-Control-Allow-Origin"] == SITE


@pytest.mark.parametrize("origin", ["", "https://evil.example", "https://shop.example.evil.example", "null"])
def test_another_site_s_call_is_refused(origin: str) -> None:
    desk = a_desk()

    with pytest.raises(ForgedError):
        told(desk, origin, do="subscribe", subscription={"endpoint": ENDPOINT, "keys": KEYS})
    assert desk.notes.kept == {}


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://fcm.googleapis.com.evil.example/x",
        "https://fcm.googleapis.com:8443/x",
        "https://user@fcm.googleapis.com/x",
        "https://evil.example/#fcm.googleapis.com",
        "file:///etc/passwd",
        "https://[::1",
        "",
        "https://fcm.googleapis.com/" + "x" * 1100,
    ],
)
def test_a_subscription_with_no_push_service_is_refused(endpoint: str) -> None:
    with pytest.raises(MalformedError):
        subscribe(a_desk(), endpoint)


def test_an_operator_s_own_push_service_is_taken() -> None:
    desk = a_desk(push_url="http://127.0.0.1:9000")

    subscribe(desk, "http://127.0.0.1:9000/p")

    assert "127.0.0.1:9000" in desk.notes.kept["a1"]
    with pytest.raises(MalformedError):
        subscribe(desk, "http://127.0.0.1:9001/p")


@pytest.mark.parametrize(
    "keys", [{}, {"p256dh": "x", "auth": "y"}, {"p256dh": KEYS["auth"], "auth": KEYS["p256dh"]}, 5]
)
def test_a_subscription_without_keys_is_refused(keys: Any) -> None:
    with pytest.raises(MalformedError):
        subscribe(a_desk(), keys=keys)


@pytest.mark.parametrize("body", [{"anonymous_id": ""}, {"anonymous_id": "x" * 201}, {"do": "dance"}])
def test_a_call_that_says_nothing_is_malformed(body: dict[str, str]) -> None:
    with pytest.raises(MalformedError):
        subscribe(a_desk(), **body) if "do" not in body else told(a_desk(), **body)


def test_only_who_knows_the_subscription_gives_it_up() -> None:
    desk = a_desk()
    subscribe(desk)

    with pytest.raises(ForgedError):
        told(desk, do="unsubscribe", endpoint="https://fcm.googleapis.com/other")
    (left,) = told(desk, do="unsubscribe", endpoint=ENDPOINT).happenings

    assert isinstance(left, Unfollowed)
    assert desk.notes.kept == {}
    assert told(desk, do="unsubscribe", endpoint=ENDPOINT).happenings == []


def test_a_receipt_needs_our_seal() -> None:
    desk = a_desk()
    seal = vapid.seal(desk.secrets["vapid_private_key"], "m1")

    (clicked,) = told(desk, do="clicked", key="m1", seal=seal, url="https://shop.example/x").happenings

    assert isinstance(clicked, Receipt)
    assert (clicked.state, clicked.message, clicked.url) == ("clicked", "m1", "https://shop.example/x")
    for forged in ("", seal[::-1]):
        with pytest.raises(ForgedError):
            told(desk, do="shown", key="m1", seal=forged)
    with pytest.raises(ForgedError):
        told(desk, do="shown", key="m2", seal=seal)


# ---------------------------------------------------------------- notifications
def test_a_card_is_a_notification() -> None:
    card = Card(
        "Sale", text="20 % off", image_url="https://x/i", url="https://x", buttons=(Button("Go", "url", "https://y"),)
    )

    shown = outbound.notification((card,), {"icon_url": "https://x/icon"})

    assert shown == {
        "title": "Sale",
        "body": "20 % off",
        "image": "https://x/i",
        "url": "https://x",
        "actions": [{"title": "Go", "url": "https://y"}],
        "icon": "https://x/icon",
    }


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (Text("a"), Card("b")),
        (Text(""),),
        (Card(""),),
        (Card("x" * 121),),
        (Card("x", buttons=tuple(Button(str(n), "url", "https://x") for n in range(3))),),
        (Card("x", buttons=(Button("a", "reply", "a"),)),),
        (Native({"body": "no title"}),),
    ],
)
def test_what_is_no_notification_is_refused(parts: Any) -> None:
    with pytest.raises(RefusedError):
        outbound.notification(parts, {})


def test_a_notification_longer_than_push_services_take_is_refused() -> None:
    with pytest.raises(RefusedError, match="3,993"):
        outbound.payload({"title": "好" * 1400}, key="m1", seal="s")


def test_only_the_browser_opens_what_is_encrypted_for_it() -> None:
    content = b"x" * 3993

    encrypted = outbound.encrypt(content, subscriptions.Subscription(ENDPOINT, POINT, SECRET))

    assert len(encrypted) == 4096
    opened = http_ece.decrypt(encrypted, private_key=KEY, auth_secret=SECRET, version="aes128gcm")
    assert opened == content
    with pytest.raises(http_ece.ECEException):
        http_ece.decrypt(encrypted, private_key=KEY, auth_secret=os.urandom(16), version="aes128gcm")

"""Web push there and back: a browser opens what only it can open."""

import json
from collections.abc import Iterator

import pytest
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush
from tests.support.channels import Clock, Desk

from fanwheel.domains.private.channels.contracts import Button, Card, Followed, Receipt, Unfollowed
from fanwheel.domains.private.channels.errors import (
    BadAccountError,
    RecipientGoneError,
    RefusedError,
    UnclearError,
)
from fanwheel.domains.private.webpush import WebPush
from fanwheel.domains.private.webpush.subscriptions import Subscription
from fanwheel.entrypoints.simulator import Simulator
from fanwheel.kernel.clock import utc_now

SITE = "https://shop.example"
ANA = "anonymous-1"


@pytest.fixture
def desk(simulator: Simulator, clock: Clock) -> Iterator[Desk]:
    settings, secrets = WebPush.prepare({"origins": SITE, "contact": "mailto:push@shop.example", "title": "Shop"}, {})
    settings["push_url"] = simulator.url
    with Desk(WebPush, settings, secrets, clock=clock).hooked() as desk:
        yield desk


def subscribe(simulator: Simulator, desk: Desk, origin: str = SITE) -> int:
    key, url = desk.settings["vapid_public_key"], desk.callback_url
    told = simulator.do("webpush", "subscribe", person=ANA, public_key=key, callback_url=url, origin=origin)
    return int(told["status"])


def test_a_notification_arrives_and_its_receipts_carry_our_name(simulator: Simulator, desk: Desk) -> None:
    assert subscribe(simulator, desk) == 200
    card = Card("Sale", text="20 % off", url="https://shop.example/sale", buttons=(Button("Go", "url", "https://y"),))

    sent = desk.send(ANA, card, key="fw-1-2-x", purpose="marketing")
    simulator.do("webpush", "show", person=ANA)
    simulator.do("webpush", "click", person=ANA)

    (taken,) = simulator.platform("webpush").sent_to(ANA)
    assert (taken.what["title"], taken.what["key"]) == ("Sale", "fw-1-2-x")
    assert str(sent.platform_id).endswith(taken.platform_id)
    followed, shown, clicked = desk.heard
    assert isinstance(followed, Followed)
    assert isinstance(shown, Receipt)
    assert isinstance(clicked, Receipt)
    assert [(each.state, each.message) for each in (shown, clicked)] == [
        ("delivered", "fw-1-2-x"),
        ("clicked", "fw-1-2-x"),
    ]
    assert clicked.url == "https://shop.example/sale"


def test_texts_are_one_notification_under_the_account_s_title(simulator: Simulator, desk: Desk) -> None:
    subscribe(simulator, desk)

    desk.send(ANA, "Hello", "you")

    (taken,) = simulator.platform("webpush").sent_to(ANA)
    assert (taken.what["title"], taken.what["body"]) == ("Shop", "Hello\n\nyou")


@pytest.mark.parametrize("way", ["vanish", "leave"])
def test_a_browser_that_left_is_gone(simulator: Simulator, desk: Desk, way: str) -> None:
    subscribe(simulator, desk)
    simulator.do("webpush", way, person=ANA)

    with pytest.raises(RecipientGoneError):
        desk.send(ANA, "Hi")

    assert desk.notes.kept == {}
    assert isinstance(desk.heard[-1], Unfollowed if way == "leave" else Followed)


def test_a_browser_that_nobody_knows_is_gone(desk: Desk) -> None:
    with pytest.raises(RecipientGoneError):
        desk.send(ANA, "Hi")


def test_a_subscription_from_another_site_is_refused(simulator: Simulator, desk: Desk) -> None:
    assert subscribe(simulator, desk, origin="https://evil.example") == 403
    assert desk.heard == []


def test_a_push_service_that_is_no_longer_allowed_is_not_called(simulator: Simulator, desk: Desk) -> None:
    subscribe(simulator, desk)
    desk.settings["push_url"] = ""

    with pytest.raises(RefusedError):
        desk.send(ANA, "Hi")
    assert simulator.platform("webpush").calls == {}


def test_other_keys_are_the_account_s_fault(simulator: Simulator, desk: Desk) -> None:
    subscribe(simulator, desk)
    _, desk.secrets = WebPush.prepare({}, {})

    with pytest.raises(BadAccountError):
        desk.send(ANA, "Hi")
    assert simulator.platform("webpush").violations == {"not_proved": 1}


def test_a_proof_of_who_sends_is_made_anew_in_time(simulator: Simulator, desk: Desk, clock: Clock) -> None:
    subscribe(simulator, desk)

    for _ in range(6):
        desk.send(ANA, "Hi")
        clock.go(hours=11)

    assert simulator.platform("webpush").taken == 6


def test_a_lost_answer_leaves_open_whether_it_was_taken(simulator: Simulator, desk: Desk) -> None:
    subscribe(simulator, desk)
    simulator.set_faults("webpush", drop_answer=1.0)

    with pytest.raises(UnclearError):
        desk.send(ANA, "Hi", key="m1")
    simulator.set_faults("webpush")
    desk.send(ANA, "Hi", key="m1")

    # The browser shows a notification with the tag of one that is there in its place.
    assert {each.what["key"] for each in simulator.platform("webpush").sent_to(ANA)} == {"m1"}


def test_the_connection_test_says_what_to_put_on_the_site(desk: Desk) -> None:
    check = desk.run(lambda adapter: adapter.check())

    assert check.is_fine
    assert check.facts["worker"] == f"importScripts('{desk.callback_url}?file=worker.js')"
    assert check.message.endswith(check.facts["worker"])


def test_a_third_party_s_sender_cannot_tell_the_push_service_from_a_real_one(simulator: Simulator, desk: Desk) -> None:
    simulator.clock = utc_now
    subscribe(simulator, desk)
    kept = Subscription.of_text(desk.notes.kept[ANA])
    browser = simulator.platform("webpush")._by_person[ANA]
    info = {"endpoint": kept.endpoint, "keys": browser.keys}
    claims = {"sub": "mailto:push@shop.example"}
    key = Vapid02.from_raw(desk.secrets["vapid_private_key"].encode())
    notification = json.dumps({"title": "Hi", "key": "k", "seal": "s"})

    answer = webpush(info, notification, vapid_private_key=key, vapid_claims=dict(claims), ttl=60)
    other = Vapid02()
    other.generate_keys()
    with pytest.raises(WebPushException, match="403"):
        webpush(info, notification, vapid_private_key=other, vapid_claims=dict(claims), ttl=60)
    simulator.do("webpush", "vanish", person=ANA)
    with pytest.raises(WebPushException, match="410"):
        webpush(info, notification, vapid_private_key=key, vapid_claims=dict(claims), ttl=60)

    assert answer.status_code == 201
    assert simulator.platform("webpush").taken == 1

"""What a text message says, and the request that an operator's pattern becomes."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.support.channels import Desk

from fanwheel.domains.private.channels.contracts import Button, Card, Choices, Media, Text
from fanwheel.domains.private.channels.errors import RefusedError
from fanwheel.domains.private.sms import Sms, filling, wording

CHINA, ELSEWHERE = "+8613800000000", "+15550199"


def composed(*parts: Any, to: str = CHINA, purpose: Any = "marketing", **settings: str) -> str:
    desk = Desk(Sms, settings, {})
    return wording.compose(desk.message(to, *parts, purpose=purpose), desk.settings)


@pytest.mark.parametrize(
    ("text", "to", "purpose", "has_hint"),
    [
        ("全场八折", CHINA, "marketing", True),
        ("全场八折", ELSEWHERE, "marketing", True),
        ("Sale today", CHINA, "marketing", True),
        ("Sale today", ELSEWHERE, "marketing", False),
        ("您的订单已发货", CHINA, "transactional", False),
        ("全场八折，回T退订", CHINA, "marketing", False),
        ("Sale. Reply STOP to opt out", CHINA, "marketing", False),
    ],
)
def test_marketing_to_china_says_how_to_refuse(text: str, to: str, purpose: str, *, has_hint: bool) -> None:
    assert composed(text, to=to, purpose=purpose).endswith("拒收请回复R") is has_hint


def test_the_sender_s_mark_stands_in_front_once() -> None:
    assert composed("八折", signature="品牌") == "【品牌】八折 拒收请回复R"
    assert composed("【品牌】八折", signature="品牌").count("【") == 1


def test_the_hint_is_the_operator_s() -> None:
    assert composed("八折", opt_out_hint="退订回N").endswith(" 退订回N")


def test_cards_and_questions_are_said_as_text() -> None:
    card = Card("Coupon", text="10 off", url="https://x/1", buttons=(Button("Shop", "url", "https://x/2"),))
    question = Choices("Size?", (Button("S", "reply", "s"), Button("M", "reply", "m")))

    said = composed(card, question, to=ELSEWHERE)

    assert said == "Coupon\n10 off\nhttps://x/1\nShop: https://x/2\nSize?\nS\nM"


@pytest.mark.parametrize(
    ("parts", "settings", "told"),
    [
        ((Text("a"), Media("image", media_id=1)), {}, "Part 2"),
        ((Text(" "),), {}, "empty"),
        ((Text("x" * 1601),), {}, "1,600"),
        ((Text("x" * 60),), {"text_limit": "65"}, "65 are allowed"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_its_part(parts: Any, settings: dict[str, str], told: str) -> None:
    with pytest.raises(RefusedError, match=told):
        composed(*parts, **settings)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("好" * 70, 1),
        ("好" * 71, 2),
        ("😀" * 35, 1),
        ("好" * 134, 2),
        ("好" * 135, 3),
    ],
)
def test_a_carrier_counts_messages_by_the_alphabet(text: str, count: int) -> None:
    assert wording.segments(text) == count


# ---------------------------------------------------------------- patterns
NASTY = '"},{"to":"all"} & <b> \r\nX: y {{password}} 你好'


def test_a_value_cannot_end_its_quotation_in_json() -> None:
    body = filling.fill_body('{"content": "{{text}}"}', {"text": NASTY}, content_type="application/json; charset=utf-8")

    assert json.loads(body) == {"content": NASTY}


def test_a_value_cannot_end_its_quotation_in_xml() -> None:
    body = filling.fill_body("<m a='{{text}}'>{{ text }}</m>", {"text": "'\"<&>"}, content_type="text/xml")

    assert ElementTree.fromstring(body).text == "'\"<&>"


def test_a_value_cannot_add_to_a_form_or_an_address() -> None:
    form = filling.fill_body("c={{text}}", {"text": "a&b=c"}, content_type="application/x-www-form-urlencoded")

    assert form == b"c=a%26b%3Dc"
    assert filling.fill_url("https://x/{{text}}", {"text": "../?a#b"}) == "https://x/..%2F%3Fa%23b"


def test_a_value_cannot_add_a_header() -> None:
    assert filling.fill_headers("Authorization: Bearer {{password}}\n\nbad line", {"password": "p"}) == {
        "Authorization": "Bearer p"
    }
    with pytest.raises(RefusedError):
        filling.fill_headers("X: {{text}}", {"text": "a\r\nY: b"})


def test_a_value_is_not_filled_again() -> None:
    assert filling.fill_url("{{text}}", {"text": "{{password}}", "password": "secret"}) == "%7B%7Bpassword%7D%7D"


def test_a_blank_that_nothing_fills_is_told() -> None:
    with pytest.raises(filling.BadPatternError, match="phon"):
        filling.fill_url("https://x/{{phon}}", {"phone": "1"})

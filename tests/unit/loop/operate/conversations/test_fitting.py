"""Answers as their channel can say them, what an endpoint is told, and what may be said now."""

from datetime import UTC, datetime, timedelta

import pytest

from fanwheel.domains.private.channels.contracts import AnyPart, Button, Card, Choices, Media, Text
from fanwheel.loop.operate.conversations.rules import fitting, prompts
from fanwheel.loop.operate.reach import Opener
from fanwheel.loop.operate.reach.rules import rights
from fanwheel.loop.operate.reach.rules.case import Right, Window

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PICTURE = Media("image", url="https://a.example/x.png", media_id=3, name="x.png")
CARD = Card("Mist tea", "¥68", url="https://a.example/mist", buttons=(Button("Buy", "url", "https://a.example/buy"),))
ASKED = Choices("How was it?", (Button("1", "reply", "1"), Button("5", "reply", "5")))


def a_window(opens: Opener, *, opened_at: datetime = NOW, used: int = 0) -> Window:
    return Window(opens=opens, label="", opened_at=opened_at, until=None, granted=None, used=used)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (PICTURE, "x.png\nhttps://a.example/x.png"),
        (CARD, "Mist tea\n¥68\nhttps://a.example/mist\nBuy: https://a.example/buy"),
        (ASKED, "How was it?\n- 1\n- 5"),
    ],
)
def test_what_a_channel_has_no_form_for_is_said_in_words(part: AnyPart, said: str) -> None:
    assert fitting.fit([part], {"text"}) == [Text(said)]
    assert fitting.fit([part], {"text", "image", "card", "choices"}) == [part]


@pytest.mark.parametrize(
    ("given", "last", "subject"),
    [
        (None, "Order", "Re: Order"),
        (None, "RE: Order", "RE: Order"),
        ("New\r\nBcc: x", "Order", "New Bcc: x"),
        ("", "", ""),
    ],
)
def test_a_mail_keeps_the_subject_that_it_answers(given: str | None, last: str, subject: str) -> None:
    assert fitting.subject_of(given, last) == subject


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ana.b+c@shop.example.com!", "[e-mail]!"),
        ("13812345678 or +49 (170) 123-4567", "[phone] or [phone]"),
        ("order 20261122001, 1380000, ¥13812", "order 20261122001, 1380000, ¥13812"),
    ],
)
def test_addresses_do_not_leave_and_order_numbers_do(text: str, told: str) -> None:
    assert prompts.mask(text) == told


def test_what_may_be_said_is_what_was_given_and_is_not_used_up() -> None:
    known = [
        Right(1, "service", "message", 86_400, 5, "person", "free"),
        Right(2, "welcome", "follow", 60, 3, "person", "free"),
        Right(3, "templates", "always", 86_400, 9, "account", "template"),
        Right(4, "day", "always", 86_400, 500, "account", "free"),
    ]
    given = [a_window("message", used=2), a_window("follow", opened_at=NOW - HOUR)]

    said = rights.speak(known, given, NOW)

    assert said is not None
    assert [(right.allowance, right.left) for right in said] == [("service", 3), ("templates", None)]
    spent = [a_window("message", used=5)]
    assert [right.allowance for right in rights.speak(known, spent, NOW) or []] == ["templates"]
    assert rights.speak(known[2:], given, NOW) is None


def test_a_comment_is_answered_by_its_own_right_and_no_other() -> None:
    known = [
        Right(1, "reply", "message", 86_400, 5, "person", "free"),
        Right(2, "below", "comment", 86_400, 1, "person", "comment"),
        Right(3, "templates", "always", 86_400, 9, "account", "template"),
    ]
    given = [a_window("message"), a_window("comment")]

    said = rights.speak(known, given, NOW, is_comment=True)

    assert [(right.allowance, right.left) for right in said or []] == [("below", 1)]
    assert rights.speak(known, [a_window("message"), a_window("comment", used=1)], NOW, is_comment=True) == []
    assert [right.allowance for right in rights.speak(known, given, NOW) or []] == ["reply", "templates"]

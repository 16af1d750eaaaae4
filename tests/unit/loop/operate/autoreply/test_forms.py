"""A lead form asks one thing at a time, checks what it hears, and is taken up again."""

from datetime import UTC, datetime, timedelta

import pytest

from fanwheel.loop.operate.autoreply.forms import Consent, Field, Form, Progress, Turn, begin, has_paused, read, take

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FORM = Form(
    fields=(
        Field("name", "怎么称呼您？", "name"),
        Field("phone", "您的手机号？", "phone", retry="这个号码好像不对"),
        Field("need", "想了解什么？", "choice", options=("精华", "面霜")),
    ),
    intro="花一分钟登记",
    thanks="谢谢",
    canceled="好的，不打扰了",
)
WITH_CONSENT = Form(FORM.fields, thanks="谢谢", consent=Consent("可以给您发短信吗？", ("sms",)))


def start(form: Form = FORM) -> Progress:
    return Progress(form_id=1, version=3, rule_id=5, key="m1", asked_us=round(NOON.timestamp() * 1e6))


def answer(form: Form, *texts: str) -> Turn:
    turn = begin(form, start(form))
    for text in texts:
        assert turn.progress is not None
        turn = take(form, turn.progress, text, region="CN", now=NOON)
    return turn


def test_the_introduction_comes_with_the_first_question() -> None:
    assert [line.text for line in begin(FORM, start()).lines] == ["花一分钟登记", "怎么称呼您？"]


def test_answers_lead_through_to_the_end() -> None:
    turn = answer(FORM, "我叫林小满", "138 0013 8000", "2")

    assert turn.outcome == "done"
    assert turn.values == {"name": "林小满", "phone": "+8613800138000", "need": "面霜"}


def test_who_says_all_at_once_is_not_asked_again() -> None:
    turn = answer(FORM, "Ana, 13800138000")

    assert turn.lines[0].text == "想了解什么？"


def test_what_is_no_answer_is_asked_again_and_then_given_up() -> None:
    once, last = answer(FORM, "林小满", "没有"), answer(FORM, "林小满", "没有", "真没有", "不给")

    assert (once.outcome, once.lines[0].text) == ("invalid", "这个号码好像不对")
    assert (last.outcome, last.progress) == ("given_up", None)


@pytest.mark.parametrize("word", ["取消", "算了！", "STOP", "退出"])
def test_a_word_ends_it(word: str) -> None:
    assert answer(FORM, word).outcome == "canceled"


@pytest.mark.parametrize(("said", "agreed"), [("同意", True), ("同意 / Yes", True), ("OK", True), ("不同意", False)])
def test_consent_is_asked_last_and_heard(said: str, agreed: bool) -> None:
    turn = answer(WITH_CONSENT, "Ana", "13800138000", "精华", said)

    assert (turn.outcome, turn.is_agreed) == ("done", agreed)


def test_anything_but_a_yes_is_no_consent() -> None:
    turn = answer(WITH_CONSENT, "Ana", "13800138000", "精华", "hm", "hm", "hm")

    assert (turn.outcome, turn.is_agreed) == ("done", False)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("name", "my name is Ana Silva.", "Ana Silva"),
        ("name", "12345", None),
        ("phone", "加我 13800138000 吧", "+8613800138000"),
        ("phone", "12345", None),
        ("email", "mail me at Ana@Example.com please", "ana@example.com"),
        ("number", "大概３个", "3"),
        ("text", "  ", None),
    ],
)
def test_answers_are_found_in_what_people_write(kind: str, text: str, value: str | None) -> None:
    assert read(Field("k", "?", kind), text, region="CN") == value  # type: ignore[arg-type]


def test_half_an_hour_is_a_pause() -> None:
    assert not has_paused(start(), NOON + timedelta(minutes=29))
    assert has_paused(start(), NOON + timedelta(minutes=31))

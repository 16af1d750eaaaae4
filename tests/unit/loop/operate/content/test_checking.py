"""A template is told what is wrong with it, where, and what was probably meant."""

from typing import Any

import pytest

from fanwheel.domains.private.channels.adapter import About
from fanwheel.loop.operate.content import checking, writing

KNOWN = checking.Known({"first_name", "city"}, None)
HEAVY = {"type": "image", "url": "/x", "alt": "x", "size_bytes": 2_000_000}
FOOTER = {"type": "footer"}
GOOD = {"subject": "Spring tea", "preheader": "Just in", "blocks": [{"type": "text", "text": "Hello"}, FOOTER]}


def issues(mail: dict[str, Any], **more: Any) -> dict[str, checking.Issue]:
    raw = {"variants": [{"key": "A", "wordings": {"en": {"mail": mail}}}], "language": "en", **more}
    return {issue.code: issue for issue in checking.check(writing.read(raw, "email"), "email", KNOWN)}


def of_parts(*parts: dict[str, Any], about: About | None = None) -> dict[str, checking.Issue]:
    raw = {"variants": [{"key": "A", "wordings": {"en": {"parts": parts}}}], "language": "en"}
    found = checking.check(writing.read(raw, "telegram"), "telegram", checking.Known({"city"}, about))
    return {issue.code: issue for issue in found}


def test_a_good_mail_has_nothing_wrong_with_it() -> None:
    assert issues(GOOD) == {}


@pytest.mark.parametrize(
    ("change", "code", "level"),
    [
        ({"subject": " "}, "no_subject", "error"),
        ({"subject": "BUY YOUR TEA NOW"}, "shouting", "warning"),
        ({"subject": "Tea!!"}, "shouting", "warning"),
        ({"subject": "春" * 31}, "long_subject", "warning"),
        ({"preheader": ""}, "no_preheader", "hint"),
        ({"blocks": [{"type": "text", "text": "Hello"}]}, "no_unsubscribe", "warning"),
        ({"blocks": [{"type": "image", "url": "https://a.example/x.png"}, FOOTER]}, "no_alt", "warning"),
        ({"blocks": [{"type": "image", "alt": "x"}, FOOTER]}, "no_picture", "error"),
        ({"blocks": [HEAVY, FOOTER]}, "heavy_images", "warning"),
        ({"blocks": [{"type": "button", "label": "Go", "url": ""}, FOOTER]}, "no_link", "error"),
        ({"blocks": [{"type": "button", "label": "Go", "url": "shop"}, FOOTER]}, "bad_link", "error"),
        ({"blocks": [{"type": "button", "label": "Go", "url": "http://a.example"}, FOOTER]}, "plain_http", "warning"),
        ({"blocks": [{"type": "button", "label": "Go", "url": "https://bit.ly/x"}, FOOTER]}, "shortener", "warning"),
        ({"blocks": [{"type": "text", "text": "x" * 110_000}, FOOTER]}, "clipped", "warning"),
        ({"blocks": [{"type": "text", "text": "点击领取"}, FOOTER]}, "spam_words", "hint"),
        ({"kind": "html", "html": "<p onclick='x'>{{ unsubscribe_url }}</p>"}, "unsafe_html", "error"),
        ({"kind": "html", "html": "<script>x</script>{{ unsubscribe_url }}"}, "unsafe_html", "error"),
        ({"kind": "html", "html": "<a href='java\nscript:x'>{{ unsubscribe_url }}</a>"}, "unsafe_html", "error"),
        ({"blocks": [{"type": "text", "text": "{% if %}"}, FOOTER]}, "bad_liquid", "error"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(change: dict[str, Any], code: str, level: str) -> None:
    assert issues({**GOOD, **change})[code].level == level


def test_an_unknown_variable_is_told_with_its_line_and_what_was_probably_meant() -> None:
    found = issues({**GOOD, "blocks": [{"type": "text", "text": "Hi\n{{ persn.city }}"}, FOOTER]})["unknown_variable"]

    assert (found.level, found.where, found.line) == ("error", "mail.blocks.0.text", 2)
    assert found.detail == {"name": "persn", "near": "person"}


def test_a_trait_that_nobody_has_is_a_warning() -> None:
    found = issues({**GOOD, "subject": "Hi {{ person.frist_name }}"})["unknown_trait"]

    assert (found.level, found.detail["near"]) == ("warning", "person.first_name")


def test_variables_of_the_template_s_own_are_known() -> None:
    mail = {**GOOD, "subject": "{{ gift }}{% for p in products %}{{ p.name }}{% endfor %}{% assign x = 1 %}{{ x }}"}

    assert issues(mail, variables=[{"name": "gift"}]) == {}


def test_a_channel_s_limits_hold() -> None:
    about = About(kind="telegram", address="telegram_id", fields=(), capabilities=frozenset({"text"}), text_limit=10)

    found = of_parts({"type": "text", "text": "x" * 11}, {"type": "card", "title": "T"}, about=about)

    assert found["too_long"].detail == {"count": 11, "most": 10}
    assert found["not_carried"].detail == {"kind": "card"}


def test_a_language_that_a_variant_lacks_is_pointed_out() -> None:
    raw = {
        "variants": [
            {"key": "A", "wordings": {"en": {"mail": GOOD}, "zh-CN": {"mail": GOOD}}},
            {"key": "B", "wordings": {"en": {"mail": GOOD}}},
        ],
        "language": "en",
    }

    (found,) = checking.check(writing.read(raw, "email"), "email", KNOWN)

    assert (found.code, found.variant, found.language) == ("language_missing", "B", "zh-CN")


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [(["zh-CN"], "zh-CN"), (["zh-TW"], "zh-CN"), (["zh_cn"], "zh-CN"), (["en-GB"], "en"), (["fr", "ja-JP"], "ja"),
     (["fr"], "zh-CN"), ([], "zh-CN"), (["pt-PT"], "pt-BR")],
)  # fmt: skip
def test_the_nearest_language_is_taken(wanted: list[str], chosen: str) -> None:
    assert writing.choose_language(["zh-CN", "en", "ja", "pt-BR"], wanted, "zh-CN") == chosen

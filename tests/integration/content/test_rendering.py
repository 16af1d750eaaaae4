"""A version is worded for each person: language, variant, links of their own, and what must not be missing."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.content.conftest import MAIL, Desk

from fanwheel.domains.private.channels.contracts import Card, Email, Text
from fanwheel.loop.operate import content, links

LINK = re.compile(r"https://wheel\.example/l/[0-9A-Za-z]{17}")


def to(home: int, key: str = "", **more: Any) -> content.Recipient:
    urls = {
        "unsubscribe_url": "https://wheel.example/u/token",
        "preferences_url": "https://wheel.example/preferences/t",
    }
    return content.Recipient(key=key, person_id=home, **{**urls, **more})


def mail_of(worded: content.Worded) -> Email:
    (mail,) = worded.parts
    assert isinstance(mail, Email)
    return mail


def test_everybody_is_written_to_by_name_in_their_order(desk: Desk) -> None:
    version = desk.publish(desk.template({"mail": MAIL}))
    one, two = desk.person(1, first_name="Li"), desk.person(2, first_name="Ana")

    said = desk.word(version, to(two), to(one))

    assert [mail_of(each).subject for each in said] == ["Ana, spring tea", "Li, spring tea"]
    assert "Hello Ana" in mail_of(said[0]).text.replace("**", "")
    assert "https://wheel.example/u/token" in mail_of(said[0]).html


def test_a_person_who_was_merged_is_known_by_any_home(desk: Desk) -> None:
    version = desk.publish(desk.template({"mail": MAIL}))
    desk.person(1, first_name="Li")
    desk.person(2, first_name="Gone")
    desk.house.rows("UPDATE identifier SET person_id = 1 WHERE workspace_id = %s AND home_id = 2", desk.workspace)

    assert mail_of(desk.word(version, to(2))[0]).subject == "Li, spring tea"


HOMES = iter(range(1_000, 2_000))
PIECES = [
    "{{ 6 | times: 111 }}", "{% assign y = 1 %}", "{{ brand.name }}", "<script>", "}}", "{{", "\r\n",
    "Bcc: x@evil.example", "javascript:x", "https://evil.example/", '"', "&",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join))
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_trait_is_never_carried_out(desk: Desk, trait: str) -> None:
    home = desk.person(next(HOMES), first_name=trait)
    if not desk.version:
        blocks = [*MAIL["blocks"], {"type": "button", "label": "Me", "url": "{{ person.first_name }}"}]
        desk.version = desk.publish(desk.template({"mail": {**MAIL, "blocks": blocks}}))

    mail = mail_of(desk.word(desk.version, to(home, f"key-{home}"))[0])

    assert mail.subject == " ".join(f"{trait}, spring tea".split())
    assert "666" not in mail.html + mail.text
    assert "<script" not in mail.html
    assert 'href="javascript' not in mail.html
    assert not any("evil" in row["url"] for row in desk.house.rows("SELECT url FROM link"))


def test_each_message_has_links_of_its_own_and_one_worded_again_keeps_them(desk: Desk) -> None:
    version = desk.publish(desk.template({"mail": MAIL}))
    home = desk.person(1, first_name="Li")

    first, other = desk.word(version, to(home, "message-1"), to(home, "message-2"))
    again = desk.word(version, to(home, "message-1"))[0]

    def links_of(worded: content.Worded) -> set[str]:
        return set(LINK.findall(mail_of(worded).html + mail_of(worded).text))

    assert len(links_of(first)) == 1
    assert links_of(first) == links_of(again) != links_of(other)
    assert "https://wheel.example/o/" in mail_of(first).html
    assert "shop.example" not in mail_of(first).html + mail_of(first).text


def test_a_template_that_follows_nothing_leaves_addresses_alone(desk: Desk) -> None:
    version = desk.publish(desk.template({"mail": MAIL}, follows_links=False, follows_opens=False))
    home = desk.person(1, first_name="Li")

    html = mail_of(desk.word(version, to(home, "message-3"))[0]).html

    assert "https://shop.example/tea?x=1" in html
    assert "/o/" not in html
    assert "/l/" not in html


def test_what_should_have_come_along_is_missed(desk: Desk) -> None:
    version = desk.publish(desk.template({"mail": {**MAIL, "subject": "Your code {{ coupon.code }}"}}))
    home = desk.person(1, first_name="Li")

    without, given_ = desk.word(version, to(home), to(home, variables={"coupon": {"code": "T-1"}}))
    unsigned = desk.word(version, to(home, variables={"coupon": {"code": "T-1"}}, unsubscribe_url=""))[0]

    assert (without.refusal, without.detail, without.parts) == ("unknown_variable", {"names": ["coupon"]}, ())
    assert mail_of(given_).subject == "Your code T-1"
    assert (unsigned.refusal, unsigned.detail) == ("unknown_variable", {"names": ["unsubscribe_url"]})


def test_what_comes_along_takes_no_name_that_is_given(desk: Desk) -> None:
    version = desk.publish(desk.template({"mail": MAIL}))
    home = desk.person(1, first_name="Li")
    evil = {"person": {"first_name": "Eve"}, "unsubscribe_url": "https://evil.example"}

    mail = mail_of(desk.word(version, to(home, variables=evil))[0])

    assert mail.subject == "Li, spring tea"
    assert "evil" not in mail.html


def test_everybody_reads_their_language_or_the_template_s_own(desk: Desk) -> None:
    wordings = {language: {"parts": [{"type": "text", "text": text}]} for language, text in
                (("en", "Hello"), ("zh-CN", "你好"), ("ja", "こんにちは"))}  # fmt: skip
    template = desk.template({"parts": [{"type": "text", "text": "x"}]}, channel="wechat_oa")
    raw = {"language": "zh-CN", "variants": [{"key": "A", "wordings": wordings}]}
    desk.operator.ask("PATCH", f"/api/templates/{template['template_id']}", json={"content": raw})
    version = desk.publish(template)
    desk.person(1, language="ja-JP")
    desk.person(2, locale="en_US")
    desk.person(3, language="fr")

    said = desk.word(version, to(1), to(2), to(3), to(1, language="en"))

    assert [part.text for each in said for part in each.parts if isinstance(part, Text)] == [
        "こんにちは", "Hello", "你好", "Hello",
    ]  # fmt: skip


def test_variants_are_said_by_weight_and_to_a_person_always_the_same(desk: Desk) -> None:
    template = desk.template({"parts": [{"type": "text", "text": "x"}]}, channel="wechat_oa")
    variants = [
        {"key": key, "weight": weight, "wordings": {"en": {"parts": [{"type": "text", "text": key}]}}}
        for key, weight in (("A", 1), ("B", 3), ("C", 0))
    ]
    raw = {"language": "en", "variants": variants}
    desk.operator.ask("PATCH", f"/api/templates/{template['template_id']}", json={"content": raw})
    version = desk.publish(template)
    crowd = [to(home) for home in range(1, 2_001)]

    first = [worded.variant for worded in desk.word(version, *crowd)]
    again = [worded.variant for worded in desk.word(version, *crowd)]
    forced = desk.word(version, to(1, variant="C"))[0].variant

    assert first == again
    # Of 2,000 people 1,500 are expected, with a deviation of 19.
    assert 1_400 < first.count("B") < 1_600
    assert (first.count("C"), forced) == (0, "C")


def test_parts_of_other_channels_have_their_links_followed(desk: Desk) -> None:
    parts = [
        {"type": "text", "text": "Hi {{ person.first_name }}: https://shop.example/a"},
        {"type": "card", "title": "Tea", "url": "https://shop.example/b", "image_url": "/media/1/x.png",
         "buttons": [{"label": "Go", "action": "url", "value": "https://shop.example/c"},
                     {"label": "Ask", "action": "reply", "value": "https://not.an.address"}]},
    ]  # fmt: skip
    version = desk.publish(desk.template({"parts": parts}, channel="wechat_oa"))
    home = desk.person(1, first_name="https://evil.example/x")

    text, card = desk.word(version, to(home, "message-4"))[0].parts

    assert isinstance(text, Text)
    assert isinstance(card, Card)
    assert text.text.startswith("Hi https://evil.example/x: ")
    assert LINK.search(text.text)
    assert all(LINK.fullmatch(url) for url in (card.url or "", card.buttons[0].value))
    assert (card.image_url, card.buttons[1].value) == ("https://wheel.example/media/1/x.png", "https://not.an.address")


def test_words_that_many_share_have_links_that_name_nobody(desk: Desk) -> None:
    parts = [{"type": "text", "text": "https://shop.example/a"}]
    version = desk.publish(desk.template({"parts": parts}, channel="wecom"))
    homes = [desk.person(number) for number in (1, 2)]

    one, other = desk.word(version, *(to(home, f"message-{home}")._replace(is_shared=True) for home in homes))

    (said,) = one.parts
    assert one.parts == other.parts
    assert isinstance(said, Text)
    assert re.fullmatch(r"https://wheel\.example/l/[0-9A-Za-z]{7}", said.text)


@pytest.mark.parametrize("version", [0, 2**40])
def test_a_version_that_is_not_there_is_not_found(desk: Desk, version: int) -> None:
    with pytest.raises(Exception, match="no such template"):
        desk.word(version, to(1))


def test_a_message_that_no_template_wrote_gets_links_too(desk: Desk) -> None:
    message = links.Message("message-5", desk.person(1), 0, "telegram", 7, "agent:3", "", "")

    async def work(tx: Any) -> dict[str, str]:
        from fanwheel.kernel.clock import utc_now

        urls = ["https://shop.example/a", "javascript:x"]
        return await links.shorten(tx, message, urls, site_url="https://wheel.example", now=utc_now())

    made = desk.within(work)

    assert list(made) == ["https://shop.example/a"]
    assert LINK.fullmatch(made["https://shop.example/a"])

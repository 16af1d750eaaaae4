"""Machines are told from people, and links lead only where somebody wrote that they do."""

from datetime import UTC, datetime, timedelta

import pytest

from fanwheel.loop.operate.links import rules
from fanwheel.loop.operate.links.contracts import Visit, Visitor
from fanwheel.loop.operate.links.errors import BadLinkError

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
WECHAT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.50"
)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("visitor", "reason"),
    [
        (Visitor(CHROME, "8.8.8.8"), ""),
        (Visitor(WECHAT, "8.8.8.8"), ""),
        (Visitor("", "8.8.8.8"), "no_agent"),
        (Visitor(CHROME, "8.8.8.8", is_head=True), "head"),
        (Visitor(CHROME, "8.8.8.8", is_prefetch=True), "prefetch"),
        (Visitor("curl/8.5", "8.8.8.8"), "crawler"),
        (Visitor("TelegramBot (like TwitterBot)", "8.8.8.8"), "crawler"),
        (Visitor("Barracuda Sentinel (EE)", "8.8.8.8"), "crawler"),
        (Visitor(CHROME, "104.47.1.1"), "network"),
        (Visitor(CHROME, "203.0.113.9"), "network"),  # named by the brand
        (Visitor(CHROME, "not an address"), ""),
    ],
)
def test_a_request_gives_a_machine_away(visitor: Visitor, reason: str) -> None:
    assert rules.recognize(visitor, ["203.0.113.0/24"]) == reason


@pytest.mark.parametrize(
    ("agent", "reason", "is_machine"),
    [
        (
            "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
            "gmail_proxy",
            False,
        ),
        ("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", "yahoo_proxy", False),
        ("Mozilla/5.0", "apple_privacy", True),
        (CHROME, "", False),
    ],
)
def test_pictures_are_loaded_through_others(agent: str, reason: str, is_machine: bool) -> None:
    found = rules.recognize(Visitor(agent, "8.8.8.8"), is_picture=True)

    assert (found, rules.is_machine(found)) == (reason, is_machine)


def click(number: int, seconds: float, link: int = 1, **more: object) -> Visit:
    at = NOON + timedelta(seconds=seconds)
    return Visit(number, "click", link, "r", at, "", made_at=NOON)._replace(**more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("visit", "others", "reason"),
    [
        (click(1, 60), [], ""),
        (click(1, 4), [], "too_fast"),
        (click(1, 5), [], ""),
        (click(1, 2, is_chat=True), [], ""),
        (click(1, 60), [click(2, 110, kind="trap")], "trap"),
        (click(1, 60), [click(2, 121, kind="trap")], ""),
        (click(1, 60), [click(2, 61, link=2), click(3, 62, link=3)], "burst"),
        (click(1, 60), [click(2, 61, link=2), click(3, 64, link=3)], ""),
        (click(1, 60), [click(2, 61), click(3, 62)], ""),  # the same link, tapped again
        (click(1, 60, machine="head"), [], "head"),
    ],
)
def test_what_shows_beside_other_visits(visit: Visit, others: list[Visit], reason: str) -> None:
    assert rules.decide(visit, others) == reason


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "//evil.example", "/inside", "ftp://a.example", "https://", "https://user@a.example/",
     "https://a.example/\r\nSet-Cookie: x=1", "https://a.example/ b", "data:text/html,x", "https://[", "x" * 5_000],
)  # fmt: skip
def test_a_link_leads_to_whole_addresses_only(url: str) -> None:
    with pytest.raises(BadLinkError):
        rules.require_address(url)


@pytest.mark.parametrize(
    ("code", "read"),
    [("Ab3dE5g", ("Ab3dE5g", None)), ("Ab3dE5g0123456789", ("Ab3dE5g", "0123456789")),
     ("x0123456789", ("", "0123456789")),
     ("short", None), ("../../etc", None), ("Ab3dE5g" * 3, None)],
)  # fmt: skip
def test_codes_are_read(code: str, read: tuple[str, str | None] | None) -> None:
    assert rules.read_code(code) == read


def test_parameters_that_an_address_has_stay_as_they_are() -> None:
    url = rules.with_utm("https://a.example/p?utm_source=own&x=%20y#top", {"source": "email", "campaign": "春 sale"})

    assert url == "https://a.example/p?utm_source=own&x=%20y&utm_campaign=%E6%98%A5+sale#top"


def test_a_template_s_own_words_go_before_the_brand_s_and_those_before_the_usual() -> None:
    said = rules.utm_of(
        {"source": "own"}, {"source": "brand", "medium": "brand"}, channel="sms", step="broadcast:12", variant="B"
    )

    assert said == {"source": "own", "medium": "brand", "campaign": "broadcast-12", "term": "", "content": "B"}


def test_codes_have_the_length_they_are_read_by() -> None:
    code = rules.new_code(rules.LINK_LENGTH) + rules.new_code(rules.RECIPIENT_LENGTH)

    assert rules.read_code(code) == (code[:7], code[7:])

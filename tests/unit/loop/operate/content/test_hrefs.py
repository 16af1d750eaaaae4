"""Links lead where the brand says: a person's words get no link of the brand's, and none that runs something."""

import pytest

from fanwheel.loop.operate.content import hrefs, sandbox

TRUSTED = hrefs.list_trusted("", frozenset({"gift"}))


def filled(source: str, **variables: object) -> tuple[str, list[str]]:
    taker = hrefs.Follower("word")
    mark = hrefs.follower.set(taker)
    try:
        text = sandbox.fill(sandbox.parse(source, is_html=True), variables)[0]
    finally:
        hrefs.follower.reset(mark)
    return taker.settle(text, dict.fromkeys(taker.urls, "https://we/l/code"), {}, is_html=True), taker.urls


@pytest.mark.parametrize(
    "url",
    ["https://shop.example/a?b={{ person.id }}", "{{ product.url }}", "{{ coupon.url }}", "{{ gift }}"],
)
def test_addresses_of_the_brand_are_followed(url: str) -> None:
    assert hrefs.FOLLOWED in hrefs.wrap(url, TRUSTED)


@pytest.mark.parametrize(
    "url",
    ["{{ person.site }}", "https://{{ person.site }}/", "https://shop.example{{ person.site }}", "mailto:a@b.example",
     "{{ unsubscribe_url }}", "https://shop.example@{{ person.site }}"],
)  # fmt: skip
def test_addresses_that_somebody_else_decides_are_not(url: str) -> None:
    assert hrefs.DIRECT in hrefs.wrap(url, TRUSTED)


@pytest.mark.parametrize(
    "source",
    ["{% assign gift = person.site %}", "{% capture product %}{{ person.site }}{% endcapture %}",
     "{% for product in person.sites %}{% endfor %}"],
)  # fmt: skip
def test_a_name_that_the_text_gives_away_is_trusted_no_more(source: str) -> None:
    trusted = hrefs.list_trusted(source, frozenset({"gift"}))

    assert not {"gift", "product"} <= trusted


def test_a_link_is_put_in_the_place_of_an_address() -> None:
    source = hrefs.wrap_html('<a class="x" href="https://a.example/?x=1&amp;y={{ y | default: "z" }}">1</a>', TRUSTED)

    html, urls = filled(source, y='"><script>')

    assert html == '<a class="x" href="https://we/l/code">1</a>'
    assert urls == ['https://a.example/?x=1&y="><script>']


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", " vbscript:x", "JaVaScRiPt:x", "//evil.example"]
)
def test_an_address_that_runs_something_leads_nowhere(url: str) -> None:
    html, urls = filled(hrefs.wrap_html('<a href="{{ person.site }}">1</a>', TRUSTED), person={"site": url})

    assert (html, urls) == ('<a href="#">1</a>', [])


def test_in_a_text_only_what_the_brand_spelled_out_is_a_link() -> None:
    source = hrefs.wrap_text("看 https://a.example/b，{{ person.name }}", TRUSTED)

    _, urls = filled(source, person={"name": "https://evil.example/x"})

    assert urls == ["https://a.example/b"]

"""What people say of themselves is text wherever it is put, and no template takes for ever."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanwheel.loop.operate import content
from fanwheel.loop.operate.content import sandbox
from fanwheel.loop.operate.content.errors import BadLiquidError, TooMuchLiquidError

EVIL = st.text(st.sampled_from("{}%<>\"'& a|x\n"), max_size=30) | st.lists(
    st.sampled_from(
        [
            "{{ 7 | times: 191 }}",
            "{{ brand.secret }}",
            "{% for i in (1..9) %}1337{% endfor %}",
            "<script>alert(1)</script>",
            '" onload="x',
            "{{",
            "}}",
            "{% raw %}",
            "&lt;",
            "'",
        ]
    ),
    max_size=5,
).map("".join)
FILTERS = sorted(set(sandbox.environment(is_html=True).filters) - {"date", "money"})


def said(source: str, variables: dict[str, Any], *, is_html: bool) -> str:
    return sandbox.fill(sandbox.parse(source, is_html=is_html), variables)[0]


@given(EVIL)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_trait_stays_the_text_that_it_is(trait: str) -> None:
    variables = {"person": {"name": trait}, "brand": {"secret": "1337"}}

    assert said("Hi {{ person.name }}!", variables, is_html=False) == f"Hi {trait}!"


@given(EVIL, st.lists(st.sampled_from(FILTERS), min_size=0, max_size=3), EVIL)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_in_html_a_trait_opens_no_element_whatever_filters_it_goes_through(
    trait: str, filters: list[str], other: str
) -> None:
    # The brand's own words may be HTML; what a person says may not, neither as what is filtered nor beside it.
    variables = {"person": {"name": trait, "other": other}, "brand": {"secret": "1337"}}
    for give in ("", ": person.other", ': "e", person.other'):
        pipeline = "".join(f" | {name}{give}" for name in filters)
        try:
            text = said(f"<p>{{{{ person.name{pipeline} }}}}</p>", variables, is_html=True)
        except (BadLiquidError, TooMuchLiquidError):
            continue

        inside = text.removeprefix("<p>").removesuffix("</p>")
        assert re.sub(r"<br ?/?>", "", inside).count("<") == 0
        assert '"' not in inside
        if "secret" in trait + other:
            assert "1337" not in inside or "1337" in trait + other


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in (1..999999999) %}x{% endfor %}",
        '{{ (1..999999999) | join: "," }}',
        "{% for i in (1..900) %}{% for j in (1..900) %}{% for k in (1..900) %}{% endfor %}{% endfor %}{% endfor %}",
        '{% assign a = "x" %}{% for i in (1..500) %}{% assign a = a | append: a %}{% endfor %}',
        "{% assign a = 9 %}{% for i in (1..900) %}{% assign a = a | times: a %}{% endfor %}",
        '{{ "now" | date: "%999999999d" }}',
        '{{ "1e999999999" | ceil }}',
        '{% assign a = "aaaaaaaaaa" %}{% for i in (1..6) %}{% assign a = a | replace: "a", a %}{% endfor %}',
        "{% for i in (1..1000) %}" + "{{ big | upcase | downcase }}" * 20 + "{% endfor %}",
    ],
)
def test_what_would_take_for_ever_is_refused(source: str) -> None:
    with pytest.raises((BadLiquidError, TooMuchLiquidError)):
        said(source, {"big": "a" * 100_000}, is_html=False)


@pytest.mark.parametrize(
    "source",
    ['{% include "x" %}', '{% render "/etc/passwd" %}', "{{ x | safe }}", "{% tablerow i in x %}{% endtablerow %}"],
)
def test_tags_and_filters_that_reach_out_are_not_there(source: str) -> None:
    with pytest.raises(BadLiquidError):
        sandbox.parse(source, is_html=True)


def test_attributes_of_python_are_not_reached() -> None:
    assert said("{{ p.__class__ }}{{ p.format }}{{ p['__init__'] }}", {"p": "s"}, is_html=False) == ""


def test_a_mistake_is_told_with_its_line() -> None:
    with pytest.raises(BadLiquidError) as caught:
        sandbox.parse("one\ntwo {% if %}", is_html=False)

    assert caught.value.line == 2


def test_what_nobody_gave_is_named_where_it_is_said_and_not_where_it_is_asked_for() -> None:
    source = '{% if coupon %}x{% endif %}{{ person.city | default: "here" }}{{ gift.code }}'

    text, missing = sandbox.fill(sandbox.parse(source, is_html=False), {"person": {}})

    assert (text, missing) == ("here", {"gift"})


def test_dates_are_in_the_brand_s_time_zone() -> None:
    template = sandbox.parse('{{ at | date: "%Y-%m-%d %H:%M" }}', is_html=False)

    assert sandbox.fill(template, {"at": "2026-03-01T20:00:00Z"}, zone="Asia/Shanghai")[0] == "2026-03-02 04:00"


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(129, "CNY", "¥129"), ("1299.5", "USD", "$1,299.50"), (1200, "JPY", "¥1,200"), ("soon", "CNY", "soon")],
)
def test_money_has_its_sign(amount: Any, currency: str, text: str) -> None:
    assert said(f'{{{{ amount | money: "{currency}" }}}}', {"amount": amount}, is_html=False) == text


def test_a_canned_reply_is_filled_in_with_what_there_is() -> None:
    assert content.fill("Hi {{ person.name }}{{ order.id }}", {"person": {"name": "{{ x }}"}}) == "Hi {{ x }}"

"""Blocks become a mail, with Liquid as it was written and everything else as text."""

from html.parser import HTMLParser

import pytest

from fanwheel.loop.operate.content import compiling, lettering, plain, writing
from fanwheel.loop.operate.content.html import look


def mail(*blocks: dict[str, object], **more: object) -> writing.Mail:
    content = {"variants": [{"key": "A", "wordings": {"en": {"mail": {"subject": "S", "blocks": blocks, **more}}}}]}
    found = writing.read({**content, "language": "en"}, "email").variants[0].wordings["en"].mail
    assert found is not None
    return found


def html_of(*blocks: dict[str, object]) -> str:
    return lettering.compile_html(mail(*blocks), title="T", language="en")


def test_liquid_comes_through_the_compiler_as_it_was_written() -> None:
    liquid = '{{ person.name | default: "<friend>" }}{% if a < b and c > d %}x{% endif %}'

    assert liquid in html_of({"type": "text", "text": liquid})


def test_words_are_text_and_marks_are_marks() -> None:
    html = html_of({"type": "text", "text": "**Bold** *soft* <b>no</b> [go](https://a.example)\n\n- one\n- two"})

    assert "<strong>Bold</strong> <em>soft</em> &lt;b&gt;no&lt;/b&gt;" in html
    assert 'href="https://a.example"' in html
    assert "<li>one</li><li>two</li>" in html


def test_an_attribute_cannot_be_left() -> None:
    html = html_of({"type": "image", "url": 'x" onerror="alert(1)', "alt": '"><script>'})

    assert look(html).unsafe == ()


@pytest.mark.parametrize("color", ["red;background:url(x)", '#fff"', "javascript:x"])
def test_a_color_that_is_none_is_not_taken(color: str) -> None:
    made = mail({"type": "text", "text": "x"}, theme={"text": color, "background": color, "surface": color})

    assert color not in lettering.compile_html(made, title="", language="en")


def test_products_that_come_with_the_message_stand_in_a_loop() -> None:
    html = html_of({"type": "products", "most": 3, "label": "Buy"})

    assert "{% for product in products limit: 3 %}" in html
    assert html.index("{% for") < html.index("{{ product.name }}") < html.index("{% endfor %}")


def test_every_block_has_words_in_the_plain_text() -> None:
    text = plain.of_mail(
        mail(
            {"type": "text", "text": "**Hello** [there](https://a.example)"},
            {"type": "button", "label": "Go", "url": "https://b.example"},
            {"type": "coupon", "title": "Gift"},
            {"type": "columns", "columns": [[{"type": "text", "text": "Left"}], [{"type": "text", "text": "Right"}]]},
            {"type": "footer"},
        )
    )

    for words in ("Hello there: https://a.example", "Go: https://b.example", "{{ coupon.code }}", "Left", "Right",
                  "{{ unsubscribe_url }}"):  # fmt: skip
        assert words in text


def test_html_of_one_s_own_has_its_words_in_the_plain_text() -> None:
    html = "<style>p{}</style><p>Hi <b>you</b><br>there</p><a href='https://a.example'>go</a><ul><li>one</ul>"

    assert plain.of_html(html) == "Hi you\nthere\ngo (https://a.example)\n\n- one"


def test_the_picture_and_the_trap_stand_at_the_end_of_the_body() -> None:
    content = writing.Content(
        variants=(writing.Variant(key="A", wordings={"en": writing.Wording(mail=mail({"type": "footer"}))}),),
        language="en",
    )

    html = compiling.compile_content(content, title="T").sheets["A"]["en"].mail["html"]  # type: ignore[index]

    assert html.index(compiling.TRAP) < html.index(compiling.PIXEL) < html.index("</body>")
    HTMLParser().feed(html)

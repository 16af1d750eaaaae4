"""What is pushed is read as a tree, and nothing in it reaches beyond it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.tencent import NOON

from fanwheel.domains.private.channels.errors import ForgedError, MalformedError
from fanwheel.domains.private.tencent import MAX_BYTES, Nonces, moment, read, write

LAUGHS = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>
<xml><Content>&lol2;</Content></xml>"""


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS,
        '<!DOCTYPE xml [<!ENTITY file SYSTEM "file:///etc/passwd">]><xml><Content>&file;</Content></xml>',
        '<!DOCTYPE xml SYSTEM "http://127.0.0.1/evil.dtd"><xml/>',
        "<!DOCTYPE xml><xml/>",
        '<!DOCTYPE xml [<!ENTITY % more SYSTEM "http://127.0.0.1/evil.dtd"> %more;]><xml/>',
        "<xml><Content>&unknown;</Content></xml>",
        "<xml><Content>never ended</xml>",
        "",
        "   ",
        "words",
        "<xml/><xml/>",
        '{"Content": ',
        "[1, 2]",
        "<a>" * 40 + "</a>" * 40,
        "<xml>" + "<a/>" * 6_000 + "</xml>",
        '{"a":' * 40 + "1" + "}" * 40,
        '{"a":' * 100_000,
    ],
)
def test_what_no_platform_sends_is_refused(body: str) -> None:
    with pytest.raises(MalformedError):
        read(body.encode())


def test_more_than_any_platform_sends_is_refused() -> None:
    with pytest.raises(MalformedError, match="larger"):
        read(b"<xml><Content>" + b"a" * MAX_BYTES + b"</Content></xml>")


@given(body=st.binary(max_size=300))
def test_no_bytes_whatever_break_the_reading(body: bytes) -> None:
    try:
        read(body)
    except MalformedError as refused:
        assert refused.message  # noqa: PT017 - either it is read, or refused in words


@given(
    values=st.dictionaries(
        st.sampled_from(["Content", "Title", "Url"]),
        st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp")), min_size=1),
        min_size=1,
    )
)
def test_what_is_written_is_read_again(values: dict[str, str]) -> None:
    assert read(write("xml", values).encode()).plain() == values


def test_signs_that_xml_cannot_carry_are_left_out() -> None:
    assert read(write("xml", {"Content": "a\x00b\x0b]]>c"}).encode()).get("Content") == "ab]]>c"


def test_json_is_the_same_tree() -> None:
    tree = read(b'{"Event": "x", "CreateTime": 1762776000, "List": [{"Id": "1"}, {"Id": "2"}], "None": null}')

    assert [one.get("Id") for one in tree.all("List")] == ["1", "2"]
    assert tree.get("None") == tree.get("Missing") == tree.get("List", "Missing") == ""
    assert moment(tree, NOON) == datetime(2025, 11, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize("time", ["", "soon", "-1", "9" * 12, "１２３"])
def test_moment_that_is_none_is_that_of_arrival(time: str) -> None:
    assert moment(read(f"<xml><CreateTime>{time}</CreateTime></xml>".encode()), NOON) == NOON


def test_repeated_elements_are_kept_in_order() -> None:
    assert read(b"<xml><a>1</a><b><c>x</c></b><a>2</a></xml>").plain() == {"a": ["1", "2"], "b": {"c": "x"}}


def test_signature_stands_for_one_body_only() -> None:
    nonces = Nonces()
    nonces.check("one", b"hello", now=NOON)
    nonces.check("one", b"hello", now=NOON)

    with pytest.raises(ForgedError):
        nonces.check("one", b"other words", now=NOON)

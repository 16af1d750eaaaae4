"""A mail as bytes, read again by the standard library."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from fanwheel.domains.private.channels.adapter import MediaFile
from fanwheel.domains.private.email import mime


def read(composed: mime.Composed) -> EmailMessage:
    found = message_from_bytes(composed.as_bytes(), policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


@pytest.mark.parametrize(
    ("words", "coding"),
    [
        ("Spring tea\n.\n..\n= and --=_x", "quoted-printable"),
        ("Tea é" + "x" * 3_000, "quoted-printable"),
        ("春茶上新，明前采摘。\n" * 200, "base64"),
        ("", "quoted-printable"),
    ],
)
def test_words_arrive_as_they_were_written(words: str, coding: str) -> None:
    whole = mime.join([mime.text(words, "plain"), mime.text(words, "html")], "alternative")

    mail = read(mime.Composed(whole.headers, whole.body))

    read_back = [part.get_content().replace("\r\n", "\n") for part in mail.iter_parts()]
    assert read_back == [f"{words}\n", f"{words}\n"]
    assert {part["Content-Transfer-Encoding"] for part in mail.iter_parts()} == {coding}
    assert max(map(len, whole.body.split(b"\r\n"))) <= 998
    assert b"\n" not in whole.body.replace(b"\r\n", b"")


@pytest.mark.parametrize("name", ["menu.pdf", "春茶 价目.pdf", 'a"b\\.pdf', "a;b=c.pdf"])
def test_files_keep_their_names_and_bytes(name: str) -> None:
    given = MediaFile(name, "application/pdf", bytes(range(256)) * 9)
    whole = mime.join([mime.text("See the list", "plain"), mime.file(given, name=name)], "mixed")

    words, attached = read(mime.Composed(whole.headers, whole.body)).iter_parts()

    assert words.get_content().strip() == "See the list"
    assert (attached.get_filename(), attached.get_content_type()) == (name, "application/pdf")
    assert attached.get_content() == given.body


def test_a_header_of_many_words_is_folded_and_reads_as_one() -> None:
    ids = " ".join(f"<{number:040}@mail.example>" for number in range(100))

    composed = mime.Composed((("References", mime.encode(ids)), ("Subject", mime.encode("春" * 200))), b"\r\n")

    mail = read(composed)
    assert (" ".join(mail["References"].split()), mail["Subject"]) == (ids, "春" * 200)
    assert max(map(len, composed.as_bytes().split(b"\r\n"))) <= 998

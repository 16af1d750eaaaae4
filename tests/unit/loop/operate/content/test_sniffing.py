"""A file is what it holds, whatever it is called."""

import struct
import zlib

import pytest

from fanwheel.loop.operate.content.media import sniffing
from fanwheel.loop.operate.content.media.errors import BadMediaError, MediaTooLargeError


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xc0\x00\x11\x08\x00\x07\x00\x05\x03"
    + bytes(20)
)
GIF = b"GIF89a" + struct.pack("<HH", 9, 4) + bytes(10)
WEBP = (
    b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00"
    + (11).to_bytes(3, "little")
    + (6).to_bytes(3, "little")
    + bytes(9)
)


@pytest.mark.parametrize(
    ("body", "content_type", "sides"),
    [(png(), "image/png", (3, 2)), (JPEG, "image/jpeg", (5, 7)), (GIF, "image/gif", (9, 4)),
     (WEBP, "image/webp", (12, 7)),
     (b"%PDF-1.7 ...", "application/pdf", (None, None)), (b"\x00\x00\x00\x18ftypmp42", "video/mp4", (None, None)),
     (b"#!AMR\n....", "audio/amr", (None, None))],
)  # fmt: skip
def test_a_file_is_known_by_what_it_holds(body: bytes, content_type: str, sides: tuple[int | None, int | None]) -> None:
    found = sniffing.sort(body)

    assert (found.content_type, (found.width, found.height)) == (content_type, sides)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><script>x</script>", b'<?xml version="1.0"?><svg xmlns="x"><script/></svg>', b"MZ\x90\x00",
     b"PK\x03\x04",
     b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"RIFF....WEBP", b"plain words"],
)  # fmt: skip
def test_what_is_none_of_those_is_refused(body: bytes) -> None:
    with pytest.raises(BadMediaError):
        sniffing.sort(body)


@pytest.mark.parametrize(("width", "height"), [(0, 5), (50_000, 2), (12_000, 12_000)])
def test_a_picture_that_unfolds_without_end_is_refused(width: int, height: int) -> None:
    with pytest.raises(BadMediaError):
        sniffing.sort(png(width, height))


def test_a_picture_of_many_bytes_is_refused() -> None:
    with pytest.raises(MediaTooLargeError):
        sniffing.sort(png() + bytes(6 * 1024 * 1024))


@pytest.mark.parametrize("length", range(len(JPEG)))
def test_a_file_that_breaks_off_is_refused_or_read(length: int) -> None:
    for body in (JPEG[:length], png()[:length], GIF[:length], WEBP[:length]):
        try:
            assert sniffing.sort(body).kind == "image"
        except BadMediaError:
            continue

"""What a file is by what it holds, whatever its name and its sender say of it.

A drawing in SVG is refused: it is a document that may run scripts, and no mail client shows it.
"""

import re
import struct
from collections.abc import Callable, Mapping
from typing import Final

from fanwheel.loop.operate.content.media.contracts import Kind, Sort
from fanwheel.loop.operate.content.media.errors import BadMediaError, MediaTooLargeError

_MB: Final = 1024 * 1024
LIMITS: Final[Mapping[Kind, int]] = {"image": 5 * _MB, "voice": 7 * _MB, "video": 7 * _MB, "file": 7 * _MB}
_MOST_SIDE: Final = 12_000
_MOST_PIXELS: Final = 60_000_000  # a small file may unfold into a picture that no phone can show
_SVG: Final = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def sort(body: bytes) -> Sort:
    """What a file is.

    Raises
    ------
    BadMediaError, MediaTooLargeError
        If the library does not take it.
    """
    found = next((made for read in _READERS if (made := read(body)) is not None), None)
    if found is None:
        hint = "Send pictures as PNG, JPEG, GIF or WebP, films as MP4, sounds as MP3, AMR or Ogg, papers as PDF."
        if _SVG.search(body[:4096]):
            raise BadMediaError("Drawings in SVG are not taken: they may run scripts.", hint=hint)
        raise BadMediaError(hint=hint)
    if len(body) > LIMITS[found.kind]:
        raise MediaTooLargeError(hint=f"At most {LIMITS[found.kind] // _MB} MB.")
    if found.kind == "image":
        _require_sides(found)
    return found


def _require_sides(found: Sort) -> None:
    width, height = found.width or 0, found.height or 0
    if not (0 < width <= _MOST_SIDE and 0 < height <= _MOST_SIDE and width * height <= _MOST_PIXELS):
        raise BadMediaError("The picture's width or height cannot be.", hint=f"At most {_MOST_SIDE:,} pixels each.")


def _png(body: bytes) -> Sort | None:
    if not body.startswith(b"\x89PNG\r\n\x1a\n") or body[12:16] != b"IHDR" or len(body) < 33:
        return None
    width, height = struct.unpack(">II", body[16:24])
    return Sort("image", "image/png", "png", width, height)


def _gif(body: bytes) -> Sort | None:
    if body[:6] not in (b"GIF87a", b"GIF89a") or len(body) < 14:
        return None
    width, height = struct.unpack("<HH", body[6:10])
    return Sort("image", "image/gif", "gif", width, height)


def _jpeg(body: bytes) -> Sort | None:
    if not body.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 < len(body) and body[at] == 0xFF:
        mark = body[at + 1]
        if mark == 0xFF:
            at += 1
            continue
        if mark in _FRAMES:
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return Sort("image", "image/jpeg", "jpg", width, height)
        at += 2 + struct.unpack(">H", body[at + 2 : at + 4])[0]
    return None


def _webp(body: bytes) -> Sort | None:
    if body[:4] != b"RIFF" or body[8:12] != b"WEBP" or len(body) < 30:
        return None
    match body[12:16]:
        case b"VP8X":
            width = 1 + int.from_bytes(body[24:27], "little")
            height = 1 + int.from_bytes(body[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(body[21:25], "little")
            width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = (side & 0x3FFF for side in struct.unpack("<HH", body[26:30]))
        case _:
            return None
    return Sort("image", "image/webp", "webp", width, height)


def _other(body: bytes) -> Sort | None:
    if body[4:8] == b"ftyp":
        return Sort("video", "video/mp4", "mp4")
    if body.startswith(b"ID3") or (len(body) > 2 and body[0] == 0xFF and body[1] in (0xFB, 0xF3, 0xF2, 0xFA)):
        return Sort("voice", "audio/mpeg", "mp3")
    if body.startswith(b"#!AMR"):
        return Sort("voice", "audio/amr", "amr")
    if body.startswith(b"OggS"):
        return Sort("voice", "audio/ogg", "ogg")
    return Sort("file", "application/pdf", "pdf") if body.startswith(b"%PDF-") else None


_READERS: Final[tuple[Callable[[bytes], Sort | None], ...]] = (_png, _jpeg, _gif, _webp, _other)

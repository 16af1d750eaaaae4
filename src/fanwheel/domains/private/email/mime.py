"""A mail as bytes: headers, and below them words and files.

The standard library writes a mail by taking it apart again several times, which costs more than all else about it.
"""

import binascii
import secrets
from collections.abc import Sequence
from email.header import Header
from typing import Final, NamedTuple

from fanwheel.domains.private.channels.adapter import MediaFile

# Folding a List-Unsubscribe breaks signatures at some receivers, so lines are as long as SMTP allows.
_LONGEST_LINE: Final = 990
_FOLDED_AT: Final = 900
_BASE64_LINE: Final = 76
# Quoted-printable takes nine bytes for a Chinese character and base64 four: from one in fifteen on it is the longer.
_MOST_FOREIGN: Final = 9

Headers = Sequence[tuple[str, str]]


class Composed(NamedTuple):
    """A mail: its headers in their order, each value on lines as they go out, and what is below them."""

    headers: Headers
    body: bytes

    def as_bytes(self) -> bytes:
        """The mail as it goes out."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        return lines.encode("ascii") + b"\r\n" + self.body


class Piece(NamedTuple):
    """A part of a mail with headers of its own."""

    headers: Headers
    body: bytes


def encode(value: str) -> str:
    """A header's value in ASCII, on lines short enough."""
    if not value.isascii():
        return Header(value, "utf-8", maxlinelen=75).encode(linesep="\r\n")
    return value if len(value) < _FOLDED_AT else _fold(value)


def text(words: str, subtype: str) -> Piece:
    """Words, as plain text or HTML."""
    lines = "\r\n".join(words.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    raw = lines.encode("utf-8", "replace")
    is_foreign = (len(raw) - len(lines)) * _MOST_FOREIGN > len(raw)
    raw += b"\r\n"
    coding, body = ("base64", _base64(raw)) if is_foreign else ("quoted-printable", binascii.b2a_qp(raw))
    kind = f'text/{subtype}; charset="utf-8"'
    return Piece((("Content-Type", kind), ("Content-Transfer-Encoding", coding)), body)


def file(given: MediaFile, *, name: str) -> Piece:
    """A file, attached."""
    kind, _, subtype = given.content_type.partition("/")
    # Names of files in other scripts as RFC 2231 has them.
    said = f'filename="{name}"' if _is_plain(name) else f"filename*=utf-8''{_percent(name)}"
    headers = (
        ("Content-Type", f"{_token(kind) or 'application'}/{_token(subtype) or 'octet-stream'}"),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f"attachment; {said}"),
    )
    return Piece(headers, _base64(given.body))


def join(pieces: Sequence[Piece], kind: str) -> Piece:
    """Several pieces as one: ``alternative`` ways to say the same, or ``mixed``; one alone stays as it is."""
    if len(pieces) == 1:
        return pieces[0]
    # Neither encoding ever puts an underline after “=”, so what is said cannot hold the boundary.
    boundary = f"=_{secrets.token_hex(12)}"
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + Composed(*piece).as_bytes() + b"\r\n" for piece in pieces)
    headers = (("Content-Type", f'multipart/{kind}; boundary="{boundary}"'),)
    return Piece(headers, body + b"--" + boundary.encode() + b"--\r\n")


def _base64(raw: bytes) -> bytes:
    whole = binascii.b2a_base64(raw, newline=False)
    lines = [whole[begin : begin + _BASE64_LINE] for begin in range(0, len(whole), _BASE64_LINE)]
    return b"\r\n".join(lines) + b"\r\n"


def _fold(value: str) -> str:
    lines = [""]
    for word in value.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) > _FOLDED_AT:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\r\n ".join(lines)


def _is_plain(name: str) -> bool:
    return name.isascii() and '"' not in name and "\\" not in name


def _percent(name: str) -> str:
    kept = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_")
    return "".join(chr(byte) if byte in kept else f"%{byte:02X}" for byte in name.encode("utf-8", "replace"))


def _token(name: str) -> str:
    """A word of a media type; anything that could end it is left out."""
    return "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in "-+._"))

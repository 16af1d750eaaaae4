"""Secrets: API keys and tokens, their form and what is stored of them."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fanwheel.infra.access.contracts import KeyKind

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BYTES: Final = 20
_LENGTH: Final = 27  # digits of base 62 that hold 160 bits
_SHOWN: Final = 4
_PREFIXES: Final[dict[KeyKind, str]] = {"write": "fw_write_", "server": "fw_server_"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key as it is made: the secret is shown once, the rest is stored."""

    secret: str
    prefix: str
    digest: bytes


def new_key(kind: KeyKind, *, random: Callable[[int], bytes] = secrets.token_bytes) -> NewKey:
    """A key of 160 random bits."""
    secret = _PREFIXES[kind] + _base62(random(_BYTES))
    shown = len(_PREFIXES[kind]) + _SHOWN
    return NewKey(secret=secret, prefix=secret[:shown], digest=digest(secret))


def has_form(secret: str) -> bool:
    """Whether ``secret`` looks like a key of ours, so that anything else costs no look-up."""
    return any(
        secret.startswith(prefix) and len(secret) == len(prefix) + _LENGTH and secret.isascii()
        for prefix in _PREFIXES.values()
    )


def new_token() -> str:
    """256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is stored of a secret; it is random enough that a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).digest()


def _base62(data: bytes) -> str:
    number = int.from_bytes(data, "big")
    digits = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, 62)
        digits.append(_DIGITS[rest])
    return "".join(reversed(digits))


def are_same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell how far."""
    return secrets.compare_digest(one.encode(), other.encode())

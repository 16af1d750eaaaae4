"""Addresses as keyed hashes: comparable here, and nothing to whoever only has the database."""

import hashlib
import hmac
from typing import Final

from fanwheel.infra.sealing import secret_key
from fanwheel.infra.settings import Settings

_BYTES: Final = 16


class AddressHasher:
    """Hashes addresses of all workspaces; one for a process."""

    def __init__(self, settings: Settings) -> None:
        self._key = hashlib.sha256(b"fanwheel addresses\0" + secret_key(settings)).digest()

    def hash(self, workspace: int, kind: str, value: str) -> bytes:
        """The hash under which an address is kept; the value is normalized."""
        return self._digest(f"{workspace}\0{kind}\0{value}")

    def fingerprint(self, workspace: int) -> bytes:
        """Tells this key from another."""
        return self._digest(f"{workspace}\0fingerprint")

    def derive(self, purpose: str) -> bytes:
        """A key of 64 bytes for something else, such as sealing links."""
        return hashlib.blake2b(purpose.encode(), key=self._key, digest_size=64).digest()

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")[:_BYTES]


def mask(kind: str, value: str) -> str:
    """Enough of an address to be recognized by who knows it: m***@example.com, +86***5678."""
    if kind == "email":
        local, _, domain = value.partition("@")
        return f"{local[:1]}***@{domain}"
    return f"{value[:3]}***{value[-4:]}" if len(value) > 10 else f"{value[:1]}***"

"""Marks on mails: which message came back, told by an address or an id that nobody else can make."""

import base64
import hashlib
import hmac
import re
from typing import Final

_MAC_BYTES: Final = 8
_LOCAL: Final = 64  # of an address, before the @
_PREFIX: Final = "b-"
_MARK: Final = re.compile(r"(?<![a-z0-9])b-([a-z2-7]{14,512})(?![a-z2-7])", re.IGNORECASE)


class Marks:
    """Makes and reads the marks of one account."""

    def __init__(self, account_key: str) -> None:
        self._key = hashlib.sha256(b"fanwheel mail marks\0" + account_key.encode()).digest()

    def make(self, key: str) -> str:
        """The mark of a message; letters and digits of one case, because mail servers change it."""
        text = key.encode()
        return _PREFIX + base64.b32encode(self._mac(text) + text).decode().rstrip("=").lower()

    def find(self, text: str) -> str | None:
        """The key of the first message whose mark is in a text, if there is any of ours."""
        for found in _MARK.finditer(text):
            if (key := self._read(found[1])) is not None:
                return key
        return None

    def return_path(self, key: str, domain: str) -> str | None:
        """The address to which a message's failure is told; None where its key is too long for one."""
        mark = self.make(key)
        return f"{mark}@{domain}" if len(mark) <= _LOCAL else None

    def _read(self, letters: str) -> str | None:
        try:
            raw = base64.b32decode(letters.upper() + "=" * (-len(letters) % 8))
            text = raw[_MAC_BYTES:]
            return text.decode() if hmac.compare_digest(raw[:_MAC_BYTES], self._mac(text)) else None
        except ValueError:
            return None

    def _mac(self, text: bytes) -> bytes:
        return hmac.digest(self._key, text, "sha256")[:_MAC_BYTES]

"""How Tencent's platforms sign and encrypt what they push, and want to be answered.

Source: developers.weixin.qq.com, message push and message encryption; the same for WeCom, with the corp id at the end.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from fanwheel.domains.private.channels.errors import ForgedError

_BLOCK: Final = 32  # of the padding, twice the cipher's own
_HEAD: Final = 20  # 16 random bytes, four of length


def sign(*parts: str) -> str:
    """The signature over what both sides know, in no order."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def is_signed(signature: str, *parts: str) -> bool:
    """Whether the signature is theirs; takes the same time either way."""
    return hmac.compare_digest(sign(*parts).encode(), signature.encode(errors="replace"))


class Sealed(NamedTuple):
    """An encrypted message with its proof."""

    encrypted: str
    signature: str
    timestamp: str
    nonce: str


class Envelope:
    """Opens and seals messages for one receiver: an app's or a corp's id."""

    def __init__(self, *, token: str, encoding_aes_key: str, receive_id: str) -> None:
        self._token = token
        self._key = _key(encoding_aes_key)
        self._receive_id = receive_id.encode()

    def open(self, encrypted: str, *, signature: str, timestamp: str, nonce: str) -> bytes:
        """What is in it.

        Raises
        ------
        ForgedError
            If the signature, the padding, the length or the receiver is wrong: all the same to whoever sent it.
        """
        if not is_signed(signature, self._token, timestamp, nonce, encrypted):
            raise ForgedError("The message is not signed with this account's token.")
        return self._read(self._decrypt(encrypted))

    def seal(
        self, message: bytes, *, timestamp: str, nonce: str, random: Callable[[int], bytes] = secrets.token_bytes
    ) -> Sealed:
        """The message for this receiver alone."""
        plain = random(16) + len(message).to_bytes(4, "big") + message + self._receive_id
        padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        encrypted = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        text = base64.b64encode(encrypted).decode()
        return Sealed(text, sign(self._token, timestamp, nonce, text), timestamp, nonce)

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

    def _decrypt(self, encrypted: str) -> bytes:
        try:
            body = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError) as error:
            raise ForgedError("The message is not encrypted as agreed.") from error
        if not body or len(body) % 16:
            raise ForgedError("The message is not encrypted as agreed.")
        decryptor = self._cipher().decryptor()
        return decryptor.update(body) + decryptor.finalize()

    def _read(self, padded: bytes) -> bytes:
        padding = padded[-1]
        if not 1 <= padding <= _BLOCK or padded[-padding:] != bytes([padding]) * padding:
            raise ForgedError("The message is not encrypted as agreed.")
        plain = padded[:-padding]
        end = _HEAD + int.from_bytes(plain[16:_HEAD], "big")
        if len(plain) < _HEAD or end > len(plain):
            raise ForgedError("The message is not encrypted as agreed.")
        if not hmac.compare_digest(plain[end:], self._receive_id):
            raise ForgedError("The message is for another receiver.")
        return plain[_HEAD:end]


def _key(encoding_aes_key: str) -> bytes:
    try:
        key = base64.b64decode(encoding_aes_key + "=", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _BLOCK:
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return key

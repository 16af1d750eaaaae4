"""DKIM: the domain's signature on a mail.

The parts that are easy to get wrong (taking the mail apart, the canonical forms) are dkimpy's. Its RSA is written in
Python and takes 12 ms a mail, which alone would halve what one core can send, so the signature itself is OpenSSL's.
"""

import base64
import hashlib
import textwrap
from datetime import datetime
from typing import Any, Final, NamedTuple

import dkim
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from dkim.canonicalization import CanonicalizationPolicy

from fanwheel.kernel.errors import FanwheelError

_SIGNED: Final = (
    "from", "to", "subject", "date", "message-id", "reply-to", "in-reply-to", "references", "mime-version",
    "content-type", "content-transfer-encoding", "list-unsubscribe", "list-unsubscribe-post", "feedback-id",
)  # fmt: skip
# Named once more than they are there, so that nobody can add another one on the way.
_SEALED: Final = ("from", "to", "subject")
_POLICY: Final = CanonicalizationPolicy.from_c_value(b"relaxed/simple")
_KEY_BITS: Final = 2048
_LEAST_BITS: Final = 1024


class BadDkimKeyError(FanwheelError):
    """The DKIM key cannot be read: it must be a private key of RSA in PEM, of 1,024 bits or more."""


class Signer(NamedTuple):
    """Signs mails in the name of a domain."""

    domain: str
    selector: str
    key: rsa.RSAPrivateKey

    def sign(self, mail: bytes, *, now: datetime) -> bytes:
        """The mail with its signature; lines end in CRLF."""
        headers, body = dkim.rfc822_parse(mail)
        bare = self._tags(headers, _POLICY.canonicalize_body(body), now=now)
        hasher = hashlib.sha256()
        there = _POLICY.canonicalize_headers(headers)
        for name, value in dkim.select_headers(there, [name.encode() for name in _names(headers)]):
            hasher.update(name + b":" + value)
        for name, value in _POLICY.canonicalize_headers([(b"DKIM-Signature", b" " + bare)]):
            hasher.update(name + b":" + value.rstrip())
        signed = self.key.sign(hasher.digest(), padding.PKCS1v15(), Prehashed(hashes.SHA256()))
        folded = "\r\n  ".join(textwrap.wrap(base64.b64encode(signed).decode(), 72))
        return b"DKIM-Signature: " + bare + f"\r\n  {folded}\r\n".encode() + mail

    def record(self) -> str:
        """What must stand in the DNS, as TXT at ``<selector>._domainkey.<domain>``."""
        der = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"

    def _tags(self, headers: list[Any], body: bytes, *, now: datetime) -> bytes:
        names = _fold(_names(headers))
        tags = (
            f"v=1; a=rsa-sha256; c=relaxed/simple; d={self.domain}; s={self.selector};",
            f"t={int(now.timestamp())}; h={names};",
            f"bh={base64.b64encode(hashlib.sha256(body).digest()).decode()};",
            "b=",
        )
        return "\r\n ".join(tags).encode()


def read_key(pem: str) -> rsa.RSAPrivateKey:
    """A private key.

    Raises
    ------
    BadDkimKeyError
        If it is none, or too weak.
    """
    try:
        key = serialization.load_pem_private_key(pem.strip().encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadDkimKeyError from None
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < _LEAST_BITS:
        raise BadDkimKeyError
    return key


def new_key() -> str:
    """A new RSA key in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _names(headers: list[Any]) -> list[str]:
    there = {name.strip().lower().decode() for name, _ in headers}
    return [*(name for name in _SIGNED if name in there), *_SEALED]


def _fold(names: list[str]) -> str:
    """Names with colons between them, four on a line."""
    lines = [":".join(names[begin : begin + 4]) for begin in range(0, len(names), 4)]
    return ":\r\n  ".join(lines)

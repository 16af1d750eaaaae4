"""DKIM: the domain's signature on a mail.

The canonical forms are written down here, as short as RFC 6376 has them, because the mail is at hand in its parts: a
library takes it apart again, and dkimpy's RSA, which is Python, takes 12 ms a mail. The signature is OpenSSL's, and
dkimpy is asked in the tests whether it holds.
"""

import base64
import hashlib
from datetime import datetime
from typing import Final, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from fanwheel.domains.private.email.mime import Composed, Headers
from fanwheel.kernel.errors import FanwheelError

_SIGNED: Final = (
    "from", "to", "subject", "date", "message-id", "reply-to", "in-reply-to", "references", "mime-version",
    "content-type", "content-transfer-encoding", "list-unsubscribe", "list-unsubscribe-post", "feedback-id",
)  # fmt: skip
# Named once more than they are there, so that nobody can add another one on the way.
_SEALED: Final = ("from", "to", "subject")
_LINE: Final = 72
_KEY_BITS: Final = 2048
_LEAST_BITS: Final = 1024


class BadDkimKeyError(FanwheelError):
    """The DKIM key cannot be read: it must be a private key of RSA in PEM, of 1,024 bits or more."""


class Signer(NamedTuple):
    """Signs mails in the name of a domain."""

    domain: str
    selector: str
    key: rsa.RSAPrivateKey

    def sign(self, mail: Composed, *, now: datetime) -> Composed:
        """The mail with its signature."""
        signed = _SignedNames(mail.headers)
        bare = self._tags(signed, hashlib.sha256(_plain_body(mail.body)).digest(), now=now)
        hasher = hashlib.sha256(signed.canonical)
        hasher.update(_canonical("DKIM-Signature", bare))
        made = base64.b64encode(self.key.sign(hasher.digest(), padding.PKCS1v15(), Prehashed(hashes.SHA256()))).decode()
        folded = "\r\n  ".join(made[begin : begin + _LINE] for begin in range(0, len(made), _LINE))
        return Composed((("DKIM-Signature", f"{bare}\r\n  {folded}"), *mail.headers), mail.body)

    def record(self) -> str:
        """What must stand in the DNS, as TXT at ``<selector>._domainkey.<domain>``."""
        der = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"

    def _tags(self, signed: "_SignedNames", digest: bytes, *, now: datetime) -> str:
        tags = (
            f"v=1; a=rsa-sha256; c=relaxed/simple; d={self.domain}; s={self.selector};",
            f"t={int(now.timestamp())}; h={_fold(signed.names)};",
            f"bh={base64.b64encode(digest).decode()};",
            "b=",
        )
        return "\r\n ".join(tags)


class _SignedNames:
    """Which headers of a mail are signed, and the form in which they are."""

    def __init__(self, headers: Headers) -> None:
        there = {name.lower(): value for name, value in headers}
        names: list[str] = [name for name in _SIGNED if name in there]
        self.names = [*names, *_SEALED]
        self.canonical = b"".join(_canonical(name, there[name]) + b"\r\n" for name in names)


def _canonical(name: str, value: str) -> bytes:
    """A header as RFC 6376 relaxes it (3.4.2): its name in lower case, unfolded, with one space at a time."""
    return f"{name.lower()}:{' '.join(value.split())}".encode("ascii")


def _plain_body(body: bytes) -> bytes:
    """A body in its simple form (3.4.3): empty lines at its end are left out."""
    end = len(body)
    while body.endswith(b"\r\n\r\n", 0, end):
        end -= 2
    return body[:end] if body else b"\r\n"


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


def _fold(names: list[str]) -> str:
    """Names with colons between them, four on a line."""
    lines = [":".join(names[begin : begin + 4]) for begin in range(0, len(names), 4)]
    return ":\r\n  ".join(lines)

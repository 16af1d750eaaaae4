"""Who sends: a pair of keys of the account, whose public half every subscription of its site is tied to."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def make_keys() -> tuple[str, str]:
    """A new pair: the public and the private half, as browsers and libraries write them."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return _text(public), _text(key.private_numbers().private_value.to_bytes(32, "big"))


def authorize(private_key: str, *, audience: str, contact: str, until: int) -> str:
    """The header that proves to a push service who sends."""
    from py_vapid import Vapid02

    signed = Vapid02.from_raw(private_key.encode()).sign({"aud": audience, "sub": contact, "exp": until})
    return str(signed["Authorization"])


def seal(private_key: str, key: str) -> str:
    """What a browser sends back with its receipts, so that nobody can make them up."""
    return _text(hmac.new(private_key.encode(), b"receipt\0" + key.encode(), hashlib.sha256).digest()[:16])


def _text(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()

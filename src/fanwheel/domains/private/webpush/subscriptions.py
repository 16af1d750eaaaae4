"""A browser's subscription: where it is pushed to, and the keys that only the browser can open messages with."""

import json
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from fanwheel.domains.private.channels import reading
from fanwheel.domains.private.channels.errors import MalformedError

# The push services of the browsers that there are; anything else in a subscription would have us call it.
_HOSTS: Final = (
    "fcm.googleapis.com",
    "jmt17.google.com",
    "updates.push.services.mozilla.com",
    "*.push.services.mozilla.com",
    "*.notify.windows.com",
    "web.push.apple.com",
    "*.push.apple.com",
)
_LONGEST: Final = 1024


class Subscription(NamedTuple):
    """Where one browser is reached."""

    endpoint: str
    public_key: bytes
    secret: bytes

    @property
    def origin(self) -> str:
        """The push service."""
        parts = urlsplit(self.endpoint)
        return f"{parts.scheme}://{parts.netloc}"

    def as_text(self) -> str:
        """As it is kept."""
        return json.dumps([self.endpoint, self.public_key.hex(), self.secret.hex()])

    @classmethod
    def of_text(cls, text: str) -> "Subscription":
        """As it was kept."""
        endpoint, public_key, secret = json.loads(text)
        return cls(endpoint, bytes.fromhex(public_key), bytes.fromhex(secret))


def read(found: Mapping[str, Any], *, own: str) -> Subscription:
    """A subscription as a browser says it.

    Raises
    ------
    MalformedError
        If it has no keys, or is not with a push service.
    """
    endpoint = reading.text(found, "endpoint")
    public_key, secret = _bytes(reading.text(found, "keys", "p256dh")), _bytes(reading.text(found, "keys", "auth"))
    if len(public_key) != 65 or public_key[0] != 4 or len(secret) != 16:
        raise MalformedError("The subscription has no keys.")
    if not is_push_service(endpoint, own=own):
        raise MalformedError("The subscription is with no push service that we know.")
    return Subscription(endpoint, public_key, secret)


def is_push_service(endpoint: str, *, own: str) -> bool:
    """Whether an address is a push service's: a known one's, or the operator's own."""
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return False
    if len(endpoint) > _LONGEST or parts.username is not None:
        return False
    place = parts.netloc.lower()
    if own and f"{parts.scheme}://{place}" == own.rstrip("/").lower():
        return True
    return parts.scheme == "https" and any(fnmatchcase(place, each) for each in _HOSTS)


def _bytes(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError):
        return b""

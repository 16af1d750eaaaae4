"""Opaque links for people: sealed, never out of date, and without an address in them."""

import base64
import secrets
from typing import Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from fanwheel.cdp.consent.errors import BadTokenError
from fanwheel.cdp.consent.hashing import AddressHasher

_LONGEST: Final = 160
_RANDOM_BYTES: Final = 16


class Link(NamedTuple):
    """Whose link it is: a person's home, the channel that it was sent on, and with which message (0: none)."""

    workspace_id: int
    home_id: int
    channel: str
    intent_id: int = 0


class OptInLink(NamedTuple):
    """A link to confirm something, known by its secret alone."""

    workspace_id: int
    secret: bytes


class Sealer:
    """Makes links and reads them; whoever has no key can neither make one nor see whose it is."""

    def __init__(self, hasher: AddressHasher) -> None:
        self._cipher = AESSIV(hasher.derive("links"))

    def close(self, link: Link) -> str:
        """The token of a link to unsubscribe and to choose; the same for the same link."""
        return self._seal(b"person", link)

    def open(self, token: str) -> Link:
        """Whose link a token is.

        Raises
        ------
        BadTokenError
            If it is not one of ours.
        """
        return msgspec.convert(self._unseal(b"person", token), Link)

    def new_opt_in(self, workspace: int) -> tuple[str, bytes]:
        """A token that nobody can guess, and its secret."""
        secret = secrets.token_bytes(_RANDOM_BYTES)
        return self._seal(b"opt-in", (workspace, secret)), secret

    def open_opt_in(self, token: str) -> OptInLink:
        """What a token to confirm something holds.

        Raises
        ------
        BadTokenError
            If it is not one of ours.
        """
        return msgspec.convert(self._unseal(b"opt-in", token), OptInLink)

    def _seal(self, use: bytes, content: tuple[object, ...]) -> str:
        sealed = self._cipher.encrypt(msgspec.msgpack.encode(content), [use])
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def _unseal(self, use: bytes, token: str) -> object:
        if not token.isascii() or len(token) > _LONGEST:
            raise BadTokenError
        try:
            sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
            return msgspec.msgpack.decode(self._cipher.decrypt(sealed, [use]))
        except (InvalidTag, ValueError):
            raise BadTokenError from None

"""Secrets sealed at rest: with the key of the settings, or one in a file that only we may read."""

import hashlib
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fanwheel.infra.settings import Settings
from fanwheel.infra.webhooks.errors import BadSecretKeyError

_NONCE: Final = 12
_FILE: Final = "secret.key"


class Seal:
    """Seals secrets for rows of one table; backups hold the key's file too."""

    def __init__(self, settings: Settings) -> None:
        key = settings.secret_key.encode() if settings.secret_key else _key_of_file(settings)
        self._cipher = AESGCM(hashlib.sha256(b"fanwheel webhooks\0" + key).digest())

    def close(self, secret: str, *, workspace: int) -> bytes:
        """The sealed secret; in another workspace it cannot be opened."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), str(workspace).encode())

    def open(self, sealed: bytes, *, workspace: int) -> str:
        """The secret.

        Raises
        ------
        BadSecretKeyError
            If it was sealed with another key.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], str(workspace).encode()).decode()
        except (InvalidTag, ValueError):
            raise BadSecretKeyError(hint="Set FANWHEEL_SECRET_KEY as it was, or make the webhook anew.") from None


def _key_of_file(settings: Settings) -> bytes:
    path = settings.home / _FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(32))
    return path.read_bytes()

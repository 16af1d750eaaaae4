"""Secrets sealed at rest: with the key of the settings, or one in a file that only we may read."""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fanwheel.infra.settings import Settings
from fanwheel.kernel.errors import FanwheelError

_NONCE: Final = 12
_FILE: Final = "secret.key"


class BadSecretKeyError(FanwheelError):
    """A secret was sealed with another key than the one at hand."""


class Seal:
    """Seals secrets for one use, such as “webhooks”, with a key of its own; backups hold the file that it comes of."""

    def __init__(self, settings: Settings, use: str) -> None:
        self._cipher = AESGCM(hashlib.sha256(f"fanwheel {use}\0".encode() + secret_key(settings)).digest())

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
            raise BadSecretKeyError(hint="Set FANWHEEL_SECRET_KEY as it was, or enter the secret anew.") from None


def secret_key(settings: Settings) -> bytes:
    """The installation's key, from which those for each use are derived; made once where there is none."""
    return settings.secret_key.encode() if settings.secret_key else _key_of_file(settings)


def _key_of_file(settings: Settings) -> bytes:
    path = settings.home / _FILE
    if not path.exists():
        _make_key(path)
    return path.read_bytes()


def _make_key(path: Path) -> None:
    """Put a new key there, whole, unless another process was faster."""
    draft = path.with_name(f"{_FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(os.urandom(32))
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)

"""Secrets of an account: one sealed JSON object."""

from collections.abc import Mapping

import msgspec

from fanwheel.infra.sealing import Seal
from fanwheel.infra.settings import Settings


def a_seal(settings: Settings) -> Seal:
    """The seal of accounts."""
    return Seal(settings, "channels")


def close(seal: Seal, secrets: Mapping[str, str], *, workspace: int) -> bytes:
    """The secrets, sealed."""
    return seal.close(msgspec.json.encode(secrets).decode(), workspace=workspace)


def open_all(seal: Seal, sealed: bytes | None, *, workspace: int) -> dict[str, str]:
    """The secrets; raises ``BadSecretKeyError`` if another key sealed them."""
    if sealed is None:
        return {}
    return msgspec.json.decode(seal.open(bytes(sealed), workspace=workspace), type=dict[str, str])

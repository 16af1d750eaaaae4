"""Passwords: Argon2id, hashed in threads so that the server keeps answering."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# The library's defaults are the second recommended option of RFC 9106: 64 MiB, three passes, four lanes.
_HASHER: Final = PasswordHasher()
# Each hash fills 64 MiB, so a crowd at the door waits for a seat instead of filling the memory.
_SEATS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")


async def hash_password(password: str) -> str:
    """The Argon2id hash of ``password``, with its salt and costs."""
    return await asyncio.get_running_loop().run_in_executor(_SEATS, _HASHER.hash, password)


async def verify(password_hash: str | None, password: str) -> bool:
    """Whether ``password`` made ``password_hash``; without a hash the same work is done and the answer is no."""
    return await asyncio.get_running_loop().run_in_executor(_SEATS, _matches, password_hash, password)


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def decoy() -> str:
    """What an unknown address is checked against, so that it takes as long as a known one."""
    return _HASHER.hash(secrets.token_hex())


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash or decoy(), password) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False

"""Ids: their types, and time-ordered UUIDs."""

import os
import time
from typing import NewType
from uuid import UUID

WorkspaceId = NewType("WorkspaceId", int)
HomeId = NewType("HomeId", int)
PersonId = NewType("PersonId", int)
SourceId = NewType("SourceId", int)


def uuid7(at_ms: int | None = None, random: bytes | None = None) -> UUID:
    """A UUID of version 7: 48 bits of Unix milliseconds, then 74 random bits (RFC 9562)."""
    ms = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    noise = int.from_bytes(random if random is not None else os.urandom(10), "big")
    value = (ms & 0xFFFF_FFFF_FFFF) << 80 | noise
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)

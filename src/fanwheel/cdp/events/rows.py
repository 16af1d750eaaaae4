"""Rows of the event table in PostgreSQL's binary COPY format, packed by hand: a driver's own encoder is dearer."""

import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

COLUMNS: Final = (
    "workspace_id, event_id, message_key, person_id, kind, occurred_at, received_at, source_id, domain, "
    "name, properties, context"
)
HEADER: Final = b"PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"
TRAILER: Final = b"\xff\xff"
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
# 12 fields, each a length and its bytes; the first nine have fixed lengths.
_FIXED: Final = struct.Struct(">h i i i QQ i 16s i q i h i q i q i i i h i".replace(" ", ""))
_LENGTH: Final = struct.Struct(">i")
_KEY: Final = struct.Struct(">QQ")
_random: Final = Random()  # noqa: S311 - event ids must be unique, not secret


def pg_time(at: datetime) -> int:
    """Microseconds since 2000, as PostgreSQL counts."""
    delta = at - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def from_pg_time(microseconds: int) -> datetime:
    """The instant, aware, in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def id_prefix(received_at: datetime) -> int:
    """The upper half of the UUIDv7s of events received at that time, its 12 random bits still zero."""
    return int(received_at.timestamp() * 1000) << 16 | 0x7000


def pack(
    workspace: int,
    prefix: int,
    key: bytes,
    home: int,
    kind: int,
    occurred: int,
    received: int,
    source: int,
    domain: int,
    name: bytes,
    properties: bytes,
    context: bytes,
) -> bytes:
    """One row; times in microseconds since 2000."""
    bits = _random.getrandbits(74)
    fixed = _FIXED.pack(
        12, 4, workspace, 16, prefix | bits & 0xFFF, 1 << 63 | bits >> 12, 16, key, 8, home, 2, kind, 8, occurred, 8,
        received, 4, source, 2, domain, len(name),
    )  # fmt: skip
    size = _LENGTH.pack
    return b"".join((fixed, name, size(len(properties)), properties, size(len(context)), context))


def document(rows: Iterable[bytes]) -> bytes:
    """A whole COPY stream."""
    return b"".join((HEADER, *rows, TRAILER))


def new_key(received_at: datetime) -> bytes:
    """A message key for an event whose client gave no message id: a UUIDv7."""
    return _KEY.pack(id_prefix(received_at) | _random.getrandbits(12), 1 << 63 | _random.getrandbits(62))

"""Reading what providers send, which may be anything."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from fanwheel.domains.private.channels.contracts import Address
from fanwheel.domains.private.channels.errors import ForgedError, MalformedError

# Providers try again for hours, and sign once.
_OLDEST: Final = timedelta(hours=26)
_AHEAD: Final = timedelta(minutes=5)
_EMAIL: Final = re.compile(r"[^@\s<>]{1,64}@[^@\s<>]{1,255}")


def read_json(body: bytes | str) -> Any:
    """What a body says.

    Raises
    ------
    MalformedError
        If it is no JSON.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise MalformedError("The callback's body is no JSON.") from None


def members(value: object) -> dict[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: object, *, most: int = 500) -> str:
    """A text, or an empty one."""
    return value[:most] if isinstance(value, str) else ""


def require_recent(at: datetime, *, now: datetime) -> None:
    """Refuse what was signed long ago, or is yet to be.

    Raises
    ------
    ForgedError
        If it is too old.
    """
    if not now - _OLDEST <= at <= now + _AHEAD:
        raise ForgedError("The callback was signed too long ago.")


def read_epoch(value: object, *, otherwise: datetime | None = None) -> datetime:
    """Seconds since 1970, as a number or in digits.

    Raises
    ------
    MalformedError
        If it is neither, and there is nothing to take in its place.
    """
    try:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(float(value), UTC)
    except (ValueError, OverflowError, OSError):
        pass
    if otherwise is not None:
        return otherwise
    raise MalformedError("The callback has no time.")


def read_iso(value: object, *, otherwise: datetime) -> datetime:
    """A time as ISO 8601 has it."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else otherwise
    except ValueError:
        return otherwise
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def read_address(value: object) -> Address | None:
    """An e-mail address as people are known by it, or None."""
    if not isinstance(value, str):
        return None
    address = value.strip().strip("<>").lower()
    return Address("email", address) if _EMAIL.fullmatch(address) else None

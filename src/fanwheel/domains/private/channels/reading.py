"""Reading callbacks: nothing in them is trusted to have the shape that it should have."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from fanwheel.domains.private.channels.errors import ForgedError, MalformedError


def as_object(body: bytes | str) -> dict[str, Any]:
    """The JSON object that a body is.

    Raises
    ------
    MalformedError
        If it is none.
    """
    try:
        found = _load(body)
    except (ValueError, RecursionError):
        raise MalformedError("The callback's body is no JSON.") from None
    if not isinstance(found, dict):
        raise MalformedError("The callback's body is no JSON object.")
    return found


def inner(value: object) -> dict[str, Any]:
    """An object that may have been put into a string, as some platforms do; empty if it is neither."""
    if isinstance(value, str):
        try:
            value = _load(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}


def form(body: bytes) -> dict[str, str]:
    """The fields of a form, as they came; of several of a name the last."""
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def storable(found: Mapping[str, str]) -> dict[str, str]:
    """Fields without characters that no database keeps."""
    return {_plain(name): _plain(value) for name, value in found.items()}


def text(found: Mapping[str, Any], *path: str) -> str:
    """A text or a number at the end of a path, as text; empty if there is none."""
    value: object = found
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def objects(found: Mapping[str, Any], name: str) -> Sequence[dict[str, Any]]:
    """The objects of a list; empty if there is none."""
    value = found.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def moment(value: object, *, otherwise: datetime) -> datetime:
    """An instant given in seconds or milliseconds since 1970."""
    try:
        number = float(str(value))
        return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise


def known(found: Mapping[str, Any], *names: str) -> dict[str, str]:
    """Those of the names that have a text or a number."""
    return {name: value for name in names if (value := text(found, name))}


def pairs(text: str) -> dict[str, str]:
    """Names and values of a header such as ``t=1,s=2``."""
    found: dict[str, str] = {}
    for each in text.split(","):
        name, _, value = each.strip().partition("=")
        found[name] = value
    return found


def digest(*values: str) -> str:
    """A short name for what has none of its own: the same for the same values."""
    return hashlib.sha256("\0".join(values).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def require_same(given: str, wanted: str) -> None:
    """Compare a proof in constant time.

    Raises
    ------
    ForgedError
        If it is another.
    """
    if not wanted or not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode()):
        raise ForgedError("The callback's signature is not the platform's.")


def require_fresh(signed_at: str, *, now: datetime, most_s: int) -> None:
    """Refuse what was signed too long ago, or ahead of our clock.

    Raises
    ------
    ForgedError
        If so, or if the time is none.
    """
    try:
        age = now.timestamp() - int(signed_at)
    except ValueError:
        raise ForgedError("The callback's time is none.") from None
    if not -most_s <= age <= most_s:
        raise ForgedError("The callback is too old.")


def _load(text: bytes | str) -> object:
    """What a JSON text says, without characters that no database keeps: half ones, and zeros."""
    found: object = json.loads(text)
    is_escaped = b"\\u" in text if isinstance(text, bytes) else "\\u" in text
    return _mended(found) if is_escaped else found


def _mended(value: object) -> object:
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, list):
        return [_mended(each) for each in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(each) for name, each in value.items()}
    return value


def _plain(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()

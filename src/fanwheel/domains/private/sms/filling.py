"""A provider's request from an operator's pattern: every value is put in so that it cannot end its own quotation."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

from fanwheel.domains.private.channels.errors import RefusedError
from fanwheel.kernel.errors import FanwheelError

_BLANK: Final = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
_UNSAFE: Final = re.compile(r"[\r\n\0]")
NAMES: Final = frozenset({"phone", "phone_digits", "phone_national", "text", "key", "sender", "password"})


class BadPatternError(FanwheelError):
    """The pattern for the provider’s request has a blank that nothing fills."""


def fill_url(pattern: str, values: Mapping[str, str]) -> str:
    """An address."""
    return _fill(pattern, values, lambda value: quote(value, safe=""))


def fill_body(pattern: str, values: Mapping[str, str], *, content_type: str) -> bytes:
    """A body, in the way of its kind: JSON, a form, XML or plain text."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind.endswith("json"):
        return _fill(pattern, values, lambda value: json.dumps(value, ensure_ascii=False)[1:-1]).encode()
    if kind == "application/x-www-form-urlencoded":
        return _fill(pattern, values, lambda value: quote(value, safe="")).encode()
    if kind.endswith("xml"):
        return _fill(pattern, values, _as_xml).encode()
    return _fill(pattern, values, lambda value: value).encode()


def fill_headers(pattern: str, values: Mapping[str, str]) -> dict[str, str]:
    """Headers, one in a line."""
    found: dict[str, str] = {}
    for line in pattern.splitlines():
        name, colon, rest = line.partition(":")
        if colon and name.strip():
            found[name.strip()] = _fill(rest.strip(), values, _as_header)
    return found


def _fill(pattern: str, values: Mapping[str, str], escape: Callable[[str], str]) -> str:
    def put(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in values:
            raise BadPatternError(f"There is no “{name}” to put into the request.", hint=f"There are: {sorted(NAMES)}.")
        return escape(values[name])

    return _BLANK.sub(put, pattern)


def _as_xml(value: str) -> str:
    marks = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
    return "".join(marks.get(each, each) for each in value)


def _as_header(value: str) -> str:
    if _UNSAFE.search(value):
        raise RefusedError("A header cannot hold a line break.", code="malformed")
    return value

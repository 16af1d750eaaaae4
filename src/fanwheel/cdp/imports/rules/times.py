"""Times as files write them, read as microseconds since 1970."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute

from fanwheel.cdp.imports.contracts import EPOCH

pc: Any = pyarrow.compute  # its functions are made at run time, out of sight of type checkers

_MICROSECOND: Final = timedelta(microseconds=1)
_EARLIEST: Final = (datetime.min.replace(tzinfo=UTC) - EPOCH) // _MICROSECOND
_LATEST: Final = (datetime.max.replace(tzinfo=UTC) - EPOCH) // _MICROSECOND
# What Arrow and Python read alike. Texts of any other shape are left to Python.
_LOCAL: Final = r"^[12]\d{3}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?$"
_ZONED: Final = r"^[12]\d{3}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$"


def micros(at: datetime) -> int:
    """An aware instant in microseconds since 1970."""
    return (at - EPOCH) // _MICROSECOND


def read_iso(texts: Any, zone: str) -> list[int | None] | None:
    """A column of ISO 8601 in one go, or None where that cannot be done."""
    try:
        if _all_match(texts, _ZONED):
            return to_micros(pc.cast(texts, pa.timestamp("us", "UTC")))
        if zone == "UTC" and _all_match(texts, _LOCAL):
            return to_micros(pc.cast(texts, pa.timestamp("us")))
    except pa.ArrowInvalid:
        return None  # a 30th of February among them, which is to be named
    return None


def to_micros(instants: Any) -> list[int | None]:
    """An array of instants as numbers; those that no calendar of ours holds become None."""
    values = pc.cast(instants, pa.int64())
    held = pc.and_(pc.greater_equal(values, _EARLIEST), pc.less_equal(values, _LATEST))
    found: list[int | None] = pc.if_else(held, values, None).to_pylist()
    return found


def parser(layout: str, zone: ZoneInfo) -> Callable[[str], int]:
    """How to read one text of a layout, ISO 8601 where it is empty."""
    if layout in {"epoch", "epoch_ms"}:
        unit = 1000 if layout == "epoch_ms" else 1
        return lambda text: micros(datetime.fromtimestamp(float(text) / unit, UTC))

    def parse(text: str) -> int:
        found = datetime.strptime(text, layout) if layout else datetime.fromisoformat(text)  # noqa: DTZ007
        return micros((found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC))

    return parse


def _all_match(texts: Any, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(texts, pattern=pattern), min_count=1).as_py())

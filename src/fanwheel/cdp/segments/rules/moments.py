"""Moments: how they are written, and the tests of them, each with when its answer may turn."""

import re
from calendar import isleap
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Final

from fanwheel.cdp.segments import tree

# A date, or a date and time with or without a zone; the year has four digits, seconds have up to nine decimals.
PATTERN: Final = (
    r"([1-9][0-9]{3})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]{1,9}))?)?"
    r"(?:Z|([+-])(0[0-9]|1[0-5])(?::?([0-5][0-9]))?)?)?"
)
SECOND: Final = 1_000_000
UNIT_US: Final = {
    "seconds": SECOND, "minutes": 60 * SECOND, "hours": 3_600 * SECOND, "days": 86_400 * SECOND,
    "weeks": 604_800 * SECOND,
}  # fmt: skip
DAY: Final = UNIT_US["days"]
NEVER: Final = (1 << 63) - 1
# Whether it holds, and the earliest instant from which it may no longer be so.
Answer = tuple[bool, int]
MomentTest = Callable[[int, int, tzinfo], Answer]
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_MICROSECOND: Final = timedelta(microseconds=1)
_match: Final = re.compile(PATTERN, re.ASCII).fullmatch
_LEAP_DAY: Final = (2, 29)


def epoch_us(at: datetime) -> int:
    """An aware moment in epoch microseconds."""
    return (at - _EPOCH) // _MICROSECOND


def span_us(span: tree.Span) -> int:
    """The length of a span in microseconds."""
    return span.amount * UNIT_US[span.unit]


def read(value: Any) -> int | None:
    """The moment that a text is, in epoch microseconds; None if it is none. Decimals past the sixth are dropped."""
    return _read(value) if type(value) is str else None


@lru_cache(maxsize=8192)
def _read(text: str) -> int | None:
    found = _match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, decimals, sign, zone_hour, zone_minute = found.groups("0")
    try:
        days = date(int(year), int(month), int(day)).toordinal() - _EPOCH_DAY
    except ValueError:
        return None
    offset = int(zone_hour) * 3600 + int(zone_minute) * 60
    seconds = int(hour) * 3600 + int(minute) * 60 + int(second) - (-offset if sign == "-" else offset)
    return (days * 86_400 + seconds) * SECOND + int(decimals[:6].ljust(6, "0"))


def compile_moment_test(test: tree.TimeTest) -> MomentTest:
    """Whether a moment passes at an instant, both in epoch microseconds, in a time zone."""
    if isinstance(test, tree.Before | tree.After):
        limit, is_before = epoch_us(test.at), isinstance(test, tree.Before)
        return lambda moment, now, zone: ((moment < limit) is is_before, NEVER)
    if isinstance(test, tree.Anniversary):
        days = test.days
        return lambda moment, now, zone: anniversary(local_day(moment, zone), now, zone, days=days)
    span = span_us(test.span)
    if isinstance(test, tree.WithinLast):
        begin, end = 0, span
    elif isinstance(test, tree.LongerAgo):
        begin, end = span, NEVER
    elif isinstance(test, tree.ExactlyAgo):
        begin, end = span, span + UNIT_US[test.span.unit]
    else:
        begin, end = -span, 0
    return lambda moment, now, zone: _within(moment + begin, moment + end, now)


def _within(begin: int, end: int, now: int) -> Answer:
    """Whether begin <= now < end."""
    if now < begin:
        return False, begin
    if now < end:
        return True, min(end, NEVER)
    return False, NEVER


def compile_text_test(test: tree.TimeTest) -> Callable[[Any, int, tzinfo], Answer]:
    """Whether a text passes; one that is no moment does not. A plain date has its anniversary on that day itself."""
    passes = compile_moment_test(test)
    by_day = test.days if isinstance(test, tree.Anniversary) else None

    def check(value: Any, now: int, zone: tzinfo) -> Answer:
        moment = read(value)
        if moment is None:
            return False, NEVER
        if by_day is not None and len(value) == len("2000-01-01"):
            return anniversary(date.fromisoformat(value), now, zone, days=by_day)
        return passes(moment, now, zone)

    return check


@lru_cache(maxsize=8192)
def local_day(moment: int, zone: tzinfo) -> date | None:
    """The day that it is in a time zone; None beyond the years 1 to 9999."""
    try:
        return (_EPOCH + timedelta(microseconds=moment)).astimezone(zone).date()
    except OverflowError:
        return None


@lru_cache(maxsize=8192)
def anniversary(day: date | None, now: int, zone: tzinfo, *, days: int) -> Answer:
    """Whether the next anniversary of ``day`` is today or at most ``days`` days ahead."""
    today = local_day(now, zone)
    if day is None or today is None:
        return False, NEVER
    coming = _in_year(day, today.year)
    if coming < today:
        coming = _in_year(day, today.year + 1)
    if (coming - today).days <= days:
        return True, _day_begin(coming + timedelta(days=1), zone)
    return False, _day_begin(coming - timedelta(days=days), zone)


def _in_year(day: date, year: int) -> date:
    if (day.month, day.day) == _LEAP_DAY and not isleap(year):
        return date(year, 2, 28)
    return date(year, day.month, day.day)


def _day_begin(day: date, zone: tzinfo) -> int:
    return epoch_us(datetime(day.year, day.month, day.day, tzinfo=zone))

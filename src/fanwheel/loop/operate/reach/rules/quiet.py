"""Quiet hours: the hours in which nobody is disturbed with marketing, by the clock on the person's own wall."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fanwheel.loop.operate.reach.rules.case import Book, Case, Quiet, Ruling

_DAY: Final = 1_440


def quiet_hours(case: Case, book: Book) -> Ruling | None:
    """It must not be night where the person lives."""
    if case.purpose != "marketing" or case.is_trial:
        return None
    for hours in book.quiet:
        if hours.channels and case.channel not in hours.channels:
            continue
        until = ends_at(hours, case.now, case.zone)
        if until is not None:
            return Ruling(outcome="postponed", until=until, detail={"zone": case.zone})
    return None


def ends_at(hours: Quiet, now: datetime, zone_name: str) -> datetime | None:
    """When the quiet hours end that ``now`` is in; None outside them."""
    zone = find_zone(zone_name) or ZoneInfo("UTC")
    local = now.astimezone(zone)
    if not _is_within(hours, local.hour * 60 + local.minute):
        return None
    # By the wall: where clocks are put back or forward that night, its end is still when the wall says so.
    days = 1 if hours.begins > hours.ends and local.hour * 60 + local.minute >= hours.begins else 0
    days_more, minutes = divmod(hours.ends, _DAY)
    end_on = local.date() + timedelta(days=days + days_more)
    wall = datetime(end_on.year, end_on.month, end_on.day, minutes // 60, minutes % 60, tzinfo=zone)
    ends = wall.astimezone(now.tzinfo)
    return ends if ends > now else wall.replace(fold=1).astimezone(now.tzinfo)


@lru_cache(maxsize=1_024)
def find_zone(name: str) -> ZoneInfo | None:
    """The time zone of a name, as a person's trait may or may not have it right."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _is_within(hours: Quiet, minute: int) -> bool:
    if hours.begins <= hours.ends:
        return hours.begins <= minute < hours.ends
    return minute >= hours.begins or minute < hours.ends

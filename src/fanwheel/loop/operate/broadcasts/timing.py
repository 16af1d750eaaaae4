"""When each person is reached: pure, the clock comes in; days and hours are those on the wall where somebody lives."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fanwheel.loop.operate.broadcasts.contracts import Schedule
from fanwheel.loop.operate.broadcasts.errors import BadBroadcastError

# Nowhere is it later than fourteen hours after Greenwich.
_EARLIEST: Final = timedelta(hours=14)
_LATEST: Final = timedelta(hours=12)
_DAY: Final = timedelta(days=1)
_LENIENT: Final = timedelta(minutes=10)


def is_by_person(schedule: Schedule) -> bool:
    """Whether it depends on the person when it is said."""
    return schedule.kind in ("local", "best_hour")


def require_readable(schedule: Schedule) -> None:
    """Raise ``BadBroadcastError`` where a schedule says no time; one that says nothing yet is left alone."""
    try:
        if schedule.at is not None and schedule.kind in ("at", "local"):
            is_aware = datetime.fromisoformat(schedule.at).tzinfo is not None
            if is_aware != (schedule.kind == "at"):
                raise BadBroadcastError(
                    "An instant needs a zone, and a time by the clock of each person must have none.",
                    hint="at: 2026-11-25T10:00:00Z, local: 2026-11-25T10:00.",
                )
        if schedule.day is not None:
            date.fromisoformat(schedule.day)
    except ValueError as error:
        raise BadBroadcastError(
            f"“schedule”: the time cannot be read: {error}.",
            hint="at: 2026-11-25T10:00:00Z, local: 2026-11-25T10:00, day: 2026-11-25.",
        ) from error
    if schedule.from_hour >= schedule.to_hour:
        raise BadBroadcastError(
            "“schedule”: the first hour must be before the last.", hint="Make from_hour less than to_hour."
        )


def is_complete(schedule: Schedule) -> bool:
    """Whether all is said that its kind needs."""
    return {"now": True, "at": schedule.at, "local": schedule.at, "best_hour": schedule.day}[schedule.kind] not in (
        None,
        False,
    )


def starts_at(schedule: Schedule, *, now: datetime) -> datetime:
    """When the first person may be reached: where the day begins first."""
    if schedule.kind == "now":
        return now
    return max(now, _wall(schedule) - (_EARLIEST if is_by_person(schedule) else timedelta(0)))


def ends_at(schedule: Schedule, *, now: datetime) -> datetime:
    """When the last person's time has come, wherever that person lives."""
    if not is_by_person(schedule):
        return starts_at(schedule, now=now)
    last = _wall(schedule) if schedule.kind == "local" else _on(schedule, schedule.to_hour).replace(tzinfo=UTC)
    return max(now, last + _LATEST)


def is_over(schedule: Schedule, *, now: datetime) -> bool:
    """Whether the time has passed for everybody; an instant may be a few minutes ago."""
    if schedule.kind == "now":
        return False
    if schedule.kind == "at":
        return _wall(schedule) < now - _LENIENT
    last = _wall(schedule) if schedule.kind == "local" else _on(schedule, schedule.to_hour).replace(tzinfo=UTC)
    return last + _LATEST < now


def begins_before(schedule: Schedule, *, now: datetime) -> bool:
    """Whether the time has passed already where the day begins first."""
    return _wall(schedule) - _EARLIEST < now


def due_at(
    schedule: Schedule, *, zone: str, hour: float | None, brand_zone: str, now: datetime, is_late: bool = False
) -> datetime:
    """When one person is reached; ``is_late``: at the next such time, where the first one has passed.

    Whose zone nobody knows lives where the brand is. The hour of the trait is one of the brand's clock; whoever has
    none is reached in the middle of the hours, by the own clock.
    """
    if not is_by_person(schedule):
        return max(now, starts_at(schedule, now=now))
    place = find_zone(zone) or find_zone(brand_zone) or ZoneInfo("UTC")
    if schedule.kind == "local":
        wall = datetime.fromisoformat(schedule.at or "")
    elif hour is None:
        wall = _on(schedule, (schedule.from_hour + schedule.to_hour) // 2)
    else:
        place = find_zone(brand_zone) or ZoneInfo("UTC")
        wall = _on(schedule, min(max(int(hour), schedule.from_hour), schedule.to_hour - 1))
    due = _instant(wall, place)
    if is_late and due < now:
        # By the wall again: an hour of the clock stays one where clocks are put forward in between.
        days = (now.astimezone(place).date() - wall.date()).days
        due = _instant(wall + days * _DAY, place)
        due = due if due >= now else _instant(wall + (days + 1) * _DAY, place)
    return due


@lru_cache(maxsize=1_024)
def find_zone(name: str) -> ZoneInfo | None:
    """The time zone of a name, which a trait may have wrong."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _on(schedule: Schedule, hour: int) -> datetime:
    on = date.fromisoformat(schedule.day or "")
    return datetime.combine(on, time(0), None) + timedelta(hours=hour)


def _wall(schedule: Schedule) -> datetime:
    """The first moment of it, as if everybody lived in Greenwich."""
    if schedule.kind == "best_hour":
        return _on(schedule, schedule.from_hour).replace(tzinfo=UTC)
    at = datetime.fromisoformat(schedule.at or "")
    return at.replace(tzinfo=UTC) if schedule.kind == "local" else at.astimezone(UTC)

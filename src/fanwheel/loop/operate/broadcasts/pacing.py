"""How many people may be handed to the send path now, at a pace of so many a minute."""

from datetime import datetime, timedelta
from typing import Final

# What was not used of the pace for longer than this is lost: after a stop the pace is the same as before.
_KEPT: Final = timedelta(seconds=10)
# Less than this is worth is not handed over: many small portions would cost more than sending.
_LEAST: Final = timedelta(seconds=1)


def allow(per_minute: int | None, *, paced_at: datetime | None, now: datetime, most: int) -> tuple[int, datetime]:
    """How many may go, and the moment up to which the pace is used up then."""
    if per_minute is None:
        return most, now
    each = timedelta(minutes=1) / per_minute
    begin = max(now - max(_LEAST, each) if paced_at is None else paced_at, now - max(_KEPT, each))
    count = max(0, min(most, int((now - begin) / each)))
    if count < min(most, int(_LEAST / each)):
        return 0, begin
    return count, begin + count * each


def give_back(count: int, *, per_minute: int | None, paced_at: datetime) -> datetime:
    """The moment up to which the pace is used up where so many fewer went."""
    return paced_at if per_minute is None else paced_at - count * (timedelta(minutes=1) / per_minute)

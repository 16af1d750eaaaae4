"""When persons are scored: every night, and soon after the first orders or many more of them are known."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from fanwheel.cdp.scores.contracts import Ask

_NIGHT_HOUR: Final = 3
_MANY_MORE: Final = 2
_PATIENCE: Final = timedelta(minutes=5)


def is_due(ask: Ask, *, now: datetime) -> bool:
    """Whether persons are to be scored.

    A night that was slept through is made up for. Orders that twice as many were known of before say little about who
    comes back, so a workspace that fills up is scored again, but not more often than every five minutes.
    """
    if ask.scored_at is None:
        return ask.order_count > 0
    zone = ZoneInfo(ask.time_zone)
    # The local day on which the night before it counts.
    tonight, scored = ((at.astimezone(zone) - timedelta(hours=_NIGHT_HOUR)).date() for at in (now, ask.scored_at))
    if tonight > scored:
        return True
    return ask.order_count >= max(_MANY_MORE * ask.scored_orders, 1) and now - ask.scored_at >= _PATIENCE

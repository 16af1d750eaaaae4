"""Whether a rule that was set off may answer: for whom, where, and when."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from fanwheel.loop.operate.autoreply.contracts import Conditions, Span

Refusal = Literal["account", "dates", "hours", "time", "segment", "once", "cooldown"]


class Circumstances(NamedTuple):
    """What conditions look at."""

    account_id: int | None
    now: datetime
    zone: ZoneInfo
    is_open: bool
    segments: Collection[int] = ()  # that the person is in, of those that conditions name
    last_fired_at: datetime | None = None  # when the rule answered the person last


def refusal(when: Conditions, seen: Circumstances) -> Refusal | None:
    """The first condition that does not hold; None if all do."""
    local = seen.now.astimezone(seen.zone)
    if when.accounts and seen.account_id is not None and seen.account_id not in when.accounts:
        return "account"
    if (when.first_on and local.date() < when.first_on) or (when.last_on and local.date() > when.last_on):
        return "dates"
    if when.hours != "always" and seen.is_open != (when.hours == "open"):
        return "hours"
    if when.spans and not any(_is_within(span, local) for span in when.spans):
        return "time"
    if when.segment_id is not None and (when.segment_id in seen.segments) != when.is_in_segment:
        return "segment"
    return _rest(when, seen)


def _rest(when: Conditions, seen: Circumstances) -> Refusal | None:
    """Whether the rule has answered the person too lately, or at all where it may once."""
    if seen.last_fired_at is None:
        return None
    if when.is_once:
        return "once"
    if when.cooldown_s and seen.now < seen.last_fired_at + timedelta(seconds=when.cooldown_s):
        return "cooldown"
    return None


def remembers(when: Conditions) -> bool:
    """Whether it matters when the rule answered the person last."""
    return when.is_once or when.cooldown_s > 0


def _is_within(span: Span, local: datetime) -> bool:
    begins, ends, at = time.fromisoformat(span.begins), time.fromisoformat(span.ends), local.time()
    if begins < ends:
        return local.isoweekday() in span.days and begins <= at < ends
    # Over midnight: the hours after it belong to the day before.
    yesterday = (local - timedelta(days=1)).isoweekday()
    return (local.isoweekday() in span.days and at >= begins) or (yesterday in span.days and at < ends)

"""Frequency caps: how many marketing messages one person may get in a rolling window, over all channels or some.

Messages that are waiting or were skipped do not count, so a backlog locks nobody out. Those who are held out count as
if they had been reached, so that both arms of a comparison are treated alike. Transactional messages and answers
neither obey caps nor count towards them. A message that is tried again does not stand in its own way.
"""

from datetime import datetime, timedelta

from fanwheel.loop.operate.reach.contracts import BROADCAST
from fanwheel.loop.operate.reach.rules.case import Book, Cap, Case, Ruling, Touch


def cap(case: Case, book: Book) -> Ruling | None:
    """One more message must fit under every cap."""
    if case.purpose != "marketing" or case.person_id is None or case.is_trial:
        return None
    touches = [touch for touch in book.touches.get(case.person_id, []) if touch.intent_id != case.intent_id]
    for each in book.caps:
        if each.channels and case.channel not in each.channels:
            continue
        free_at = next_slot(each, touches, now=case.now, priority=case.priority)
        if free_at != case.now:
            detail = {
                "cap": each.name,
                "most": each.most,
                "window_s": each.window_s,
                "used": _count(each, touches, case),
            }
            return Ruling(outcome="postponed", until=free_at, detail=detail)
    return None


def note(case: Case, book: Book) -> None:
    """Let a message count."""
    if case.purpose == "marketing" and case.person_id is not None and not case.is_trial:
        book.touches.setdefault(case.person_id, []).append(Touch(case.channel, case.now, case.intent_id))


def next_slot(limit: Cap, touches: list[Touch], *, now: datetime, priority: int) -> datetime | None:
    """The first moment from ``now`` on at which one more fits; None where the cap allows none at all."""
    window = timedelta(seconds=limit.window_s)
    most = limit.most if priority > BROADCAST else limit.most - limit.kept
    if most <= 0:
        return None
    counted = sorted(touch.at for touch in touches if _is_counted(limit, touch, now - window))
    return now if len(counted) < most else counted[-most] + window


def _is_counted(limit: Cap, touch: Touch, after: datetime) -> bool:
    return touch.at > after and (not limit.channels or touch.channel in limit.channels)


def _count(limit: Cap, touches: list[Touch], case: Case) -> int:
    after = case.now - timedelta(seconds=limit.window_s)
    return sum(_is_counted(limit, touch, after) for touch in touches)

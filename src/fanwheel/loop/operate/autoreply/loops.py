"""Telling a machine from a person: two that answer each other would never stop.

Looked at is only what we would answer. Kept are prints of what was said, never the words.
"""

import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from fanwheel.loop.operate.autoreply.contracts import Brake, BrakeReason, Limits
from fanwheel.loop.operate.autoreply.folding import bare, fold

KEPT: Final = 16
_SHORT: Final = timedelta(minutes=5)
_TURNS: Final = 6  # so many in turn are a pattern: a b a b a b, a b c a b c
_MIRRORED: Final = 2
_GROWTH: Final = 6
_LONGEST: Final = timedelta(days=1)


class Turn(msgspec.Struct, frozen=True, array_like=True):
    """Something that was said: when, in print, and by whom."""

    at_us: int
    print: int
    is_ours: bool


def print_of(text: str) -> int:
    """A number for what is said, the same for all that folds alike."""
    return zlib.crc32(bare(fold(text)).encode())


def judge(recent: Sequence[Turn], said: Turn, limits: Limits, *, brakes: int) -> Brake | None:
    """Why the conversation must rest from answers, if it must; ``brakes`` is how often it had to before."""
    reason = _reason(recent, said, limits)
    if reason is None:
        return None
    # Whoever is braked again is a machine: each rest is longer.
    rest = min(timedelta(minutes=limits.rest_minutes) * _GROWTH ** min(brakes, 6), _LONGEST)
    return Brake(reason, _moment(said.at_us) + rest)


def keep(recent: Sequence[Turn], *turns: Turn) -> tuple[Turn, ...]:
    """What is remembered of a conversation."""
    return (*recent, *turns)[-KEPT:]


def _reason(recent: Sequence[Turn], said: Turn, limits: Limits) -> BrakeReason | None:
    lately = [turn for turn in recent if said.at_us - turn.at_us <= limits.window_s * 1_000_000]
    if sum(turn.is_ours for turn in lately) >= limits.answers:
        return "rate"
    close = [turn for turn in recent if said.at_us - turn.at_us <= _SHORT // timedelta(microseconds=1)]
    theirs = [turn.print for turn in close if not turn.is_ours] + [said.print]
    if len(theirs) >= limits.same_text and len(set(theirs[-limits.same_text :])) == 1:
        return "same_text"
    if _is_mirror(close, said):
        return "mirror"
    if any(_repeats(theirs, period) for period in (2, 3)):
        return "pattern"
    return None


def _is_mirror(close: Sequence[Turn], said: Turn) -> bool:
    """Whether what we say comes back, again and again."""
    turns = [*close, said]
    mirrored = 0
    ours: int | None = None
    for turn in turns:
        if turn.is_ours:
            ours = turn.print
        elif ours is not None:
            mirrored = mirrored + 1 if turn.print == ours else 0
    return mirrored >= _MIRRORED


def _repeats(theirs: Sequence[int], period: int) -> bool:
    """Whether the last sentences come round in turn."""
    last = theirs[-_TURNS:]
    return (
        len(last) == _TURNS
        and len(set(last[:period])) == period
        and all(last[place] == last[place - period] for place in range(period, _TURNS))
    )


def _moment(at_us: int) -> datetime:
    from datetime import UTC

    return datetime.fromtimestamp(at_us / 1_000_000, UTC)

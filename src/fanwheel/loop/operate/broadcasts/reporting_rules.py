"""From counts of messages to the figures of a report; no input, no output, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import sqrt
from typing import Any, Final

Row = Mapping[str, Any]

WAITING: Final = frozenset({"waiting", "claimed", "sending"})
_STATES: Final = ("waiting", "sent", "skipped", "held_out", "failed", "unclear", "task", "canceled")
_REFUSED: Final = frozenset({"skipped", "held_out", "failed", "unclear"})
# Of the bits of a sum of deeds (count_deeds in reporting.sql): these are looked at, and must be those.
_BITS: Final[Mapping[str, tuple[int, int]]] = {
    "delivered": (1 | 64, 1), "opened": (2, 2), "opened_clean": (4, 4), "clicked": (8, 8), "clicked_clean": (16, 16),
    "replied": (32, 32), "bounced": (64, 64), "complained": (128, 128), "unsubscribed": (256, 256),
    "converted": (512, 512),
}  # fmt: skip
DEEDS: Final = tuple(_BITS)
# What counts as a success of a variant: as far as can be told, a human did it.
SUCCESS: Final = {
    "opened": "opened_clean", "clicked": "clicked_clean", "replied": "replied", "converted": "converted"
}  # fmt: skip
_FIRST_ROUTE: Final = "0"
_MOST_STRETCHES: Final = 200
_STRETCHES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 720, 1_440))
# Words, orders and withdrawn consent count for so many days after a message, unless others are asked for.
DAYS: Final = 3
# Nothing counts any more so long after a broadcast has ended.
COUNTS_FOR: Final = timedelta(days=30)
# Counting takes a hundredth of the time of one processor, however many look, until figures would grow too old.
_REST: Final = 100
_LEAST_REST: Final = timedelta(seconds=2)
_MOST_REST: Final = timedelta(minutes=5)
_SURE: Final = 1.959964  # standard errors on either side of 95 in 100


def progress(counts: Iterable[Row], *, audience: int, released: int) -> dict[str, int]:
    """How many people are where: each once, by the last route that was tried."""
    found = dict.fromkeys(("audience", "released", *_STATES), 0) | {"audience": audience, "released": released}
    for row in counts:
        if not row["is_replaced"]:
            found["waiting" if row["state"] in WAITING else row["state"]] += row["messages"]
    return found


def is_final(as_of: datetime, *, ended_at: datetime | None, gone_at: datetime | None) -> bool:
    """Whether figures stay as they are: nothing counts any more, or what they rest on may be gone."""
    return gone_at is not None or (ended_at is not None and as_of >= ended_at + COUNTS_FOR)


def is_fresh(as_of: datetime, *, cost_ms: int, now: datetime) -> bool:
    """Whether figures are young enough to be told again; what took long to count is told for longer."""
    return now - as_of < min(max(timedelta(milliseconds=_REST * cost_ms), _LEAST_REST), _MOST_REST)


def tally(counts: Iterable[Row], done: Iterable[Row]) -> list[dict[str, Any]]:
    """By route and variant: how many messages went out, and with how many of them was done what."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in counts:
        if row["is_gone"]:
            mine = found.setdefault((row["occurrence"], row["variant"]), {"sent": 0, **dict.fromkeys(DEEDS, 0)})
            mine["sent"] += row["messages"]
    for row in done:
        mine = found.setdefault((row["occurrence"], row["variant"]), {"sent": 0, **dict.fromkeys(DEEDS, 0)})
        for name, (mask, bits) in _BITS.items():
            mine[name] += row["messages"] if row["bits"] & mask == bits else 0
    return [{"occurrence": key[0], "variant": key[1], **mine} for key, mine in sorted(found.items())]


def why_not(counts: Iterable[Row]) -> list[dict[str, Any]]:
    """The rules that kept people from the message for good, the one that kept most first."""
    found: dict[tuple[str, str], int] = {}
    for row in counts:
        if not row["is_replaced"] and row["state"] in _REFUSED:
            key = (row["rule"], row["state"])
            found[key] = found.get(key, 0) + row["messages"]
    order = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [{"rule": rule, "state": state, "people": people} for (rule, state), people in order]


def group(counts: Sequence[Row], deeds: Sequence[Row], *, by: str, worth: Mapping[str, float]) -> dict[str, Row]:
    """The figures of each route (“occurrence”) or variant: messages, what was done with them, what they cost."""
    found: dict[str, dict[str, Any]] = {}
    for row in counts:
        mine = found.setdefault(row[by], {"intended": 0, "sent": 0, "cost": 0.0, **dict.fromkeys(DEEDS, 0)})
        mine["intended"] += row["messages"]
        mine["sent"] += row["messages"] if row["is_gone"] else 0
        mine["cost"] += row["cost_micros"] * worth.get(row["cost_currency"] or "", 0.0)
    for row in deeds:
        mine = found.setdefault(row[by], {"intended": 0, "sent": 0, "cost": 0.0, **dict.fromkeys(DEEDS, 0)})
        for name in DEEDS:
            mine[name] += row[name]
    return {key: {**figures, "cost": round(figures["cost"])} for key, figures in found.items()}


def without_empty(groups: Mapping[str, Row]) -> dict[str, Row]:
    """The same without people for whom no variant had been chosen yet, as long as others had one."""
    named = {key: row for key, row in groups.items() if key}
    return named or dict(groups)


def stretch(span: timedelta) -> timedelta:
    """How long each step of a series is, so that there are not too many."""
    return next((each for each in _STRETCHES if span / each <= _MOST_STRETCHES), _STRETCHES[-1])


def likely(successes: int, people: int) -> tuple[float, float]:
    """Where the rate that was drawn from lies in 95 of 100 cases.

    Notes
    -----
    Source: Wilson (1927), Journal of the American Statistical Association 22.
    """
    if not people:
        return 0.0, 1.0
    rate, square = successes / people, _SURE * _SURE
    middle = rate + square / (2 * people)
    reach = _SURE * sqrt(rate * (1 - rate) / people + square / (4 * people * people))
    scale = 1 + square / people
    return max((middle - reach) / scale, 0.0), min((middle + reach) / scale, 1.0)


def counts_of(deeds: Iterable[Row], variants: Sequence[str], *, metric: str) -> dict[str, tuple[int, int]]:
    """Of each variant on the first route: people who got it, and successes."""
    mine = {row["variant"]: row for row in deeds if row["occurrence"] == _FIRST_ROUTE}
    return {key: (mine[key]["sent"], mine[key][SUCCESS[metric]]) if key in mine else (0, 0) for key in variants}


def tried(counts: Mapping[str, tuple[int, int]]) -> list[dict[str, Any]]:
    """Variants with their people, successes and rates, as evidence keeps them."""
    return [
        {
            "variant": variant,
            "people": people,
            "successes": successes,
            "rate": successes / people if people else 0.0,
            **dict(zip(("low", "high"), likely(successes, people), strict=True)),
        }
        for variant, (people, successes) in counts.items()
    ]

"""Whether a rule holds of somebody, worked out as plainly as can be: nothing here comes from the product.

A rule is its JSON, an event a dict with ``event_id``, ``kind``, ``name``, ``at_us`` and ``properties`` (a dict), a
person a dict as ``a_person`` makes it; all moments are epoch microseconds, or datetimes where people would see them.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta, tzinfo
from fractions import Fraction
from itertools import pairwise, product
from math import floor, inf
from typing import Any

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TIMED = {"before", "after", "within_last", "longer_ago", "exactly_ago", "within_next", "anniversary"}


def a_person(**known: Any) -> dict[str, Any]:
    """Somebody of whom nothing is known but what is given."""
    return {
        "person_id": 1, "traits": {}, "fields": {}, "tags": [], "layers": {}, "channels": [], "first_source": "",
        "last_source": "", "first_domain": "unknown", "last_domain": "unknown", "is_inviter": False,
        "is_invitee": False, "segments": [], "lists": [], "zone": UTC,
    } | known  # fmt: skip


def holds(rule: dict[str, Any], events: list[dict[str, Any]], person: dict[str, Any], now: int) -> bool:
    """Whether ``rule`` holds of ``person``, of all whose homes ``events`` are, at ``now``."""
    happened = {event["event_id"]: event for event in events if event["at_us"] <= now}
    return _holds(rule["condition"], list(happened.values()), person, now)


def _holds(condition: dict[str, Any], events: list[dict[str, Any]], person: dict[str, Any], now: int) -> bool:
    kind = condition["type"]
    if kind == "all":
        return all(_holds(part, events, person, now) for part in condition["conditions"])
    if kind == "any":
        return any(_holds(part, events, person, now) for part in condition["conditions"])
    if kind == "not":
        return not _holds(condition["condition"], events, person, now)
    if kind == "trait":
        return _passes(condition["test"], person["traits"].get(condition["name"]), now, person["zone"])
    if kind == "field":
        value = person["fields"].get(condition["name"])
        if condition["name"].endswith("_at") and value is not None:
            value = EPOCH + timedelta(microseconds=value)
        return _passes(condition["test"], value, now, person["zone"])
    if kind == "event":
        return _did(condition, events, now, person["zone"])
    if kind == "sequence":
        return _did_in_order(condition, events, now)
    return _is(condition, person)


def _is(condition: dict[str, Any], person: dict[str, Any]) -> bool:
    kind = condition["type"]
    if kind == "tag":
        return condition["tag"] in person["tags"]
    if kind == "layer":
        return person["layers"].get(condition["layer"]) in condition["classes"]
    if kind == "reachable":
        channel = condition.get("channel", "any")
        return len(person["channels"]) > 0 if channel == "any" else channel in person["channels"]
    if kind in {"source", "domain"}:
        wanted = condition["sources"] if kind == "source" else [condition["domain"]]
        touch = condition.get("touch", "any")
        return any(person[f"{which}_{kind}"] in wanted for which in ("first", "last") if touch in {which, "any"})
    if kind == "referral":
        return person[f"is_{condition['role']}"]
    if kind == "segment":
        return condition["segment_id"] in person["segments"]
    if kind == "list":
        return condition["list_id"] in person["lists"]
    assert kind == "sample"
    digest = hashlib.md5(f"{condition.get('salt', '')}:{person['person_id']}".encode()).hexdigest()
    return int(digest[:8], 16) % 10_000 < condition["percent"] * 100


# ---------------------------------------------------------------- tests of one value
def _passes(test: dict[str, Any], value: Any, now: int, zone: tzinfo) -> bool:
    op = test["op"]
    if op == "missing" or value is None:
        return op == "missing" and value is None
    if op == "exists":
        return True
    if op in {"is", "one_of"}:
        return any(_same(value, wanted) for wanted in ([test["value"]] if op == "is" else test["values"]))
    if op == "contains":
        if isinstance(value, str):
            return test["value"] in value
        return isinstance(value, list) and any(_same(item, test["value"]) for item in value)
    if op == "starts_with":
        return isinstance(value, str) and value[: len(test["value"])] == test["value"]
    if op in TIMED:
        return _passes_in_time(test, value, now, zone)
    return _is_number(value) and _compare(test, _double(value), float)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _double(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def _same(value: Any, wanted: Any) -> bool:
    if _is_number(value) and _is_number(wanted):
        return _double(value) == _double(wanted)
    return type(value) is type(wanted) and value == wanted


def _compare(test: dict[str, Any], value: Any, read: Any) -> bool:
    op = test["op"]
    if op == "between":
        return bool(read(test["low"]) <= value <= read(test["high"]))
    if op in {"is", "one_of"}:
        return any(read(wanted) == value for wanted in ([test["value"]] if op == "is" else test["values"]))
    limit = read(test["value"])
    return bool(
        {"more": value > limit, "at_least": value >= limit, "less": value < limit, "at_most": value <= limit}[op]
    )


# ---------------------------------------------------------------- moments
def moment(text: Any) -> datetime | None:
    """The moment that a text is, if it is one."""
    if isinstance(text, datetime):
        return text
    if not isinstance(text, str) or not text.isascii() or text[:1] == "0":
        return None
    day, clock = text[:10], text[10:]
    digits = day[:4] + day[5:7] + day[8:]
    if len(day) != 10 or day[4] != "-" or day[7] != "-" or not digits.isdigit():
        return None
    try:
        found = datetime(int(day[:4]), int(day[5:7]), int(day[8:]), tzinfo=UTC)
    except ValueError:
        return None
    return found if clock == "" else _with_clock(found, clock)


def _with_clock(day: datetime, clock: str) -> datetime | None:
    if clock[0] not in "T ":
        return None
    clock, ahead = _without_zone(clock[1:])
    if ahead is None:
        return None
    clock, dot, decimals = clock.partition(".")
    pieces = clock.split(":")
    if any(len(piece) != 2 or not piece.isdigit() for piece in pieces) or len(pieces) not in {2, 3}:
        return None
    if dot and (len(pieces) != 3 or not decimals.isdigit() or len(decimals) > 9):
        return None
    hour, minute, second = [int(piece) for piece in pieces] + [0] * (3 - len(pieces))
    if hour > 23 or minute > 59 or second > 59:
        return None
    at = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=int((decimals + "000000")[:6]))
    return day + at - ahead


def _without_zone(clock: str) -> tuple[str, timedelta | None]:
    """The time of day, and how far its zone is ahead of UTC; None for a zone that is none."""
    if clock.endswith("Z"):
        return clock[:-1], timedelta(0)
    for sign in "+-":
        if sign in clock:
            clock, _, zone = clock.partition(sign)
            zone = zone[:2] + zone[3:] if zone[2:3] == ":" and len(zone) == 5 else zone
            if not zone.isdigit() or len(zone) not in {2, 4} or int(zone[:2]) > 15 or int(zone[2:] or 0) > 59:
                return clock, None
            ahead = timedelta(hours=int(zone[:2]), minutes=int(zone[2:] or 0))
            return clock, ahead if sign == "+" else -ahead
    return clock, timedelta(0)


def _passes_in_time(test: dict[str, Any], value: Any, now: int, zone: tzinfo) -> bool:
    then, here = moment(value), EPOCH + timedelta(microseconds=now)
    if then is None:
        return False
    op = test["op"]
    if op in {"before", "after"}:
        limit = datetime.fromisoformat(test["at"])
        return then < limit if op == "before" else then >= limit
    if op == "anniversary":
        is_plain_day = isinstance(value, str) and len(value) == 10
        day = then.date() if is_plain_day else then.astimezone(zone).date()
        today = here.astimezone(zone).date()
        return any(_is_kept(day, today + timedelta(days=ahead)) for ahead in range(test["days"] + 1))
    at = (then - EPOCH) // timedelta(microseconds=1)
    span, unit = _length(test["span"]), _length(test["span"] | {"amount": 1})
    return {
        "within_last": now - span < at <= now,
        "longer_ago": at + span <= now,
        "exactly_ago": at + span <= now < at + span + unit,
        "within_next": now < at <= now + span,
    }[op]


def _is_kept(day: date, on: date) -> bool:
    """Whether the anniversary of ``day`` is kept ``on`` that day."""
    if (day.month, day.day) == (2, 29):
        return (on + timedelta(days=1)).day == 1 and on.month == 2
    return (day.month, day.day) == (on.month, on.day)


def _length(span: dict[str, Any]) -> int:
    return span["amount"] * SECONDS[span["unit"]] * 1_000_000


# ---------------------------------------------------------------- events
def _matches(selector: dict[str, Any], event: dict[str, Any]) -> bool:
    if (event["kind"], event["name"]) != (selector.get("kind", "track"), selector["name"]):
        return False
    return all(_filters(each, event["properties"]) for each in selector.get("where", []))


def _filters(wanted: dict[str, Any], told: dict[str, Any]) -> bool:
    if wanted["type"] == "property":
        return _passes(wanted["test"], _find(told, wanted["path"]), 0, UTC)
    products = told["products"] if isinstance(told.get("products"), list) else [told]
    return any(isinstance(one, dict) and all(_filters(each, one) for each in wanted["where"]) for one in products)


def _find(told: Any, path: str) -> Any:
    for name in path.split("."):
        told = told.get(name) if isinstance(told, dict) else None
    return told


def _millionths(value: Any) -> int:
    return floor(float(value) * 1e6 + 0.5)


def _did(condition: dict[str, Any], events: list[dict[str, Any]], now: int, zone: tzinfo) -> bool:
    counted = [event for event in events if _matches(condition["event"], event)]
    if within := condition.get("within"):
        counted = [event for event in counted if now - _length(within) < event["at_us"]]
    if period := condition.get("period"):
        begin, end = period.get("begin"), period.get("end")
        for event in list(counted):
            at = EPOCH + timedelta(microseconds=event["at_us"])
            if (begin and at < datetime.fromisoformat(begin)) or (end and at >= datetime.fromisoformat(end)):
                counted.remove(event)
    measure, test = condition.get("measure", "count"), condition["test"]
    if measure == "count":
        return _compare(test, len(counted), Fraction)
    if measure in {"first", "last"}:
        times = sorted(EPOCH + timedelta(microseconds=event["at_us"]) for event in counted)
        return _passes(test, times[0 if measure == "first" else -1] if times else None, now, zone)
    found = [_find(event["properties"], condition["of"]) for event in counted]
    numbers = [_millionths(value) for value in found if _is_number(value) and abs(_double(value)) <= 9e12]
    if not numbers and measure != "sum":
        return test["op"] == "missing"
    if test["op"] in {"exists", "missing"}:
        return test["op"] == "exists"
    value = {
        "sum": sum(numbers),
        "average": Fraction(sum(numbers), len(numbers) or 1),
        "largest": max(numbers, default=0),
        "smallest": min(numbers, default=0),
    }[measure]
    return _compare(test, value, _millionths)


def _did_in_order(condition: dict[str, Any], events: list[dict[str, Any]], now: int) -> bool:
    """Every way to choose an event for each step is looked at."""
    steps = [[event["at_us"] for event in events if _matches(step, event)] for step in condition["steps"]]
    span, completed = _length(condition["within"]), condition.get("completed")
    least = now - _length(completed) if completed else -inf
    return any(
        all(one < other for one, other in pairwise(times)) and times[-1] - times[0] <= span and times[-1] > least
        for times in product(*steps)
    )

"""What formulas come to, written as plainly as possible: nothing of the product is used here."""

from datetime import UTC, datetime, timedelta, tzinfo
from decimal import ROUND_FLOOR, Decimal
from typing import Any

Json = dict[str, Any]
UNITS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400, "weeks": 604_800}


def come_to(formula: Json, events: list[Json], now_us: int, zone: tzinfo) -> Any:
    """The value for a person of whom ``events`` ({id, at_us, name, properties}) are known; None if there is none."""
    counted = {event["id"]: event for event in events if _counts(formula, event, now_us)}
    told = sorted(counted.values(), key=lambda event: event["at_us"])
    of = formula["of"]
    if of in ("sum", "average", "min", "max"):
        return _of_numbers(of, [number for event in told if (number := _number(event, formula["path"])) is not None])
    if of in ("distinct", "most_frequent", "top", "last_value"):
        said = [(event["at_us"], word) for event in told for word in _words(event, formula["path"])]
        return _of_words(of, said, formula.get("limit", 3))
    if of == "count":
        return len(told)
    if not told:
        return None
    if of == "best_hour":
        return _best_hour([event["at_us"] for event in told], zone)
    at_us = told[0 if of == "first_time" else -1]["at_us"]
    return (datetime(1970, 1, 1) + timedelta(microseconds=at_us)).isoformat() + "Z"


def _counts(formula: Json, event: Json, now_us: int) -> bool:
    selectors = formula.get("events") or [formula["event"]]
    if event["at_us"] > now_us or not any(_passes(selector, event) for selector in selectors):
        return False
    window = formula.get("window")
    return window is None or now_us < event["at_us"] + window["amount"] * UNITS[window["unit"]] * 1_000_000


def _passes(selector: Json, event: Json) -> bool:
    """Filters are of one kind here: a property is some text."""
    return selector["name"] == event["name"] and all(
        event["properties"].get(each["path"]) == each["test"]["value"] for each in selector.get("where", [])
    )


def _number(event: Json, path: str) -> int | None:
    value = event["properties"].get(path)
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 9e12:
        return None
    return int((Decimal(float(value) * 1e6) + Decimal("0.5")).to_integral_value(ROUND_FLOOR))


def _of_numbers(of: str, numbers: list[int]) -> Any:
    if of == "sum":
        return _told(sum(numbers))
    if not numbers:
        return None
    if of == "average":
        share = Decimal(sum(numbers)) / len(numbers) + Decimal("0.5")
        return _told(int(share.to_integral_value(ROUND_FLOOR)))
    return _told(min(numbers) if of == "min" else max(numbers))


def _told(millionths: int) -> float:
    return millionths // 1_000_000 if millionths % 1_000_000 == 0 else millionths / 1_000_000


def _words(event: Json, path: str) -> list[Any]:
    """Each word of an event once."""
    properties = event["properties"]
    if path.startswith("products.") and isinstance(properties.get("products"), list):
        found = [each.get(path.removeprefix("products.")) for each in properties["products"] if isinstance(each, dict)]
    else:
        found = [properties.get(path.removeprefix("products."))]
    words: list[Any] = []
    for value in found:
        for each in value if isinstance(value, list) else [value]:
            word = each.strip()[:200] if isinstance(each, str) else each
            if isinstance(word, float) and word.is_integer():
                word = int(word)
            if isinstance(word, str | bool | int | float) and word != "" and not _is_among(word, words):
                words.append(word)
    return words


def _is_among(word: Any, words: list[Any]) -> bool:
    return any(word == other and isinstance(word, bool) is isinstance(other, bool) for other in words)


def _of_words(of: str, said: list[tuple[int, Any]], limit: int) -> Any:
    words: list[Any] = []
    for _, word in said:
        if not _is_among(word, words):
            words.append(word)
    if of == "distinct":
        return len(words)
    if not words:
        return None
    times = [[at for at, other in said if _is_among(other, [word])] for word in words]
    if of == "last_value":
        return min(zip(words, times, strict=True), key=lambda each: (-max(each[1]), _alphabet(each[0])))[0]
    ranked = sorted(zip(words, times, strict=True), key=lambda each: (-len(each[1]), -max(each[1]), _alphabet(each[0])))
    return ranked[0][0] if of == "most_frequent" else [word for word, _ in ranked[:limit]]


def _alphabet(word: Any) -> tuple[int, float, str]:
    if isinstance(word, str):
        return 2, 0, word
    return (0 if isinstance(word, bool) else 1), word, ""


def _best_hour(times: list[int], zone: tzinfo) -> int:
    hours = [(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)).astimezone(zone).hour for at in times]
    most = max(hours.count(hour) for hour in hours)
    return next(hour for hour in reversed(hours) if hours.count(hour) == most)

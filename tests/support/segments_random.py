"""Rules and histories at random, full of what lies on a boundary; the same for the same random numbers.

Everything is plain JSON and plain numbers, as ``segments_reference`` takes it, so that any evaluator can be held to it.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.segments_reference import EPOCH, a_person
from tests.support.segments_reference import moment as reference_moment

Json = dict[str, Any]
SECOND = 1_000_000
DAY = 86_400 * SECOND
MICROSECOND = timedelta(microseconds=1)
# A little after a February 29, so that anniversaries, spans and summer time meet.
NOON = (datetime(2028, 3, 1, 12, tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
ZONES = ["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Chatham", "America/Santiago"]
# fmt: off
NAMES = ["View", "Buy", "加入购物车"]
SPANS = [
    (1, "seconds"), (90, "seconds"), (5, "minutes"), (1, "hours"), (1, "days"), (7, "days"), (30, "days"), (2, "weeks"),
]
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400, "weeks": 604_800}
NUMBERS = [
    1, 2, 0.3, 0, -1, 2.5, 12.9, 0.1, -0.0, 1e-7, 12.3456785, 0.1234565, 99.9999995, 1e15, 2**53 + 1, 10**25, -7.25,
]
LIMITS = [1, 2, 0.3, 0, 3, 2.5, 12.9, 12.345678, 12.3456785, -1, 15.4, 100]
TEXTS = [
    "Paris", "巴黎", "Zoë", "paris", "Par", "3", "12.90", "true", "null", "a'b", 'q"q', "\\", "%", "_", "ﬁ", "e\u0301",
    "é", "🙂",
]
ODD = [None, True, False, "", [], {}, ["Paris", 3, None], [["Paris"]], {"city": "Paris"}, " 3", [True]]
NO_MOMENTS = [
    "2028-02-30", "2027-02-29", "2028-02-29T24:00:00Z", "2028-02-29T23:59:60Z", "2028-2-9", "28-02-29", "20280229",
    "2028-02-29T12", "2028-02-29T12:00:00,5Z", "2028-02-29T12:00:00+16:00", "2028-02-29T12:00:00z", "2028-02-29 ",
    "0999-01-01", "２０２８-02-29", "2028-02-29T12:00.5Z", "2028-02-29T12:00:00.", "now",
]
TRAITS = ["city", "age", "birthday", "likes", "Größe.cm"]
LAYERS = {"stage": ["introduce", "operate", "convert"], "member_level": ["cold", "hot"]}
CHANNELS = ["email", "sms", "wecom"]
SOURCES = ["search", "ads-1", "shop"]
DOMAINS = ["public", "commercial", "private", "unknown"]
NUMBER_FIELDS = ["event_count", "order_count", "revenue_minor"]
MOMENT_FIELDS = [
    "first_seen_at", "last_seen_at", "introduced_at", "operated_at", "converted_at", "shared_at", "repurchased_at",
    "first_touch_at", "last_touch_at",
]
OTHER_SEGMENTS, LISTS = [101, 102], [7, 8]
# fmt: on


@dataclass
class World:
    """Homes with their events, and how they are joined to persons as time goes by.

    ``steps`` are states of identity one after the other: each is a list of persons, a person a list of homes, whose
    least is the person's id. Homes that are gone from a state were erased before it. ``events`` are unique;
    ``deliveries`` are the same in another order and some of them several times.
    """

    events: list[Json]
    deliveries: list[Json]
    steps: list[list[list[int]]]
    known: dict[int, Json] = field(default_factory=dict)

    def person(self, homes: list[int]) -> Json:
        """What is known of the person of some homes, as the reference takes it."""
        return self.known[min(homes)] | {"person_id": min(homes)}

    def events_of(self, homes: list[int]) -> list[Json]:
        """All that the homes delivered, duplicates included."""
        return [event for event in self.deliveries if event["home_id"] in homes]


def random_world(rng: Random, *, homes: int = 5, events: int = 9) -> World:
    """Some homes of up to ``events`` events each, that are merged, unmerged and erased."""
    every = [home * 1000 + rng.randrange(1000) for home in range(1, homes + 1)]
    zone = ZoneInfo(rng.choice(ZONES))
    known = {home: random_person(rng, home, zone=zone) for home in every}
    told = [an_event(rng, home) for home in every for _ in range(rng.choice([0, 2, events - 2, events]))]
    deliveries = [event for event in told for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    rng.shuffle(deliveries)
    return World(told, deliveries, _steps(rng, every), known)


def _steps(rng: Random, homes: list[int]) -> list[list[list[int]]]:
    steps, living = [[[home] for home in homes]], list(homes)
    for _ in range(3):
        if rng.random() < 0.3 and len(living) > 1:
            living.remove(rng.choice(living))
        shuffled = rng.sample(living, len(living))
        cuts = (
            sorted(rng.sample(range(1, len(shuffled)), rng.randint(0, len(shuffled) - 1))) if len(shuffled) > 1 else []
        )
        groups = [sorted(shuffled[begin:end]) for begin, end in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]
        steps.append(sorted(groups))
    return steps


def usual(rng: Random, pool: list[Any]) -> Any:
    """One of a pool, more often than not of its first three, so that things meet."""
    return rng.choice(pool[:3] if rng.random() < 0.6 else pool)


def usual_name(rng: Random) -> str:
    """The name of an event, mostly the same."""
    return rng.choice([*NAMES, NAMES[0], NAMES[0]])


def random_instants(rng: Random, rule: Json, events: list[Json], person: Json, *, count: int) -> list[int]:
    """Moments at which the answer may turn, to the microsecond, and ``NOON``."""
    spans = [0, *_spans_in(rule)]
    moments = [event["at_us"] for event in events] + [
        at for name, at in person["fields"].items() if name in MOMENT_FIELDS
    ]
    texts = [reference_moment(value) for value in person["traits"].values()]
    known = [at for at in moments if at is not None] + [(at - EPOCH) // MICROSECOND for at in texts if at is not None]
    sane = [at for at in known if abs(at - NOON) < 1000 * DAY] or [NOON]
    found = [NOON]
    for _ in range(count - 1):
        turn = rng.choice(sane) + rng.choice([1, 1, 1, -1]) * rng.choice(spans)
        found.append(turn + rng.choice([-1, 0, 0, 1]))
    return found


def _spans_in(node: Any) -> list[int]:
    if isinstance(node, dict):
        inner = [span for value in node.values() for span in _spans_in(value)]
        if "unit" in node:
            length = node["amount"] * UNITS[node["unit"]] * SECOND
            return [length, length + UNITS[node["unit"]] * SECOND]
        return inner
    return [span for value in node for span in _spans_in(value)] if isinstance(node, list) else []


# ---------------------------------------------------------------- events and persons
def random_instant(rng: Random) -> int:
    """A moment that is likely to be a span, give or take a microsecond, from ``NOON`` or from another such one."""
    amount, unit = rng.choice(SPANS)
    at = NOON + rng.choice([-2, -1, -1, -1, -1, -1, -1, 0, 0, 1]) * amount * UNITS[unit] * SECOND
    if rng.random() < 0.3:
        at -= rng.choice([DAY, 7 * DAY, 3600 * SECOND])
    if rng.random() < 0.2:
        at += rng.randrange(-40 * DAY, 5 * DAY)
    return at + rng.choice([0, 0, 0, -1, 1, SECOND, -SECOND])


def an_event(rng: Random, home: int) -> Json:
    """One event of a home; ``properties_text`` is what its properties look like in JSON."""
    properties = some_properties(rng)
    return {
        "event_id": f"{rng.getrandbits(48):012x}7{rng.getrandbits(12):03x}8{rng.getrandbits(60):015x}",
        "home_id": home,
        "kind": rng.choice(["track"] * 12 + ["page", "screen"]),
        "name": usual_name(rng),
        "at_us": random_instant(rng),
        "properties": properties,
        "properties_text": json.dumps(properties, ensure_ascii=rng.random() < 0.5),
    }


def some_properties(rng: Random) -> Json:
    """Properties of an event, some of them odd."""
    told: Json = {}
    for name in ("total", "city", "when", "likes"):
        if rng.random() < 0.8:
            told[name] = a_value(rng, name)
    if rng.random() < 0.3:
        told["shipping"] = rng.choice([{"city": a_value(rng, "city")}, {"to": {"city": "Paris"}}, "Paris", None])
    if rng.random() < 0.5:
        told["products"] = rng.choice([[], None, {"sku": "tea"}, [a_product(rng) for _ in range(rng.randint(1, 3))]])
    elif rng.random() < 0.5:
        told |= {"sku": "tea", "price": rng.choice(NUMBERS)}
    return told


def a_product(rng: Random) -> Any:
    """A product of an event; now and then not even that."""
    if rng.random() < 0.1:
        return rng.choice(["tea", None, 3, []])
    return {"sku": rng.choice(["tea", "cup"]), "price": rng.choice([*NUMBERS, "20"])}


def a_value(rng: Random, name: str) -> Any:
    """A value such as stands under a name, or one that should not stand there."""
    if rng.random() < 0.15:
        return rng.choice(ODD)
    if name in {"total", "age"}:
        return usual(rng, [*NUMBERS, *LIMITS])
    if name in {"when", "birthday"}:
        return a_moment_text(rng)
    if name == "likes":
        return rng.sample([*TEXTS, 3, None], rng.randint(0, 3))
    return usual(rng, [*TEXTS, *NUMBERS])


def a_moment_text(rng: Random) -> str:
    """A moment, mostly, in one of the forms that are understood."""
    if rng.random() < 0.15:
        return rng.choice(NO_MOMENTS)
    at = EPOCH + timedelta(microseconds=random_instant(rng))
    if rng.random() < 0.4:
        at = at.replace(year=rng.choice([1972, 1996, 2000, 2028, 2040]), day=min(at.day, 28))
    if rng.random() < 0.1:
        return rng.choice(["1996-02-29", "2000-02-28", "1999-03-01", "1000-01-01", "9999-12-31"])
    form = rng.choice(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f"])
    text = at.strftime(form) + rng.choice(["", "123"] if form.endswith("f") else [""])
    return text + rng.choice(["", "Z", "+08:00", "-0330", "+13", "-00:00"]) if "%H" in form else text


def random_person(rng: Random, person_id: int, *, zone: Any = UTC) -> Json:
    """Somebody of whom some is known."""
    fields: Json = {name: rng.choice([0, 1, 2, 3, 1290, 2**40]) for name in NUMBER_FIELDS}
    fields |= {name: rng.choice([None, random_instant(rng)]) for name in MOMENT_FIELDS}
    return a_person(
        person_id=person_id,
        traits={name: a_value(rng, name) for name in TRAITS if rng.random() < 0.7},
        fields=fields,
        tags=rng.sample(["vip", "staff", "巴黎"], rng.randint(0, 2)),
        layers={layer: rng.choice(classes) for layer, classes in LAYERS.items() if rng.random() < 0.7},
        channels=rng.sample(CHANNELS, rng.randint(0, 2)),
        first_source=rng.choice(["", *SOURCES]),
        last_source=rng.choice(["", *SOURCES]),
        first_domain=rng.choice(DOMAINS),
        last_domain=rng.choice(DOMAINS),
        is_inviter=rng.random() < 0.5,
        is_invitee=rng.random() < 0.5,
        segments=rng.sample(OTHER_SEGMENTS, rng.randint(0, 2)),
        lists=rng.sample(LISTS, rng.randint(0, 2)),
        zone=zone,
    )


# ---------------------------------------------------------------- rules
def random_rule(rng: Random, *, depth: int = 6) -> Json:
    """A rule of up to so many levels of groups."""
    return {"version": 1, "condition": _condition(rng, rng.randint(0, depth))}


def _condition(rng: Random, depth: int) -> Json:
    if depth > 0:
        kind = rng.choice(["all", "any", "not", "not"])
        if kind == "not":
            return {"type": "not", "condition": _condition(rng, depth - 1)}
        inner = [_condition(rng, rng.randint(0, depth - 1)) for _ in range(rng.choice([0, 1, 2, 2, 2, 3]))]
        return {"type": kind, "conditions": inner}
    return rng.choice([_event, _event, _event, _sequence, _trait, _trait, _field, _membership])(rng)


def _event(rng: Random) -> Json:
    measure = rng.choice(["count", "count", "sum", "average", "largest", "smallest", "first", "last"])
    condition: Json = {"type": "event", "event": _selector(rng), "measure": measure}
    if measure in {"first", "last"}:
        condition["test"] = _time_test(rng) if rng.random() < 0.8 else {"op": rng.choice(["exists", "missing"])}
    elif measure in {"average", "largest", "smallest"} and rng.random() < 0.15:
        condition["test"] = {"op": rng.choice(["exists", "missing"])}
    else:
        condition["test"] = _number_test(rng, counts=measure == "count")
    if measure not in {"count", "first", "last"}:
        condition["of"] = rng.choice(["total"] * 6 + ["price", "shipping.city"])
    if rng.random() < 0.5:
        condition["within"] = _span(rng)
    elif rng.random() < 0.4:
        begin, end = sorted(rng.sample(range(-30, 5), 2))
        both = {"begin": _iso(NOON + begin * DAY), "end": _iso(NOON + end * DAY)}
        condition["period"] = rng.choice([both, {"begin": both["begin"]}, {"end": both["end"]}])
    return condition


def _sequence(rng: Random) -> Json:
    steps = [_selector(rng, filters=0.1) for _ in range(rng.choice([2, 2, 3]))]
    condition: Json = {"type": "sequence", "steps": steps, "within": _span(rng)}
    return condition | ({"completed": _span(rng)} if rng.random() < 0.6 else {})


def _selector(rng: Random, *, filters: float = 0.25) -> Json:
    selector: Json = {"name": usual_name(rng), "kind": rng.choice(["track"] * 12 + ["page", "screen"])}
    if rng.random() < filters:
        selector["where"] = [_filter(rng) for _ in range(rng.choice([1, 1, 2]))]
    return selector


def _filter(rng: Random) -> Json:
    if rng.random() < 0.35:
        parts = [("sku", {"op": "is", "value": rng.choice(["tea", "cup"])}), ("price", _number_test(rng))]
        chosen = rng.sample(parts, rng.randint(1, 2))
        return {"type": "product", "where": [{"type": "property", "path": path, "test": test} for path, test in chosen]}
    path = rng.choice(["total", "total", "city", "when", "likes", "shipping.city", "shipping.to.city", "nothing"])
    return {"type": "property", "path": path, "test": _any_test(rng, path, is_timed=False)}


def _trait(rng: Random) -> Json:
    name = rng.choice(TRAITS)
    return {"type": "trait", "name": name, "test": _any_test(rng, name, is_timed=True)}


def _field(rng: Random) -> Json:
    if rng.random() < 0.4:
        test = _number_test(rng, counts=True)
        return {"type": "field", "name": rng.choice(NUMBER_FIELDS), "test": test}
    test = _time_test(rng) if rng.random() < 0.8 else {"op": rng.choice(["exists", "missing"])}
    return {"type": "field", "name": rng.choice(MOMENT_FIELDS), "test": test}


def _membership(rng: Random) -> Json:
    layer = rng.choice(list(LAYERS))
    touch = rng.choice(["first", "last", "any"])
    return rng.choice(
        [
            {"type": "tag", "tag": rng.choice(["vip", "巴黎"])},
            {"type": "layer", "layer": layer, "classes": rng.sample(LAYERS[layer], rng.randint(1, 2))},
            {"type": "reachable", "channel": rng.choice(["any", *CHANNELS])},
            {"type": "source", "sources": rng.sample(SOURCES, 2), "touch": touch},
            {"type": "domain", "domain": rng.choice(DOMAINS), "touch": touch},
            {"type": "referral", "role": rng.choice(["inviter", "invitee"])},
            {"type": "segment", "segment_id": rng.choice(OTHER_SEGMENTS)},
            {"type": "list", "list_id": rng.choice(LISTS)},
            {
                "type": "sample",
                "percent": rng.choice([0, 12.345, 33.33, 50, 99.99, 100]),
                "salt": rng.choice(["", "a", "盐"]),
            },
        ]
    )


def _any_test(rng: Random, name: str, *, is_timed: bool) -> Json:
    shape = {"total": "number", "age": "number", "when": "moment", "birthday": "moment"}.get(name, "text")
    if rng.random() < 0.2:
        shape = rng.choice(["number", "moment", "text"])
    if rng.random() < 0.1:
        return {"op": rng.choice(["exists", "missing"])}
    if shape == "number":
        return _number_test(rng, is_mixed=True)
    if shape == "moment":
        return _time_test(rng) if is_timed else {"op": rng.choice(["before", "after"]), "at": _iso(random_instant(rng))}
    op = rng.choice(["is", "one_of", "contains", "starts_with"])
    if op == "one_of":
        return {"op": op, "values": rng.sample([*TEXTS, 3, True, False, 0.3], rng.randint(1, 4))}
    return {"op": op, "value": usual(rng, [*TEXTS, True, 3] if op == "is" else TEXTS)}


def _number_test(rng: Random, *, counts: bool = False, is_mixed: bool = False) -> Json:
    limits = [0, 1, 1, 2, 2, 3, 1.5] if counts else LIMITS
    op = rng.choice(["is", "one_of", "more", "at_least", "less", "at_most", "between"])
    if op == "between":
        low, high = sorted([usual(rng, limits), rng.choice(limits)])
        return {"op": op, "low": low, "high": high}
    if op == "one_of":
        return {"op": op, "values": rng.sample([*limits, *([True, "3"] if is_mixed else [])], 2)}
    return {"op": op, "value": usual(rng, [*limits, *(NUMBERS if is_mixed else [])])}


def _time_test(rng: Random) -> Json:
    op = rng.choice(["before", "after", "within_last", "longer_ago", "exactly_ago", "within_next", "anniversary"])
    if op in {"before", "after"}:
        return {"op": op, "at": _iso(random_instant(rng))}
    if op == "anniversary":
        return {"op": op, "days": rng.choice([0, 0, 1, 7, 30, 364, 365])}
    return {"op": op, "span": _span(rng)}


def _span(rng: Random) -> Json:
    amount, unit = rng.choice(SPANS)
    return {"amount": amount, "unit": unit}


def _iso(at_us: int) -> str:
    return (EPOCH + timedelta(microseconds=at_us)).isoformat()

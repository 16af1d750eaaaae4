"""Judging by rules, in memory: what one event costs among 10, 100 and 1,000 segments, and what one condition does.

    PYTHONPATH=. .venv/bin/python benchmarks/segments_rules.py

Always five segments mention the event, so its cost must not grow with the others. An event is matched, remembered in
its home's digest, and the person judged by those five; no database takes part. Each figure is the best of some rounds.
"""

import sys
import time
from collections.abc import Callable, Mapping
from random import Random
from typing import Any, TypeVar

from _bench import report
from fanwheel.cdp.segments import digest
from fanwheel.cdp.segments.evaluator import Compiled, compile_rule
from fanwheel.cdp.segments.facts import Facts
from fanwheel.cdp.segments.metrics import Matcher, metrics_of
from fanwheel.cdp.segments.reading import read_rule

Name = TypeVar("Name")
ROUNDS, EVENTS, MENTION = 15, 300, 5
DAY = 86_400_000_000
NOW = 1_900_000_000_000_000
KNOWN_EVENTS = 20  # of each metric, in the last 90 days
PROPERTIES = '{"order_id": "o-1", "total": 129.9, "currency": "CNY", "city": "Paris", "products": [{"sku": "tea"}]}'
LEAVES: dict[str, dict[str, Any]] = {
    "tag": {"type": "tag", "tag": "vip"},
    "trait": {"type": "trait", "name": "city", "test": {"op": "one_of", "values": ["Paris", "Rome"]}},
    "field in the last 30 days": {
        "type": "field", "name": "last_seen_at", "test": {"op": "within_last", "span": {"amount": 30, "unit": "days"}},
    },
    "anniversary": {"type": "trait", "name": "birthday", "test": {"op": "anniversary", "days": 7}},
    "sample": {"type": "sample", "percent": 10},
    "last event": {
        "type": "event", "event": {"name": "Order Completed"}, "measure": "last",
        "test": {"op": "longer_ago", "span": {"amount": 60, "unit": "days"}},
    },
}  # fmt: skip
DEARER: dict[str, dict[str, Any]] = {
    "count in 30 days": {
        "type": "event", "event": {"name": "Order Completed"}, "within": {"amount": 30, "unit": "days"},
        "test": {"op": "at_least", "value": 3},
    },
    "sum in 30 days": {
        "type": "event", "event": {"name": "Order Completed"}, "within": {"amount": 30, "unit": "days"},
        "measure": "sum", "of": "total", "test": {"op": "at_least", "value": 500},
    },
    "sequence in a day": {
        "type": "sequence", "steps": [{"name": "Product Viewed"}, {"name": "Order Completed"}],
        "within": {"amount": 1, "unit": "days"}, "completed": {"amount": 30, "unit": "days"},
    },
}  # fmt: skip


def main() -> int:
    # In turns, so that a busy moment of the machine does not make a slope.
    curve = best({segments: taking(segments) for segments in (10, 100, 1_000)})
    fine = [
        report(
            f"an event among {segments:,} segments, {MENTION} mention it", cost, "µs", limit=0, target=150, at_most=True
        )
        for segments, cost in curve.items()
    ]
    fine.append(report("its cost at 1,000 / at 10", curve[1_000], "µs", limit=curve[10], target=1.2, at_most=True))
    for conditions, target in ((LEAVES, 2), (DEARER, 10)):
        fine += [
            report(f"one condition: {name}", cost_of_a_condition(condition), "µs", limit=0, target=target, at_most=True)
            for name, condition in conditions.items()
        ]
    return not all(fine)


def taking(segments: int) -> Callable[[], object]:
    """What matches, remembers and judges some events among so many segments."""
    rules = [read_rule({"condition": a_condition(number)}) for number in range(segments)]
    numbers = {
        metric: number for number, metric in enumerate(dict.fromkeys(m for r in rules for m in metrics_of(r)), 1)
    }
    matcher = Matcher({number: metric for metric, number in numbers.items()})
    asking: dict[int, list[Compiled]] = {}
    for rule in rules:
        compiled = compile_rule(rule, numbers=numbers)
        for metric in metrics_of(rule):
            asking.setdefault(numbers[metric], []).append(compiled)
    mentioned = [number for number, _ in matcher.read(1, "Order Completed", PROPERTIES)]
    packed = a_digest([*mentioned, *list(numbers.values())[MENTION : 2 * MENTION]])

    def take(event_id: int) -> None:
        found = matcher.read(1, "Order Completed", PROPERTIES)
        after = digest.add(packed, [digest.Remembered(number, NOW, event_id, value) for number, value in found])
        facts = Facts(person_id=1, series=digest.Memory([after]))
        for number, _ in found:
            for compiled in asking[number]:
                compiled.evaluate(facts, NOW)

    return lambda: [take(event_id) for event_id in range(-EVENTS, 0)]


def a_condition(number: int) -> dict[str, Any]:
    """The first five ask for orders, each in its way; five at a time the others ask for something else."""
    name = "Order Completed" if number < MENTION else f"Event {number // MENTION}"
    is_big = {"op": "at_least", "value": number % MENTION * 10}
    return {
        "type": "event",
        "event": {"name": name, "where": [{"type": "property", "path": "total", "test": is_big}]},
        "measure": "sum",
        "of": "total",
        "within": {"amount": 30, "unit": "days"},
        "test": {"op": "at_least", "value": 500},
    }


def cost_of_a_condition(condition: dict[str, Any]) -> float:
    rule = read_rule({"condition": condition})
    numbers = {metric: number for number, metric in enumerate(metrics_of(rule), 1)}
    compiled = compile_rule(rule, numbers=numbers)
    facts = Facts(
        person_id=1,
        traits={"city": "Paris", "birthday": "1990-05-01"},
        fields={"last_seen_at": NOW - DAY},
        tags=frozenset({"vip"}),
        series=digest.decode(a_digest(list(numbers.values()))),
    )
    return best({"": lambda: [compiled.evaluate(facts, NOW) for _ in range(EVENTS)]})[""]


def a_digest(metrics: list[int]) -> bytes:
    rng = Random(1)
    events = [
        digest.Remembered(metric, NOW - rng.randrange(90 * DAY), rng.getrandbits(62), rng.randrange(100_000_000))
        for metric in metrics
        for _ in range(KNOWN_EVENTS)
    ]
    return digest.add(digest.EMPTY, events)


def best(works: Mapping[Name, Callable[[], object]]) -> dict[Name, float]:
    """Microseconds of one event or judgment of each work, in its best round."""
    spent: dict[Name, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            begun = time.process_time()
            work()
            spent[name].append(time.process_time() - begun)
    return {name: min(rounds) / EVENTS * 1e6 for name, rounds in spent.items()}


if __name__ == "__main__":
    sys.exit(main())

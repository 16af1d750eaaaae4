"""What an event costs on its way from the stream to membership: processor time of the worker and of PostgreSQL.

    PYTHONPATH=. .venv/bin/python benchmarks/segments_stream.py [--people 2000] [--events 500] [--rounds 12]

First among 10, 100 and 1,000 segments of which always five mention the event: the cost must not grow with the others,
nor where every event brings somebody whom nobody has met. Then with a hundred rules of a realistic mix. Events are put
into the table; then they are taken in, people folded and judged as a worker does it. Each figure is that of the best
fifth of the rounds, since others use the machine too.
"""

import argparse
import asyncio
import itertools
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from tests.support.segments_live import Crowd
from tests.support.stream import NOON, Event

from _bench import report
from _segments import rules
from fanwheel.cdp import segments
from fanwheel.cdp.segments import service
from fanwheel.cdp.segments.reading import read_rule
from fanwheel.cdp.segments.repository import SegmentRepository
from fanwheel.infra.postgres import Database, migrate
from fanwheel.infra.postgres.supervisor import embedded
from fanwheel.loop.wheel import projector
from segments_live import NAMES
from segments_rules import MENTION

BACKENDS = """
SELECT pid FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = 'fanwheel_app'
"""


def a_rule(number: int) -> dict[str, Any]:
    """The first five ask for what everybody does here, the others for what nobody does."""
    return {
        "type": "event",
        "event": {"name": "Asked" if number < MENTION else f"Event {number // MENTION}"},
        "within": {"amount": 1 + number % 90, "unit": "days"},
        "test": {"op": "at_least", "value": 2 + number % 3},
    }


def make(crowd: Crowd, wanted: Mapping[str, Any]) -> None:
    """Segments in which nobody is yet."""

    async def run(tx: Any) -> None:
        kept = SegmentRepository(tx)
        await kept.open_book()
        for name, told in wanted.items():
            rule = msgspec.json.encode(read_rule(told)).decode()
            await kept.add(name=name, description="", rule=rule, status="building", purpose="segment", actor="cli")
        await service.turn_page(tx)

    crowd.act(run)
    crowd.settle()


def used(pids: list[int]) -> float:
    """Seconds of processor that processes have used."""
    return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids) / 1e9


async def stream(
    crowd: Crowd, asked: argparse.Namespace, names: tuple[str, ...], *, are_new: bool = False
) -> tuple[float, float]:
    """Microseconds of an event in the worker and in PostgreSQL; with ``are_new`` each is somebody's first."""
    rng, spent, newcomers = random.Random(5), [], itertools.count()
    async with await Database.open(crowd.dsn, max_size=2, plans_once=True) as db:
        reader, judge = projector(), segments.Judge()
        for number in range(asked.rounds + 6):
            at = time.time() - NOON.timestamp()
            told = {"category": rng.choice(("tea", "coffee", "cups")), "total": rng.randrange(100)}
            crowd.put(*(
                Event(name=rng.choice(names), at=at, properties=told,
                      who=f"new{next(newcomers)}" if are_new else f"u{rng.randrange(asked.people)}")
                for _ in range(asked.events)
            ))  # fmt: skip
            pids = [row["pid"] for row in crowd.rows(BACKENDS)]
            before = time.process_time(), used(pids)
            while await reader.run_once(db):
                pass
            judge.wake(reader.take_folded())
            while await judge.run_once(db):
                judge.wake([crowd.workspace])
            if number >= 6:  # by now everybody is known and every statement planned
                spent.append((time.process_time() - before[0], used(pids) - before[1]))
    best = sorted(spent, key=sum)[len(spent) // 5]
    return best[0] / asked.events * 1e6, best[1] / asked.events * 1e6


def measured(
    dsn: str, home: Path, asked: argparse.Namespace, wanted: Mapping[str, Any], names: tuple[str, ...], **more: bool
) -> Any:
    crowd = Crowd(dsn, home)
    try:
        make(crowd, wanted)
        return asyncio.run(stream(crowd, asked, names, **more))
    finally:
        crowd.close()


def a_mix(count: int) -> dict[str, Any]:
    return {f"Rule {number}": {"condition": a_rule(number)} for number in range(count)}


def told(name: str, spent: tuple[float, float], *, target: float) -> list[bool]:
    """A line for the worker and one for PostgreSQL; whether each is as wanted."""
    who = zip(("worker", "PostgreSQL"), spent, strict=True)
    return [report(f"{name}, {each}", cost, "µs", limit=0, target=target, at_most=True) for each, cost in who]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--events", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=12)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="fw-stream-"))
    fine, curve = [], {}
    try:
        with embedded(home) as dsn:
            asyncio.run(migrate(dsn))
            crowd = partial(measured, dsn, home, asked)
            for count in (10, 100, 1_000):
                spent = crowd(a_mix(count), ("Asked",))
                curve[count] = sum(spent)
                fine += told(f"an event among {count:,} segments", spent, target=200)
            ratio = "its cost at 1,000 / at 10"
            fine.append(report(ratio, curve[1_000], "µs", limit=curve[10], target=1.25, at_most=True))
            new = {count: sum(crowd(a_mix(count), ("Asked",), are_new=True)) for count in (10, 1_000)}
            ratio = "a newcomer at 1,000 / at 10"
            fine.append(report(ratio, new[1_000], "µs", limit=new[10], target=1.5, at_most=True))
            mix = {f"Rule {number}": msgspec.to_builtins(rule) for number, rule in rules(100).items()}
            fine += told("an event among 100 of a realistic mix", crowd(mix, (*NAMES, "Order Completed")), target=100)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return not all(fine)


if __name__ == "__main__":
    sys.exit(main())

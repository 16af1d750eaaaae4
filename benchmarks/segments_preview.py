"""A look at a segment: the first guess, the exact number, and a change of the rule that asks nothing new.

    PYTHONPATH=. .venv/bin/python benchmarks/segments_preview.py [--events 100000000 --people 1000000]

The lake is written once, to FANWHEEL_BENCH_DIR (by default the system's temporary directory), and kept; its files are
read once beforehand, as those of a running installation are. Rows of people come from memory, not from PostgreSQL.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from _bench import report
from _segments import World, at_least, both, event, is_at, rule, without, world_of
from fanwheel.cdp.segments import reading
from fanwheel.cdp.segments.analytic.leaves import Leaf, leaves_of
from fanwheel.cdp.segments.analytic.looks import Preview, take
from fanwheel.cdp.segments.analytic.scenes import Scene, a_pair
from fanwheel.infra.engine.on_duckdb import DuckDBEngine

COLD_S, CHANGE_S = 1.0, 0.05
CITY = {"type": "trait", "name": "city", "test": {"op": "is", "value": "tea"}}
VIP = {"type": "tag", "tag": "vip"}
LOOKS = {
    "three views in 30 days": event("Product Viewed", at_least(3), days=30),
    "bought, and not in 60 days": both(
        event("Order Completed", at_least(1)), without(event("Order Completed", at_least(1), days=60))
    ),
    "ten euros in 90 days": event("Order Completed", at_least(10), days=90, measure="sum", of="total"),
    "views of tea in 7 days": event("Content Viewed", at_least(2), days=7, where=[is_at("category", "tea")]),
    "of a city and tagged": both(CITY, VIP),
}


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--events", type=int, default=2_000_000)
    options.add_argument("--people", type=int, default=100_000)
    options.add_argument("--memory-mb", type=int, default=1024, help="what the engine may use")
    given = options.parse_args()
    world = world_of(given.events, given.people)
    for file in world.lake.files:
        with Path(file).open("rb") as opened:
            while opened.read(1 << 24):
                pass
    size = f"{given.people:,} people, {given.events:,} events"
    fine = [cold(world, name, condition, size, given.memory_mb) for name, condition in LOOKS.items()]
    fine.append(changed(world, size, given.memory_mb))
    return 0 if all(fine) else 1


@contextmanager
def a_scene(world: World, memory_mb: int) -> Iterator[Scene]:
    """A scene of which nothing is known yet."""

    @contextmanager
    def read(_: Iterable[Leaf], *, is_share: bool = False) -> Iterator[World]:
        yield replace(world, share=16 if is_share else 1)

    engine = DuckDBEngine(memory_mb=memory_mb, temp_dir=world.lake.root.parent / "tmp")
    world.fill(engine)
    words = np.array(["", "email", "email\nwecom"])[np.random.default_rng(3).integers(0, 3, world.people)]
    channels = pa.table({"person_id": np.arange(world.people, dtype=np.int64), "channels": pa.array(words)})
    scene = a_pair(engine, world.place, channels, read)
    try:
        yield scene
    finally:
        scene.close()


def ask(scene: Scene, condition: dict[str, Any], *, may_guess: bool = False) -> tuple[float, Preview]:
    """Seconds for a look, and what it shows."""
    asked = reading.read_rule(rule(condition))
    began = time.perf_counter()
    found = take(scene, asked, leaves_of([asked]), may_guess=may_guess)
    return time.perf_counter() - began, found


def cold(world: World, name: str, condition: dict[str, Any], size: str, memory_mb: int) -> bool:
    began = time.perf_counter()
    with a_scene(world, memory_mb) as scene:
        _, guess = ask(scene, condition, may_guess=True)
        first = time.perf_counter() - began
        exact_s, exact = ask(scene, condition)
    off = abs(guess.count - exact.count) / max(1, exact.count)
    shown = {
        "name": f"the exact number, {name}: {size}",
        "value": round(exact_s, 3),
        "unit": "s",
        "people": exact.count,
    }
    is_within = guess.low <= exact.count <= guess.high
    print(json.dumps(shown | {"guess_off": round(off, 4), "guess_is_within_bounds": is_within}), flush=True)
    return report(f"a first look, {name}: {size}", first, "s", limit=0, target=COLD_S, at_most=True)


def changed(world: World, size: str, memory_mb: int) -> bool:
    """Ten rules of conditions that are known, turned about."""
    parts = list(LOOKS.values())
    with a_scene(world, memory_mb) as scene:
        ask(scene, {"type": "any", "conditions": parts})
        times = [
            ask(
                scene,
                {"type": "any" if turn % 2 else "all", "conditions": [without(parts[turn % 5]), *parts[turn % 3 :]]},
            )[0]
            for turn in range(10)
        ]
    name = f"a change of what is known: {size}"
    return report(name, statistics.median(times), "s", limit=0, target=CHANGE_S, at_most=True)


if __name__ == "__main__":
    sys.exit(main())

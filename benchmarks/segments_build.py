"""A hundred segments built from scratch over all events: seconds, of the clock and of processors, and peak memory.

    PYTHONPATH=. .venv/bin/python benchmarks/segments_build.py [--events 100000000 --people 1000000] [--segments 100]

The lake is written once, to FANWHEEL_BENCH_DIR (by default the system's temporary directory), and kept. Rows of people
come from memory, not from PostgreSQL.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from typing import Any

from _bench import report
from _segments import rules, world_of
from fanwheel.cdp.segments.analytic.build import work_out
from fanwheel.infra.engine.on_duckdb import DuckDBEngine

LIMIT_S, LIMIT_MB = 60.0, 4096.0


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--events", type=int, default=2_000_000)
    options.add_argument("--people", type=int, default=100_000)
    options.add_argument("--segments", type=int, default=100)
    options.add_argument("--memory-mb", type=int, default=2048, help="what the engine may use")
    options.add_argument("--child", action="store_true", help="what the parent starts")
    given = options.parse_args()
    if given.child:
        print(json.dumps(measure(given)))
        return 0
    world_of(given.events, given.people)
    done = subprocess.run([sys.executable, *sys.argv, "--child"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    name = f"{given.segments} segments of {given.people:,} people from {given.events:,} events"
    fine = [
        report(name, found["seconds"], "s", limit=0, target=LIMIT_S, at_most=True),
        report(f"{name}, peak memory", found["peak_mb"], "MB", limit=0, target=LIMIT_MB, at_most=True),
    ]
    print(json.dumps({"name": f"{name}, processor time", "value": round(found["cpu_s"], 1), "unit": "s"}))
    print(json.dumps({"name": f"{name}, memberships", "value": found["memberships"], "due": found["due"]}))
    return 0 if all(fine) else 1


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Seconds, processor seconds, peak memory in MB, and how many memberships there are."""
    world = world_of(given.events, given.people)
    asked = rules(given.segments)
    with DuckDBEngine(memory_mb=given.memory_mb, temp_dir=world.lake.root.parent / "tmp") as engine:
        world.fill(engine)
        began, cpu_began = time.perf_counter(), time.process_time()
        built = work_out(engine, world.place, world, asked)
        memberships = sum(len(members) for _, members in built)
        seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu_began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "cpu_s": cpu_s,
        "peak_mb": peak_mb,
        "memberships": memberships,
        "due": len(built.due[0]),
    }


if __name__ == "__main__":
    sys.exit(main())

"""An exact funnel of five steps over a month of the arranged lake: seconds and memory, and the statement beside it.

    PYTHONPATH=. .venv/bin/python benchmarks/funnel.py [--rows 30000000] [--statement]

The lake is written once, to FANWHEEL_BENCH_DIR (by default the system's temporary directory), and kept. Each count runs
in a process of its own, whose peak memory is the figure. ``--statement`` also counts with the portable SQL, which takes
ten times as long.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from _bench import report
from fanwheel.infra.engine import register_events
from fanwheel.infra.engine.events import SCHEMA
from fanwheel.infra.engine.on_duckdb import DuckDBEngine
from fanwheel.measure.insights import funnels

BUCKETS, MONTH = 16, 202610
STEPS = ("Content Viewed", "Product Viewed", "Product Added", "Checkout Started", "Order Completed")
EVENTS_A_PERSON, MERGED = 6, 0.04
# Five steps that get rarer, and what is no step; every person has a pace of its own.
WRITE = """
COPY (
    SELECT 1::INTEGER AS workspace_id, md5(concat(person, n)).unhex() AS event_id, person AS person_id,
           1::SMALLINT AS kind,
           CASE WHEN dice < 0.45 THEN 'Content Viewed' WHEN dice < 0.70 THEN 'Product Viewed'
                WHEN dice < 0.78 THEN 'Product Added' WHEN dice < 0.82 THEN 'Checkout Started'
                WHEN dice < 0.845 THEN 'Order Completed' ELSE 'Message Opened' END AS name,
           occurred_at, occurred_at AS received_at, (n % 9)::INTEGER AS source_id, (n % 4)::SMALLINT AS domain,
           concat('{"product_id":"sku-', n % 5000, '"}') AS properties, '{}' AS context,
           md5(concat(n, person)).unhex() AS message_key
      FROM (SELECT n, ((random() * $people)::BIGINT * 16 + $bucket) AS person, random() AS dice,
                   to_timestamp(1790812800 + random() * 2678400) AS occurred_at
              FROM range($rows) AS made (n)) AS drawn
     ORDER BY person_id, occurred_at
) TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 131072)
"""


@dataclass(frozen=True)
class Lake:
    """What the engine takes as events."""

    root: Path
    files: list[str]
    tail: pa.Table


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=30_000_000)
    options.add_argument("--statement", action="store_true", help="count with the portable SQL, too")
    options.add_argument("--count", choices=("kernel", "statement"), help="what a child does")
    given = options.parse_args()
    lake = lake_of(given.rows)
    if given.count:
        print(json.dumps(count(lake, given.rows, given.count)))
        return 0
    kernel = in_a_child(given.rows, "kernel")
    print(json.dumps({"name": "people by step", "value": kernel["people"]}), flush=True)
    name = f"exact funnel of 5 steps, {given.rows:,} events"
    fine = [
        report(name, kernel["seconds"], "s", limit=0, target=4, at_most=True),
        report(f"{name}, peak memory", kernel["peak_mb"], "MB", limit=0, target=1024, at_most=True),
    ]
    if given.statement:
        slow = in_a_child(given.rows, "statement")
        assert slow["people"] == kernel["people"], slow
        for figure, unit in (("seconds", "s"), ("peak_mb", "MB")):
            print(json.dumps({"name": f"{name}, the statement", "value": round(slow[figure], 2), "unit": unit}))
    return 0 if all(fine) else 1


def lake_of(rows: int) -> Lake:
    """The lake of so many events, written if there is none yet."""
    home = Path(os.environ.get("FANWHEEL_BENCH_DIR", tempfile.gettempdir())) / f"fanwheel-funnel-{rows}"
    root = home / "lake"
    places = [root / f"month={MONTH}" / f"bucket={bucket}" / "sorted-1.parquet" for bucket in range(BUCKETS)]
    for bucket, place in enumerate(places):
        if place.exists():
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_suffix(".draft")
        with duckdb.connect(config={"memory_limit": "3GB", "temp_directory": str(home / "tmp")}) as conn:
            many = {"rows": rows // BUCKETS, "people": rows // BUCKETS // EVENTS_A_PERSON * 2, "bucket": bucket}
            conn.execute("SET enable_progress_bar = false")
            conn.execute("SELECT setseed(0.5)")
            conn.execute(WRITE.replace("{file}", str(draft)), many)
        draft.rename(place)
    return Lake(root, [str(place) for place in places], SCHEMA.empty_table())


def count(lake: Lake, rows: int, way: str) -> dict[str, object]:
    """Seconds, peak memory and people by step of one count."""
    plan = funnels.plan(STEPS, window_days=7, first=date(2026, 10, 1), last=date(2026, 10, 31), zone="UTC")
    homes = pa.array(range(0, rows // 3, round(1 / MERGED)), pa.int64())
    moved = pa.table({"home_id": homes, "person_id": pa.array([home.as_py() // 2 for home in homes], pa.int64())})
    with DuckDBEngine(memory_mb=1024 if way == "kernel" else 4096, temp_dir=lake.root.parent / "tmp") as engine:
        engine.table("person_map", moved)
        register_events(engine, lake, 1, erased=pa.table({"home_id": pa.array([], pa.int64())}))
        began = time.perf_counter()
        if way == "kernel":
            people = funnels.count(engine, plan)
        else:
            engine.keep("funnel_step", funnels.SQL["funnel_step"], **plan.params)
            rows_by_depth = engine.query(funnels.SQL["funnel"], **plan.params).to_pylist()
            depths = {row["depth"]: row["people"] for row in rows_by_depth}
            people = [sum(n for depth, n in depths.items() if depth > step) for step in range(len(STEPS))]
        seconds = time.perf_counter() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "peak_mb": peak_mb, "people": people}


def in_a_child(rows: int, way: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--rows", str(rows), "--count", way]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())

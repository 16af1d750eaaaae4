"""How fast conversions are shared: Markov, Shapley, paths from touches; beside ChannelAttribution where it installs.

    .venv/bin/python benchmarks/attribution.py [--scale 0.1] [--no-peer]

ChannelAttribution is GPL and no part of the product: it is installed into .venv-peers for this run alone.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from _bench import report
from fanwheel.infra.engine.on_duckdb import DuckDBEngine
from fanwheel.measure import attribution
from fanwheel.measure.attribution import Paths

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-peers" / "channelattribution"
REQUIREMENTS = ("channelattribution==2.2.5", "matplotlib", "pandas")  # it imports both without naming them
CHANNELS, DAY_US = 15, 86_400_000_000
# Prints the seconds and the credit of each channel; reads a table of paths.
PEER_SCRIPT = """
import json, sys, time
import pandas as pd
from ChannelAttribution import markov_model
table = pd.read_csv(sys.argv[1])
start = time.perf_counter()
found = markov_model(table, "path", "conversions", var_null="non_conversions", order=1, verbose=False)
seconds = time.perf_counter() - start
print("\\n" + json.dumps([seconds, dict(zip(found.iloc[:, 0].astype(str), found.iloc[:, 1].astype(float)))]))
"""
# The order of touches, as the product keeps it.
TOUCH = """
SELECT person_id, occurred_at, source_id,
       row_number() OVER (PARTITION BY person_id ORDER BY occurred_at, source_id) AS turn
  FROM raw_touch
"""


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--scale", type=float, default=1.0, help="share of the full sizes")
    options.add_argument("--no-peer", action="store_true", help="leave ChannelAttribution out")
    given = options.parse_args()
    fine = [shapley(), markov(round(5_000_000 * given.scale)), *paths(round(10_000_000 * given.scale))]
    if not given.no_peer:
        fine += beside_the_peer(round(1_000_000 * given.scale))
    return 0 if all(fine) else 1


def markov(many: int) -> bool:
    made = random_paths(many)
    seconds = fastest(lambda: attribution.markov(made), 3)
    for order in (2, 3):
        took = fastest(lambda order=order: attribution.markov(made, order=order), 1)
        print(json.dumps({"name": f"markov of order {order}, {many:,} paths", "value": round(took, 3), "unit": "s"}))
    return report(f"markov, {many:,} paths x {CHANNELS}", seconds, "s", limit=0, target=2, at_most=True)


def shapley() -> bool:
    worth = np.random.default_rng(1).random(1 << 12)
    seconds = fastest(lambda: attribution.shapley_values(worth), 20)
    return report("shapley, 12 channels", seconds * 1000, "ms", limit=0, target=10, at_most=True)


def paths(many: int) -> list[bool]:
    """Paths from touches, by NumPy and by the statement on DuckDB: the same paths, two times."""
    rng = np.random.default_rng(2)
    people = many // 5
    person, channel = rng.integers(0, people, many), rng.integers(0, CHANNELS, many)
    at = rng.integers(0, 90 * DAY_US, many).view("datetime64[us]")
    buyer, sold = rng.integers(0, people, many // 16), rng.integers(0, 90 * DAY_US, many // 16).view("datetime64[us]")
    value = rng.integers(100, 9999, many // 16)
    touches = {"person": person, "channel": channel, "at": at}
    bought = {"person": buyer, "at": sold, "value": value}
    start = time.perf_counter()
    made = attribution.build_paths(touches, bought)
    by_numpy = time.perf_counter() - start
    stamp = pa.timestamp("us", "UTC")
    with tempfile.TemporaryDirectory() as folder, DuckDBEngine(memory_mb=6000, temp_dir=Path(folder)) as engine:
        engine.table(
            "raw_touch",
            pa.table({"person_id": person, "occurred_at": pa.array(at).cast(stamp), "source_id": channel}),
        )
        order_id = [f"o{number}" for number in range(len(buyer))]
        status = pa.array(["paid"]).take(pa.array(np.zeros(len(buyer), np.int64)))
        engine.table(
            "orders",
            pa.table(
                {
                    "order_id": order_id, "person_id": buyer, "status": status,
                    "placed_at": pa.array(sold).cast(stamp), "net_minor": value,
                }
            ),
        )  # fmt: skip
        start = time.perf_counter()
        engine.keep("touch", TOUCH)
        by_sql = attribution.paths_from_events(engine)
        by_duckdb = time.perf_counter() - start
    assert (by_sql.converted, by_sql.untouched) == (made.converted, made.untouched)
    name = f"paths from {many:,} touches"
    # The statement writes every path as text, for any engine; it is for the lake, not for arrays in memory.
    print(json.dumps({"name": f"{name}, the statement on DuckDB", "value": round(by_duckdb, 3), "unit": "s"}))
    return [report(f"{name}, NumPy", by_numpy, "s", limit=0, target=10, at_most=True)]


def beside_the_peer(many: int) -> list[bool]:
    """ChannelAttribution on the same table of paths, and how far its credit is from the exact one."""
    if not install():
        print(json.dumps({"name": "ChannelAttribution", "skipped": "pip could not install it here"}))
        return []
    table = random_paths(many).to_frame()
    exact = attribution.markov(attribution.read_paths(table))
    seconds = fastest(lambda: attribution.markov(attribution.read_paths(table)), 1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paths.csv"
        table.to_pandas().to_csv(file, index=False)
        done = subprocess.run(
            [PEER / "bin" / "python", "-c", PEER_SCRIPT, file], capture_output=True, text=True, check=False
        )
    if done.returncode:
        print(json.dumps({"name": "ChannelAttribution", "skipped": done.stderr.strip().splitlines()[-1:]}))
        return []
    took, credit = json.loads(done.stdout.strip().splitlines()[-1])
    wrong = [abs(credit[str(name)] / due - 1) for name, due in zip(exact.channel, exact.credit, strict=True)]
    print(json.dumps({"name": "ChannelAttribution's largest error on a channel", "value": round(max(wrong), 4)}))
    return [
        report(
            f"markov with reading of {table.num_rows:,} paths / peer", seconds, "s", limit=took, target=1, at_most=True
        )
    ]


def install() -> bool:
    if (PEER / "done").exists():
        return True
    subprocess.run([sys.executable, "-m", "venv", PEER], check=True)
    pip = [PEER / "bin" / "python", "-m", "pip", "install", "-q", *REQUIREMENTS]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        (PEER / "done").touch()
    return done.returncode == 0


def random_paths(many: int) -> Paths:
    """Paths of 4 touches on average; the later channels convert more often, and some follow one another."""
    rng = np.random.default_rng(3)
    lengths = np.minimum(rng.geometric(0.25, many), 30)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    steps = rng.integers(0, CHANNELS, starts[-1]).astype(np.int16)
    again = rng.random(len(steps)) < 0.2
    steps[1:][again[1:]] = (steps[:-1][again[1:]] + 1) % CHANNELS
    converts = (rng.random(many) < 0.02 + 0.004 * steps[starts[1:] - 1]).astype(np.float64)
    names = tuple(f"c{number:02d}" for number in range(CHANNELS))
    return Paths(channels=names, steps=steps, starts=starts, conversions=converts, non_conversions=1 - converts)


def fastest(work: Callable[[], Any], times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


if __name__ == "__main__":
    sys.exit(main())

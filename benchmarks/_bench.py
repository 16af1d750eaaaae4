"""What the benchmarks share: a product to load, and the line that each prints."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psycopg
from tests.support.product import Product

_TICKS = os.sysconf("SC_CLK_TCK")


def report(name: str, value: float, unit: str, *, limit: float, target: float, at_most: bool = False) -> bool:
    """Print one line; ``ratio`` is value / limit, and it is what ``target`` is compared with unless limit is 0."""
    ratio = value / limit if limit else None
    measured = value if ratio is None else ratio
    ok = measured <= target if at_most else measured >= target
    shown = {"name": name, "value": round(value, 3), "unit": unit, "limit": round(limit, 3)}
    print(json.dumps(shown | {"ratio": ratio and round(ratio, 4), "target": target, "ok": ok}), flush=True)
    return ok


@contextmanager
def a_product() -> Iterator[Product]:
    """A running product in a directory of its own."""
    Product.api_processes = 0
    home = Path(tempfile.mkdtemp(prefix="fw-bench-", dir=os.environ.get("FANWHEEL_BENCH_DIR")))
    try:
        with Product.started(home) as product:
            yield product
    finally:
        shutil.rmtree(home, ignore_errors=True)


def wrk(url: str, *, script: Path, connections: int, seconds: int, arguments: list[str]) -> dict[str, float]:
    """Load ``url``; requests, requests/s, errors, and latencies in milliseconds."""
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("the load generator wrk is missing: apt-get install wrk")
    command = [program, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script), url, "--"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=True)
    line = next(line for line in done.stderr.splitlines() + done.stdout.splitlines() if line.startswith("{"))
    return dict(json.loads(line))


def database_s(dsn: str) -> float:
    """Processor time used so far by all of PostgreSQL's processes, with those that are gone."""
    with psycopg.connect(dsn) as conn:
        row = conn.execute("SHOW data_directory").fetchone()
    assert row is not None
    server = int((Path(row[0]) / "postmaster.pid").read_text().splitlines()[0])
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return used_s(server, with_children=True) + sum(used_s(int(child)) for child in children)


def used_s(pid: int, *, with_children: bool = False) -> float:
    """Processor time used so far by a process; nothing if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11 : 15 if with_children else 13]) / _TICKS

"""Export of a backlog to the lake, against reading the same rows through ADBC and throwing them away.

``--rows`` changes the size. The target is absolute: events a second, on two cores that nothing else uses.
"""

import argparse
import asyncio
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from fanwheel.infra.lake import Exporter
from fanwheel.infra.lake.repository import EventStream
from fanwheel.infra.postgres import migrate
from fanwheel.infra.postgres.supervisor import embedded
from fanwheel.infra.settings import Settings

TARGET = 200_000
COMMIT_ROWS = 1_000

# About 468 bytes a row, as events of a shop come from a browser.
FILL = """
INSERT INTO event (workspace_id, event_id, message_key, person_id, kind, name, occurred_at, received_at, source_id,
                   domain, properties, context)
SELECT 1, gen_random_uuid(), gen_random_uuid(), 1 + (random() * 300000)::bigint, 1,
       (ARRAY['Product Viewed', 'Product Added', 'Order Completed', 'Message Opened'])[1 + i %% 4],
       now() - random() * interval '1 hour', now(), i %% 9, i %% 4,
       format('{"product_id":"sku-%%s","name":"Running shoe %%s","price":%%s,"currency":"USD",'
              '"quantity":%%s,"session":"%%s"}',
              i %% 5000, i %% 5000, (random() * 20000)::int / 100.0, 1 + i %% 3, md5((i / 9)::text)),
       format('{"ip":"10.%%s.%%s.7","page":{"url":"https://shop.example/p/%%s"},"locale":"en-US",'
              '"userAgent":"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Safari/605.1.15"}',
              i %% 255, i %% 31, i %% 5000)
  FROM generate_series(%s::integer, %s::integer) AS i
"""


def fill(dsn: str, rows: int) -> float:
    """Write the backlog, so many rows a commit; return the mean size of a row in bytes."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("SET synchronous_commit = off")
        for first in range(0, rows, COMMIT_ROWS):
            conn.execute(FILL, [first, min(first + COMMIT_ROWS, rows) - 1])
        size = conn.execute("SELECT avg(pg_column_size(event.*)) FROM event TABLESAMPLE SYSTEM (1)").fetchone()
        conn.execute("VACUUM (ANALYZE) event")  # now, and not while we measure
        conn.execute("CHECKPOINT")
    return float(size[0]) if size and size[0] else 0.0


@contextmanager
def measured(home: Path) -> Iterator[dict[str, float]]:
    """Wall seconds of a block, and CPU seconds of this process and of the server with all its children."""
    taken: dict[str, float] = {}
    wall, own, server = time.perf_counter(), _cpu(), _server_cpu(home)
    yield taken
    taken |= {"wall_s": time.perf_counter() - wall, "cpu_s": _cpu() - own, "server_s": _server_cpu(home) - server}


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _server_cpu(home: Path) -> float:
    postmaster = int((home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    ticks = 0
    for pid in [postmaster, *children]:
        # utime, stime, and those of children that have ended
        ticks += sum(int(field) for field in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def fetch(dsn: str) -> int:
    """Read everything and keep nothing."""
    with EventStream(dsn, from_tx=0, until_tx=1 << 62) as stream:
        return sum(table.num_rows for table in stream.window())


def run(home: Path, dsn: str, rows: int) -> bool:
    asyncio.run(migrate(dsn))
    width = fill(dsn, rows)
    fetch(dsn)  # both then read from the page cache
    with measured(home) as reading:
        assert fetch(dsn) == rows
    exporter = Exporter(Settings(home=home), dsn)
    with measured(home) as exporting:
        result = exporter.run_once()
    exporter.close()
    assert result.row_count == rows
    value, limit = rows / exporting["wall_s"], rows / reading["wall_s"]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{rows} rows of {width:.0f} B, {result.commits} commits, peak {peak_mb} MB", file=sys.stderr)
    for title, taken in (("reading", reading), ("export", exporting)):
        shown = f"{taken['wall_s']:.1f} s, CPU {taken['cpu_s']:.1f} s here and {taken['server_s']:.1f} s in the server"
        print(f"{title}: {shown}", file=sys.stderr)
    line = {"name": "lake_export", "value": round(value), "unit": "events/s", "limit": round(limit)}
    ok = value >= TARGET
    print(json.dumps(line | {"ratio": round(value / limit, 3), "target": TARGET, "ok": ok}), flush=True)
    return ok


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_000_000)
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="fw-bench-", dir=os.environ.get("FANWHEEL_BENCH_DIR")))
    home.chmod(0o755)
    try:
        with embedded(home) as dsn:
            return 0 if run(home, dsn, arguments.rows) else 1
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

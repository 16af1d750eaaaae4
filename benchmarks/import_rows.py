"""How many rows a second `import` takes, against the target of 50,000.

A row counts when what was made of it is committed: its event with its person, or its line in the event of its order;
tables of orders and portraits follow in the worker, whose speed is measured by itself. Three files: simple events
of 20,000 persons, order lines (eight to an order), and people of whom none is known yet. The limit is the same
import into a sink that stores nothing: reading, mapping and encoding alone.
"""

import asyncio
import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from fanwheel.cdp import imports
from fanwheel.cdp.events.asgi import Key
from fanwheel.cdp.events.writer import Writer
from fanwheel.infra import postgres
from fanwheel.infra.postgres import Database
from fanwheel.infra.postgres.supervisor import embedded

TARGET = 50_000
ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 400_000
PEOPLE = ROWS // 4  # a new person costs several times as much as an event
NAMES: dict[imports.What, str] = {"events": "import", "orders": "import_order_lines", "people": "import_new_people"}
NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Nowhere:
    async def store(self, chunk: imports.Chunk, *, now: datetime) -> imports.Counts:
        return imports.Counts(accepted=len(chunk.drafts))


def write_files(folder: Path) -> dict[imports.What, Path]:
    events, orders, people = folder / "events.csv", folder / "lines.csv", folder / "people.csv"
    with events.open("w") as file:
        file.write("user_id,event,occurred_at,product_id,price\n")
        for i in range(ROWS):
            file.write(
                f"u{i % 20_000},Product Viewed,2026-02-{1 + i % 28:02d}T10:{i % 60:02d}:00Z,p{i % 997},{i % 300}.90\n"
            )
    with orders.open("w") as file:
        file.write("order_id,user_id,placed_at,product_id,quantity,line_total,currency\n")
        for i in range(ROWS):
            order = i // 8
            file.write(
                f"o{order},u{order % 20_000},2026-02-{1 + order % 28:02d}T10:00:00Z,p{i % 997},1,{i % 90}.50,USD\n"
            )
    with people.open("w") as file:
        file.write("user_id,city,seen_at\n")
        for i in range(PEOPLE):
            file.write(f"p{i},c{i % 300},2026-02-{1 + i % 28:02d}\n")
    return {"events": events, "orders": orders, "people": people}


async def rows_per_second(dsn: str, workspace: int, what: imports.What, file: Path, *, is_limit: bool) -> float:
    plan = imports.plan(file, imports.parse_mapping(what, None))
    writer = Writer(dsn, limit_bytes=64 * 1024 * 1024)
    await writer.start()
    async with await Database.open(dsn, max_size=2) as db:
        sink = Nowhere() if is_limit else imports.EventSink(writer, Key(workspace, 0))
        begun = time.perf_counter()
        report = await imports.run(plan, sink, db, workspace, now=NOW, progress=lambda done, total: None, again=True)
        took = time.perf_counter() - begun
    await writer.stop()
    assert report.rows == report.rows - report.refused == (PEOPLE if what == "people" else ROWS)
    return report.rows / took


def main() -> None:
    with tempfile.TemporaryDirectory() as home, embedded(Path(home)) as dsn:
        asyncio.run(postgres.migrate(dsn))
        with psycopg.connect(dsn, autocommit=True) as conn:
            row = conn.execute("INSERT INTO workspace (slug, name) VALUES ('b', 'B') RETURNING workspace_id").fetchone()
        assert row is not None
        for what, file in write_files(Path(home)).items():
            limit = asyncio.run(rows_per_second(dsn, row[0], what, file, is_limit=True))
            value = asyncio.run(rows_per_second(dsn, row[0], what, file, is_limit=False))
            result = {
                "name": NAMES[what], "value": round(value), "unit": "rows/s",
                "limit": round(limit), "ratio": round(value / limit, 3), "target": TARGET, "ok": value >= TARGET,
            }  # fmt: skip
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()

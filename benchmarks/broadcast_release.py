"""A broadcast handed to the send path: planned by each person's clock, with a test of variants, portion by portion.

Nothing is sent: what is measured is how far ahead of any channel the release is, and that its memory hardly grows with
the people. ``--people`` changes the size. Two lines: people a minute, and megabytes that the process held at most, from
the launch to the last portion.
"""

import argparse
import asyncio
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from benchmarks._bench import report

from fanwheel.infra.postgres import Database, Transaction, migrate
from fanwheel.infra.postgres.supervisor import embedded
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate import broadcasts
from fanwheel.loop.operate.broadcasts import lifecycle, releasing, service

# Twice what a worker sends at best: the gate never waits for the release.
TARGET = 60_000
MEMORY_MB = 300
_FILL = """
INSERT INTO workspace (slug, name) VALUES ('bench', 'Bench');
INSERT INTO identifier (workspace_id, identifier_hash, kind, value, home_id, person_id, first_seen_at)
SELECT 1, md5(i::text)::uuid, 'email', 'p' || i || '@people.example', i, i, now()
  FROM generate_series(1, {people}) AS i;
INSERT INTO person (workspace_id, person_id, first_seen_at, last_seen_at, introduced_at, traits)
SELECT 1, i, now(), now(), now(),
       jsonb_build_object('time_zone', (ARRAY['Asia/Shanghai', 'Europe/Berlin', 'America/Lima'])[i % 3 + 1])
  FROM generate_series(1, {people}) AS i;
INSERT INTO list (workspace_id, name, size, created_by) VALUES (1, 'All', {people}, 'bench');
INSERT INTO person_list (workspace_id, list_id, home_id) SELECT 1, 1, i FROM generate_series(1, {people}) AS i;
INSERT INTO channel_account (workspace_id, channel, key, name, created_by) VALUES (1, 'email', 'k', 'Mail', 'bench');
INSERT INTO template (workspace_id, channel, name, draft, created_by, updated_by)
VALUES (1, 'email', 'Tea', '{{}}', 'bench', 'bench');
INSERT INTO template_version (workspace_id, template_id, number, channel, content, compiled, published_by)
VALUES (1, 1, 1, 'email', '{{"variants": [{{"key": "A"}}, {{"key": "B"}}]}}', '{{}}', 'bench');
UPDATE template SET published_id = 1;
"""


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def _run(dsn: str) -> tuple[float, float]:
    """Seconds that the release took, and megabytes held at most since the launch began."""
    now = utc_now()
    values: dict[str, Any] = {
        "name": "Tea", "purpose": "marketing", "audience": {"list_id": 1, "without": []},
        "routes": [{"channel": "email", "account_id": 1, "template_id": 1}],
        "schedule": {"kind": "local", "at": f"{now.date() + timedelta(days=3)}T10:00"}, "per_minute": None,
        "experiment": {"share": 0.5, "metric": "clicked", "max_hours": 24, "otherwise": "best"}, "holdout_share": 0.05,
        "seed_list_id": None, "expires_hours": 24,
    }  # fmt: skip
    async with await Database.open(dsn, max_size=2) as db:

        async def do(act: Callable[[Transaction], Awaitable[Any]]) -> Any:
            async with db.transaction(1) as tx:
                return await act(tx)

        found = await do(lambda tx: service.create(tx, values, actor="bench"))
        await do(lambda tx: lifecycle.launch(tx, found, version=None, actor="bench", now=now))
        later = now + timedelta(days=6)  # the hour has come everywhere
        await do(lambda tx: broadcasts.go_on(tx, found, now=later))
        began = time.perf_counter()
        while await do(lambda tx: broadcasts.go_on(tx, found, now=later)):
            pass
        await do(lambda tx: broadcasts.decide(tx, found, "B", evidence={}, by="bench", now=later))
        # The rest is planned for the same hour of the next days.
        for days in (1, 3):
            while await do(partial(broadcasts.go_on, broadcast_id=found, now=later + timedelta(days=days))):
                pass
        return time.perf_counter() - began, _megabytes()


def main() -> int:
    """Fill, launch, release, report; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    people = parser.parse_args().people
    releasing.AHEAD = 10 * people  # nobody sends what is handed over
    with (
        tempfile.TemporaryDirectory(prefix="fw-bench-", ignore_cleanup_errors=True) as home,
        embedded(Path(home)) as dsn,
    ):
        asyncio.run(migrate(dsn))
        with psycopg.connect(dsn, autocommit=True) as conn:
            conn.execute(_FILL.format(people=people).encode())
            conn.execute("INSERT INTO broadcast_setting (workspace_id, approval_above) VALUES (1, NULL)")
            conn.execute("ANALYZE")
        seconds, megabytes = asyncio.run(_run(dsn))
        with psycopg.connect(dsn) as conn:
            row = conn.execute("SELECT count(*), count(DISTINCT home_id) FROM intent").fetchone()
        assert row == (people, people), row
    fine = report("broadcast_release", 60 * people / seconds, "people/min", limit=0, target=TARGET)
    fine &= report("broadcast_release_memory", megabytes, "MB", limit=0, target=MEMORY_MB, at_most=True)
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())

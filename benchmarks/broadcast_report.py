"""The report of a broadcast: counted, and told from what is kept.

Of those who got it all have a receipt, a third opened or clicked, one in twenty ordered, one in thirty wrote, one in
fifty left. Another broadcast of a tenth of the size lies beside it. ``--people`` changes the size. Each line tells
milliseconds of processor that PostgreSQL used for one look; how long it took stands on stderr.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from benchmarks._bench import database_s, report

from fanwheel.infra.postgres import Database, Transaction, migrate
from fanwheel.infra.postgres.supervisor import embedded
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate.broadcasts import reporting

# For 100,000 people: a hundredth of what the page would cost that looks every three seconds.
TARGET_MS = 300
KEPT_TARGET_MS = 3
_LOOKS = 5
_FILL = """
INSERT INTO workspace (slug, name) VALUES ('bench', 'Bench');
INSERT INTO broadcast (workspace_id, name, state, phase, routes, experiment, variants, people, released, starts_at,
                       launched_at, created_by, updated_by)
SELECT 1, 'Tea', 'running', 'testing', '[{{"channel": "email", "account_id": 1}}]', '{{}}', '["A", "B"]', {people},
       {people}, now() - interval '1 day', now() - interval '1 day', 'bench', 'bench'
  FROM generate_series(1, 2);
INSERT INTO wording (workspace_id, said) VALUES (1, '{{"variant": "A"}}'), (1, '{{"variant": "B"}}');
INSERT INTO identifier (workspace_id, identifier_hash, kind, value, home_id, person_id, first_seen_at)
SELECT 1, md5(i::text)::uuid, CASE WHEN i > 0 THEN 'email' ELSE 'phone' END, 'p' || i || '@people.example', i, abs(i),
       now()
  FROM generate_series(-{people} / 2, {people}) AS i
 WHERE i <> 0;
INSERT INTO intent (workspace_id, home_id, step, occurrence, channel, account_id, purpose, wording_id, state, rule,
                    due_at, done_at, passed_at, address_hash, proof, platform_id)
SELECT 1, i % {people} + 1, CASE WHEN i <= {people} THEN 'broadcast:1' ELSE 'broadcast:2' END, '0', 'email', 1,
       'marketing', i % 2 + 1, CASE WHEN i % 10 = 0 THEN 'skipped' ELSE 'sent' END,
       CASE WHEN i % 10 = 0 THEN 'consent' END, now(), now() - interval '20 hours' + i * interval '1 hour' / {people},
       now(), md5((i % {people} + 1)::text)::uuid,
       '{{"parts": 1, "zone": "Asia/Shanghai", "variant": "A"}}', 'p' || i
  FROM generate_series(1, {people} + {people} / 10) AS i;
INSERT INTO receipt (workspace_id, intent_id, key, state, happened_at)
SELECT 1, intent_id, 'd', 'delivered', now() FROM intent WHERE state = 'sent';
INSERT INTO link_recipient (workspace_id, code, message_key, person_id, version_id, channel, step, made_at)
SELECT 1, 'c' || intent_id, 'fw-1-' || intent_id || '-abc', home_id, 1, 'email', step, now()
  FROM intent
 WHERE state = 'sent';
INSERT INTO link_visit (workspace_id, kind, recipient, visited_at, is_settled)
SELECT 1, CASE WHEN person_id % 5 = 0 THEN 'click' ELSE 'open' END, code, now(), true
  FROM link_recipient
 WHERE person_id % 3 = 0;
INSERT INTO shop_order (workspace_id, order_id, home_id, status, placed_at, currency, total_minor, stated_at)
SELECT 1, 'o' || i, i, 'paid', now() - interval '1 hour', 'USD', 100, now()
  FROM generate_series(20, {people} + {people} / 20, 20) AS i;
INSERT INTO conversation (workspace_id, account_id, channel, home_id, opened_at, last_at, last_in_at)
SELECT 1, 1, 'email', i, now(), now(), now() FROM generate_series(30, {people}, 30) AS i;
INSERT INTO message (workspace_id, message_id, conversation_id, kind, said_at, parts, body)
SELECT 1, nextval('message_number'), conversation_id, 'in', now(), '[]', 'x' FROM conversation;
INSERT INTO consent (workspace_id, home_id, channel, is_granted, decided_at)
SELECT 1, i, 'email', i % 50 <> 0, now() FROM generate_series(1, {people}) AS i;
"""


async def _run(dsn: str) -> dict[str, float]:
    """Milliseconds of processor for one look of each kind."""
    found: dict[str, float] = {}
    now = utc_now()
    async with await Database.open(dsn, max_size=1) as db:

        async def measure(name: str, act: Callable[[Transaction, int], Awaitable[Any]]) -> None:
            async with db.transaction(1) as tx:
                await act(tx, 0)
            used, began = database_s(dsn), time.perf_counter()
            for look in range(1, _LOOKS + 1):
                async with db.transaction(1) as tx:
                    await act(tx, look)
            took_ms = 1_000 * (time.perf_counter() - began) / _LOOKS
            found[name] = 1_000 * (database_s(dsn) - used) / _LOOKS
            print(json.dumps({"name": name, "took_ms": round(took_ms, 1)}), file=sys.stderr)

        # Each look comes long after the one before, so that it counts anew and keeps what it has counted.
        await measure("counted", lambda tx, look: reporting.report(tx, 1, now=now + look * timedelta(hours=1)))
        await measure("kept", lambda tx, _: reporting.report(tx, 1, now=now))
    return found


def main() -> int:
    """Fill, look, report; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    people = parser.parse_args().people
    with (
        tempfile.TemporaryDirectory(prefix="fw-bench-", ignore_cleanup_errors=True) as home,
        embedded(Path(home)) as dsn,
    ):
        asyncio.run(migrate(dsn))
        with psycopg.connect(dsn, autocommit=True) as conn:
            conn.execute(_FILL.format(people=people).encode())
            conn.execute("VACUUM ANALYZE")
        found = asyncio.run(_run(dsn))
    targets = {"kept": KEPT_TARGET_MS}
    fine = True
    for name, value in found.items():
        fine &= report(
            f"broadcast_report_{name}", value, "ms", limit=0, target=targets.get(name, TARGET_MS), at_most=True
        )
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())

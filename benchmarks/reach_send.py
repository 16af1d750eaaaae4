"""A broadcast through the whole send path to an HTTP sink, against the same client posting to the same sink alone.

Everybody has consent, caps, quiet hours and holdouts are in force, and every message becomes a fact. ``--people``
changes the size. The rate counts from the first to the last message that the sink took; memory is that of the process
that makes the intents and sends them, on top of what it held before. Two lines: messages a minute, and megabytes.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg
import uvloop
from benchmarks._bench import report
from tests.support.reach import ACCOUNT, HELLO, Accounts, adapter_kind

from fanwheel.cdp import consent
from fanwheel.domains.private.channels.contracts import Address, Outgoing
from fanwheel.infra.http import outside
from fanwheel.infra.postgres import Database, migrate
from fanwheel.infra.postgres.supervisor import embedded
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.operate import reach

TARGET = 30_000
MEMORY_MB = 300
AT_ONCE = 32
PORTION = 10_000

PEOPLE = """
WITH made AS (
    INSERT INTO identifier (workspace_id, identifier_hash, kind, value, home_id, person_id, first_seen_at)
    SELECT 1, md5('x' || i)::uuid, 'email', 'p' || i || '@people.example', i, i, now() - interval '30 days'
      FROM generate_series(1, %s) AS i
), living AS (
    INSERT INTO person (workspace_id, person_id, first_seen_at, last_seen_at, introduced_at)
    SELECT 1, i, now(), now(), now() FROM generate_series(1, %s) AS i
)
INSERT INTO consent (workspace_id, home_id, channel, purpose, is_granted, decided_at, evidence)
SELECT 1, i, 'email', 'marketing', true, now() - interval '1 day', '{"event": "Form Submitted", "proof": "form 1"}'
  FROM generate_series(1, %s) AS i
"""
RULES = {
    "caps": [{"name": "day", "most": 2, "window_s": 86_400}, {"name": "week", "most": 5, "window_s": 604_800}],
    "quiet": [{"begins": 0, "ends": 0}],
    "holdouts": {"universal": 0.05, "channel": 0.0},
}
# What a platform costs must not be ours: it answers at once, whatever it is sent.
SINK = """
import asyncio, sys, uvloop
class Sink(asyncio.Protocol):
    def connection_made(self, transport): self.transport, self.data = transport, b""
    def data_received(self, data):
        self.data += data
        while True:
            head, found, rest = self.data.partition(b"\\r\\n\\r\\n")
            if not found: return
            length = int(head.lower().split(b"content-length:")[1].split(b"\\r\\n")[0])
            if len(rest) < length: return
            self.data = rest[length:]
            self.transport.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
async def main():
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
uvloop.run(main())
"""


def _client(url: str) -> httpx.AsyncClient:
    """The client that accounts are given."""
    return outside.client(timeout_s=15, trusted=[url])


def resident_mb() -> float:
    """What this process holds in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def alone(url: str, count: int) -> float:
    """Messages a second that the client can post when nothing else is done."""
    async with _client(url) as http:
        adapter = adapter_kind()(url, http)
        numbers = iter(range(count))

        async def post() -> None:
            for number in numbers:
                await adapter.send(_message(number))

        begin = time.perf_counter()
        await asyncio.gather(*(post() for _ in range(AT_ONCE)))
        return count / (time.perf_counter() - begin)


def _message(number: int) -> Outgoing:
    to = Address("email", f"p{number}@people.example")
    return Outgoing(key=f"fw-{number}", to=to, parts=HELLO, purpose="marketing")


async def through(dsn: str, url: str, home: Path, people: int) -> dict[str, float]:
    """Make the intents of a broadcast and send them; messages a second, and megabytes."""
    begin_mb = most_mb = resident_mb()
    async with await Database.open(dsn, max_size=4, plans_once=True) as db, _client(url) as http:
        accounts = Accounts()
        accounts.opened[ACCOUNT] = reach.Opened(adapter_kind()(url, http), {})

        async def write(_: object, writings: object) -> list[reach.Written]:
            return []

        begin = time.perf_counter()
        wish = reach.Wish(
            home_id=HomeId(0), step="broadcast:1", channel="email", account_id=ACCOUNT, purpose="marketing", parts=HELLO
        )
        async with db.transaction(1) as tx:
            wording = await reach.word(tx, wish)
        for first in range(1, people + 1, PORTION):
            async with db.transaction(1) as tx:
                homes = range(first, min(first + PORTION, people + 1))
                await reach.intend_many(tx, wish, homes, wording_id=wording)
            most_mb = max(most_mb, resident_mb())
        made_s = time.perf_counter() - begin
        hasher = consent.AddressHasher(Settings(home=home))
        sender = reach.Sender(db, accounts, write, hasher=hasher, clock=utc_now)
        begin = time.perf_counter()
        sending = asyncio.create_task(sender.drain())
        while not sending.done():
            most_mb = max(most_mb, resident_mb())
            await asyncio.wait([sending], timeout=0.5)
        sending.result()
        return {"made_s": made_s, "sent_s": time.perf_counter() - begin, "grown_mb": most_mb - begin_mb, "mb": most_mb}


def work(dsn: str, url: str, home: str, people: int) -> None:
    """What the process under measurement does."""
    settings_home = Path(home)
    limit = uvloop.run(alone(url, min(people, 5_000)))
    print(json.dumps({"limit": limit} | uvloop.run(through(dsn, url, settings_home, people))), flush=True)


def main() -> int:
    """Fill, send, report; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        work(*asked.work, people=asked.people)
        return 0
    with (
        tempfile.TemporaryDirectory(prefix="fw-bench-", ignore_cleanup_errors=True) as home,
        embedded(Path(home)) as dsn,
    ):
        asyncio.run(migrate(dsn))
        with psycopg.connect(dsn, autocommit=True) as conn:
            conn.execute("INSERT INTO workspace (slug, name) VALUES ('bench', 'Bench')")
            conn.execute(PEOPLE.encode(), [asked.people] * 3)
            conn.execute("INSERT INTO reach_setting (workspace_id, rules) VALUES (1, %s)", [json.dumps(RULES)])
            conn.execute("ANALYZE")
        sink = subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True)
        try:
            assert sink.stdout is not None
            url = f"http://127.0.0.1:{sink.stdout.readline().strip()}/"
            command = [sys.executable, "-m", "benchmarks.reach_send", "--people", str(asked.people)]
            done = subprocess.run([*command, "--work", dsn, url, home], capture_output=True, text=True, check=True)
            told = json.loads(done.stdout.splitlines()[-1])
        finally:
            sink.terminate()
            with suppress(subprocess.TimeoutExpired):
                sink.wait(5)
        with psycopg.connect(dsn) as conn:
            states = dict(conn.execute("SELECT state, count(*) FROM intent GROUP BY 1").fetchall())
    print(json.dumps(states | told), file=sys.stderr)
    per_minute = 60 * states.get("sent", 0) / told["sent_s"]
    fine = report("reach_send", per_minute, "messages/min", limit=0, target=TARGET)
    fine &= report("reach_send_ratio", per_minute, "messages/min", limit=60 * told["limit"], target=0.3)
    fine &= report("reach_memory", told["mb"], "MB", limit=0, target=MEMORY_MB, at_most=True)
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())

"""What the benchmarks of the send path share: a town to write to, a broadcast through all of it, and who spent what.

Everybody has consent, caps, quiet hours and holdouts are in force; a template names each person and its link is
followed up; the broadcast is released portion by portion, every message becomes a fact, and facts become events, as in
a worker. Processor time is told apart: the worker's, that of all of PostgreSQL's processes, and the sink's.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import uvloop
from benchmarks._bench import database_s, used_s
from tests.support.reach import ACCOUNT, Accounts

from fanwheel.cdp import consent, persons
from fanwheel.cdp.events import relaying
from fanwheel.cdp.events.writer import Writer
from fanwheel.domains.private.channels.adapter import Adapter
from fanwheel.entrypoints import posting
from fanwheel.infra.postgres import Database, migrate
from fanwheel.infra.postgres.supervisor import embedded
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.loop.operate import broadcasts, reach
from fanwheel.loop.operate.broadcasts import lifecycle, service
from fanwheel.loop.operate.content import service as templates

MEMORY_MB = 300
_PEOPLE = """
WITH made AS (
    INSERT INTO identifier (workspace_id, identifier_hash, kind, value, home_id, person_id, first_seen_at)
    SELECT 1, hash, %(kind)s, value, i, i, now() - interval '30 days' FROM given
), living AS (
    INSERT INTO person (workspace_id, person_id, first_seen_at, last_seen_at, introduced_at, display_name, traits)
    SELECT 1, i, now(), now(), now(), 'Person ' || i, jsonb_build_object('first_name', 'Person ' || i)
      FROM generate_series(1, %(people)s) AS i
)
INSERT INTO consent (workspace_id, home_id, channel, purpose, is_granted, decided_at, evidence)
SELECT 1, i, %(channel)s, 'marketing', true, now() - interval '1 day', '{"event": "Form Submitted", "proof": "form 1"}'
  FROM generate_series(1, %(people)s) AS i
"""
_PLACES = f"""
WITH list AS (
    INSERT INTO list (workspace_id, name, size, created_by) VALUES (1, 'All', %(people)s, 'bench') RETURNING list_id
), account AS (
    INSERT INTO channel_account (workspace_id, account_id, channel, key, name, created_by)
    OVERRIDING SYSTEM VALUE VALUES (1, {ACCOUNT}, %(channel)s, 'bench-key', 'Bench', 'bench')
), setting AS (
    INSERT INTO broadcast_setting (workspace_id, approval_above) VALUES (1, NULL)
)
INSERT INTO person_list (workspace_id, list_id, home_id)
SELECT 1, list_id, i FROM list, generate_series(1, %(people)s) AS i
"""
_RULES = {
    "caps": [{"name": "day", "most": 2, "window_s": 86_400}, {"name": "week", "most": 5, "window_s": 604_800}],
    "quiet": [{"begins": 0, "ends": 0}],
    "holdouts": {"universal": 0.05, "channel": 0.0},
}


class Course(NamedTuple):
    """One channel to be measured: its sink, how to speak to it, and what is said."""

    channel: str
    address: str
    sink: str  # a program that prints its port
    wording: Mapping[str, Any]
    open: Callable[[int], Adapter]
    # Messages a second that bare clients hand to the sink, by the name of each.
    limits: Callable[[int, int], Coroutine[Any, Any, dict[str, float]]]


class Told(NamedTuple):
    """What a broadcast came to."""

    sent: int
    seconds: float
    megabytes: float
    limits: Mapping[str, float]

    @property
    def per_minute(self) -> float:
        """Messages a minute."""
        return 60 * self.sent / self.seconds


def measure(course: Course, *, module: str, people: int, workers: int = 1) -> Told:
    """Fill, send in processes of their own, and tell on stderr who spent how much of the processors."""
    with (
        tempfile.TemporaryDirectory(prefix="fw-bench-", ignore_cleanup_errors=True) as home,
        embedded(Path(home)) as dsn,
        _started([sys.executable, "-c", course.sink]) as sink,
    ):
        assert sink.stdout is not None
        port = sink.stdout.readline().strip()
        _fill(dsn, course, people)
        command = [sys.executable, "-m", module, "--people", str(people), "--work", dsn, port, home]
        limits = json.loads(_run([*command, "limits"]))
        before = _processor_s(dsn, sink.pid)
        begin = time.perf_counter()
        # Sink and database are there already; how long a worker takes to start is not asked.
        asked = [*command, "send"]
        working = [subprocess.Popen(asked, stdout=subprocess.PIPE, text=True) for _ in range(workers)]
        told = [json.loads(each.communicate()[0].splitlines()[-1]) for each in working]
        seconds = max(each["seconds"] for each in told) if workers == 1 else time.perf_counter() - begin
        spent = {name: after - before[name] for name, after in _processor_s(dsn, sink.pid).items()}
        spent["worker"] = sum(each["processor_s"] for each in told)
        with psycopg.connect(dsn) as conn:
            states = dict(conn.execute("SELECT state, count(*) FROM intent GROUP BY 1").fetchall())
            left = conn.execute("SELECT count(*) FROM fact_outbox").fetchone()
        assert left == (0,), left
    sent = states.get("sent", 0)
    each_ms = {f"{name}_ms": round(1_000 * value / max(sent, 1), 3) for name, value in spent.items()}
    print(json.dumps(states | {"seconds": round(seconds, 2)} | each_ms | limits), file=sys.stderr)
    return Told(sent, seconds, max(each["megabytes"] for each in told), limits)


def work(course: Course, *, people: int, asked: list[str]) -> None:
    """What the processes under measurement do."""
    dsn, port, home, what = asked
    if what == "limits":
        print(json.dumps(uvloop.run(course.limits(int(port), min(people, 3_000)))), flush=True)
    else:
        print(json.dumps(uvloop.run(_send(dsn, course, int(port), Path(home)))), flush=True)


async def _send(dsn: str, course: Course, port: int, home: Path) -> dict[str, float]:
    """Go on with the broadcast until it is over, send what it releases, and let all facts become events."""
    settings = Settings(home=home)
    hasher = consent.AddressHasher(settings)
    writer = Writer(dsn, limit_bytes=settings.ingest_queue_mb * 1024 * 1024, in_flight=1)
    adapter = course.open(port)
    accounts = Accounts()
    accounts.opened[ACCOUNT] = reach.Opened(adapter, {})
    await writer.start()
    async with await Database.open(dsn, max_size=8, plans_once=True) as db:
        write = posting.Writer(settings, hasher).write
        sender = reach.Sender(db, accounts, write, hasher=hasher, clock=utc_now)
        used, over = _own_s(), asyncio.Event()
        begin, most_mb = time.perf_counter(), _resident_mb()
        parts = [sender.run(over), _relay(db, writer, over), _release(db, over)]
        working = asyncio.gather(*parts)
        while not working.done():
            most_mb = max(most_mb, _resident_mb())
            await asyncio.wait([working], timeout=0.5)
        working.result()
        seconds = time.perf_counter() - begin
    await writer.stop()
    await adapter.close()
    return {"seconds": seconds, "megabytes": most_mb, "processor_s": _own_s() - used}


async def _release(db: Database, over: asyncio.Event) -> None:
    """As a worker does it: again at once while a portion could go, else a little later; until the broadcast is over."""
    while not over.is_set():
        if await broadcasts.run_once(db, utc_now):
            continue
        async with db.transaction(1) as tx:
            if (await broadcasts.get(tx, 1)).state == "done":
                over.set()
        await asyncio.sleep(1)


async def _relay(db: Database, writer: Writer, over: asyncio.Event) -> None:
    """As a worker does it: again at once while there are facts, else a little later."""
    while True:
        is_last = over.is_set()
        if await relaying.relay(db, writer, 1, now=utc_now()):
            continue
        if is_last:
            return
        await asyncio.sleep(0.2)


def _fill(dsn: str, course: Course, people: int) -> None:
    """People who agreed and are on a list, rules, a template, and a broadcast of it to all of them."""
    asyncio.run(migrate(dsn))
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("INSERT INTO workspace (slug, name) VALUES ('bench', 'Bench')")
        conn.execute("CREATE TEMPORARY TABLE given (i bigint, hash uuid, value text)")
        with conn.cursor().copy("COPY given FROM STDIN") as copy:
            for number in range(1, people + 1):
                value = f"p{number}@people.example"
                copy.write_row([number, persons.identifier_hash(course.address, value), value])
        conn.execute(_PEOPLE.encode(), {"people": people, "kind": course.address, "channel": course.channel})
        conn.execute(_PLACES.encode(), {"people": people, "channel": course.channel})
        conn.execute("INSERT INTO reach_setting (workspace_id, rules) VALUES (1, %s)", [json.dumps(_RULES)])
        conn.execute("ANALYZE")
    asyncio.run(_launch(dsn, course))


async def _launch(dsn: str, course: Course) -> None:
    raw = {"language": "en", "variants": [{"key": "A", "wordings": {"en": course.wording}}]}
    async with await Database.open(dsn, max_size=1) as db, db.transaction(1) as tx:
        values = {"channel": course.channel, "name": "Spring"}
        made = await templates.add(tx, values, raw, language="en", actor="system")
        await templates.publish(tx, made, note="", revision=None, actor="system")
        wanted: dict[str, Any] = {
            "name": "Spring", "purpose": "marketing", "audience": {"list_id": 1, "without": []},
            "routes": [{"channel": course.channel, "account_id": ACCOUNT, "template_id": made}],
            "schedule": {"kind": "now"}, "per_minute": None, "experiment": None, "holdout_share": 0.0,
            "seed_list_id": None, "expires_hours": 24,
        }  # fmt: skip
        found = await service.create(tx, wanted, actor="bench")
        await lifecycle.launch(tx, found, version=None, actor="bench", now=utc_now())


def _run(command: list[str]) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


@contextmanager
def _started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)


def _own_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _resident_mb() -> float:
    """What this process holds in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _processor_s(dsn: str, sink: int) -> dict[str, float]:
    """Processor time used so far by PostgreSQL, with its children that are gone, and by the sink."""
    return {"postgresql": database_s(dsn), "sink": used_s(sink)}

"""Runs the product under load while parts of it are killed at random, then looks for what was lost or told twice.

    PYTHONPATH=. .venv/bin/python tools/memberships_soak.py --minutes 10 [--rate 500] [--seed 1]

Killed with signal 9 are the worker, a process of the API, PostgreSQL, and everything at once. Afterwards memberships
must be what `fanwheel segments check` works out from scratch, and entries and exits must tell of just these: for each
person and segment they take turns, begin with an entry, and end with one if the person is in.
"""

import argparse
import asyncio
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import httpx
import psycopg
from tests.support.product import Product

from fanwheel.cdp.segments import service
from fanwheel.infra.postgres import Database

A_BATCH, PEOPLE = 50, 400
NAMES = ("Looked", "Looked", "Looked", "Bought", "Asked", "Live Joined")
SETTLED = """
SELECT NOT EXISTS (SELECT FROM person_stale) AND NOT EXISTS (SELECT FROM segment_note)
       AND NOT EXISTS (SELECT FROM segment_person WHERE due_at < now() - interval '2 seconds')
       AND (SELECT next_tx FROM consumer WHERE consumer_name = 'projector') > (SELECT max(tx) FROM event)
"""
FAULTS = """
WITH told AS (
    SELECT segment_id, person_id, is_entry,
           lag(is_entry, 1, false) OVER turn AS was_in,
           lead(change_id) OVER turn IS NULL AS is_last
      FROM segment_change
    WINDOW turn AS (PARTITION BY segment_id, person_id ORDER BY change_id)
), standing AS (
    SELECT person_id, unnest(members) AS segment_id FROM segment_person
)
SELECT 'told twice', segment_id, person_id FROM told WHERE is_entry = was_in
 UNION ALL
SELECT 'in, but not told of', segment_id, person_id
  FROM standing
  LEFT JOIN (SELECT segment_id, person_id, is_entry FROM told WHERE is_last) AS last USING (segment_id, person_id)
 WHERE last.is_entry IS NOT TRUE
 UNION ALL
SELECT 'told of, but not in', segment_id, person_id
  FROM told LEFT JOIN standing USING (segment_id, person_id)
 WHERE is_last AND is_entry AND standing.person_id IS NULL
"""
NEWCOMERS = """
SELECT count(*), count(*) FILTER (WHERE told.entries = 1 AND told.facts = 1)
  FROM identifier
  LEFT JOIN (SELECT person_id, count(*) AS facts, count(*) FILTER (WHERE is_entry) AS entries
               FROM segment_change WHERE segment_id = %s GROUP BY person_id) AS told USING (person_id)
 WHERE value LIKE 'new%%'
"""


def did(name: str, *, seconds: int = 0, op: str = "at_least", value: int = 1, **more: Any) -> dict[str, Any]:
    within = {"within": {"amount": seconds, "unit": "seconds"}} if seconds else {}
    return {"type": "event", "event": {"name": name}, "test": {"op": op, "value": value}, **within, **more}


def rules() -> dict[str, dict[str, Any]]:
    """Segments that people enter and leave within seconds, by events, by time and by each other."""
    away = {"op": "longer_ago", "span": {"amount": 10, "unit": "seconds"}}
    steps = {"type": "sequence", "steps": [{"name": "Looked"}, {"name": "Bought"}]}
    return {
        "Newcomers": did("Newcomer Seen"),
        "Ever": did("Looked"),
        "Thrice of late": did("Looked", seconds=20, value=3),
        "Hardly of late": did("Looked", seconds=15, op="at_most"),
        "Lapsed": {
            "type": "all",
            "conditions": [did("Bought"), {"type": "not", "condition": did("Bought", seconds=12)}],
        },
        "Away": {"type": "field", "name": "last_seen_at", "test": away},
        "Often": {"type": "field", "name": "event_count", "test": {"op": "at_least", "value": 40}},
        "Paris": {"type": "trait", "name": "city", "test": {"op": "is", "value": "Paris"}},
        "Looked, then bought": {**steps, "within": {"amount": 8, "unit": "seconds"}},
        "Operated": {"type": "layer", "layer": "stage", "classes": ["operate", "convert"]},
    }


async def make(dsn: str) -> dict[str, int]:
    async with await Database.open(dsn, max_size=1) as db:
        async with db.installation() as tx:
            workspace = await tx.value("SELECT min(workspace_id) FROM workspace")
        async with db.transaction(workspace) as tx:
            made = {}
            for name, told in rules().items():
                rule = {"version": 1, "condition": told}
                made[name] = await service.create(tx, name=name, rule=rule, actor="cli")
            both = [{"type": "segment", "segment_id": made[name]} for name in ("Ever", "Away")]
            rule = {"version": 1, "condition": {"type": "all", "conditions": both}}
            made["Ever, and away"] = await service.create(tx, name="Ever, and away", rule=rule, actor="cli")
            return made


class Load:
    """Sends batches at a steady pace, each again until it is taken."""

    def __init__(self, product: Product, rate: int, rng: Random) -> None:
        self.taken, self.again = 0, 0
        self._product, self._pace, self._rng = product, A_BATCH / rate, rng
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Load":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(self._pace):
            batch = [self._event() for _ in range(A_BATCH)]
            batch.append(self._said("Newcomer Seen", userId=f"new{self.taken}"))
            while not self._send(batch):
                self.again += 1
                time.sleep(0.2)
            self.taken += 1

    def _event(self) -> dict[str, Any]:
        rng = self._rng
        who = {"userId": f"u{int(PEOPLE * rng.random() ** 2)}"}
        if rng.random() < 0.02:
            who |= {"anonymousId": f"a{rng.randrange(PEOPLE * 4)}"}  # two become one
        elif rng.random() < 0.2:
            who = {"anonymousId": f"a{rng.randrange(PEOPLE * 4)}"}
        if rng.random() < 0.05:
            return self._said("", type="identify", traits={"city": rng.choice(("Paris", "Rome"))}, **who)
        return self._said(rng.choice(NAMES), **who)

    def _said(self, name: str, **more: Any) -> dict[str, Any]:
        at = datetime.now(UTC) - timedelta(seconds=self._rng.choice((0, 0, 0, 5, 30)))
        return {"type": "track", "event": name, "messageId": str(uuid4()), "timestamp": at.isoformat(), **more}

    def _send(self, batch: list[dict[str, Any]]) -> bool:
        try:
            return self._product.send(*batch).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


class Killer:
    """Ends parts of a product as a power cut would."""

    def __init__(self, product: Product, rng: Random) -> None:
        self._product, self._rng = product, rng
        self.killed: dict[str, int] = dict.fromkeys(("worker", "api", "postgres", "everything"), 0)

    def strike(self) -> None:
        """Kill something, and start it again if nobody else does."""
        what = self._rng.choice(sorted(self.killed))
        if what == "everything":
            self._product.kill()
            self._product.start()
        elif pid := self._postmaster() if what == "postgres" else self._child(what):
            os.kill(pid, signal.SIGKILL)
        else:
            return  # it is just being started
        self.killed[what] += 1

    def _postmaster(self) -> int | None:
        try:
            return int((self._product.home / "postgres/data/postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _child(self, what: str) -> int | None:
        assert self._product._process is not None
        parent = self._product._process.pid
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    words = (entry / "cmdline").read_bytes().split(b"\0")
                    stat = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if int(stat[1]) == parent and what.encode() in words:
                    return int(entry.name)
        return None


def settle(dsn: str, statement: str, *, seconds: float) -> None:
    """Wait until a statement gives true."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with psycopg.connect(dsn, autocommit=True) as conn:
                if conn.execute(statement.encode()).fetchone() == (True,):
                    return
        except psycopg.OperationalError:
            pass  # it is coming back
        if time.monotonic() > deadline:
            raise SystemExit(f"still not so after {seconds:.0f} s: {statement}")
        time.sleep(0.5)


def judge(product: Product, newcomers: int, segment: int) -> list[str]:
    """What is wrong."""
    faults = []
    with psycopg.connect(product.dsn) as conn:
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for what, segment_id, person_id in conn.execute(FAULTS.encode()):
            faults.append(f"segment {segment_id}, person {person_id}: {what}")
        found = conn.execute(NEWCOMERS.encode(), [segment]).fetchone()
        if found != (newcomers, newcomers):
            faults.append(f"{newcomers} newcomers were taken; there are, and entered once: {found}")
        told = conn.execute("SELECT count(*), count(*) FILTER (WHERE cause = 'time') FROM segment_change").fetchone()
        print(f"entries and exits, those by time: {told}", flush=True)
    try:
        print(product.command("segments", "check").strip(), flush=True)
    except RuntimeError as error:
        faults.append(str(error))
    return faults


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--rate", type=int, default=500)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    rng, other = Random(given.seed), Random(given.seed + 1)  # noqa: S311 - chance, not secrecy
    Product.api_processes = 2
    home = Path(tempfile.mkdtemp(prefix="fw-soak-", dir=os.environ.get("FANWHEEL_BENCH_DIR")))
    with Product.started(home) as product:
        made = asyncio.run(make(product.dsn))
        settle(product.dsn, "SELECT NOT EXISTS (SELECT FROM segment WHERE status <> 'live')", seconds=120)
        killer, until = Killer(product, rng), time.monotonic() + 60 * given.minutes
        with Load(product, given.rate, other) as load:
            while time.monotonic() < until:
                time.sleep(rng.uniform(1, 12))
                killer.strike()
        print(f"{load.taken} batches of {A_BATCH + 1}, {load.again} sent again; killed: {killer.killed}", flush=True)
        settle(product.dsn, SETTLED, seconds=300)
        faults = judge(product, load.taken, made["Newcomers"])
    print("\n".join(faults[:50]) or "nothing lost, nothing told twice", flush=True)
    if not faults:
        shutil.rmtree(home, ignore_errors=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

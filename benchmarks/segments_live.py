"""From an event over HTTP to membership, while events keep coming in; and how late time lets people in and out.

The product runs as its user runs it, with as many segments as asked, three of five of them about how long ago something
was. Among the load every batch brings one person whom nobody has met: how long after the batch was sent the fact that
they entered can be read. The flips are people who bought almost an hour ago; each leaves the segment "bought within the
last hour" at a moment of their own, and what counts is how long after it the fact can be read.
"""

import argparse
import asyncio
import random
import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import psycopg
from tests.support.product import Product

from _bench import a_product, report
from _segments import rule, rules
from fanwheel.cdp.segments import service
from fanwheel.infra.postgres import Database

NAMES = ("Content Viewed",) * 8 + ("Product Viewed",) * 5 + ("Product Added", "Message Opened", "Live Joined") * 2
HOUR = {"amount": 1, "unit": "hours"}
A_BATCH = 100
SENDERS = 4


def once(name: str, **more: Any) -> dict[str, Any]:
    return rule({"type": "event", "event": {"name": name}, "test": {"op": "at_least", "value": 1}, **more})


async def make(dsn: str, wanted: dict[str, Any]) -> dict[str, int]:
    """Segments by name."""
    async with await Database.open(dsn, max_size=1) as db:
        async with db.installation() as tx:
            workspace = await tx.value("SELECT min(workspace_id) FROM workspace")
        async with db.transaction(workspace) as tx:
            return {name: await service.create(tx, name=name, rule=told, actor="cli") for name, told in wanted.items()}


class Watch:
    """Reads entries and exits as soon as they can be read, with the moment at which that was."""

    def __init__(self, dsn: str) -> None:
        self.seen: dict[tuple[int, int, bool], float] = {}
        self._dsn, self._ended = dsn, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as conn:
            last = conn.execute("SELECT coalesce(max(change_id), 0) FROM segment_change").fetchone()[0]  # type: ignore[index]
            while not self._ended.wait(0.005):
                rows = conn.execute(
                    "SELECT change_id, segment_id, person_id, is_entry FROM segment_change WHERE change_id > %s", [last]
                ).fetchall()
                now = time.time()
                for change, segment, person, is_entry in rows:
                    self.seen[segment, person, is_entry] = now
                    last = max(last, change)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()


def batch(rng: random.Random, people: int, *, at: datetime | None = None, newcomer: str | None = None) -> bytes:
    """A request of what people do: some time before an instant, or as they do it, and then with somebody new."""
    told = []
    for _ in range(A_BATCH):
        name = rng.choice((*NAMES, "Order Completed"))
        properties: dict[str, Any] = {"category": rng.choice(("tea", "coffee", "cups")), "total": rng.randrange(100)}
        if name == "Order Completed":
            properties["order_id"] = f"o{rng.getrandbits(48)}"
        told.append({
            "type": "track", "event": name, "userId": f"u{int(people * rng.random() ** 2)}", "properties": properties,
        })  # fmt: skip
        if at is not None:
            told[-1]["timestamp"] = (at - timedelta(days=rng.random() * 90)).isoformat()
    if newcomer is not None:
        told.append({"type": "track", "event": "Newcomer Seen", "userId": newcomer, "properties": {}})
    return msgspec.json.encode({"batch": told})


class Sender:
    """Sends requests over connections that stay, some at a time: what a load costs is to be the product's."""

    def __init__(self, product: Product) -> None:
        self._http = httpx.Client(base_url=product.url, auth=(product.write_key, ""), timeout=60)
        self._pool = ThreadPoolExecutor(SENDERS)

    def __enter__(self) -> "Sender":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        self._http.close()

    def send(self, body: bytes) -> "Future[None]":
        return self._pool.submit(self._post, body)

    def send_all(self, bodies: Iterable[bytes]) -> None:
        for _ in self._pool.map(self._post, bodies):
            pass

    def _post(self, body: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        self._http.post("/v1/batch", content=body, headers=headers).raise_for_status()


def load(sender: Sender, people: int, rate: int, seconds: int) -> dict[str, float]:
    """Send batches at a steady pace, a newcomer in each; when each newcomer's batch was sent."""
    rng, sent, answers = random.Random(7), {}, []
    bodies = [batch(rng, people, newcomer=f"new{number}") for number in range(rate * seconds // A_BATCH)]
    begin = time.monotonic()
    for number, body in enumerate(bodies):
        pause = begin + number * A_BATCH / rate - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        sent[f"new{number}"] = time.time()
        answers.append(sender.send(body))
    for answer in answers:
        answer.result()
    return sent


def people_of(dsn: str, prefix: str) -> dict[str, int]:
    with psycopg.connect(dsn) as conn:
        rows = conn.execute("SELECT value, person_id FROM identifier WHERE value LIKE %s", [prefix + "%"]).fetchall()
    return dict(rows)


def settle(dsn: str, condition: str, *, seconds: float) -> None:
    """Wait until a statement gives true."""
    deadline = time.monotonic() + seconds
    with psycopg.connect(dsn, autocommit=True) as conn:
        while not conn.execute(condition.encode()).fetchone()[0]:  # type: ignore[index]
            if time.monotonic() > deadline:
                raise SystemExit(f"still not so: {condition}")
            time.sleep(0.2)


def flips(product: Product, segment: int, count: int, seconds: int) -> list[float]:
    """How late each of so many people left, in milliseconds."""
    start = datetime.now(UTC) + timedelta(seconds=5 + count / 400)
    due = {f"flip{number}": start + timedelta(seconds=seconds * number / count) for number in range(count)}
    told = [
        {"type": "track", "event": "Bought", "userId": who, "timestamp": (at - timedelta(hours=1)).isoformat()}
        for who, at in due.items()
    ]
    for begin in range(0, count, 500):
        product.send(*told[begin : begin + 500]).raise_for_status()
    with Watch(product.dsn) as watch:
        while time.time() < start.timestamp() + seconds + 3:
            time.sleep(0.1)
    ids = people_of(product.dsn, "flip")
    late = [watch.seen.get((segment, ids[who], False), float("inf")) - at.timestamp() for who, at in due.items()]
    return sorted(1000 * each for each in late)


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--segments", type=int, default=100)
    parser.add_argument("--history", type=int, default=20_000)
    parser.add_argument("--rate", type=int, default=1_000)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--flips", type=int, default=280)
    asked = parser.parse_args()
    rng = random.Random(3)
    with a_product() as product:
        with Sender(product) as sender:
            now = datetime.now(UTC)
            sender.send_all(batch(rng, asked.people, at=now) for _ in range(asked.history // A_BATCH))
        mix = {f"Rule {number}": msgspec.to_builtins(told) for number, told in rules(asked.segments).items()}
        own = {"Newcomers": once("Newcomer Seen"), "Bought of late": once("Bought", within=HOUR)}
        made = asyncio.run(make(product.dsn, {**own, **mix}))
        building = time.monotonic()
        settle(product.dsn, "SELECT NOT EXISTS (SELECT FROM segment WHERE status <> 'live')", seconds=600)
        built = time.monotonic() - building
        ok = report("segments_first_build", built, "s", limit=0, target=60, at_most=True)
        print("# loading", flush=True)
        with Watch(product.dsn) as watch, Sender(product) as sender:
            sent = load(sender, asked.people, asked.rate, asked.seconds)
            settle(product.dsn, "SELECT NOT EXISTS (SELECT FROM segment_note)", seconds=60)
            time.sleep(1)
        ids = people_of(product.dsn, "new")
        took = [
            1000 * (watch.seen.get((made["Newcomers"], ids[who], True), float("inf")) - at) for who, at in sent.items()
        ]
        ok &= report("segments_event_to_membership_p50", percentile(took, 0.5), "ms", limit=0, target=200, at_most=True)
        ok &= report(
            "segments_event_to_membership_p99", percentile(took, 0.99), "ms", limit=0, target=1000, at_most=True
        )
        late = flips(product, made["Bought of late"], asked.flips, 10)
        ok &= report("segments_flip_lateness_p99", percentile(late, 0.99), "ms", limit=0, target=1000, at_most=True)
    return not ok


if __name__ == "__main__":
    sys.exit(main())

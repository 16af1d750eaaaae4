"""The inbox with a million conversations: opening lists and a thread, searching, taking messages in.

    python -m benchmarks.inbox [--conversations 1000000] [--each 4]

Prints one line of JSON with the median and the 95th percentile of each, in milliseconds. Budgets: a list opens in
300 ms, a search answers in 500 ms, 1,000 messages a second are taken in.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from fanwheel.domains.private.channels.contracts import Address, Message, Text
from fanwheel.infra.postgres import Database
from fanwheel.infra.postgres.migrate import _migrate
from fanwheel.infra.postgres.supervisor import embedded
from fanwheel.loop.operate import conversations
from fanwheel.loop.operate.conversations import Letter, listing, searching, showing
from fanwheel.loop.operate.conversations.rules import words

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
AGENTS = 50
CHUNK = 20_000
PIECES = [
    "请问", "这件", "外套", "还有", "货吗", "我想", "退货", "订单", "什么", "时候", "发货", "谢谢", "尺码", "不对",
    "优惠券", "快递", "到了", "没有", "收到", "可以", "换货", "客服", "在吗", "多少", "价格", "颜色", "发票", "地址",
    "修改", "会员", "积分", "活动", "满减", "包邮", "质量", "问题", "照片", "支付", "失败", "取消",
]  # fmt: skip
ENGLISH = [
    "please", "refund", "order", "parcel", "never", "arrived", "where", "is", "my", "size", "color", "invoice",
    "address", "change", "thanks", "hello",
]  # fmt: skip


def said(rng: random.Random) -> str:
    if rng.random() < 0.2:
        return " ".join(rng.choices(ENGLISH, k=rng.randint(3, 12)))
    return "".join(rng.choices(PIECES, k=rng.randint(2, 9)))


def fill(dsn: str, count: int, each: int) -> int:
    """Persons, conversations and messages, past the application: what is measured is reading them."""
    rng = random.Random(7)
    with psycopg.connect(dsn, autocommit=True) as conn:
        workspace = conn.execute(
            "INSERT INTO workspace (slug, name) VALUES ('b', 'B') RETURNING 1, workspace_id"
        ).fetchone()
        assert workspace is not None
        place = int(workspace[1])
        conn.execute("SET session_replication_role = replica")
        conn.execute("SET synchronous_commit = off")
        conn.execute(
            "INSERT INTO login (email, name) SELECT 'a' || n || '@b.example', 'Agent ' || n"
            " FROM generate_series(1, %s) AS n",
            [AGENTS],
        )
        conn.execute(
            "INSERT INTO membership (workspace_id, user_id, role) SELECT %s, user_id, 'agent' FROM login", [place]
        )
        conn.execute(
            "INSERT INTO identifier (workspace_id, identifier_hash, kind, value, home_id, person_id, first_seen_at)"
            " SELECT %s, gen_random_uuid(), 'anonymous_id', 'p' || n, n, n, now() FROM generate_series(1, %s) AS n",
            [place, count],
        )
        conn.execute("SELECT setval('person_home_id', %s)", [count + 1])
        # Building it afterwards takes a tenth of the time.
        [[built]] = conn.execute("SELECT pg_get_indexdef('message_words'::regclass)").fetchall()
        conn.execute("DROP INDEX message_words")
        message_id = 0
        for begin in range(1, count + 1, CHUNK):
            homes = range(begin, min(begin + CHUNK, count + 1))
            message_id = _fill_some(conn, place, homes, each=each, message_id=message_id, rng=rng)
        conn.execute(built.encode())
        conn.execute("SELECT setval('message_number', %s)", [message_id])
        conn.execute("SELECT setval(pg_get_serial_sequence('conversation', 'conversation_id'), %s)", [count])
        for table in ("conversation", "message", "identifier"):
            conn.execute(f"VACUUM ANALYZE {table}".encode())
    return place


def _fill_some(
    conn: "psycopg.Connection[Any]", place: int, homes: range, *, each: int, message_id: int, rng: random.Random
) -> int:
    with conn.cursor() as cursor:
        with cursor.copy(
            "COPY conversation (workspace_id, conversation_id, account_id, channel, home_id, name, state, assignee_id,"
            " opened_at, waiting_since, last_at, last_message_id, preview) FROM STDIN"
        ) as copy:
            for home in homes:
                at = NOW - timedelta(seconds=rng.random() * 30 * 86_400)
                state = "open" if rng.random() < 0.3 else "closed"
                user = rng.randint(1, AGENTS) if rng.random() < 0.7 else None
                waits = at if state == "open" and rng.random() < 0.2 else None
                row = (place, home, home % 20, "webchat", home, f"Fan {home}", state, user, at, waits, at, 0, said(rng))
                copy.write_row(row)
        with cursor.copy(
            "COPY message (workspace_id, message_id, conversation_id, kind, author, said_at, parts, body, words)"
            " FROM STDIN"
        ) as copy:
            for home in homes:
                for number in range(each):
                    message_id += 1
                    text = said(rng)
                    found = "{" + ",".join(map(str, words.numbers(text, workspace=place, message_id=message_id))) + "}"
                    parts = json.dumps([{"type": "text", "text": text}])
                    kind = "in" if number % 2 == 0 else "out"
                    copy.write_row((place, message_id, home, kind, "", NOW, parts, text, found))
    return message_id


async def measure(ask: Callable[[], Awaitable[Any]], times: int) -> dict[str, float]:
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        await ask()
        took.append(1000 * (time.perf_counter() - begin))
    return {"p50_ms": round(statistics.median(took), 1), "p95_ms": round(sorted(took)[int(0.95 * len(took))], 1)}


async def run(dsn: str, place: int, *, times: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async with await Database.open(dsn) as db:

        def asking(work: Callable[[Any], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
            async def ask() -> Any:
                async with db.transaction(place) as tx:
                    return await work(tx)

            return ask

        def listed(**asked: Any) -> Callable[[], Awaitable[Any]]:
            wanted = listing.Asked(**asked)
            return asking(lambda tx: listing.list_conversations(tx, wanted, user=1, cursor=None, limit=50, now=NOW))

        lists = {
            "all": listed(),
            "mine": listed(view="mine"),
            "unassigned": listed(view="unassigned"),
            "closed": listed(state="closed"),
            "waiting": listed(sort="waiting"),
            "account": listed(account_id=7),
            "counts": asking(lambda tx: conversations_counts(tx)),
            "thread": asking(lambda tx: showing.show(tx, 4_242, user=1, limit=50, now=NOW)),
        }
        for name, ask in lists.items():
            found[name] = await measure(ask, times)
        for text in ("退货", "优惠券", "退货发票地址", "refund", "parcel invoice", "质量问题照片", "不存在的词"):
            search = asking(lambda tx, text=text: searching.search(tx, text, before_id=None, limit=30))  # type: ignore[misc]
            found[f"search {text}"] = await measure(search, max(3, times // 3))
        found["taken_per_s"] = await take_in(db, place)
    return found


async def conversations_counts(tx: Any) -> Any:
    from fanwheel.loop.operate.conversations.repository import InboxRepository

    return await InboxRepository(tx).count_views(user=1, most=1_000)


async def take_in(db: Database, place: int, *, portions: int = 10, size: int = 500) -> int:
    rng = random.Random(9)
    begin = time.perf_counter()
    for portion in range(portions):
        letters = []
        for number in range(size):
            home = rng.randint(1, 50_000)
            message = Message(
                key=f"{portion}-{number}", at=NOW, sender=Address("anonymous_id", f"p{home}"), parts=(Text(said(rng)),)
            )
            letters.append(Letter(home % 20, "webchat", home, home, message))
        async with db.transaction(place) as tx:
            await conversations.take(tx, letters, now=NOW)
    return round(portions * size / (time.perf_counter() - begin))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--conversations", type=int, default=1_000_000)
    asked.add_argument("--each", type=int, default=4, help="messages in each conversation")
    asked.add_argument("--times", type=int, default=20)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as home, embedded(Path(home)) as dsn:
        _migrate(dsn)
        begin = time.perf_counter()
        place = fill(dsn, options.conversations, options.each)
        print(f"filled in {time.perf_counter() - begin:.0f} s", file=sys.stderr)
        found = asyncio.run(run(dsn, place, times=options.times))
    print(json.dumps({"conversations": options.conversations, **found}, ensure_ascii=False))


if __name__ == "__main__":
    main()

"""Receiving: how soon callbacks are answered at a given rate, and how many messages a second are taken in.

The first is measured from outside, at the pace of the messages and not of the answers: a late answer delays none that
follow, and counts from when it was due. The second is what the worker does with each message: the person, consent,
windows, the conversation, the rules, the event. ``--rate``, ``--seconds``, ``--backlog``.
"""

import argparse
import asyncio
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from benchmarks._bench import Product, a_product, report

from fanwheel.domains.private.channels import accounts
from fanwheel.domains.private.channels.accounts.secrets import a_seal
from fanwheel.entrypoints.accounts import find_workspace
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings

SECRET = "benchmark-secret-token"
PEOPLE = 20_000
CONNECTIONS = 32
ANSWER_MS = 100.0
MESSAGES_A_SECOND = 1_000.0


async def make_account(product: Product) -> tuple[int, accounts.AccountRow]:
    values = {"bot_token": "4242424242:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc", "secret_token": SECRET}
    async with await Database.open(product.dsn, max_size=1) as db:
        workspace = await find_workspace(db, None)
        async with db.transaction(workspace) as tx:
            seal = a_seal(Settings(home=product.home))
            made = await accounts.add(tx, seal, channel="telegram", name="Bench", values=values, actor="bench")
    return workspace, made


def request(path: str, number: int) -> bytes:
    person = 1_000_000 + number * 7919 % PEOPLE
    sender = {"id": person, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    message = {
        "message_id": number,
        "from": sender,
        "chat": {"id": person, "type": "private"},
        "date": int(time.time()),
    }
    body = json.dumps(
        {"update_id": number, "message": {**message, "text": f"Do you have tea number {number}?"}}
    ).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n\r\n"
    )
    return head.encode() + body


async def call_back(port: int, path: str, *, rate: float, seconds: float) -> list[float]:
    """Milliseconds from when each callback was due until it was answered."""
    numbers = iter(range(1, int(rate * seconds) + 1))
    begin = time.perf_counter() + 0.2
    spent: list[float] = []

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(request(path, number))
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            spent.append((time.perf_counter() - due) * 1000)
        writer.close()

    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    return sorted(spent)


def count(product: Product, state: str) -> int:
    with psycopg.connect(product.dsn) as conn:
        found = conn.execute("SELECT count(*) FROM inbound WHERE state = %s", [state]).fetchone()
        assert found is not None
        return int(found[0])


def said(number: int) -> str:
    """A message as it waits to be taken in."""
    person = {"kind": "telegram_id", "value": str(1_000_000 + number * 7919 % PEOPLE)}
    parts = [{"type": "text", "text": f"Do you have tea number {number}?"}]
    at = datetime.now(UTC).isoformat()
    return json.dumps({"type": "message", "key": f"b{number}", "at": at, "sender": person, "parts": parts})


def drain(product: Product, workspace: int, account_id: int, backlog: int) -> float:
    """Messages a second that the worker takes in out of a backlog."""
    rows = [(workspace, account_id, f"b{number}", said(number)) for number in range(backlog)]
    statement = "COPY inbound (workspace_id, account_id, key, body) FROM STDIN"
    # In one transaction, so that the worker finds all of them at once.
    with psycopg.connect(product.dsn, autocommit=True) as conn, conn.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    begin = time.perf_counter()
    while count(product, "waiting"):
        time.sleep(0.05)
    assert count(product, "failed") == 0
    return backlog / (time.perf_counter() - begin)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=500.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--backlog", type=int, default=20_000)
    told = parser.parse_args()
    with a_product() as product:
        workspace, account = asyncio.run(make_account(product))
        path = f"/hooks/telegram/{account.key}"
        spent = asyncio.run(call_back(product.port, path, rate=told.rate, seconds=told.seconds))
        p99 = spent[int(len(spent) * 0.99)]
        fine = report("reach_hook_p99", p99, "ms", limit=0, target=ANSWER_MS, at_most=True)
        while count(product, "waiting"):
            time.sleep(0.05)
        speed = drain(product, workspace, account.account_id, told.backlog)
        fine &= report("reach_messages", speed, "messages/s", limit=0, target=MESSAGES_A_SECOND)
    raise SystemExit(not fine)


if __name__ == "__main__":
    assert Path.cwd().joinpath("benchmarks").is_dir(), "run it in the repository"
    main()

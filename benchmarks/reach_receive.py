"""Receiving: how soon callbacks are answered, how soon rules answer, and how many messages a second are taken in.

The first two are measured from outside, at the pace of the messages and not of the answers: a late answer delays none
that follows, and counts from when it was due. An answer of a rule counts when the simulated platform has taken it. The
last is what the worker does with each message out of a backlog: the person, consent, windows, the conversation,
``--rules`` rules, the event. Of each part the processor time is told for the API, the worker and PostgreSQL apart.
``--rate``, ``--seconds``, ``--backlog``, ``--chat`` (messages a second that are answered by rule).
"""

import argparse
import asyncio
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from benchmarks._bench import Product, a_product, report

from fanwheel.domains.private.channels import accounts
from fanwheel.domains.private.channels.accounts.secrets import a_seal
from fanwheel.entrypoints.accounts import find_workspace
from fanwheel.entrypoints.simulator import Simulator
from fanwheel.entrypoints.simulator.telegram import Platform as Telegram
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.settings import Settings
from fanwheel.loop.operate.autoreply import editing

TOKEN = "4242424242:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
SECRET = "benchmark-secret-token"
PEOPLE = 20_000
CONNECTIONS = 32
ANSWER_MS = 100.0
REPLY_MS = 500.0
CHATTERS = 5_000_000  # their ids begin here
MESSAGES_A_SECOND = 1_000.0


async def make_account(product: Product, base_url: str, rules: int) -> tuple[int, accounts.AccountRow]:
    values = {"bot_token": TOKEN, "secret_token": SECRET, "base_url": base_url}
    async with await Database.open(product.dsn, max_size=1) as db:
        workspace = await find_workspace(db, None)
        async with db.transaction(workspace) as tx:
            seal = a_seal(Settings(home=product.home))
            made = await accounts.add(tx, seal, channel="telegram", name="Bench", values=values, actor="bench")
            for number in range(rules):
                words = [{"text": f"word{number} {how}", "how": how} for how in ("contains", "exact", "fuzzy")]
                await add_rule(tx, f"rule {number}", words)
            await add_rule(tx, "price", [{"text": "price"}])
    return workspace, made


async def add_rule(tx: Transaction, name: str, words: list[dict[str, str]]) -> None:
    definition = {"trigger": {"kind": "keyword", "words": words}, "actions": [{"do": "text", "text": "It is 5."}]}
    await editing.add_rule(tx, name, definition, actor="bench")


def request(path: str, number: int, *, is_chat: bool = False) -> bytes:
    # Whoever is answered is another one each time: nothing must look like a machine that answers a machine.
    person = CHATTERS + number if is_chat else 1_000_000 + number * 7919 % PEOPLE
    text = f"What is the price of number {number}?" if is_chat else f"Do you have tea number {number}?"
    sender = {"id": person, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    message = {
        "message_id": number,
        "from": sender,
        "chat": {"id": person, "type": "private"},
        "date": int(time.time()),
    }
    body = json.dumps(
        {"update_id": number + (CHATTERS if is_chat else 0), "message": {**message, "text": text}}
    ).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n\r\n"
    )
    return head.encode() + body


async def call_back(
    port: int, path: str, *, rate: float, seconds: float, is_chat: bool = False
) -> tuple[list[float], dict[str, float]]:
    """Milliseconds from when each callback was due until it was answered; and when who was to be heard."""
    numbers = iter(range(1, int(rate * seconds) + 1))
    begin, clock = time.perf_counter() + 0.2, time.time() + 0.2
    spent: list[float] = []
    dues: dict[str, float] = {}

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            dues[str(CHATTERS + number)] = clock + number / rate
            writer.write(request(path, number, is_chat=is_chat))
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            spent.append((time.perf_counter() - due) * 1000)
        writer.close()

    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    return sorted(spent), dues


async def chat(product: Product, simulator: Simulator, path: str, *, rate: float, seconds: float) -> list[float]:
    """Milliseconds from when messages were due until the platform had taken what rules answered."""
    await asyncio.to_thread(simulator.do, "telegram", "start", token=TOKEN, person=1)
    platform = simulator.platform("telegram")
    assert isinstance(platform, Telegram)
    platform._bots[TOKEN].started.update(range(CHATTERS, CHATTERS + int(rate * seconds) + 1))
    _, dues = await call_back(product.port, path, rate=rate, seconds=seconds, is_chat=True)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and sum(taken.to in dues for taken in platform.messages) < len(dues):
        await asyncio.sleep(0.1)
    spent = [(taken.at.timestamp() - dues[taken.to]) * 1_000 for taken in platform.messages if taken.to in dues]
    assert len(spent) == len(dues), f"{len(spent)} of {len(dues)} were answered"
    return sorted(spent)


@contextmanager
def processor_time(product: Product, name: str, count: int) -> Iterator[None]:
    """Print how many milliseconds of a processor each message takes in the API, the worker and PostgreSQL."""
    before = _spent_s(product)
    yield
    after = _spent_s(product)
    for part in ("api", "worker", "postgres"):
        spent_ms = sum(after[part].values()) - sum(before[part].get(pid, 0.0) for pid in after[part])
        report(f"{name}_{part}_cpu", spent_ms / count, "ms/message", limit=0, target=float("inf"), at_most=True)


def _spent_s(product: Product) -> dict[str, dict[int, float]]:
    """Milliseconds that each process of the product has had, by what it is."""
    found: dict[str, dict[int, float]] = {"api": {}, "worker": {}, "postgres": {}}
    listed = subprocess.run(["ps", "-eww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
    lines = [line.split(None, 2) for line in listed.stdout.splitlines()]
    known = {int(pid): (int(parent), words) for pid, parent, words in lines}
    assert product._process is not None
    for pid, (parent, words) in known.items():
        line, ours = known.get(parent, (0, ""))[1], False
        at = pid
        while at in known and not ours:
            ours, at = at == product._process.pid, known[at][0]
        if words.startswith("postgres:") or "/bin/postgres " in words:
            if ours or str(product.home) in words + line:
                found["postgres"][pid] = _milliseconds(pid)
        elif ours:
            found["worker" if words.endswith("cli worker") else "api"][pid] = _milliseconds(pid)
    return found


def _milliseconds(pid: int) -> float:
    try:
        threads = [each.joinpath("schedstat").read_text() for each in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return 0.0
    return sum(int(each.split()[0]) for each in threads) / 1e6


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


def report_times(name: str, spent: list[float], *, target: float) -> bool:
    """Print median and 99th percentile; whether the latter is as wanted."""
    report(f"{name}_median", spent[len(spent) // 2], "ms", limit=0, target=target, at_most=True)
    return report(f"{name}_p99", spent[int(len(spent) * 0.99)], "ms", limit=0, target=target, at_most=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=500.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--backlog", type=int, default=20_000)
    parser.add_argument("--chat", type=float, default=20.0)
    parser.add_argument("--rules", type=int, default=1_000)
    told = parser.parse_args()
    with a_product() as product, Simulator.started() as simulator:
        base_url = f"{simulator.url}/telegram"
        workspace, account = asyncio.run(make_account(product, base_url, told.rules))
        path = f"/hooks/telegram/{account.key}"
        asyncio.run(call_back(product.port, path, rate=100, seconds=2))  # everything is read and open by then
        time.sleep(2)
        with processor_time(product, "reach_reply", int(told.chat * told.seconds)):
            replied = asyncio.run(chat(product, simulator, path, rate=told.chat, seconds=told.seconds))
        fine = report(
            "reach_reply_p99", replied[int(len(replied) * 0.99)], "ms", limit=0, target=REPLY_MS, at_most=True
        )
        report("reach_reply_median", replied[len(replied) // 2], "ms", limit=0, target=REPLY_MS, at_most=True)
        with processor_time(product, "reach_hook", int(told.rate * told.seconds)):
            spent, _ = asyncio.run(call_back(product.port, path, rate=told.rate, seconds=told.seconds))
            while count(product, "waiting"):
                time.sleep(0.05)
        fine &= report_times("reach_hook", spent, target=ANSWER_MS)
        with processor_time(product, "reach_messages", told.backlog):
            speed = drain(product, workspace, account.account_id, told.backlog)
        fine &= report("reach_messages", speed, "messages/s", limit=0, target=MESSAGES_A_SECOND)
    raise SystemExit(not fine)


if __name__ == "__main__":
    assert Path.cwd().joinpath("benchmarks").is_dir(), "run it in the repository"
    main()

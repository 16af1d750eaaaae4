"""A broadcast of signed mails through the whole send path to an SMTP sink, against a bare client and the same sink.

As ``reach_send``, with real mails: text beside HTML (10 kB), DKIM with 2,048 bits, a mark in the return path, one-click
headers. The bare client sends one prepared mail again and again over as many connections. ``--people`` changes the
size.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiosmtplib
import httpx
import psycopg
import uvloop
from benchmarks._bench import report
from benchmarks.reach_send import PEOPLE, RULES, resident_mb
from tests.support.reach import ACCOUNT, Accounts

from fanwheel.cdp import consent
from fanwheel.domains.private.channels.adapter import Account, Tools
from fanwheel.domains.private.channels.contracts import Address, Email, Outgoing
from fanwheel.domains.private.email import Mail, unsubscribe_headers
from fanwheel.domains.private.email.signing import new_key
from fanwheel.infra.postgres import Database, migrate
from fanwheel.infra.postgres.supervisor import embedded
from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.kernel.ids import HomeId
from fanwheel.loop.operate import reach

TARGET = 10_000
MEMORY_MB = 300
CONNECTIONS = 16
HTML = (
    "<html><body>"
    + "<p>Spring tea, picked in the morning, at your door in two days. 春茶上新。</p>" * 120
    + "</body></html>"
)
LETTER = Email(
    subject="Spring 春日",
    html=HTML,
    text="Spring tea, picked in the morning.\n" * 40,
    headers=unsubscribe_headers("https://wheel.example/u/" + "x" * 46),
)
# It reads and takes, and does nothing else.
SINK = """
import asyncio, uvloop
class Sink(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.buffer, self.in_data = transport, b"", False
        transport.write(b"220 sink\\r\\n")
    def data_received(self, data):
        self.buffer += data
        while True:
            if self.in_data:
                _, found, rest = self.buffer.partition(b"\\r\\n.\\r\\n")
                if not found: return
                self.buffer, self.in_data = rest, False
                self.transport.write(b"250 taken\\r\\n")
                continue
            line, found, rest = self.buffer.partition(b"\\r\\n")
            if not found: return
            self.buffer, verb = rest, line[:4].upper()
            if verb == b"DATA":
                self.in_data = True
                self.transport.write(b"354 go on\\r\\n")
            elif verb == b"EHLO":
                self.transport.write(b"250-sink\\r\\n250 8BITMIME\\r\\n")
            else:
                self.transport.write(b"221 bye\\r\\n" if verb == b"QUIT" else b"250 ok\\r\\n")
async def main():
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
uvloop.run(main())
"""


def mail_account(port: int) -> Account:
    settings = {
        "host": "127.0.0.1",
        "port": str(port),
        "security": "plain",
        "from_address": "hello@brand.example",
        "from_name": "Brand",
        "bounce_domain": "bounce.brand.example",
        "dkim_domain": "brand.example",
        "connections": str(CONNECTIONS),
    }
    return Account(ACCOUNT, "bench-key", settings, {"dkim_key": new_key()}, "")


async def _unused(*_: Any) -> Any:
    raise AssertionError


async def alone(port: int, count: int) -> float:
    """Mails a second that a bare client hands to the sink."""
    numbers = iter(range(count))
    body = ("Subject: x\r\n\r\n" + HTML.replace("</p>", "</p>\r\n")).encode()

    async def post() -> None:
        smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await smtp.connect()
        for number in numbers:
            await smtp.sendmail("a@brand.example", [f"p{number}@people.example"], body)
        await smtp.quit()

    begin = time.perf_counter()
    await asyncio.gather(*(post() for _ in range(CONNECTIONS)))
    return count / (time.perf_counter() - begin)


async def adapter_alone(adapter: Mail, count: int) -> float:
    """Mails a second that the adapter writes, signs and hands over, with nothing else to do."""
    numbers = iter(range(count))

    async def post() -> None:
        for number in numbers:
            to = Address("email", f"p{number}@people.example")
            await adapter.send(Outgoing(key=f"fw-1-{number}-ab", to=to, parts=(LETTER,), purpose="marketing"))

    begin = time.perf_counter()
    await asyncio.gather(*(post() for _ in range(CONNECTIONS)))
    return count / (time.perf_counter() - begin)


async def through(dsn: str, adapter: Mail, home: Path, people: int) -> dict[str, float]:
    """Make the intents of a broadcast and send them."""
    async with await Database.open(dsn, max_size=4, plans_once=True) as db:
        accounts = Accounts()
        accounts.opened[ACCOUNT] = reach.Opened(adapter, {})

        async def write(_: object, writings: object) -> list[reach.Written]:
            return []

        wish = reach.Wish(
            home_id=HomeId(0),
            step="broadcast:1",
            channel="email",
            account_id=ACCOUNT,
            purpose="marketing",
            parts=(LETTER,),
        )
        async with db.transaction(1) as tx:
            wording = await reach.word(tx, wish)
            await reach.intend_many(tx, wish, range(1, people + 1), wording_id=wording)
        hasher = consent.AddressHasher(Settings(home=home))
        sender = reach.Sender(db, accounts, write, hasher=hasher, clock=utc_now)
        begin, most_mb = time.perf_counter(), resident_mb()
        sending = asyncio.create_task(sender.drain())
        while not sending.done():
            most_mb = max(most_mb, resident_mb())
            await asyncio.wait([sending], timeout=0.5)
        sending.result()
        return {"sent_s": time.perf_counter() - begin, "mb": most_mb}


async def work(dsn: str, port: int, home: Path, people: int) -> dict[str, float]:
    adapter = Mail(mail_account(port), Tools(httpx.AsyncClient(), utc_now, _unused, _unused, _unused))
    few = min(people, 3_000)
    rates = {"limit": await alone(port, few), "adapter": await adapter_alone(adapter, few)}
    found = rates | await through(dsn, adapter, home, people)
    await adapter.close()
    return found


def main() -> int:
    """Fill, send, report; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    people: int = parser.parse_args().people
    with (
        tempfile.TemporaryDirectory(prefix="fw-bench-", ignore_cleanup_errors=True) as home,
        embedded(Path(home)) as dsn,
    ):
        asyncio.run(migrate(dsn))
        with psycopg.connect(dsn, autocommit=True) as conn:
            conn.execute("INSERT INTO workspace (slug, name) VALUES ('bench', 'Bench')")
            conn.execute(PEOPLE.encode(), [people] * 3)
            conn.execute("INSERT INTO reach_setting (workspace_id, rules) VALUES (1, %s)", [json.dumps(RULES)])
            conn.execute("ANALYZE")
        sink = subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True)
        try:
            assert sink.stdout is not None
            told = uvloop.run(work(dsn, int(sink.stdout.readline()), Path(home), people))
        finally:
            sink.terminate()
            with suppress(subprocess.TimeoutExpired):
                sink.wait(5)
        with psycopg.connect(dsn) as conn:
            states = dict(conn.execute("SELECT state, count(*) FROM intent GROUP BY 1").fetchall())
    print(json.dumps(states | told), file=sys.stderr)
    per_minute = 60 * states.get("sent", 0) / told["sent_s"]
    fine = report("reach_smtp", per_minute, "mails/min", limit=0, target=TARGET)
    fine &= report("reach_smtp_ratio", per_minute, "mails/min", limit=60 * told["limit"], target=0.1)
    fine &= report("reach_smtp_memory", told["mb"], "MB", limit=0, target=MEMORY_MB, at_most=True)
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())

"""A broadcast of signed mails through the whole send path to an SMTP sink, against a bare client and the same sink.

As ``reach_send``, with real mails: blocks in HTML beside text, DKIM with 2,048 bits, a mark in the return path,
one-click headers, a picture that tells of openings. The bare client sends one prepared mail again and again over as
many connections. ``--people`` changes the size, ``--workers`` how many processes send.
"""

import argparse
import asyncio
import time
from typing import Any

import aiosmtplib
import httpx
from benchmarks._bench import report
from benchmarks._reach import MEMORY_MB, Course, measure, work
from tests.support.reach import ACCOUNT

from fanwheel.domains.private.channels.adapter import Account, Tools
from fanwheel.domains.private.channels.contracts import Address, Email, Outgoing
from fanwheel.domains.private.email import Mail, unsubscribe_headers
from fanwheel.domains.private.email.signing import new_key
from fanwheel.kernel.clock import utc_now

TARGET = 10_000
CONNECTIONS = 16
PARAGRAPH = "Spring tea, picked in the morning, at your door in two days. 春茶上新，明前采摘，两日到家。"
WORDING = {
    "mail": {
        "subject": "{{ person.first_name }}, spring 春日",
        "preheader": "Just in",
        "blocks": [
            {"type": "text", "text": "Hello **{{ person.first_name | default: 'friend' }}**"},
            {"type": "text", "text": "\n\n".join([PARAGRAPH] * 18)},
            {"type": "button", "label": "Shop", "url": "https://shop.example/tea?for={{ person.id }}"},
            {"type": "footer"},
        ],
    }
}
LETTER = Email(
    subject="Spring 春日",
    html="<html><body>" + f"<p>{PARAGRAPH}</p>" * 60 + "</body></html>",
    text=f"{PARAGRAPH}\n" * 18,
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


async def _unused(*_: object) -> Any:
    raise AssertionError


def _open(port: int) -> Mail:
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
    account = Account(ACCOUNT, "bench-key", settings, {"dkim_key": new_key()}, "")
    return Mail(account, Tools(httpx.AsyncClient(), utc_now, _unused, _unused, _unused))


async def _limits(port: int, count: int) -> dict[str, float]:
    """Mails a second that a bare client hands to the sink, and that the channel does with nothing else to do."""
    body = ("Subject: x\r\n\r\n" + LETTER.html.replace("</p>", "</p>\r\n")).encode()
    numbers = iter(range(count))

    async def bare() -> None:
        smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False)
        await smtp.connect()
        for number in numbers:
            await smtp.sendmail("a@brand.example", [f"p{number}@people.example"], body)
        await smtp.quit()

    begin = time.perf_counter()
    await asyncio.gather(*(bare() for _ in range(CONNECTIONS)))
    limit = count / (time.perf_counter() - begin)
    adapter, numbers = _open(port), iter(range(count))

    async def written() -> None:
        for number in numbers:
            to = Address("email", f"p{number}@people.example")
            await adapter.send(Outgoing(key=f"fw-1-{number}-ab", to=to, parts=(LETTER,), purpose="marketing"))

    begin = time.perf_counter()
    await asyncio.gather(*(written() for _ in range(CONNECTIONS)))
    found = {"limit": limit, "adapter": count / (time.perf_counter() - begin)}
    await adapter.close()
    return found


COURSE = Course("email", "email", SINK, WORDING, _open, _limits)


def main() -> int:
    """Fill, send, report; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--work", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        work(COURSE, people=asked.people, asked=asked.work)
        return 0
    told = measure(COURSE, module="benchmarks.reach_smtp", people=asked.people, workers=asked.workers)
    fine = report("reach_smtp", told.per_minute, "mails/min", limit=0, target=TARGET)
    fine &= report("reach_smtp_ratio", told.per_minute, "mails/min", limit=60 * told.limits["limit"], target=0.05)
    fine &= report("reach_smtp_memory", told.megabytes, "MB", limit=0, target=MEMORY_MB, at_most=True)
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())

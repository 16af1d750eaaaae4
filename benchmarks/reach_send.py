"""A broadcast through the whole send path to an HTTP sink, against the same channel posting to the same sink alone.

The channel is the signed webhook. ``--people`` changes the size, ``--workers`` how many processes send. The rate
counts from the first claim until the last fact has become an event; memory is that of the process that sends. Three
lines: messages a minute, their share of what the channel alone can post, and megabytes.
"""

import argparse
import asyncio
import time
from typing import Any

from benchmarks._bench import report
from benchmarks._reach import MEMORY_MB, Course, measure, work
from tests.support.reach import ACCOUNT

from fanwheel.domains.private.channels.adapter import Account, Tools
from fanwheel.domains.private.channels.contracts import Address, Outgoing, Text
from fanwheel.domains.private.webhook import SignedWebhook
from fanwheel.infra.http import outside
from fanwheel.kernel.clock import utc_now

TARGET = 30_000
AT_ONCE = 32
SAID = (
    "Hello {{ person.first_name }}, the first tea of {{ now | date: '%Y' }} is in: picked in the morning, dried"
    " the same night, at your door in two days. https://shop.example/tea?for={{ person.id }}"
)
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


async def _unused(*_: object) -> Any:
    raise AssertionError


def _open(port: int) -> SignedWebhook:
    """The channel with the client that accounts are given."""
    url = f"http://127.0.0.1:{port}/"
    settings, secrets = SignedWebhook.prepare({"target_url": url}, {})
    tools = Tools(outside.client(timeout_s=15, trusted=[url]), utc_now, _unused, _unused, _unused)
    return SignedWebhook(Account(ACCOUNT, "bench-key", settings, secrets, ""), tools)


async def _limits(port: int, count: int) -> dict[str, float]:
    """Messages a second that the channel can post when nothing else is done."""
    adapter = _open(port)
    numbers = iter(range(count))

    async def post() -> None:
        for number in numbers:
            to = Address("user_id", f"p{number}")
            await adapter.send(Outgoing(key=f"fw-{number}", to=to, parts=(Text(SAID),), purpose="marketing"))

    begin = time.perf_counter()
    await asyncio.gather(*(post() for _ in range(AT_ONCE)))
    return {"limit": count / (time.perf_counter() - begin)}


COURSE = Course("webhook", "user_id", SINK, {"parts": [{"type": "text", "text": SAID}]}, _open, _limits)


def main() -> int:
    """Fill, send, report; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--work", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        work(COURSE, people=asked.people, asked=asked.work)
        return 0
    told = measure(COURSE, module="benchmarks.reach_send", people=asked.people, workers=asked.workers)
    fine = report("reach_send", told.per_minute, "messages/min", limit=0, target=TARGET)
    limit = 60 * told.limits["limit"]
    fine &= report("reach_send_ratio", told.per_minute, "messages/min", limit=limit, target=0.2)
    fine &= report("reach_memory", told.megabytes, "MB", limit=0, target=MEMORY_MB, at_most=True)
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())

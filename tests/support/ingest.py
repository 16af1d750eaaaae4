"""A workspace and a writer for tests that go below HTTP."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
import psycopg

from fanwheel.cdp.events import wire
from fanwheel.cdp.events.asgi import Key, submit_form
from fanwheel.cdp.events.contracts import Counts
from fanwheel.cdp.events.writer import Writer

Result = TypeVar("Result")


def new_workspace(dsn: str) -> Key:
    """A workspace with a write key."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        row = conn.execute(
            "INSERT INTO workspace (slug, name) VALUES (%s, 'Brand') RETURNING workspace_id", [secrets.token_hex(6)]
        ).fetchone()
        assert row
        key = conn.execute(
            "INSERT INTO api_key (workspace_id, kind, name, prefix, secret_hash)"
            " VALUES (%s, 'write', 'test', 'fw', %s) RETURNING api_key_id",
            [row[0], secrets.token_bytes(32)],
        ).fetchone()
        assert key
    return Key(row[0], key[0])


@asynccontextmanager
async def a_writer(dsn: str, *, limit_bytes: int = 1 << 26) -> AsyncIterator[Writer]:
    """A writer for the length of the block."""
    writer = Writer(dsn, limit_bytes=limit_bytes)
    await writer.start()
    try:
        yield writer
    finally:
        await writer.stop()


async def send(writer: Writer, key: Key, *events: dict[str, Any]) -> Counts:
    """Send one batch."""
    envelope = wire.decode_batch(wire.clean(msgspec.json.encode({"batch": events})))
    return await writer.submit(submit_form(key, envelope, datetime.now(UTC)))


def with_writer(dsn: str, work: Callable[[Writer], Awaitable[Result]], **options: Any) -> Result:
    """The result of ``work`` with a writer of its own, as in a process of its own."""

    async def run() -> Result:
        async with a_writer(dsn, **options) as writer:
            return await work(writer)

    return asyncio.run(run())


def track(name: str = "X", user: str = "u1", **fields: Any) -> dict[str, Any]:
    """A track call."""
    return {"type": "track", "event": name, "userId": user, **fields}

"""The inbox as server-sent events, which go on where they were left."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final

from fanwheel.infra.postgres import Database
from fanwheel.loop.operate.conversations import live
from fanwheel.loop.operate.conversations.live import Changes, Hub

_BEAT_S: Final = 20.0
# After that the browser asks again, so that a role that was taken away takes effect.
_LONGEST_S: Final = 600.0


async def stream(hub: Hub, db: Database, workspace: int, *, since: int | None) -> AsyncIterator[bytes]:
    """Changes as events; what was missed since ``since`` comes first. A ``reset`` means: load the list again."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + _LONGEST_S
    async with hub.look(workspace) as queue:
        yield b"retry: 2000\n\n" + _event(await live.read_since(db, workspace, since))
        while loop.time() < ends_at:
            try:
                told = await asyncio.wait_for(queue.get(), _BEAT_S)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if told is None:
                return
            yield _event(told)


def _event(told: Changes) -> bytes:
    name = "reset" if told.is_too_many else "changed"
    number = f"id: {told.next}\n" if told.next else ""
    data = json.dumps({"items": told.items}, ensure_ascii=False, separators=(",", ":"))
    return f"{number}event: {name}\ndata: {data}\n\n".encode()

"""Looking up API keys: remembered for a few seconds, so that a busy key costs no query and a revoked one dies soon."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from fanwheel.infra.access import keys
from fanwheel.infra.access.contracts import KeyInfo
from fanwheel.infra.access.repository import LoginRepository
from fanwheel.infra.postgres import Database

REMEMBERED_SECONDS: Final = 5.0
# Unknown keys are remembered too, or a misconfigured client would query without end; so the room is bounded.
_ROOM: Final = 10_000


class KeyCache:
    """Living and unknown keys by the hash of their secret, each for ``REMEMBERED_SECONDS``."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: OrderedDict[bytes, tuple[float, KeyInfo | None]] = OrderedDict()
        self._asking: dict[bytes, asyncio.Task[KeyInfo | None]] = {}

    async def find(self, db: Database, secret_hash: bytes) -> KeyInfo | None:
        """The living key with that hash, if any; requests that ask together share one query."""
        entry = self._known.get(secret_hash)
        if entry is not None and entry[0] > self._clock():
            return entry[1]
        task = self._asking.get(secret_hash)
        if task is None or task.get_loop() is not asyncio.get_running_loop():
            task = asyncio.create_task(self._ask(db, secret_hash))
            self._asking[secret_hash] = task
        # Shielded: one client that hangs up must not take the answer from the others.
        return await asyncio.shield(task)

    def forget(self, secret_hash: bytes) -> None:
        """Ask again next time."""
        self._known.pop(secret_hash, None)

    async def _ask(self, db: Database, secret_hash: bytes) -> KeyInfo | None:
        # The time counts from before the query, or a revocation meanwhile would live longer than promised.
        until = self._clock() + REMEMBERED_SECONDS
        try:
            async with db.installation() as tx:
                found = await LoginRepository(tx).find_key(secret_hash)
        finally:
            self._asking.pop(secret_hash, None)
        self._known[secret_hash] = (until, found)
        self._known.move_to_end(secret_hash)
        while len(self._known) > _ROOM:
            self._known.popitem(last=False)
        return found


_CACHE: Final = KeyCache()


async def find_write_key(db: Database, secret: str) -> KeyInfo | None:
    """The living key, of either kind, that ``secret`` opens; None if it is unknown or revoked.

    A revocation by another process takes effect within ``REMEMBERED_SECONDS``.
    """
    if not keys.has_form(secret):
        return None
    return await _CACHE.find(db, keys.digest(secret))


def forget_key(secret_hash: bytes) -> None:
    """Make this process ask again for a key that was just revoked."""
    _CACHE.forget(secret_hash)

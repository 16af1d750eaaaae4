"""Keeping what came in, handing it out, and noting what became of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from fanwheel.domains.private.channels.contracts import AnyHappening
from fanwheel.domains.private.channels.inbound.contracts import Failed, Kept, Waiting
from fanwheel.domains.private.channels.inbound.errors import InboundNotFoundError
from fanwheel.domains.private.channels.inbound.repository import InboundRepository
from fanwheel.infra.postgres import Database, Transaction

_LONGEST_KEY: Final = 300
_LONGEST_ERROR: Final = 300
# How long after each failed attempt the next one follows; after the last it is set aside for good.
_WAITS: Final = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120))
# What says until when it must be answered goes before all else.
_AT_ONCE, _IN_TURN = 0, 1


async def put(tx: Transaction, account_id: int, happenings: Sequence[AnyHappening], *, now: datetime) -> int:
    """Keep what came in through an account, as a callback would; how much of it was new."""
    return await InboundRepository(tx).put(prepare(account_id, happenings), now=now)


def prepare(account_id: int, happenings: Sequence[AnyHappening], *, next_at: datetime | None = None) -> list[Kept]:
    """Happenings as they are kept, each key once; ``next_at``: until then the callback itself handles them."""
    rows = {
        key: Kept(account_id, key, _encode(happening), _AT_ONCE if "until" in happening.context else _IN_TURN, next_at)
        for happening in happenings
        if (key := key_of(happening))
    }
    return list(rows.values())


def key_of(happening: AnyHappening) -> str:
    """The key under which a happening is kept."""
    return _whole(happening.key)[:_LONGEST_KEY]


async def claim(tx: Transaction, *, now: datetime, most: int, last: int | None = None) -> list[Waiting] | None:
    """What waits, up to a number of it and to a last one, in its order; None while another worker takes it in."""
    inbound = InboundRepository(tx)
    return await inbound.claim(now=now, most=most, last=last) if await inbound.hold() else None


async def claim_for_callbacks(tx: Transaction, places: Sequence[tuple[int, str]]) -> list[Waiting]:
    """What single callbacks brought, by account and key, where nobody has handled it."""
    return await InboundRepository(tx).claim_for_callbacks(*zip(*places, strict=True))


async def release(tx: Transaction, places: Sequence[tuple[int, str]]) -> int:
    """Leave to the worker what callbacks wanted to handle themselves; how much that was."""
    return await InboundRepository(tx).release(*zip(*places, strict=True))


async def settle(tx: Transaction, ids: Sequence[int], *, now: datetime) -> None:
    """Note what was handled, and forget what it said."""
    await InboundRepository(tx).settle(ids, now=now)


async def set_aside(tx: Transaction, waiting: Waiting, *, error: str, now: datetime) -> bool:
    """Note what could not be handled, for later or for good; whether it was for good."""
    wait = _WAITS[waiting.attempts] if waiting.attempts < len(_WAITS) else None
    next_at = None if wait is None else now + wait
    await InboundRepository(tx).set_aside(waiting.inbound_id, error=error[:_LONGEST_ERROR], next_at=next_at)
    return next_at is None


async def list_failed(tx: Transaction, *, before: int | None, limit: int) -> list[Failed]:
    """What could not be handled, newest first."""
    return await InboundRepository(tx).list_failed(before=before, limit=limit)


async def retry(tx: Transaction, inbound_id: int) -> None:
    """Let something that could not be handled be tried again; raises ``InboundNotFoundError``."""
    if not await InboundRepository(tx).retry(inbound_id):
        raise InboundNotFoundError


async def tidy(tx: Transaction, *, now: datetime) -> int:
    """Delete what was handled three days ago, and what nobody could handle in thirty; how many."""
    return await InboundRepository(tx).forget(now=now)


async def list_workspaces(database: Database) -> list[int]:
    """Which workspaces have something to handle."""
    async with database.installation() as tx:
        return await InboundRepository(tx).list_workspaces()


def _encode(happening: AnyHappening) -> str:
    try:
        return msgspec.json.encode(happening).decode()
    except UnicodeEncodeError:
        # Half an emoji, where somebody cut a text: the rest is worth keeping.
        return msgspec.json.encode(_mend(msgspec.to_builtins(happening))).decode()


def _mend(value: Any) -> Any:
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, dict):
        return {_whole(name): _mend(item) for name, item in value.items()}
    return [_mend(item) for item in value] if isinstance(value, list | tuple) else value


def _whole(text: str) -> str:
    """The text without half characters, and without what PostgreSQL cannot hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")

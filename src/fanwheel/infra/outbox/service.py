"""What is put into the outbox and taken out of it."""

from collections.abc import Sequence
from typing import Final

import msgspec

from fanwheel.infra.outbox.contracts import Fact
from fanwheel.infra.outbox.repository import OutboxRepository
from fanwheel.infra.postgres import Database, Transaction

_NUL: Final = b"\\u0000"  # which PostgreSQL cannot hold
_AT_ONCE: Final = 1_000


async def append(tx: Transaction, facts: Sequence[Fact]) -> None:
    """Let facts become events if the caller's transaction commits, and not otherwise."""
    for begin in range(0, len(facts), _AT_ONCE):
        encoded = msgspec.json.encode(facts[begin : begin + _AT_ONCE])
        await OutboxRepository(tx).add(encoded.replace(_NUL, b"\\ufffd").decode())


async def take(tx: Transaction, *, most: int) -> list[Fact]:
    """The oldest facts, which are gone from the outbox if the caller's transaction commits; nobody else sees them."""
    return await OutboxRepository(tx).take(most=most)


async def list_workspaces(db: Database) -> list[int]:
    """Which workspaces have facts waiting."""
    async with db.installation() as tx:
        return await OutboxRepository(tx).list_workspaces()

"""An inbox over a real database: people who write, agents who answer."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from fanwheel.cdp import persons
from fanwheel.domains.private.channels.contracts import Address, AnyPart, Message, Text
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate import conversations
from fanwheel.loop.operate.conversations import Letter, Taken
from tests.support.house import House

T = TypeVar("T")
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)  # a Monday
ACCOUNT = 1


class Inbox:
    """One workspace, and what its people and agents do."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.workspace = house.workspace()
        self._keys = iter(range(1, 1_000_000))

    def within(self, work: Callable[[Transaction], Coroutine[Any, Any, T]]) -> T:
        """What ``work`` gives in a transaction of the workspace."""

        async def run() -> T:
            async with self.house.database.transaction(self.workspace) as tx:
                return await work(tx)

        return self.house.run(run())

    def fan(self, name: str) -> int:
        """The home of somebody known by an anonymous id."""
        found = persons.NewIdentifier("anonymous_id", name, persons.identifier_hash("anonymous_id", name), NOON)
        homes = self.within(lambda tx: persons.resolve(tx, [found]))
        return homes[found.hash]

    def letter(
        self,
        name: str,
        *parts: str | AnyPart,
        minute: float = 0,
        key: str | None = None,
        account: int = ACCOUNT,
        **more: Any,
    ) -> Letter:
        """What somebody writes, so many minutes after noon."""
        home = self.fan(name)
        said = tuple(Text(part) if isinstance(part, str) else part for part in parts)
        happening = Message(
            key=key or f"k{next(self._keys)}",
            at=NOON + timedelta(minutes=minute),
            sender=Address("anonymous_id", name),
            parts=said,
            **more,
        )
        return Letter(account, "webchat", home, home, happening)

    def take(self, *letters: Letter, minute: float = 0) -> list[Taken]:
        """Take letters, so many minutes after noon."""
        return self.within(lambda tx: conversations.take(tx, letters, now=NOON + timedelta(minutes=minute)))

    def write(self, name: str, *parts: str | AnyPart, minute: float = 0, **more: Any) -> Taken:
        """Somebody writes and is heard."""
        return self.take(self.letter(name, *parts, minute=minute, **more), minute=minute)[0]

    def row(self, conversation_id: int | None) -> dict[str, Any]:
        """A conversation as it is stored."""
        return self.house.rows("SELECT * FROM conversation WHERE conversation_id = %s", conversation_id)[0]

    def texts(self, conversation_id: int | None) -> Sequence[tuple[str, str]]:
        """The kinds and texts of a thread, in order."""
        found = self.house.rows(
            "SELECT kind, body FROM message WHERE conversation_id = %s ORDER BY message_id", conversation_id
        )
        return [(row["kind"], row["body"]) for row in found]


def both(*work: Coroutine[Any, Any, Any]) -> Coroutine[Any, Any, list[Any]]:
    """Several things at the same time."""

    async def run() -> list[Any]:
        return list(await asyncio.gather(*work))

    return run()

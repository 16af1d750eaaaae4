"""The inbox, read through one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.loop.operate.conversations")


class Key(NamedTuple):
    """A conversation's place in a list."""

    conversation_id: int
    sorted_at: datetime


class InboxRepository:
    """The inbox of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_keys(self, statement: str, **params: Any) -> list[Key]:
        """A page of a list, by the name of its statement."""
        rows = await self._tx.all(_SQL[statement], **params)
        return [Key(row["conversation_id"], row["sorted_at"]) for row in rows]

    async def describe(self, ids: Sequence[int], *, user: int | None) -> dict[int, Row]:
        """Conversations as they are listed, by number."""
        rows = await self._tx.all(_SQL["describe"], ids=list(ids), user=user)
        return {row["conversation_id"]: row for row in rows}

    async def count_views(self, *, user: int | None, most: int) -> Row:
        """How many conversations wait in each view."""
        return await self._tx.one(_SQL["count_views"], user=user, most=most)

    async def find_home(self, conversation_id: int) -> Row | None:
        """The home and the address of a conversation."""
        return await self._tx.one_or_none(_SQL["find_home"], conversation_id=conversation_id)

    async def list_messages(self, conversation_id: int, *, before_id: int, limit: int) -> list[Row]:
        """Messages before a number, the newest first."""
        return await self._tx.all(
            _SQL["list_messages"], conversation_id=conversation_id, before_id=before_id, limit=limit
        )

    async def list_newer(self, conversation_id: int, *, after_id: int, limit: int) -> list[Row]:
        """What both sides said after a number, in order."""
        return await self._tx.all(_SQL["list_newer"], conversation_id=conversation_id, after_id=after_id, limit=limit)

    async def find_last_in(self, conversation_id: int) -> Row | None:
        """The person's last message."""
        return await self._tx.one_or_none(_SQL["find_last_in"], conversation_id=conversation_id)

    async def put_intent(self, message_id: int, intent_id: int | None) -> None:
        """Write by which intent a message goes out."""
        await self._tx.run(_SQL["put_intent"], message_id=message_id, intent_id=intent_id)

    async def get_bounds(self) -> tuple[int, int] | None:
        """The numbers of the oldest and the newest message."""
        row = await self._tx.one(_SQL["get_bounds"])
        return None if row["oldest"] is None else (row["oldest"], row["newest"])

    async def find_messages(
        self, portions: Sequence[Sequence[int]], *, wholes: Sequence[str], before_id: int, most: int
    ) -> list[int]:
        """Numbers of messages with all of some words, portion by portion, and with all of some longer texts."""
        told = ["{" + ",".join(map(str, portion)) + "}" for portion in portions]
        rows = await self._tx.all(
            _SQL["find_messages"], portions=told, wholes=list(wholes), before_id=before_id, most=most
        )
        return [row["message_id"] for row in rows]

    async def list_found(self, ids: Sequence[int]) -> list[Row]:
        """Messages that were found, the newest first."""
        return await self._tx.all(_SQL["list_found"], ids=list(ids))

    async def list_changed(self, *, since: int, limit: int) -> list[int]:
        """Conversations that were changed since a transaction."""
        return [row["conversation_id"] for row in await self._tx.all(_SQL["list_changed"], since=since, limit=limit)]

    async def get_horizon(self) -> int:
        """From which transaction on changes may not have been seen yet."""
        horizon: int = await self._tx.value(_SQL["get_horizon"])
        return horizon

    async def watch(
        self, conversation_id: int, *, user: int, seen: int, looking_until: datetime, typing_until: datetime
    ) -> bool:
        """Write that somebody looks at a conversation; whether there is one."""
        return bool(
            await self._tx.run(
                _SQL["watch"],
                conversation_id=conversation_id,
                user=user,
                seen=seen,
                looking_until=looking_until,
                typing_until=typing_until,
            )
        )

    async def list_watchers(self, ids: Sequence[int], *, now: datetime) -> list[Row]:
        """Who looks at some conversations or types in them."""
        return await self._tx.all(_SQL["list_watchers"], ids=list(ids), now=now)

    async def add_mentions(self, conversation_id: int, message_id: int, users: Sequence[int]) -> None:
        """Call members of the workspace into a conversation."""
        await self._tx.run(
            _SQL["add_mentions"], conversation_id=conversation_id, message_id=message_id, users=list(users)
        )

    async def see_mentions(self, conversation_id: int, *, user: int, now: datetime) -> None:
        """Mark somebody's mentions as seen."""
        await self._tx.run(_SQL["see_mentions"], conversation_id=conversation_id, user=user, now=now)

    async def change_tags(self, conversation_id: int, *, add: Iterable[str], remove: Iterable[str]) -> None:
        """Put tags on a conversation and take others off."""
        await self._tx.run(_SQL["remove_tags"], conversation_id=conversation_id, tags=list(remove))
        await self._tx.run(_SQL["add_tags"], conversation_id=conversation_id, tags=list(add))

    async def count_wearing(self, tag: str, *, most: int) -> int:
        """How many conversations wear a tag, counted up to a limit."""
        count: int = await self._tx.value(_SQL["count_wearing"], tag=tag, most=most)
        return count

    async def list_tags(self) -> list[str]:
        """Tags that conversations carry."""
        return [row["tag"] for row in await self._tx.all(_SQL["list_tags"])]

    async def list_agents(self) -> list[Row]:
        """Members who may answer."""
        return await self._tx.all(_SQL["list_agents"])

    async def is_agent(self, user: int) -> bool:
        """Whether somebody may answer here."""
        return bool(await self._tx.value(_SQL["is_agent"], user=user))

    async def put_away(self, user: int, *, is_away: bool) -> None:
        """Write whether somebody is away."""
        await self._tx.run(_SQL["put_away"], user=user, is_away=is_away)

    async def find_owner(self, conversation_id: int) -> int | None:
        """Who looks after the person behind a conversation."""
        owner: int | None = await self._tx.value(_SQL["find_owner"], conversation_id=conversation_id)
        return owner

    async def find_rating(self, conversation_id: int) -> Row | None:
        """How the person found it last."""
        return await self._tx.one_or_none(_SQL["find_rating"], conversation_id=conversation_id)

    async def list_homes(self, home_id: int) -> list[int]:
        """Every home of the person behind a home."""
        return [row["home_id"] for row in await self._tx.all(_SQL["list_homes"], home_id=home_id)]

    async def put_owner(self, home_id: int, user: int | None) -> None:
        """Write who looks after a fan, or that nobody does any more."""
        homes = await self.list_homes(home_id)
        await self._tx.run(_SQL["delete_owners"], homes=homes)
        if user is not None:
            await self._tx.run(_SQL["put_owner"], home_id=home_id, user=user)

"""Intents, rights and receipts, read and written through one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.loop.operate.reach")


class IntentRepository:
    """The ledger of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def intend(self, wishes: Sequence[Mapping[str, Any]], *, now: datetime) -> dict[int, int]:
        """The places of wishes that were new, with their intents."""
        rows = await self._tx.all(_SQL["intend"], wishes=to_json_rows(wishes), now=now)
        return {row["place"]: row["intent_id"] for row in rows}

    async def add_wording(self, said: str) -> int:
        """The number of something that is said to many."""
        return int(await self._tx.value(_SQL["add_wording"], said=said))

    async def intend_many(self, homes: Sequence[int], **values: Any) -> int:
        """Intents to say the same to many; how many were new."""
        return await self._tx.run(_SQL["intend_many"], homes=list(homes), **values)

    async def put_senders(self, accounts: Mapping[int, str]) -> None:
        """Let accounts have a row that says how they send."""
        await self._tx.run(_SQL["put_senders"], accounts=list(accounts), channels=list(accounts.values()))

    async def wake(self) -> None:
        """Tell senders that something waits."""
        await self._tx.run(_SQL["wake"])

    async def cancel(self, step: str, *, now: datetime) -> int:
        """Take back what has not gone out of a step; how much that was."""
        return await self._tx.run(_SQL["cancel"], step=step, now=now)

    async def put_step_holdout(self, step: str, share: float) -> None:
        """Keep a share of people from a step."""
        await self._tx.run(_SQL["put_step_holdout"], step=step, share=share)

    async def open_windows(self, openings: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
        """Open rights, and let go what waited for them."""
        accounts = sorted({row["account_id"] for row in openings})
        hashes = sorted({row["address_hash"] for row in openings})
        await self._tx.all(_SQL["hold_windows"], accounts=accounts, hashes=hashes)
        # A statement of its own, so that it sees what whoever was waited for has written.
        await self._tx.run(_SQL["open_windows"], openings=to_json_rows(openings))
        if await self._tx.run(_SQL["hasten"], accounts=accounts, hashes=hashes, now=now):
            await self.wake()

    async def close_windows(self, account_id: int, hashes: Sequence[UUID], *, label: str | None) -> int:
        """Take rights away; how many."""
        return await self._tx.run(_SQL["close_windows"], account_id=account_id, hashes=list(hashes), label=label)

    async def find_told(self, account_id: int, asked: Sequence[tuple[int, int | None, str | None]]) -> dict[int, Row]:
        """Which intents receipts speak of; asked for by place, intent or the platform's id."""
        places, intents, platform_ids = zip(*asked, strict=True)
        rows = await self._tx.all(
            _SQL["find_told"],
            account_id=account_id,
            places=list(places),
            intents=list(intents),
            platform_ids=list(platform_ids),
        )
        found: dict[int, Row] = {}
        for row in rows:
            found.setdefault(row["place"], row)
        return found

    async def add_receipts(self, receipts: Sequence[Mapping[str, Any]]) -> set[tuple[int, str]]:
        """Intent and key of the receipts that were new."""
        rows = await self._tx.all(_SQL["add_receipts"], receipts=to_json_rows(receipts))
        return {(row["intent_id"], row["key"]) for row in rows}

    async def change_states(self, states: Mapping[int, tuple[str, str | None]], *, now: datetime) -> None:
        """Note what receipts say of messages."""
        if states:
            await self._tx.run(
                _SQL["change_states"],
                intents=list(states),
                states=[state for state, _ in states.values()],
                rules=[rule for _, rule in states.values()],
                now=now,
            )

    async def find_intents(
        self, *, one: int | None = None, person: int | None = None, before: int | None = None, limit: int
    ) -> list[Row]:
        """One intent, or those of a person, newest first."""
        return await self._tx.all(_SQL["find_intents"], one=one, person=person, before=before, limit=limit)

    async def list_receipts(self, intents: Sequence[int]) -> list[Row]:
        """What was told of some intents, oldest first."""
        return await self._tx.all(_SQL["list_receipts"], intents=list(intents))

    async def list_progress(self, intents: Sequence[int]) -> list[Row]:
        """How far some intents have come."""
        return await self._tx.all(_SQL["list_progress"], intents=list(intents))

    async def count_by_account(self) -> list[Row]:
        """What waits for each account, and what nobody knows of."""
        return await self._tx.all(_SQL["count_by_account"])

"""What senders read and write, through one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.reach.errors import SenderNotFoundError
from fanwheel.loop.operate.reach.rules.retrying import WhenUnclear

_SQL: Final = sqlfile.load("fanwheel.loop.operate.reach", "sending.sql")


class SenderRow(NamedTuple):
    """How an account sends, and how it fares."""

    account_id: int
    channel: str
    when_unclear: WhenUnclear
    per_second: float | None
    at_once: int
    failures: int
    broken_until: datetime | None
    paused_at: datetime | None
    paused_reason: str | None
    is_mended: bool  # somebody has changed the account since it was paused
    is_off: bool  # nothing may go out through the account, as somebody wants it


class SendingRepository:
    """The senders of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_work(self, *, now: datetime) -> list[tuple[int, int]]:
        """Workspaces and accounts with something to do; outside any workspace."""
        rows = await self._tx.all(_SQL["list_work"], now=now)
        return [(row["workspace_id"], row["account_id"]) for row in rows]

    async def get(self, account_id: int) -> SenderRow:
        """How an account sends; ``SenderNotFoundError`` where it never has."""
        row = await self._tx.one_or_none(_SQL["get_sender"], account_id=account_id)
        if row is None:
            raise SenderNotFoundError
        return SenderRow(**row)

    async def list_senders(self) -> list[SenderRow]:
        """How every account sends."""
        return [SenderRow(**row) for row in await self._tx.all(_SQL["list_senders"])]

    async def change(self, account_id: int, **values: Any) -> int:
        """Change how an account sends; how many there were."""
        return await self._tx.run(_SQL["change_sender"], account_id=account_id, **values)

    async def take_tokens(self, account_id: int, *, per_second: float, want: int, now: datetime) -> int:
        """How many messages may leave now at the account's pace."""
        values = {"per_second": per_second, "want": want, "now": now}
        return int(await self._tx.value(_SQL["take_tokens"], account_id=account_id, **values))

    async def mark(self, intents: Sequence[int], *, claim_id: UUID, now: datetime, until: datetime) -> set[int]:
        """Note that requests are about to leave; which may."""
        rows = await self._tx.all(_SQL["mark"], intents=list(intents), claim_id=claim_id, now=now, until=until)
        return {row["intent_id"] for row in rows}

    async def settle(self, outcomes: Sequence[Mapping[str, Any]], *, claim_id: UUID, now: datetime) -> dict[int, bool]:
        """Note what became of attempts; of which it still was ours to say, and whether the person is still known."""
        rows = await self._tx.all(_SQL["settle"], outcomes=to_json_rows(outcomes), claim_id=claim_id, now=now)
        return {row["intent_id"]: row["is_known"] for row in rows}

    async def give_back(self, intents: Sequence[int], *, claim_id: UUID) -> list[Row]:
        """Let others have what was claimed and not sent; what it reserved."""
        return await self._tx.all(_SQL["give_back"], intents=list(intents), claim_id=claim_id)

    async def renew(self, intents: Sequence[int], *, claim_id: UUID, until: datetime) -> None:
        """Keep the lease on what waits for its turn."""
        await self._tx.run(_SQL["renew"], intents=list(intents), claim_id=claim_id, until=until)

    async def take_lost_claims(self, account_id: int, *, now: datetime) -> list[Row]:
        """Let others have what somebody claimed and never sent; what it reserved."""
        return await self._tx.all(_SQL["take_lost_claims"], account_id=account_id, now=now)

    async def list_lost(self, account_id: int, *, now: datetime) -> list[Row]:
        """What somebody was sending when the lease ran out."""
        return await self._tx.all(_SQL["list_lost"], account_id=account_id, now=now)

    async def settle_lost(self, outcomes: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
        """Note what is done about those."""
        await self._tx.run(_SQL["settle_lost"], outcomes=to_json_rows(outcomes), now=now)

    async def note_health(
        self, account_id: int, *, failures: int, broken_until: datetime | None, paused: str | None, now: datetime
    ) -> None:
        """Note how an account fares."""
        values = {"failures": failures, "broken_until": broken_until, "paused_reason": paused, "now": now}
        await self._tx.run(_SQL["note_health"], account_id=account_id, **values)

    async def resume(self, account_id: int) -> int:
        """Let an account send again; how many there were."""
        return await self._tx.run(_SQL["resume"], account_id=account_id)

    async def pause(self, account_id: int, *, reason: str) -> int:
        """Keep an account from sending; how many there were."""
        return await self._tx.run(_SQL["pause"], account_id=account_id, reason=reason)

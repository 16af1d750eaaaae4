"""Broadcasts, read and written through one transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.broadcasts.contracts import Broadcast

_SQL: Final = sqlfile.load("fanwheel.loop.operate.broadcasts")
APPROVAL_ABOVE: Final = 1_000


class BroadcastRepository:
    """The broadcasts of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_broadcasts(
        self,
        *,
        one: int | None = None,
        state: str | None = None,
        q: str | None = None,
        before: int | None = None,
        limit: int = 1,
    ) -> list[Broadcast]:
        """Broadcasts, or one, those made last first."""
        rows = await self._tx.all(
            _SQL["list_broadcasts"], one=one, state=state, q=q or None, before=before, limit=limit
        )
        return [msgspec.convert(row, Broadcast) for row in rows]

    async def hold(self, broadcast_id: int) -> bool:
        """Keep a broadcast from other changes until the transaction ends; whether there is one."""
        return await self._tx.one_or_none(_SQL["hold"], broadcast_id=broadcast_id) is not None

    async def list_names(self, name: str) -> set[str]:
        """The names that begin as one does."""
        return {row["name"] for row in await self._tx.all(_SQL["list_names"], name=name)}

    async def add(self, values: Mapping[str, Any], *, actor: str) -> int:
        """The number of a new broadcast."""
        return int(await self._tx.value(_SQL["add"], actor=actor, **_encoded(values)))

    async def change(self, broadcast_id: int, values: Mapping[str, Any], *, actor: str) -> None:
        """Write what a broadcast says anew."""
        await self._tx.run(_SQL["change"], broadcast_id=broadcast_id, actor=actor, **_encoded(values))

    async def delete(self, broadcast_id: int) -> None:
        """Delete a broadcast that never went out."""
        await self._tx.run(_SQL["delete"], broadcast_id=broadcast_id)

    async def submit(self, broadcast_id: int, *, actor: str, note: str, reviewed: str, now: datetime) -> None:
        """Ask for somebody to agree."""
        await self._tx.run(
            _SQL["submit"], broadcast_id=broadcast_id, actor=actor, note=note, reviewed=reviewed, now=now
        )

    async def review(self, broadcast_id: int, *, is_approved: bool, actor: str, note: str, now: datetime) -> None:
        """Note that somebody agreed, or did not."""
        await self._tx.run(
            _SQL["review"],
            broadcast_id=broadcast_id,
            state="approved" if is_approved else "draft",
            approval="approved" if is_approved else "rejected",
            actor=actor,
            note=note,
            now=now,
        )

    async def launch(self, broadcast_id: int, **values: Any) -> None:
        """Let a broadcast go out when its time comes."""
        lists = {name: msgspec.json.encode(values.pop(name)).decode() for name in ("variants", "wordings")}
        await self._tx.run(_SQL["launch"], broadcast_id=broadcast_id, **lists, **values)

    async def pause(self, broadcast_id: int, *, now: datetime) -> None:
        """Stop a broadcast for now."""
        await self._tx.run(_SQL["pause"], broadcast_id=broadcast_id, now=now)

    async def resume(self, broadcast_id: int, *, now: datetime) -> None:
        """Let a broadcast go on where it stopped."""
        await self._tx.run(_SQL["resume"], broadcast_id=broadcast_id, now=now)

    async def cancel(self, broadcast_id: int, *, now: datetime) -> None:
        """End a broadcast before its end."""
        await self._tx.run(_SQL["cancel"], broadcast_id=broadcast_id, now=now)

    async def decide(
        self, broadcast_id: int, *, winner: str | None, phase: str, evidence: Mapping[str, Any], now: datetime
    ) -> None:
        """Write down which variant the rest is to hear, and why."""
        encoded = msgspec.json.encode(evidence).decode()
        await self._tx.run(
            _SQL["decide"], broadcast_id=broadcast_id, winner=winner, phase=phase, evidence=encoded, now=now
        )

    async def get_approval_above(self) -> int | None:
        """Above how many people a second person must agree; None: never."""
        row = await self._tx.one_or_none(_SQL["get_setting"])
        return APPROVAL_ABOVE if row is None else row["approval_above"]

    async def put_approval_above(self, people: int | None, *, actor: str) -> None:
        """Say it anew."""
        await self._tx.run(_SQL["put_setting"], approval_above=people, actor=actor)

    async def list_reviewers(self, roles: Collection[str]) -> list[int]:
        """The users of some roles."""
        return [row["user_id"] for row in await self._tx.all(_SQL["list_reviewers"], roles=sorted(roles))]

    async def list_templates(self, templates: Collection[int]) -> dict[int, Row]:
        """What some templates say from now on."""
        rows = await self._tx.all(_SQL["list_templates"], templates=sorted(set(templates)))
        return {row["template_id"]: row for row in rows}

    async def list_accounts(self) -> dict[int, Row]:
        """The accounts of channels."""
        return {row["account_id"]: row for row in await self._tx.all(_SQL["list_accounts"])}

    async def get_zone(self) -> str:
        """Where the brand is."""
        return str(await self._tx.value(_SQL["get_zone"]))

    async def find_by_emails(self, hashes: Sequence[UUID]) -> dict[str, int]:
        """Who is known by addresses of mail."""
        rows = await self._tx.all(_SQL["find_by_emails"], hashes=list(hashes))
        return {row["value"]: row["person_id"] for row in rows}

    async def list_ways(self, people: Sequence[int], *, kind: str, prefix: str) -> dict[int, tuple[str, str]]:
        """The newest address of some persons on a channel."""
        rows = await self._tx.all(_SQL["list_ways"], people=list(people), kind=kind, prefix=prefix)
        return {row["person_id"]: (row["kind"], row["value"]) for row in rows}


def _encoded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as the statements take them: what has parts as JSON."""
    found = dict(values)
    for name in ("audience", "routes", "schedule", "experiment"):
        if found[name] is not None:
            found[name] = msgspec.json.encode(found[name]).decode()
    return found

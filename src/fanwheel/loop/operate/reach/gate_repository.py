"""What the gate reads and writes, through one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from fanwheel.domains.private.channels.adapter import Allowance
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.reach.rules.case import Right, Window
from fanwheel.loop.operate.reach.settings import STANDARD, SendingRules

_SQL: Final = sqlfile.load("fanwheel.loop.operate.reach", "gate.sql")
_SPEAKING: Final = sqlfile.load("fanwheel.loop.operate.reach", "speaking.sql")


class GateRepository:
    """The gate of one account."""

    def __init__(self, tx: Transaction, account_id: int) -> None:
        self._tx = tx
        self.account_id = account_id

    async def claim(self, *, now: datetime, most: int, least: int) -> list[Row]:
        """Intents whose time has come, the most urgent first; none of a priority below the least."""
        return await self._tx.all(_SQL["claim"], account_id=self.account_id, now=now, most=most, least=least)

    async def claim_these(self, intents: Sequence[int]) -> list[Row]:
        """Some intents, as long as they wait."""
        return await self._tx.all(_SQL["claim_these"], account_id=self.account_id, intents=list(intents))

    async def find_people(self, homes: Sequence[int], *, kind: str, prefix: str) -> list[Row]:
        """The living persons behind homes with their addresses, the newest first."""
        return await self._tx.all(_SQL["find_people"], homes=sorted(set(homes)), kind=kind, prefix=prefix)

    async def list_windows(self, hashes: Sequence[UUID]) -> dict[UUID, list[Window]]:
        """Rights that people gave, held until the end of the transaction."""
        rows = await self._tx.all(_SQL["list_windows"], account_id=self.account_id, hashes=sorted(set(hashes)))
        found: dict[UUID, list[Window]] = {}
        for row in rows:
            found.setdefault(row.pop("address_hash"), []).append(Window(**row))
        return found

    async def list_given(self, address_hash: UUID) -> list[Window]:
        """Rights that somebody gave, as they stand; nobody is kept from using them."""
        rows = await self._tx.all(_SPEAKING["list_given"], account_id=self.account_id, address_hash=address_hash)
        return [Window(**row) for row in rows]

    async def list_known(self, channel: str, seed: Sequence[Allowance], *, now: datetime) -> list[Right]:
        """The allowances in force, to look at: where none were ever put in they are those of the channel itself."""
        if not (await self._tx.one(_SQL["is_seeded"], channel=channel))["is_seeded"]:
            return [Right(0, each.name, each.opens, each.lasts_s, each.most, each.per, each.covers) for each in seed]
        rows = await self._tx.all(_SQL["list_rights"], account_id=self.account_id, channel=channel, now=now)
        return [Right(**row) for row in rows]

    async def hold(self) -> None:
        """Keep the workspace's other gates out until the end."""
        await self._tx.run(_SQL["hold_gate"])

    async def list_rights(self, channel: str, seed: Sequence[Allowance], *, now: datetime) -> list[Right]:
        """The allowances in force; those of the channel itself are put in where it never had any."""
        await AllowanceRepository(self._tx).seed(channel, seed)
        rows = await self._tx.all(_SQL["list_rights"], account_id=self.account_id, channel=channel, now=now)
        return [Right(**row) for row in rows]

    async def list_used(self, sinces: Mapping[str, datetime], subjects: Sequence[UUID]) -> list[Row]:
        """What was used of quotas, each since its own moment."""
        if not sinces:
            return []
        return await self._tx.all(
            _SQL["list_used"],
            account_id=self.account_id,
            allowances=list(sinces),
            sinces=list(sinces.values()),
            subjects=sorted(set(subjects)),
        )

    async def list_touches(self, persons: Sequence[int], *, steps: Sequence[str], since: datetime) -> list[Row]:
        """What persons were told or kept from."""
        return await self._tx.all(_SQL["list_touches"], persons=sorted(set(persons)), steps=list(steps), since=since)

    async def list_step_holdouts(self, steps: Sequence[str]) -> dict[str, float]:
        """The shares of people kept from steps."""
        rows = await self._tx.all(_SQL["list_step_holdouts"], steps=list(steps))
        return {row["step"]: row["share"] for row in rows}

    async def decide(self, decisions: Sequence[Mapping[str, Any]], *, claim_id: UUID, now: datetime) -> None:
        """Write down what the gate decided."""
        await self._tx.run(_SQL["decide"], decisions=to_json_rows(decisions), claim_id=claim_id, now=now)

    async def use(self, windows: Sequence[Mapping[str, Any]], quotas: Sequence[Mapping[str, Any]]) -> None:
        """Use rights and quotas up, or with negative figures give them back."""
        if windows:
            await self._tx.run(_SQL["use_windows"], account_id=self.account_id, uses=to_json_rows(windows))
        if quotas:
            await self._tx.run(_SQL["use_quotas"], account_id=self.account_id, uses=to_json_rows(quotas))


class AllowanceRepository:
    """What platforms allow, as rows of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def seed(self, channel: str, seed: Sequence[Allowance]) -> None:
        """Put in what the channel knows, where it never had any allowances here."""
        if seed and not (await self._tx.one(_SQL["is_seeded"], channel=channel))["is_seeded"]:
            await self._tx.run(_SQL["hold_gate"])
            if (await self._tx.one(_SQL["is_seeded"], channel=channel))["is_seeded"]:
                return
            allowances = to_json_rows([allowance._asdict() for allowance in seed])
            await self._tx.run(_SQL["add_allowances"], channel=channel, allowances=allowances)

    async def list_all(self, *, now: datetime) -> list[Row]:
        """All that hold or will."""
        return await self._tx.all(_SQL["list_allowances"], now=now)

    async def hold(self, allowance_id: int, *, now: datetime) -> Row | None:
        """One that holds or will; nobody else changes it until the transaction ends."""
        return await self._tx.one_or_none(_SQL["hold_allowance"], allowance_id=allowance_id, now=now)

    async def find_own(self, shared: Row, account_id: int, *, now: datetime) -> int | None:
        """The account's own in the place of one of its channel; it is given a copy of all of them if it has none."""
        await self._tx.run(_SQL["hold_gate"])
        await self._tx.run(_SQL["copy_allowances"], channel=shared["channel"], account_id=account_id, now=now)
        values = {"allowance_id": shared["allowance_id"], "account_id": account_id, "now": now}
        row = await self._tx.one_or_none(_SQL["find_own_allowance"], **values)
        return None if row is None else int(row["allowance_id"])

    async def end(self, allowance_id: int, *, until: datetime) -> None:
        """Let one end."""
        await self._tx.run(_SQL["end_allowance"], allowance_id=allowance_id, until=until)

    async def add(self, values: Mapping[str, Any]) -> Row:
        """Add one that holds from a moment on."""
        return await self._tx.one(_SQL["add_allowance"], **values)


class SettingRepository:
    """What the brand of one workspace allows."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self) -> tuple[SendingRules, str]:
        """The rules and the salt, made if there are none yet."""
        row = await self._tx.one_or_none(_SQL["get_setting"])
        if row is None:
            await self._tx.run(_SQL["add_setting"], rules=msgspec.json.encode(STANDARD).decode())
            row = await self._tx.one(_SQL["get_setting"])
        return msgspec.convert(row["rules"], SendingRules), row["salt"]

    async def change(self, rules: SendingRules, *, actor: str) -> None:
        """Put other rules in their place."""
        await self.get()
        await self._tx.run(_SQL["change_setting"], rules=msgspec.json.encode(rules).decode(), actor=actor)

    async def forget_uses(self, *, before: datetime) -> int:
        """Delete what was used before a moment; how many rows."""
        return await self._tx.run(_SQL["forget_uses"], before=before)

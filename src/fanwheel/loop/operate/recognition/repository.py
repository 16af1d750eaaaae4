"""Whom to ask about, read and written through one transaction."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.waking import CHANNEL
from fanwheel.loop.operate.recognition.contracts import Newcomer, Question

# What the worker is told when there is somebody to ask about.
TOPIC: Final = "recognition"
_SQL: Final = sqlfile.load("fanwheel.loop.operate.recognition")


class RecognitionRepository:
    """The newcomers of one workspace of whom a platform is still to be asked."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def put(self, newcomers: Sequence[Newcomer]) -> None:
        """Keep whom to ask about."""
        await self._tx.run(
            _SQL["put"],
            channel=CHANNEL,
            topic=TOPIC,
            accounts=[newcomer.account_id for newcomer in newcomers],
            homes=[newcomer.home_id for newcomer in newcomers],
            came=[newcomer.came_at for newcomer in newcomers],
        )

    async def list_work(self) -> list[tuple[int, int]]:
        """Which accounts of which workspaces have somebody to ask about now; outside any workspace."""
        return [(row["workspace_id"], row["account_id"]) for row in await self._tx.all(_SQL["list_work"])]

    async def claim(self, account_id: int, *, now: datetime, until: datetime, most: int) -> list[Question]:
        """Some who are due, which nobody else asks about until a moment."""
        rows = await self._tx.all(_SQL["claim"], account_id=account_id, now=now, until=until, most=most)
        return [Question(**row) for row in rows]

    async def end(self, account_id: int, homes: Collection[int]) -> set[int]:
        """Ask about some no more; those who are still there."""
        rows = await self._tx.all(_SQL["end"], account_id=account_id, homes=sorted(homes))
        return {row["home_id"] for row in rows}

    async def postpone(self, account_id: int, later: Sequence[tuple[int, datetime, int]]) -> None:
        """Ask about some later; by home the moment, and how often they were asked about."""
        homes, next_ats, attempts = zip(*later, strict=True)
        await self._tx.run(
            _SQL["postpone"],
            account_id=account_id,
            homes=list(homes),
            next_ats=list(next_ats),
            attempts=list(attempts),
        )

    async def rest(self, account_id: int, *, until: datetime) -> None:
        """Ask about nobody of an account before a moment."""
        await self._tx.run(_SQL["rest"], account_id=account_id, until=until)

    async def get_region(self) -> str:
        """The country of phones without a country code."""
        return str(await self._tx.value(_SQL["region"]))

    async def list_traits(self, hashes: Collection[UUID], names: Collection[str]) -> dict[UUID, set[str]]:
        """Which of some traits the persons have to whom identifiers belong, by the identifiers' hashes."""
        found: defaultdict[UUID, set[str]] = defaultdict(set)
        for row in await self._tx.all(_SQL["list_traits"], hashes=list(hashes), names=sorted(names)):
            found[row["identifier_hash"]].add(row["name"])
        return found

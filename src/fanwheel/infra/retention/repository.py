"""Periods, and what is older than they say, through one transaction."""

from datetime import datetime
from typing import Final

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.retention.contracts import Kind, Old

_SQL: Final = sqlfile.load("fanwheel.infra.retention")


class RetentionRepository:
    """How long one workspace keeps things."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_periods(self) -> dict[str, int | None]:
        """The periods that somebody has set."""
        return {row["kind"]: row["days"] for row in await self._tx.all(_SQL["list_periods"])}

    async def put(self, kind: Kind, days: int | None, *, actor: str) -> None:
        """Set how long a kind of data is kept."""
        await self._tx.run(_SQL["put_period"], kind=kind, days=days, actor=actor)

    async def forget(self, kind: Kind, *, before: datetime, most: int) -> int:
        """Let go of what is older, up to so much of it."""
        if kind == "refused_events":
            return await self._tx.run(_SQL["forget_refused_events"], before=before, most=most)
        return int(await self._tx.value(_SQL[f"forget_{kind}"], before=before, most=most))

    async def count(self, kind: Kind, *, before: datetime) -> Old:
        """How much is older."""
        return Old(**await self._tx.one(_SQL[f"count_{kind}"], before=before))

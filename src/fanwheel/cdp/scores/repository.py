"""Scores of persons, read and written through one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from fanwheel.cdp.scores.contracts import NAMES, Ask, Score
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.bulk import to_json_rows

_SQL: Final = sqlfile.load("fanwheel.cdp.scores")


class ScoreRepository:
    """Scores of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_workspaces(self) -> list[int]:
        """Every workspace."""
        return [row["workspace_id"] for row in await self._tx.all(_SQL["list_workspaces"])]

    async def find_ask(self) -> Ask | None:
        """What decides whether persons are scored now; None if the workspace is gone."""
        row = await self._tx.one_or_none(_SQL["find_ask"])
        return Ask(**row) if row else None

    async def claim(self, *, now: datetime, until: datetime) -> bool:
        """Keep other workers out; False if one is in."""
        return await self._tx.one_or_none(_SQL["claim"], now=now, until=until) is not None

    async def release(self) -> None:
        """Let other workers in."""
        await self._tx.run(_SQL["release"])

    async def finish(self, *, scored_at: datetime) -> None:
        """Remember that everybody was scored, and let other workers in."""
        await self._tx.run(_SQL["finish"], scored_at=scored_at)

    async def put(self, scores: Sequence[Score], *, scored_at: datetime) -> None:
        """Store scores and show them in portraits."""
        rows = [{"home_id": score.person_id, "scores": score.scores} for score in scores]
        await self._tx.run(_SQL["put_scores"], scores=to_json_rows(rows), scored_at=scored_at)
        homes = [score.person_id for score in scores]
        await self._tx.run(_SQL["show_scores"], homes=homes, names=list(NAMES))
        await self._tx.run(_SQL["note_segments"], homes=homes)

    async def drop_old(self, *, scored_at: datetime) -> None:
        """Forget scores that were not written again."""
        await self._tx.run(_SQL["drop_old"], scored_at=scored_at)

    async def mark_unshown(self) -> None:
        """Have portraits folded that lack their scores."""
        await self._tx.run(_SQL["mark_unshown"])

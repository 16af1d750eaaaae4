"""Scoring a workspace's persons: once a night, by one worker, in short transactions."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from fanwheel.cdp.scores import rules
from fanwheel.cdp.scores.contracts import Score
from fanwheel.cdp.scores.repository import ScoreRepository
from fanwheel.infra.postgres import Database

_LEASE: Final = timedelta(minutes=30)
_AT_ONCE: Final = 2_000


async def list_workspaces(db: Database) -> list[int]:
    """Every workspace."""
    async with db.installation() as tx:
        return await ScoreRepository(tx).list_workspaces()


async def claim(db: Database, workspace: int, *, now: datetime) -> bool:
    """Whether this worker is to score the workspace's persons now; others then keep off for half an hour."""
    async with db.transaction(workspace) as tx:
        scores = ScoreRepository(tx)
        ask = await scores.find_ask()
        if ask is None or not rules.is_due(ask, now=now) or not await scores.claim(now=now, until=now + _LEASE):
            return False
        # Another worker may have finished between the two.
        ask = await scores.find_ask()
        if ask is None or not rules.is_due(ask, now=now):
            await scores.release()
            return False
        return True


async def put(db: Database, workspace: int, scores: Iterable[Score], *, scored_at: datetime) -> None:
    """Store the scores of some persons, a few at a time, so that nobody waits for their rows."""
    ordered = sorted(scores, key=lambda score: score.person_id)
    for start in range(0, len(ordered), _AT_ONCE):
        async with db.transaction(workspace) as tx:
            await ScoreRepository(tx).put(ordered[start : start + _AT_ONCE], scored_at=scored_at)


async def finish(db: Database, workspace: int, *, scored_at: datetime) -> None:
    """Everybody was scored: scores that were not written again are gone."""
    async with db.transaction(workspace) as tx:
        scores = ScoreRepository(tx)
        await scores.drop_old(scored_at=scored_at)
        await scores.mark_unshown()
        await scores.finish(scored_at=scored_at)

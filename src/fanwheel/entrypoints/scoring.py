"""Scoring: what the measurement says of buyers is written to them as traits, workspace by workspace."""

import asyncio
from datetime import datetime
from time import monotonic
from typing import Final

import structlog

from fanwheel.cdp import scores
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings

_log: Final = structlog.get_logger()


async def score_all(settings: Settings, db: Database, *, now: datetime) -> int:
    """Score the buyers of every workspace for which it is time; how many there were."""
    scored = 0
    for workspace in await scores.list_workspaces(db):
        if await scores.claim(db, workspace, now=now):
            scored += await _score(settings, db, workspace, now=now)
    return scored


async def _score(settings: Settings, db: Database, workspace: int, *, now: datetime) -> int:
    # NumPy and SciPy come with it, which a worker of an empty installation never needs.
    from fanwheel.measure.insights import scoring

    began = monotonic()
    found = await asyncio.to_thread(scoring.work_out, settings, db.dsn, workspace, now=now)
    await scores.put(db, workspace, found, scored_at=now)
    await scores.finish(db, workspace, scored_at=now)
    _log.info("people scored", workspace=workspace, people=len(found), seconds=round(monotonic() - began, 1))
    return len(found)

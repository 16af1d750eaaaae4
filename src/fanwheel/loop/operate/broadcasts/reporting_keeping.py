"""Figures that are kept: for a little while, however many look, and for good before their messages are let go of."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from fanwheel.infra import retention, sqlfile
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.broadcasts import reporting_counting as counting
from fanwheel.loop.operate.broadcasts import reporting_rules as rules
from fanwheel.loop.operate.broadcasts.errors import BroadcastFiguresGoneError
from fanwheel.loop.operate.broadcasts.reporting_counting import Figures

_SQL: Final = sqlfile.load("fanwheel.loop.operate.broadcasts", "reporting.sql")
# What figures rest on that may be let go of.
_RESTS_ON: Final = frozenset({"sends", "visits", "conversations"})


class Kept(NamedTuple):
    """Figures, when they were counted, how long that took, and since when it may not be possible any more."""

    figures: Figures
    as_of: datetime
    cost_ms: int
    gone_at: datetime | None


async def find_or_count(tx: Transaction, run: Row, *, now: datetime) -> tuple[Figures, datetime]:
    """The figures of a broadcast that are kept, where they are final or young, else as they are now; and as of when."""
    kept = await _find(tx, run, "find_kept")
    if kept is not None and not _is_told(kept, run, now=now):
        # Whoever comes first counts; meanwhile the others are told what is kept.
        held = await _find(tx, run, "hold_kept")
        kept = kept if held is None else held if _is_told(held, run, now=now) else None
    if kept is not None:
        return kept.figures, kept.as_of
    return await _count(tx, run, now=now), now


async def require_all(tx: Transaction, run: Row) -> None:
    """Raise unless everything is still there that figures of a broadcast rest on.

    Raises
    ------
    BroadcastFiguresGoneError
        If some of it may have been let go of.
    """
    kept = await _find(tx, run, "find_kept")
    if kept is not None and kept.gone_at is not None:
        raise BroadcastFiguresGoneError(hint=f"Ask for {rules.DAYS} days: those figures are kept.")


async def keep_reports(db: Database, workspace: int, *, now: datetime) -> int:
    """Keep for good the figures of broadcasts that are long over or whose messages are about to go; of how many."""
    async with db.transaction(workspace) as tx:
        days = [each.days for each in await retention.list_periods(tx) if each.kind in _RESTS_ON and each.days]
        before = now - timedelta(days=min(days)) if days else None
        rows = await tx.all(_SQL["list_ended"], before=before, counts_for=rules.COUNTS_FOR, now=now)
    for row in rows:
        async with db.transaction(workspace) as tx:
            await _keep(tx, row["broadcast_id"], is_leaving=row["is_leaving"], now=now)
    return len(rows)


async def _keep(tx: Transaction, broadcast_id: int, *, is_leaving: bool, now: datetime) -> None:
    run = await tx.one(_SQL["find_run"], broadcast_id=broadcast_id)
    kept = await _find(tx, run, "find_kept")
    if kept is None or not _is_final(kept, run):
        await _count(tx, run, now=now)
    if is_leaving:
        await tx.run(_SQL["let_go"], broadcast_id=broadcast_id, now=now)


async def _find(tx: Transaction, run: Row, statement: str) -> Kept | None:
    row = await tx.one_or_none(_SQL[statement], broadcast_id=run["broadcast_id"])
    return None if row is None else Kept(**{**row, "figures": msgspec.convert(row["figures"], Figures)})


async def _count(tx: Transaction, run: Row, *, now: datetime) -> Figures:
    figures = await counting.count(tx, run)
    encoded = msgspec.json.encode(figures).decode()
    await tx.run(_SQL["put_kept"], broadcast_id=run["broadcast_id"], figures=encoded, now=now)
    return figures


def _is_told(kept: Kept, run: Row, *, now: datetime) -> bool:
    return _is_final(kept, run) or rules.is_fresh(kept.as_of, cost_ms=kept.cost_ms, now=now)


def _is_final(kept: Kept, run: Row) -> bool:
    return rules.is_final(kept.as_of, ended_at=run["ended_at"], gone_at=kept.gone_at)

"""What people decide about how long things are kept, and keeping to it."""

from datetime import datetime, timedelta
from typing import Final

from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.retention.contracts import KINDS, LEAST_DAYS, Kind, Old, Period
from fanwheel.infra.retention.errors import TooShortPeriodError
from fanwheel.infra.retention.repository import RetentionRepository

_PORTION: Final = 2_000
_PORTIONS: Final = 10


async def list_periods(tx: Transaction) -> list[Period]:
    """How long each kind of data is kept."""
    said = await RetentionRepository(tx).list_periods()
    return [Period(kind, said.get(kind), LEAST_DAYS[kind]) for kind in KINDS]


async def put(tx: Transaction, kind: Kind, days: int | None, *, actor: str) -> None:
    """Keep a kind of data so many days from now on; None: for ever.

    Raises
    ------
    TooShortPeriodError
        If it is needed for longer.
    """
    if days is not None:
        _require(kind, days)
    await RetentionRepository(tx).put(kind, days, actor=actor)


async def preview(tx: Transaction, kind: Kind, days: int, *, now: datetime) -> Old:
    """How much would go at once if a kind of data were kept so many days.

    Raises
    ------
    TooShortPeriodError
        If it is needed for longer.
    """
    _require(kind, days)
    return await RetentionRepository(tx).count(kind, before=now - timedelta(days=days))


async def forget(db: Database, workspace: int, *, now: datetime) -> int:
    """Let go of what is older than it is to be kept, in small transactions; how many rows, at most some thousands."""
    async with db.transaction(workspace) as tx:
        periods = [period for period in await list_periods(tx) if period.days is not None]
    gone = 0
    for kind, days, _ in periods:
        before = now - timedelta(days=days or 0)
        for _ in range(_PORTIONS):
            async with db.transaction(workspace) as tx:
                found = await RetentionRepository(tx).forget(kind, before=before, most=_PORTION)
            gone += found
            if found < _PORTION:
                break
    return gone


def _require(kind: Kind, days: int) -> None:
    if days < LEAST_DAYS[kind]:
        raise TooShortPeriodError(hint=f"Keep it for at least {LEAST_DAYS[kind]} days.")

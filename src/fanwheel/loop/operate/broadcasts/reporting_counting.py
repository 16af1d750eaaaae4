"""Counting what came of the messages of a broadcast, in few passes over them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate import links
from fanwheel.loop.operate.broadcasts import reporting_rules as rules
from fanwheel.loop.operate.broadcasts.contracts import step_of

_SQL: Final = sqlfile.load("fanwheel.loop.operate.broadcasts", "reporting.sql")
_SPAN: Final = frozenset({"first_id", "last_id", "first_at", "last_at"})


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted of a broadcast: messages by state, deeds by route and variant, and when messages went out."""

    people: int
    released: int
    counts: list[dict[str, Any]]
    deeds: list[dict[str, Any]]
    series: list[tuple[datetime, int]]


async def count(tx: Transaction, run: Row, *, days: int = rules.DAYS) -> Figures:
    """All figures of a broadcast as they are now; what people do within ``days`` after a message counts."""
    step = step_of(run["broadcast_id"])
    counts = await tx.all(_SQL["count_intents"], step=step)
    return Figures(
        people=run["people"] or 0,
        released=run["released"],
        counts=[{name: value for name, value in row.items() if name not in _SPAN} for row in counts],
        deeds=await _count_deeds(tx, step, counts, began_at=run["began_at"], days=days),
        series=await _count_series(tx, step, counts),
    )


async def _count_deeds(
    tx: Transaction, step: str, counts: Sequence[Row], *, began_at: datetime | None, days: int
) -> list[Row]:
    gone = [row for row in counts if row["is_gone"] and row["last_at"] is not None]
    if began_at is None or not gone:
        return rules.tally(counts, ())
    done = await tx.all(
        _SQL["count_deeds"],
        step=step,
        places=sorted({row["occurrence"] for row in gone}),
        first_id=min(row["first_id"] for row in gone),
        last_id=max(row["last_id"] for row in gone),
        began_at=began_at,
        until=max(row["last_at"] for row in gone) + timedelta(days=days),
        days=days,
        humans=["", *links.PROXIES],
    )
    return rules.tally(counts, done)


async def _count_series(tx: Transaction, step: str, counts: Sequence[Row]) -> list[tuple[datetime, int]]:
    gone = [row for row in counts if row["is_gone"] and row["last_at"] is not None]
    if not gone:
        return []
    width = rules.stretch(max(row["last_at"] for row in gone) - min(row["first_at"] for row in gone))
    rows = await tx.all(_SQL["count_gone"], step=step, width=width)
    return [(row["began_at"], row["sent"]) for row in rows]

"""Tests of variants that have no winner yet, and what is done when their time is over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

import msgspec

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.loop.operate.broadcasts import reporting_keeping, reporting_rules
from fanwheel.loop.operate.broadcasts.contracts import Experiment, Metric, Otherwise

_SQL: Final = sqlfile.load("fanwheel.loop.operate.broadcasts", "reporting.sql")
By = Literal["test", "deadline", "hold"]


class Undecided(NamedTuple):
    """A broadcast that tries its variants: of each how many people got it, and how many did what was hoped for."""

    broadcast_id: int
    metric: Metric
    otherwise: Otherwise
    ends_at: datetime
    counts: Mapping[str, tuple[int, int]]
    is_held: bool  # the time was over, nothing was proven, and somebody is to decide


class Evidence(NamedTuple):
    """What a test of all the variants at once says, at this look and all others together."""

    leader: str | None
    winner: str | None
    p: float
    alpha: float


class Choice(NamedTuple):
    """The variant that the rest is to hear, and what it rests on; no variant: it is not decided."""

    variant: str | None
    by: By | None
    evidence: Mapping[str, Any]


async def list_undecided(tx: Transaction, *, now: datetime) -> list[Undecided]:
    """Tests that run, with what their variants have brought on the first route, as the report tells it."""
    found = []
    for row in await tx.all(_SQL["list_tests"]):
        asked, variants = msgspec.convert(row["experiment"], Experiment), row["variants"]
        if len(variants) < 2:
            continue
        figures, _ = await reporting_keeping.find_or_count(tx, row, now=now)
        counts = reporting_rules.counts_of(figures.deeds, variants, metric=asked.metric)
        ends_at = row["began_at"] + timedelta(hours=asked.max_hours)
        is_held = (row["evidence"] or {}).get("by") == "hold"
        found.append(Undecided(row["broadcast_id"], asked.metric, asked.otherwise, ends_at, counts, is_held))
    return found


def choose(test: Undecided, evidence: Evidence, *, now: datetime) -> Choice:
    """The winner if one is proven; when the time is over, what was asked for in that case."""
    by: By | None = None
    variant = evidence.winner
    if variant is not None:
        by = "test"
    elif now >= test.ends_at:
        variant = _otherwise(test)
        by = "deadline" if variant is not None else "hold"
    said = {
        "by": by,
        "leader": evidence.leader,
        "p": evidence.p,
        "alpha": evidence.alpha,
        "metric": test.metric,
        "looked_at": now.isoformat(),
        "variants": reporting_rules.tried(test.counts),
    }
    return Choice(variant, by, said)


def _otherwise(test: Undecided) -> str | None:
    """The variant ahead (the first of equals), the first one, or none."""
    if test.otherwise == "hold":
        return None
    if test.otherwise == "first":
        return next(iter(test.counts))
    return max(test.counts, key=lambda key: test.counts[key][1] / max(test.counts[key][0], 1))

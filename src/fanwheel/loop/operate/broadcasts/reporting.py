"""What came of a broadcast: figures that are kept, put together as they are true when somebody looks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.broadcasts import reporting_counting as counting
from fanwheel.loop.operate.broadcasts import reporting_keeping as keeping
from fanwheel.loop.operate.broadcasts import reporting_rules as rules
from fanwheel.loop.operate.broadcasts.contracts import Experiment, step_of
from fanwheel.loop.operate.broadcasts.errors import BroadcastNotFoundError
from fanwheel.loop.operate.broadcasts.reporting_counting import Figures

_SQL: Final = sqlfile.load("fanwheel.loop.operate.broadcasts", "reporting.sql")
_DECIDED_BY: Final = {"test": "test", "deadline": "deadline", "operator": "hand"}


class Place(NamedTuple):
    """Where a page of people begins: the route and the person before it."""

    occurrence: str = ""
    home_id: int = 0


async def report(tx: Transaction, broadcast_id: int, *, now: datetime, days: int = rules.DAYS) -> dict[str, Any]:
    """The report of a broadcast from figures that are kept, where they are final or young enough, else counted now.

    Raises
    ------
    BroadcastNotFoundError
        If there is none with that id.
    BroadcastFiguresGoneError
        If other ``days`` are asked for than are kept, and what they would be counted from is gone.
    """
    run = await _find_run(tx, broadcast_id)
    if days == rules.DAYS:
        figures, as_of = await keeping.find_or_count(tx, run, now=now)
        return await _tell(tx, run, figures, days=days, as_of=as_of)
    await keeping.require_all(tx, run)
    return await _tell(tx, run, await counting.count(tx, run, days=days), days=days, as_of=now)


async def list_people(
    tx: Transaction,
    broadcast_id: int,
    *,
    state: str | None = None,
    rule: str | None = None,
    variant: str | None = None,
    after: Place | None = None,
    limit: int,
) -> list[Row]:
    """People of a broadcast with what became of the last message to each.

    Raises
    ------
    BroadcastNotFoundError
        If there is none with that id.
    """
    await _find_run(tx, broadcast_id)
    after = after or Place()
    return await tx.all(
        _SQL["list_people"],
        step=step_of(broadcast_id),
        states=None if state is None else sorted(rules.WAITING) if state == "waiting" else [state],
        rule=rule,
        variant=variant,
        limit=limit,
        **after._asdict(),
    )


async def _find_run(tx: Transaction, broadcast_id: int) -> Row:
    run = await tx.one_or_none(_SQL["find_run"], broadcast_id=broadcast_id)
    if run is None:
        raise BroadcastNotFoundError(broadcast_id=broadcast_id)
    return run


async def _tell(tx: Transaction, run: Row, figures: Figures, *, days: int, as_of: datetime) -> dict[str, Any]:
    """Figures as they are told: costs at today's rates, and a test as it stands now."""
    counts, deeds = figures.counts, figures.deeds
    worth = await _worth(tx, counts)
    by_variant = rules.without_empty(rules.group(counts, deeds, by="variant", worth=worth))
    by_route = rules.group(counts, deeds, by="occurrence", worth=worth)
    return {
        "days": days,
        "as_of": as_of,
        "progress": _progress(run, figures, as_of=as_of),
        "by_route": [_of_route(int(key), row, run["routes"]) for key, row in by_route.items()],
        "by_variant": [{"variant": key, "label": key, **row} for key, row in by_variant.items()],
        "why_not": rules.why_not(counts),
        "series": [{"at": began_at, "sent": sent} for began_at, sent in figures.series],
        "experiment": _experiment(run, deeds),
        "cost": {
            "amount": sum(row["cost"] for row in by_route.values()),
            "currency": run["currency"],
            "without_rate": sorted({row["cost_currency"] for row in counts} - {None, *worth}),
        },
    }


def _progress(run: Row, figures: Figures, *, as_of: datetime) -> dict[str, int]:
    """How many people are where: as the worker counted, where it did so later."""
    found = rules.progress(figures.counts, audience=figures.people, released=figures.released)
    if run["progress"] is not None and run["counted_at"] > as_of:
        found = dict.fromkeys(found, 0) | run["progress"]
    return found


async def _worth(tx: Transaction, counts: Sequence[Row]) -> Mapping[str, float]:
    """What a millionth of each currency is worth in minor units of the reporting one; none without a rate."""
    currencies = sorted({row["cost_currency"] for row in counts} - {None})
    rows = await tx.all(_SQL["list_worth"], currencies=currencies) if currencies else []
    return {row["currency"]: float(row["minor_per_micro"]) for row in rows if row["minor_per_micro"] is not None}


def _of_route(place: int, row: Mapping[str, Any], routes: list[Mapping[str, Any]]) -> dict[str, Any]:
    route = routes[place] if place < len(routes) else {}
    return {"route": place, "channel": route.get("channel", ""), "account_id": route.get("account_id"), **row}


def _experiment(run: Row, deeds: Sequence[Row]) -> dict[str, Any] | None:
    """How a test of variants stands; None where none is made. What was looked at last decides, what is now is shown."""
    if run["experiment"] is None or run["began_at"] is None or len(run["variants"]) < 2:
        return None
    asked, evidence = msgspec.convert(run["experiment"], Experiment), run["evidence"] or {}
    is_held = run["winner"] is None and evidence.get("by") == "hold"
    counts = rules.counts_of(deeds, run["variants"], metric=asked.metric)
    return {
        "state": "decided" if run["winner"] else "waiting" if is_held else "testing",
        "winner": run["winner"],
        "decided_by": _DECIDED_BY.get(evidence.get("by", "")) if run["winner"] else None,
        "actor": evidence.get("actor"),
        "decided_at": run["winner_at"],
        "ends_at": run["began_at"] + timedelta(hours=asked.max_hours),
        "metric": asked.metric,
        "otherwise": asked.otherwise,
        "leader": evidence.get("leader"),
        "p": evidence.get("p", 1.0),
        "alpha": evidence.get("alpha", 0.05),
        "variants": (run["winner"] and evidence.get("variants")) or rules.tried(counts),
    }

"""What came of a broadcast: figures that are true at the moment somebody looks."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate import links
from fanwheel.loop.operate.broadcasts import reporting_rules as rules
from fanwheel.loop.operate.broadcasts.contracts import Experiment, step_of
from fanwheel.loop.operate.broadcasts.errors import BroadcastNotFoundError

_SQL: Final = sqlfile.load("fanwheel.loop.operate.broadcasts", "reporting.sql")
DAYS: Final = 3
_DECIDED_BY: Final = {"test": "test", "deadline": "deadline", "operator": "hand"}


class Place(NamedTuple):
    """Where a page of people begins: the route and the person before it."""

    occurrence: str = ""
    home_id: int = 0


async def report(tx: Transaction, broadcast_id: int, *, days: int = DAYS) -> dict[str, Any]:
    """The report of a broadcast; what people do within ``days`` after a message counts as its doing.

    Raises
    ------
    BroadcastNotFoundError
        If there is none with that id.
    """
    run = await tx.one_or_none(_SQL["find_run"], broadcast_id=broadcast_id)
    if run is None:
        raise BroadcastNotFoundError(broadcast_id=broadcast_id)
    step = step_of(broadcast_id)
    counts = await tx.all(_SQL["count_intents"], step=step)
    deeds = await count_deeds(tx, step, began_at=run["began_at"], days=days)
    worth = await _worth(tx, counts)
    by_variant = rules.without_empty(rules.group(counts, deeds, by="variant", worth=worth))
    by_route = rules.group(counts, deeds, by="occurrence", worth=worth)
    return {
        "days": days,
        "progress": rules.progress(counts, audience=run["people"] or 0, released=run["released"]),
        "by_route": [_of_route(int(key), row, run["routes"]) for key, row in by_route.items()],
        "by_variant": [{"variant": key, "label": key, **row} for key, row in by_variant.items()],
        "why_not": rules.why_not(counts),
        "series": await _series(tx, step),
        "experiment": _experiment(run, deeds),
        "cost": {
            "amount": sum(row["cost"] for row in by_route.values()),
            "currency": run["currency"],
            "without_rate": sorted({row["cost_currency"] for row in counts} - {None, *worth}),
        },
    }


async def count_deeds(tx: Transaction, step: str, *, began_at: datetime | None, days: int) -> list[Row]:
    """What was done with the messages of a step that went out, by route and variant."""
    if began_at is None:
        return []
    return await tx.all(_SQL["count_deeds"], step=step, days=days, began_at=began_at, humans=["", *links.PROXIES])


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
    if await tx.one_or_none(_SQL["find_run"], broadcast_id=broadcast_id) is None:
        raise BroadcastNotFoundError(broadcast_id=broadcast_id)
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


async def _worth(tx: Transaction, counts: list[Row]) -> Mapping[str, float]:
    """What a millionth of each currency is worth in minor units of the reporting one; none without a rate."""
    currencies = sorted({row["cost_currency"] for row in counts} - {None})
    rows = await tx.all(_SQL["list_worth"], currencies=currencies) if currencies else []
    return {row["currency"]: float(row["minor_per_micro"]) for row in rows if row["minor_per_micro"] is not None}


async def _series(tx: Transaction, step: str) -> list[dict[str, Any]]:
    span = await tx.one(_SQL["find_span"], step=step)
    if span["first_at"] is None:
        return []
    width = rules.stretch(span["last_at"] - span["first_at"])
    rows = await tx.all(_SQL["count_gone"], step=step, width=width)
    return [{"at": row["began_at"], "sent": row["sent"]} for row in rows]


def _of_route(place: int, row: Mapping[str, Any], routes: list[Mapping[str, Any]]) -> dict[str, Any]:
    route = routes[place] if place < len(routes) else {}
    return {"route": place, "channel": route.get("channel", ""), "account_id": route.get("account_id"), **row}


def _experiment(run: Row, deeds: list[Row]) -> dict[str, Any] | None:
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

"""The answer to each question about the product, from an engine that was filled for it."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from fanwheel.infra import sqlfile
from fanwheel.measure.insights import funnels, schemas, values
from fanwheel.measure.insights.service import (
    Answer,
    ClvAsked,
    EventsAsked,
    FunnelAsked,
    PathsAsked,
    Question,
    RfmAsked,
)
from fanwheel.measure.insights.sitting import Sitting

_PACKAGE: Final = "fanwheel.measure.insights"
EVENTS: Final = sqlfile.load(_PACKAGE, "events.sql")
BUYERS: Final = sqlfile.load(_PACKAGE, "buyers.sql")
PATHS: Final = sqlfile.load("fanwheel.measure.attribution", "paths.sql")["paths"]
# Which tables of reports each question needs, and whether it needs events.
NEEDS: Final[Mapping[type[Question], tuple[tuple[str, ...], bool]]] = {
    FunnelAsked: ((), True),
    EventsAsked: ((), True),
    RfmAsked: (("orders",), False),
    ClvAsked: (("orders",), False),
    PathsAsked: (("orders", "touch"), True),
}
_SCORES: Final = 5


def answer(sitting: Sitting, question: Question, *, as_of: datetime) -> Answer:
    """Work one answer out."""
    match question:
        case FunnelAsked():
            return _funnel(sitting, question, as_of)
        case EventsAsked():
            return _events(sitting, as_of)
        case RfmAsked():
            return _rfm(sitting, as_of)
        case ClvAsked():
            return values.report(sitting, BUYERS, as_of=as_of)
        case PathsAsked():
            return _paths(sitting, question, as_of)


def _funnel(sitting: Sitting, asked: FunnelAsked, as_of: datetime) -> schemas.Funnel:
    plan = funnels.plan(
        asked.steps, window_days=asked.window_days, first=asked.first, last=asked.last, zone=sitting.place.time_zone
    )
    people = funnels.count(sitting.engine, plan)
    steps = [
        schemas.FunnelStep(
            name=name,
            people=people[place],
            of_first=people[place] / people[0] if people[0] else None,
            of_previous=people[place] / people[place - 1] if place and people[place - 1] else None,
        )
        for place, name in enumerate(asked.steps)
    ]
    return schemas.Funnel(as_of=as_of, window_days=asked.window_days, steps=steps)


def _events(sitting: Sitting, as_of: datetime) -> schemas.Events:
    rows = sitting.engine.query(EVENTS["event_names"]).to_pylist()
    return schemas.Events(as_of=as_of, items=[schemas.EventName(**row) for row in rows])


def _rfm(sitting: Sitting, as_of: datetime) -> schemas.Rfm:
    engine, today = sitting.engine, sitting.today(as_of)
    for table in ("purchase", "rfm_person"):
        engine.keep(table, BUYERS[table], until_day=today)
    rows = engine.query(BUYERS["rfm"]).to_pylist()
    names = ("recency", "frequency", "people", "revenue_minor")
    return schemas.Rfm(
        as_of=as_of,
        currency=sitting.place.currency,
        cells=[schemas.RfmCell(**{name: row[name] for name in names}) for row in rows],
        bounds=_bounds(rows),
    )


def _bounds(rows: list[dict[str, Any]]) -> schemas.RfmBounds:
    """What each score took, of whoever scored that or better; out of everybody's reach where nobody did."""
    unseen = max((row["most_purchases"] for row in rows), default=0) + 1
    scores = range(1, _SCORES + 1)
    return schemas.RfmBounds(
        recency_days=[max((r["most_days"] for r in rows if r["recency"] >= score), default=0) for score in scores],
        frequency=[min((r["fewest_purchases"] for r in rows if r["frequency"] >= s), default=unseen) for s in scores],
    )


def _paths(sitting: Sitting, asked: PathsAsked, as_of: datetime) -> schemas.Paths:
    table = sitting.engine.query(PATHS, lookback_days=asked.lookback_days)
    names = {str(number): source["name"] for number, source in sitting.place.sources.items()}
    total: dict[tuple[str, ...], list[int]] = {}
    columns = (table[name].to_pylist() for name in ("path", "conversions", "value_minor"))
    for path, conversions, value in zip(*columns, strict=True):
        if conversions:
            # A channel met several times in a row says no more than once, and would part equal ways.
            way = tuple(step for step, _ in groupby(path.split(" > "))) if path else ()
            sums = total.setdefault(way, [0, 0])
            sums[0] += conversions
            sums[1] += value
    best = sorted(total.items(), key=lambda item: (-item[1][0], -item[1][1], item[0]))[: asked.limit]
    rows = [
        schemas.PathRow(channels=[names.get(step, step) for step in way], conversions=sums[0], value_minor=sums[1])
        for way, sums in best
    ]
    return schemas.Paths(as_of=as_of, currency=sitting.place.currency, paths=rows)

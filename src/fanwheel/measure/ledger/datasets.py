"""Reading the four tables of a workspace: events from the lake, the rest from PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fanwheel.infra import lake, sqlfile
from fanwheel.infra.engine import Engine, EngineDownError, EventFiles, WorkspaceReader, open_engine, register_events
from fanwheel.infra.settings import Settings
from fanwheel.kernel.semantics import OWN_DEEDS as _OWN_DEEDS
from fanwheel.measure.ledger.geo_tests import Finding, RegionTest, estimate
from fanwheel.measure.ledger.tables import (
    Columns,
    Tables,
    campaign_holdouts,
    label,
    of_campaign,
    planned_shares,
    wall_clock,
)
from fanwheel.measure.reports import datasets as reports
from fanwheel.measure.reports.datasets import Place
from fanwheel.measure.verdicts import Bounds

_PACKAGE: Final = "fanwheel.measure.ledger"
_SQL: Final = sqlfile.load(_PACKAGE, "datasets.sql")
STATEMENTS: Final = {
    "spend": sqlfile.load(_PACKAGE, "spend.sql")["spend_of_channels"],
    "exposures": sqlfile.load(_PACKAGE, "exposures.sql")["exposures"],
    "assignments": sqlfile.load(_PACKAGE, "assignments.sql")["assignments"],
    "orders": sqlfile.load(_PACKAGE, "orders.sql")["orders_with_referrer"],
    "shares": sqlfile.load(_PACKAGE, "shares.sql")["planned_shares"],
}
OWN_DEEDS: Final = pa.table({"name": sorted(_OWN_DEEDS)})
REGION_REVENUE: Final = sqlfile.load(f"{_PACKAGE}.geo_tests", "region_revenue.sql")["region_revenue"]
_CAMPAIGNS: Final = sqlfile.load(_PACKAGE, "campaigns.sql")["campaigns"]
_LIVING: Final = ("orders", "invite")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDay:
    """What was said of a source on an earlier day; the rest is what looks at its holdout had left possible by then."""

    day: date
    source_id: int
    state: str
    low_minor: int
    estimate_minor: int
    high_minor: int
    compared: str | None = None
    since: date | None = None
    return_low: float | None = None
    return_high: float | None = None
    return_least: float | None = None
    return_most: float | None = None
    changed_on: date | None = None

    def bounds(self, channel: str) -> Bounds | None:
        """What was left possible, for the next look."""
        ends = self.return_low, self.return_high, self.return_least, self.return_most
        if self.compared is None or self.since is None or None in ends:
            return None
        low, high, least, most = (float(end or 0.0) for end in ends)
        return Bounds(
            channel=channel, kind=self.compared, since=self.since, low=low, high=high, least=least, most=most,
            changed_on=self.changed_on,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything that the ledger of one workspace is made of."""

    tables: Tables
    history: list[PastDay]
    truth: Columns  # source_id, day, spend_minor, revenue_minor; empty but for made-up brands
    tests: tuple[Finding, ...] = ()  # by region, of these channels

    def known_before(self, day: date) -> dict[str, Bounds]:
        """By channel, what the looks before a day have left possible."""
        found: dict[str, Bounds] = {}
        for past in self.history:
            source = self.tables.place.sources.get(past.source_id)
            if source is None or past.day >= day:
                continue
            bounds = past.bounds(source["slug"])
            if bounds is not None:
                found[bounds.channel] = bounds
        return found


def read_case(settings: Settings, dsn: str, workspace: int, *, by_campaign: bool = False) -> Case:
    """The case of a workspace as it stands now; by campaign, channels are named by ``tables.of_campaign``."""
    try:
        return _read_once(settings, dsn, workspace, by_campaign=by_campaign)
    except EngineDownError:
        # An erasure takes files away at once, even from under a reader; a new look finds those that replaced them.
        return _read_once(settings, dsn, workspace, by_campaign=by_campaign)


def _read_once(settings: Settings, dsn: str, workspace: int, *, by_campaign: bool) -> Case:
    # Events first: a person who is merged or erased meanwhile is then read as merged or erased.
    as_of = datetime.now(UTC)
    events = lake.snapshot(settings.home, dsn, workspace=workspace)
    with WorkspaceReader(dsn, workspace) as reader:
        place = reports.read_place(reader)
        tables = reports.read_tables(reader)
        history = [PastDay(**row) for row in reader.read(_SQL["history"]).to_pylist()]
        truth = reader.read(_SQL["known_truth"])
        campaign_spend = reader.read(_SQL["campaign_spend"]) if by_campaign else None
        geo_tests = reader.read(_SQL["geo_test"]).to_pylist()
        person_region = reader.read(_SQL["person_region"]) if geo_tests else None
    with open_engine(settings) as engine:
        fill(engine, place, events, tables)
        found = read_tables(engine, place, as_of=as_of)
        if campaign_spend is not None:
            found = _by_campaign(found, _columns(engine.query(_CAMPAIGNS)), _columns(campaign_spend))
        sales = _sales(engine, person_region) if person_region is not None else {}
    tests = [RegionTest(**{**row, "regions": tuple(row["regions"])}) for row in geo_tests]
    return Case(
        tables=found, history=history, truth=_columns(truth),
        tests=tuple(_tested(found, tests, sales, by_campaign=by_campaign)),
    )  # fmt: skip


def fill(engine: Engine, place: Place, events: EventFiles, tables: dict[str, pa.Table]) -> None:
    """Give ``engine`` what the four statements read."""
    for name, table in tables.items():
        if name != "erased":
            engine.table(name, table)
    register_events(engine, events, place.workspace_id, erased=tables["erased"])
    engine.table("own_deed", OWN_DEEDS)
    for name in _LIVING:
        engine.keep(name, reports.KEPT[name], **place.params)


def read_tables(engine: Engine, place: Place, *, as_of: datetime) -> Tables:
    """The four tables, from an engine that was filled."""
    found = {name: _columns(engine.query(sql, **place.params)) for name, sql in STATEMENTS.items()}
    zone = ZoneInfo(place.time_zone)
    spend, exposures, assignments, orders, shares = (found[name] for name in STATEMENTS)
    return Tables(
        place=place,
        as_of=as_of,
        spend={
            "channel": _slugs(place, spend["source_id"]),
            "day": spend["spent_on"],
            "amount": spend["amount_minor"].astype(np.float64),
        },
        exposures={
            "person": exposures["person_id"],
            "channel": _slugs(place, exposures["source_id"]),
            "at": wall_clock(exposures["occurred_at"], zone),
            "ghost": exposures["is_ghost"],
        },
        assignments={
            "person": assignments["person_id"],
            "holdout": assignments["holdout"].astype(np.str_),
            "since": wall_clock(assignments["since_at"], zone),
        },
        orders={
            "person": orders["person_id"],
            "at": wall_clock(orders["placed_at"], zone),
            "value": orders["net_minor"].astype(np.float64),
            "referrer": orders["referrer_id"],
        },
        shares=planned_shares(shares["holdout"].tolist(), shares["share"].tolist()),
    )


def _by_campaign(tables: Tables, met: Columns, spent: Columns) -> Tables:
    """The same case with campaigns for channels, each proven by a holdout of its own if there is one."""
    place = tables.place
    is_known = ~np.isnan(spent["amount_minor"].astype(np.float64))
    spend = {
        "channel": of_campaign(_slugs(place, spent["source_id"]), spent["campaign"])[is_known],
        "day": spent["spent_on"][is_known],
        "amount": spent["amount_minor"].astype(np.float64)[is_known],
    }
    exposures = {
        "person": met["person_id"],
        "channel": of_campaign(_slugs(place, met["source_id"]), met["campaign"]),
        "at": wall_clock(met["occurred_at"], ZoneInfo(place.time_zone)),
        "ghost": met["is_ghost"],
    }
    campaigns = np.union1d(spend["channel"], exposures["channel"]).tolist()
    return campaign_holdouts(replace(tables, first_day=tables.first_held, spend=spend, exposures=exposures), campaigns)


def _sales(engine: Engine, person_region: pa.Table) -> Columns:
    engine.table("person_region", person_region)
    return _columns(engine.query(REGION_REVENUE))


def _tested(tables: Tables, tests: list[RegionTest], sales: Columns, *, by_campaign: bool) -> Iterator[Finding]:
    """What geo tests show of channels, or by campaign of campaigns."""
    for test in tests:
        source = tables.place.sources.get(test.source_id)
        if source is not None and (test.campaign is not None) == by_campaign:
            channel = source["slug"] if test.campaign is None else label(source["slug"], test.campaign)
            yield estimate(test, channel=channel, sales=sales, spend=tables.spend)


def _columns(table: pa.Table) -> Columns:
    return {name: _array(table.column(name).combine_chunks()) for name in table.column_names}


def _array(values: Any) -> NDArray[Any]:
    """Instants as microseconds, days as days, missing numbers as NaN."""
    if pa.types.is_timestamp(values.type):
        values = values.cast(pa.timestamp("us", values.type.tz)).cast(pa.int64())
    array: NDArray[Any] = values.to_numpy(zero_copy_only=False)
    return array


def _slugs(place: Place, source_ids: NDArray[np.int64]) -> NDArray[np.str_]:
    """The slug of each source; sources that are gone have none and bear their number."""
    known, index = np.unique(source_ids, return_inverse=True)
    names = [place.sources[int(one)]["slug"] if int(one) in place.sources else f"#{one}" for one in known]
    return np.array(names, dtype=np.str_)[index.reshape(-1)] if names else np.zeros(0, dtype="<U1")

"""The logical tables that statements may use, and the cubes that the statements make of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from fanwheel.infra import sqlfile
from fanwheel.infra.engine import Engine, EventFiles, WorkspaceReader, register_events
from fanwheel.measure.reports import tree
from fanwheel.measure.reports.cubes import Book, cube
from fanwheel.measure.reports.rules import LOOKBACK_DAYS

_PACKAGE: Final = "fanwheel.measure.reports"
_DATASETS: Final = sqlfile.load(_PACKAGE, "datasets.sql")
MOST_MEMBERS: Final = 1000  # of the referral tree that a book keeps
_TABLES: Final = ("person_map", "erased", "home_order", "home_consent", "home_invite", "spend")
# Worked out once per book because several statements read them.
KEPT: Final[Mapping[str, str]] = {
    **sqlfile.load(_PACKAGE, "living.sql"),
    "touch": sqlfile.load(_PACKAGE, "touch.sql")["touch"],
    "reach": sqlfile.load(_PACKAGE, "reach.sql")["reach"],
}
CUBES: Final[Mapping[str, str]] = {
    "stages": sqlfile.load(_PACKAGE, "stages.sql")["stages"],
    "crossings": sqlfile.load(_PACKAGE, "crossings.sql")["crossings"],
    "domains": sqlfile.load(_PACKAGE, "domains.sql")["domains"],
    "links": sqlfile.load(_PACKAGE, "links.sql")["links"],
    "fans": sqlfile.load(_PACKAGE, "fans.sql")["fans"],
    "totals": sqlfile.load(_PACKAGE, "totals.sql")["totals"],
    "spend": sqlfile.load(_PACKAGE, "spend.sql")["spend_by_day"],
    "attribution": sqlfile.load(_PACKAGE, "attribution_last_touch.sql")["attribution_last_touch"],
    "cohorts": sqlfile.load(_PACKAGE, "cohorts.sql")["cohorts"],
    "referral_tree": sqlfile.load(_PACKAGE, "referral.sql")["referral_tree"],
    "referral_totals": sqlfile.load(_PACKAGE, "referral.sql")["referral_totals"],
    "referral_months": sqlfile.load(_PACKAGE, "referral.sql")["referral_months"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What reports need to know about a workspace itself."""

    workspace_id: int
    time_zone: str
    currency: str
    sources: Mapping[int, Mapping[str, str]]

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of every statement."""
        return {"time_zone": self.time_zone, "lookback_days": LOOKBACK_DAYS}


def read_place(reader: WorkspaceReader) -> Place:
    """The workspace's time zone, currency and sources."""
    (row,) = reader.read(_DATASETS["place"]).to_pylist()
    sources = reader.read(_DATASETS["source"]).to_pylist()
    return Place(
        workspace_id=row["workspace_id"],
        time_zone=row["time_zone"],
        currency=row["reporting_currency"],
        sources={
            source["source_id"]: {name: source[name] for name in ("slug", "name", "domain")} for source in sources
        },
    )


def read_installation(reader: WorkspaceReader) -> str:
    """What tells this database from any other; a restore changes it."""
    (row,) = reader.read(_DATASETS["installation"]).to_pylist()
    name: str = row["installation"]
    return name


def read_tables(reader: WorkspaceReader) -> dict[str, pa.Table]:
    """Every table that statements use beside the events."""
    return {name: reader.read(_DATASETS[name]) for name in _TABLES}


def fill(
    engine: Engine,
    place: Place,
    events: EventFiles,
    tables: Mapping[str, pa.Table],
    *,
    kept: Collection[str] = tuple(KEPT),
) -> None:
    """Give ``engine`` all logical tables of one workspace, of those in ``KEPT`` only some if asked."""
    for name, table in tables.items():
        if name != "erased":
            engine.table(name, table)
    register_events(engine, events, place.workspace_id, erased=tables["erased"])
    for name, sql in KEPT.items():
        if name in kept:
            engine.keep(name, sql, **place.params)


def write_book(engine: Engine, place: Place, *, as_of: datetime) -> Book:
    """Every cube, from an engine that was filled."""
    cubes = {name: cube(engine.query(sql, **place.params)) for name, sql in CUBES.items()}
    branches = tree.largest(cubes.pop("referral_tree"), MOST_MEMBERS)
    return Book(
        as_of=as_of,
        time_zone=place.time_zone,
        currency=place.currency,
        sources=place.sources,
        cubes=cubes,
        branches=branches,
    )

"""What a formula that is not saved would come to, for some of the people who were seen last."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from fanwheel.cdp.computed.aggregates import Value, compile_formula
from fanwheel.cdp.computed.formula import Formula
from fanwheel.cdp.computed.repository import ComputedRepository
from fanwheel.cdp.events import timeline
from fanwheel.cdp.segments import digest
from fanwheel.cdp.segments.live.taking import Heard
from fanwheel.cdp.segments.metrics import Matcher
from fanwheel.cdp.segments.rules.moments import epoch_us
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings

if TYPE_CHECKING:
    from fanwheel.infra.engine import Engine

_SQL: Final = sqlfile.load("fanwheel.cdp.computed", "sample.sql")
_LOOKED_AT: Final = 200
# In a large workspace people of so few buckets are looked at, so that few files are opened.
_BUCKETS: Final = 2


class Sampled(NamedTuple):
    """What the formula comes to for a person."""

    person_id: int
    value: Value


class Sample(NamedTuple):
    """People for whom the formula comes to something, first, and how many people were looked at."""

    people: list[Sampled]
    looked_at: int


async def sample(
    settings: Settings, db: Database, workspace: int, formula: Formula, *, now: datetime, limit: int
) -> Sample:
    """What ``formula`` comes to at ``now`` for up to ``limit`` people; those without a value come last."""
    async with db.transaction(workspace) as tx:
        repository = ComputedRepository(tx)
        owners = _few(await repository.list_recent(most=_LOOKED_AT))
        zone = ZoneInfo(await repository.find_zone())
    heard = await asyncio.to_thread(_hear, settings, db.dsn, workspace, formula, owners) if owners else {}
    numbers = {metric: number for number, metric in enumerate(formula.metrics)}
    compiled, found = compile_formula(formula, numbers=numbers), []
    for person_id in dict.fromkeys(owners.values()):
        known = heard.get(person_id, Heard())
        series = digest.decode(digest.add(digest.EMPTY, known.events))
        found.append(Sampled(person_id, compiled.evaluate(series, known.words, epoch_us(now), zone).value))
    found.sort(key=lambda each: each.value is None or each.value == 0)
    return Sample(found[:limit], len(found))


def _few(homes: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The person of each home, for people whose events lie close together, unless they are few."""
    from fanwheel.infra.lake import BUCKETS

    people = dict.fromkeys(person for _, person in homes)
    if len(people) < _LOOKED_AT:
        return dict(homes)
    chosen = list(dict.fromkeys(person % BUCKETS for person in people))[:_BUCKETS]
    return {home: person for home, person in homes if person % BUCKETS in chosen}


def _hear(
    settings: Settings, dsn: str, workspace: int, formula: Formula, owners: Mapping[int, int]
) -> dict[int, Heard]:
    """What would be remembered of people; erasures may take files away from under a reader, which then looks again."""
    from fanwheel.infra.engine import EngineDownError

    try:
        return _hear_once(settings, dsn, workspace, formula, owners)
    except EngineDownError:
        return _hear_once(settings, dsn, workspace, formula, owners)


def _hear_once(
    settings: Settings, dsn: str, workspace: int, formula: Formula, owners: Mapping[int, int]
) -> dict[int, Heard]:
    from fanwheel.infra import lake
    from fanwheel.infra.engine import WorkspaceReader, open_duckdb, register_events

    matcher = Matcher(dict(enumerate(formula.metrics)))
    events = timeline.files_of(lake.snapshot(settings.home, dsn, workspace=workspace), owners)
    with WorkspaceReader(dsn, workspace) as reader:
        erased = reader.read(_SQL["erased"])
    with open_duckdb(settings) as engine:
        register_events(engine, events, workspace, erased=erased)
        rows = _select(engine, owners, sorted({name for _, name in matcher.names}))
    heard: dict[int, Heard] = {}
    for row in rows:
        read = matcher.read(row["kind"], row["name"], row["properties"])
        known = heard.setdefault(owners[row["home_id"]], Heard())
        known.add(read, row["at_us"], digest.short_id(row["event_id"].hex()))
    return heard


def _select(engine: "Engine", homes: Mapping[int, int], names: Sequence[str]) -> list[dict[str, Any]]:
    import pyarrow as pa

    engine.table("wanted", pa.table({"home_id": pa.array(list(homes), pa.int64())}))
    engine.table("asked", pa.table({"name": pa.array(names, pa.string())}))
    rows: list[dict[str, Any]] = engine.query(_SQL["events_of"]).to_pylist()
    return rows

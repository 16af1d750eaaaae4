"""Backfill: what happened before a metric was known is remembered as well, from the lake and what is not yet there.

Metrics are stored first, and a slice of the stream that began before is waited for. From then on whatever is read from
the stream is remembered anyway, and everything before it is in the snapshot. What is in both counts once, because
digests know events by their ids; so a backfill that was cut short is simply begun again.
"""

import asyncio
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from fanwheel.cdp.events import consumer
from fanwheel.cdp.segments.live import taking
from fanwheel.cdp.segments.live.repository import LiveRepository
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from fanwheel.cdp.segments.digest import Remembered
    from fanwheel.cdp.segments.metrics import Matcher

_PROJECTOR: Final = "projector"  # who remembers events as they come; fanwheel.loop.wheel runs it
_HOMES_AT_ONCE: Final = 2_000
_ROWS_AT_ONCE: Final = 50_000
_SQL: Final = sqlfile.load("fanwheel.cdp.segments.live", "backfill.sql")

Found = dict[int, list["Remembered"]]


async def fill(settings: Settings, db: Database, workspace: int, metrics: Collection[int]) -> None:
    """Remember everything that happened before for ``metrics``, then note that they are ready."""
    async with db.transaction(workspace) as tx:
        await consumer.hold(tx, _PROJECTOR)
        matcher = await taking.make_matcher(LiveRepository(tx), metrics)
    parts = _read(settings, db.dsn, workspace, matcher)
    while (found := await asyncio.to_thread(next, parts, None)) is not None:
        homes = sorted(found)
        for begin in range(0, len(homes), _HOMES_AT_ONCE):
            await _remember(db, workspace, {home: found[home] for home in homes[begin : begin + _HOMES_AT_ONCE]})
    async with db.transaction(workspace) as tx:
        live = LiveRepository(tx)
        await live.finish_metrics(metrics)


async def _remember(db: Database, workspace: int, found: Found) -> None:
    async with db.transaction(workspace) as tx:
        live = LiveRepository(tx)
        await live.lock_parts()
        # An erasure, which deletes parts after identifiers, either waits and finds them or has left nothing to fill.
        held = await live.hold_homes(found)
        await taking.remember(live, {home: told for home, told in found.items() if home in held})


def _read(settings: Settings, dsn: str, workspace: int, matcher: "Matcher") -> Iterator[Found]:
    """What there is to remember, some homes at a time; a home may come several times."""
    # Heavy, and not needed where no segment asks for events.
    import pyarrow as pa

    from fanwheel.infra import lake
    from fanwheel.infra.engine import open_engine, register_events

    names = sorted(matcher.names)
    wanted = {
        "kind": pa.array([kind for kind, _ in names], pa.int16()),
        "name": pa.array([name for _, name in names], pa.string()),
        "is_told": pa.array([matcher.needs_properties(*each) for each in names], pa.bool_()),
    }
    events = lake.snapshot(settings.home, dsn, workspace=workspace)
    nobody = pa.table({"home_id": pa.array([], pa.int64())})  # whoever was erased is left out when it is written
    with open_engine(settings) as engine:
        register_events(engine, events, workspace, erased=nobody)
        engine.table("wanted", pa.table(wanted))
        for batch in engine.stream(_SQL["wanted_events"]):
            for begin in range(0, batch.num_rows, _ROWS_AT_ONCE):
                yield _match(batch.slice(begin, _ROWS_AT_ONCE), matcher)


def _match(rows: "pa.RecordBatch", matcher: "Matcher") -> Found:
    from fanwheel.cdp.segments.digest import Remembered

    found: Found = {}
    columns = ("event_id", "home_id", "kind", "name", "at_us", "properties")
    for event_id, home, kind, name, at_us, told in zip(*(rows[column].to_pylist() for column in columns), strict=True):
        for metric, value in matcher.read(kind, name, told):
            short = int.from_bytes(event_id[-8:], "big", signed=True)
            found.setdefault(home, []).append(Remembered(metric, at_us, short, value))
    return found

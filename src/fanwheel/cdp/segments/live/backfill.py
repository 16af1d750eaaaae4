"""Backfill: what happened before a metric was known is remembered as well, from the lake and what is not yet there.

Metrics are stored first, and a slice of the stream that began before is waited for. From then on whatever is read from
the stream is remembered anyway, and everything before it is in the snapshot. What is in both counts once, because
digests know events by their ids; so a backfill that was cut short is simply begun again.
"""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from fanwheel.cdp.events import consumer
from fanwheel.cdp.segments.live import taking
from fanwheel.cdp.segments.live.contracts import Part
from fanwheel.cdp.segments.live.repository import LiveRepository
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings

if TYPE_CHECKING:
    from fanwheel.cdp.segments.analytic import Told
    from fanwheel.cdp.segments.facts import Series
    from fanwheel.cdp.segments.metrics import Metric
    from fanwheel.cdp.segments.rules.words import Scalar

_PROJECTOR: Final = "projector"  # who remembers events as they come; fanwheel.loop.wheel runs it
_HOMES_AT_ONCE: Final = 2_000
_EVENTS_AT_ONCE: Final = 500_000


class Past(NamedTuple):
    """What is to be remembered of a home: a digest, and the words that it names by their bits."""

    digest: bytes
    words: "Mapping[int, Scalar]"


async def fill(settings: Settings, db: Database, workspace: int, metrics: Collection[int]) -> None:
    """Remember everything that happened before for ``metrics``, then note that they are ready."""
    from fanwheel.cdp.segments.metrics import Metric

    async with db.transaction(workspace) as tx:
        await consumer.hold(tx, _PROJECTOR)
        rows = await LiveRepository(tx).list_metrics()
    asked = {row["metric_id"]: Metric.read(row["spec"]) for row in rows if row["metric_id"] in metrics}
    parts = _read(settings, db.dsn, workspace, asked)
    while (found := await asyncio.to_thread(next, parts, None)) is not None:
        homes = sorted(found)
        for begin in range(0, len(homes), _HOMES_AT_ONCE):
            await _remember(db, workspace, {home: found[home] for home in homes[begin : begin + _HOMES_AT_ONCE]})
    async with db.transaction(workspace) as tx:
        await LiveRepository(tx).finish_metrics(metrics)


async def _remember(db: Database, workspace: int, found: Mapping[int, Past]) -> None:
    from fanwheel.cdp.segments import digest

    async with db.transaction(workspace) as tx:
        live = LiveRepository(tx)
        await live.lock_parts()
        # An erasure, which deletes parts after identifiers, either waits and finds them or has left nothing to fill.
        homes = await live.hold_homes(found)
        known = await live.load_parts(homes)
        wanted = frozenset(await live.list_metric_ids())
        both = {}
        for home in homes:
            # Meanwhile nobody may ask for some of it any more.
            fresh, held = digest.only(found[home].digest, wanted), known.get(home, Part(digest.EMPTY))
            packed = digest.encode(digest.merge([held.digest, fresh])) if home in known else fresh
            both[home] = Part(packed, taking.with_words(held.words, found[home].words))
        if changed := {home: part for home, part in both.items() if part != known.get(home, Part(digest.EMPTY))}:
            await live.put_parts(changed)


def _read(settings: Settings, dsn: str, workspace: int, metrics: Mapping[int, "Metric"]) -> Iterator[dict[int, Past]]:
    """What there is to remember of some homes at a time; a home may come several times."""
    # Engines are heavy, and not needed where no segment asks for events.
    from fanwheel.cdp.segments import analytic

    waiting: list[Told] = []
    size = 0
    for told in analytic.backfill(settings, dsn, workspace, metrics):
        waiting.append(told)
        size += len(told.times)
        if size >= _EVENTS_AT_ONCE:
            yield _pack(waiting)
            waiting, size = [], 0
    if waiting:
        yield _pack(waiting)


def _pack(waiting: Iterable["Told"]) -> dict[int, Past]:
    from fanwheel.cdp.segments import digest

    found: dict[int, dict[int, list[Series]]] = {}
    words: dict[int, dict[int, Scalar]] = {}
    for told in waiting:
        found.setdefault(told.home_id, {}).setdefault(told.metric, []).append(_series(told))
        if told.words:
            words.setdefault(told.home_id, {}).update(told.words)
    packed = {}
    for home, metrics in found.items():
        # Parts of one metric, which few homes have, are joined as those of several homes are.
        apart = [{metric: some[place] for metric, some in metrics.items() if place < len(some)}
                 for place in range(max(map(len, metrics.values())))]  # fmt: skip
        whole = apart[0] if len(apart) == 1 else digest.merge(digest.encode(each) for each in apart)
        packed[home] = Past(digest.encode(whole), words.get(home, {}))
    return packed


def _series(told: "Told") -> "Series":
    from array import array

    import numpy as np

    from fanwheel.cdp.segments.facts import Series

    order = np.lexsort((told.ids, told.times))
    times, ids, values = (
        None if each is None else array("q", each[order].astype(np.int64).tobytes())
        for each in (told.times, told.ids, told.values)
    )
    assert times is not None
    assert ids is not None
    return Series(times, ids, values)

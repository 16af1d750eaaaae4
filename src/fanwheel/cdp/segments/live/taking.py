"""Taking events in: what they mean for the metrics of segments is remembered with their homes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from fanwheel.cdp.segments.live.repository import LiveRepository
from fanwheel.infra.postgres import Transaction

if TYPE_CHECKING:
    from fanwheel.cdp.events.consumer import StreamEvent
    from fanwheel.cdp.segments.digest import Remembered
    from fanwheel.cdp.segments.metrics import Matcher

_MADE_AT_ONCE: Final = 5_000


class Taker:
    """Remembers events as they come; one for each reader of the stream, which asks it for names first."""

    def __init__(self) -> None:
        self._ids: dict[int, tuple[int, ...]] = {}
        self._matchers: dict[int, Matcher] = {}

    async def list_names(self, tx: Transaction) -> list[str]:
        """Names of the events that metrics read; until the transaction ends nobody else remembers events."""
        live, workspace = LiveRepository(tx), tx.workspace
        assert workspace is not None
        if not await live.list_metric_ids():
            self._ids.pop(workspace, None)
            self._matchers.pop(workspace, None)
            return []
        await live.lock_parts()
        ids = await live.list_metric_ids()
        if ids != self._ids.get(workspace):
            self._matchers[workspace] = await make_matcher(live)
            self._ids[workspace] = ids
        return sorted({name for _, name in self._matchers[workspace].names})

    async def take(self, tx: Transaction, events: Sequence["StreamEvent"], homes: Collection[int]) -> None:
        """Remember ``events``; those of others than ``homes`` were erased."""
        assert tx.workspace is not None
        matcher = self._matchers.get(tx.workspace)
        if matcher is None:
            return
        from fanwheel.cdp.segments.digest import Remembered, short_id

        found: dict[int, list[Remembered]] = {}
        for event in events:
            # Only events of the names asked for came with their ids.
            if event.event_id and event.home_id in homes:
                for metric, value in matcher.read(event.kind, event.name, event.properties):
                    told = Remembered(metric, event.at_us, short_id(event.event_id), value)
                    found.setdefault(event.home_id, []).append(told)
        await remember(LiveRepository(tx), found)


async def make_matcher(live: LiveRepository) -> "Matcher":
    """What tells to which metrics an event belongs."""
    from fanwheel.cdp.segments.metrics import Matcher, Metric

    return Matcher({row["metric_id"]: Metric.read(row["spec"]) for row in await live.list_metrics()})


async def remember(live: LiveRepository, found: Mapping[int, Iterable["Remembered"]]) -> None:
    """Add events to what is remembered of homes; whoever calls holds the lock of parts."""
    from fanwheel.cdp.segments import digest

    homes = sorted(found)
    for begin in range(0, len(homes), _MADE_AT_ONCE):
        some = homes[begin : begin + _MADE_AT_ONCE]
        known = await live.load_parts(some)
        fresh = {home: digest.add(known.get(home, digest.EMPTY), found[home]) for home in some}
        if changed := {home: packed for home, packed in fresh.items() if packed != known.get(home)}:
            await live.put_parts(changed)

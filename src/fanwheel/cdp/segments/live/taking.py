"""Taking events in: what they mean for the metrics of segments is remembered with their homes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from fanwheel.cdp.segments.live.contracts import Part
from fanwheel.cdp.segments.live.repository import LiveRepository
from fanwheel.infra.postgres import Transaction

if TYPE_CHECKING:
    from fanwheel.cdp.events.consumer import StreamEvent
    from fanwheel.cdp.segments.digest import Remembered
    from fanwheel.cdp.segments.metrics import Matcher
    from fanwheel.cdp.segments.rules.words import Scalar, Word

_MADE_AT_ONCE: Final = 5_000
read_words: Final = msgspec.json.Decoder(dict[int, str | int | float | bool]).decode


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

    async def take(
        self, tx: Transaction, events: Sequence["StreamEvent"], homes: Collection[int]
    ) -> dict[int, set[int]]:
        """Remember ``events``; those of others than ``homes`` were erased. By home, the metrics that remember more."""
        assert tx.workspace is not None
        matcher = self._matchers.get(tx.workspace)
        if matcher is None:
            return {}
        from fanwheel.cdp.segments.digest import short_id

        found: dict[int, Heard] = {}
        for event in events:
            # Only events of the names asked for came with their ids.
            if event.event_id and event.home_id in homes:
                read = matcher.read(event.kind, event.name, event.properties)
                if read:
                    heard = found.get(event.home_id) or found.setdefault(event.home_id, Heard())
                    heard.add(read, event.at_us, short_id(event.event_id))
        await remember(LiveRepository(tx), found)
        return {home: {event.metric for event in heard.events} for home, heard in found.items()}


class Heard:
    """What is to be remembered of a home."""

    __slots__ = ("events", "words")

    def __init__(self) -> None:
        self.events: list[Remembered] = []
        self.words: dict[int, Scalar] = {}

    def add(self, read: "Iterable[tuple[int, int | Word | None]]", at_us: int, event_id: int) -> None:
        """An event, with what metrics read of it."""
        from fanwheel.cdp.segments.digest import Remembered

        for metric, value in read:
            if isinstance(value, tuple):
                self.words[value.key] = value.value
                # Each word of an event counts by itself.
                self.events.append(Remembered(metric, at_us, event_id ^ value.key, value.key))
            else:
                self.events.append(Remembered(metric, at_us, event_id, value))


async def make_matcher(live: LiveRepository) -> "Matcher":
    """What tells to which metrics an event belongs."""
    from fanwheel.cdp.segments.metrics import Matcher, Metric

    return Matcher({row["metric_id"]: Metric.read(row["spec"]) for row in await live.list_metrics()})


async def remember(live: LiveRepository, found: Mapping[int, Heard]) -> None:
    """Add events to what is remembered of homes; whoever calls holds the lock of parts."""
    from fanwheel.cdp.segments import digest

    homes = sorted(found)
    for begin in range(0, len(homes), _MADE_AT_ONCE):
        some = homes[begin : begin + _MADE_AT_ONCE]
        known = await live.load_parts(some)
        fresh = {}
        for home in some:
            held = known.get(home, Part(digest.EMPTY))
            packed = digest.add(held.digest, found[home].events)
            fresh[home] = Part(packed, with_words(held.words, found[home].words))
        if changed := {home: part for home, part in fresh.items() if part != known.get(home)}:
            await live.put_parts(changed)


def with_words(told: str | None, words: "Mapping[int, Scalar]") -> str | None:
    """Words as they are kept with some more; the same words are always written alike."""
    if not words:
        return told
    known = {} if told is None else read_words(told)
    if known.keys() >= words.keys():
        return told
    both = {**known, **words}
    return msgspec.json.encode({bits: both[bits] for bits in sorted(both)}).decode()

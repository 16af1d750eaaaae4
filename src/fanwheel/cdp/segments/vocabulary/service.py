"""The words of workspaces, kept for a few minutes: a picker opens at once, and what is old is renewed behind it."""

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import Any, Final

import msgspec
import structlog

from fanwheel.cdp.segments.layers import BY_TRAIT
from fanwheel.cdp.segments.vocabulary.contracts import Defined, Event, Known, Layer, Words
from fanwheel.cdp.segments.vocabulary.observing import Observed
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.settings import Settings
from fanwheel.kernel.domain import Stage
from fanwheel.kernel.errors import FanwheelError

_log: Final = structlog.get_logger()
_SQL: Final = sqlfile.load("fanwheel.cdp.segments.vocabulary")
_FRESH_S: Final = 60.0
_MOST_WORKSPACES: Final = 100
_MOST_PEOPLE: Final = 3_000
_MOST_WORDS: Final = 500
_MOST_TRAITS: Final = 200


class Vocabulary:
    """Gathers what a workspace has to choose from; one of them serves a process."""

    def __init__(self, settings: Settings, dsn: str) -> None:
        self._settings = settings
        self._dsn = dsn
        self._kept: dict[int, tuple[float, Words]] = {}
        self._gathering: dict[int, asyncio.Task[Words]] = {}

    async def get(self, db: Database, workspace: int) -> Words:
        """What there is to choose from, at most a minute old, or what there was while it is gathered anew."""
        made_at, words = self._kept.get(workspace, (0.0, None))
        if words is not None and monotonic() - made_at < _FRESH_S:
            return words
        task = self._gathering.get(workspace)
        if task is None:
            task = self._gathering[workspace] = asyncio.create_task(self._gather(db, workspace))
            task.add_done_callback(lambda done: self._finish(workspace, done))
        return words if words is not None else await asyncio.shield(task)

    def _finish(self, workspace: int, done: asyncio.Task[Words]) -> None:
        self._gathering.pop(workspace, None)
        if not done.cancelled() and (error := done.exception()) is not None:
            # Whoever waited is told as well; those who were given older words are not.
            _log.warning("the words for rules cannot be gathered", error=type(error).__name__)

    def close(self) -> None:
        """Gather no more."""
        for task in self._gathering.values():
            task.cancel()

    async def _gather(self, db: Database, workspace: int) -> Words:
        async with db.transaction(workspace) as tx:
            words = await _of_people(tx, await self._events(workspace))
        if len(self._kept) >= _MOST_WORKSPACES:
            self._kept.pop(min(self._kept, key=lambda each: self._kept[each][0]))
        self._kept[workspace] = (monotonic(), words)
        return words

    async def _events(self, workspace: int) -> Sequence[Event]:
        from fanwheel.cdp.segments.vocabulary.events import read_events

        try:
            return await asyncio.to_thread(read_events, self._settings, self._dsn, workspace)
        except FanwheelError as error:
            # The rest of the words is of use all the same; names of events can be typed.
            _log.warning("names of events cannot be read", error=error.message)
            return ()


async def list_defined(tx: Transaction) -> Defined:
    """The tags and layers that users have defined, as they are now."""
    tags = await tx.all(_SQL["list_defined_tags"], most=_MOST_WORDS)
    layers = [
        Layer(row["key"], row["classes"], row["name"], dict(zip(row["classes"], row["class_names"], strict=True)))
        for row in await tx.all(_SQL["list_defined_layers"])
    ]
    return Defined({row["tag"]: row["label"] for row in tags}, layers)


async def _of_people(tx: Transaction, events: Sequence[Event]) -> Words:
    observed = Observed()
    channels: set[str] = set()
    for row in await tx.all(_SQL["sample_people"], most=_MOST_PEOPLE):
        observed.add(msgspec.json.decode(row["traits"]), person=row["person_id"])
        channels.update(row["channels"])
    channels.update(row["channel"] for row in await tx.all(_SQL["list_channels"]))
    traits = observed.known()[:_MOST_TRAITS]
    return Words(
        events=events,
        traits=[trait for trait in traits if "." not in trait.name],
        tags=[row["tag"] for row in await tx.all(_SQL["list_tags"], most=_MOST_WORDS)],
        layers=_layers(traits),
        channels=sorted(channels),
        sources=[(row["slug"], row["name"]) for row in await tx.all(_SQL["list_sources"], most=_MOST_WORDS)],
    )


def _layers(traits: Sequence[Known]) -> list[Layer]:
    values: dict[str, Sequence[Any]] = {trait.name: trait.values for trait in traits}
    known = [Layer(name, sorted(map(str, values[name]))) for name in BY_TRAIT if values.get(name)]
    return [Layer("stage", [stage.label for stage in Stage]), *known]

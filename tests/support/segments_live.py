"""Segments of one workspace with a clock of their own: rules in, events in, who is in out."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from pyroaring import BitMap

from fanwheel.cdp import segments
from fanwheel.cdp.events.consumer import Consumer
from fanwheel.cdp.segments import service
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.settings import Settings
from fanwheel.loop.wheel import Projector, projector
from fanwheel.loop.wheel.service import _fold_all_noted
from tests.support.stream import NOON, Stream

T = TypeVar("T")
Json = dict[str, Any]


class Crowd(Stream):
    """A stream of events with segments over it; ``now`` is the judge's clock."""

    wholesale_from = 1_000_000

    def __init__(self, dsn: str, home: Path, *, time_zone: str = "UTC") -> None:
        super().__init__(dsn)
        self.rows(
            "UPDATE workspace SET time_zone = %(zone)s WHERE workspace_id = %(workspace)s RETURNING 1", zone=time_zone
        )
        self.now = NOON + timedelta(days=1)
        self.settings = Settings(home=home)
        self._runner = asyncio.Runner()
        self._database = self._runner.run(Database.open(dsn, max_size=4))

    def close(self) -> None:
        """Give every connection back."""
        self._runner.run(self._database.close())
        self._runner.close()
        super().close()

    def project(self, consumer: Consumer | Projector | None = None) -> int:
        """Run the projector until nothing is left; how many events it took."""
        return self._runner.run(self.read(self._database, consumer))

    async def read(self, db: Database, consumer: Consumer | Projector | None = None) -> int:
        """The same, through another pool."""
        reader, taken = consumer or projector(), 0
        while step := await reader.run_once(db):
            taken += step
        return taken

    def run(self, work: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
        """What ``work`` returns, with a pool of the application."""
        return self._runner.run(work(self._database))

    def act(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """What ``work`` returns, in a transaction of its own."""

        async def run() -> T:
            async with self._database.transaction(self.workspace) as tx:
                return await work(tx)

        return self._runner.run(run())

    def judge(self) -> segments.Judge:
        """A worker's judge, which knows nothing yet."""
        return segments.Judge(clock=lambda: self.now, most=3)

    def settle(self) -> None:
        """Build and judge until nothing is left to do now."""
        self._runner.run(self._settle())

    async def _settle(self) -> None:
        judge = self.judge()
        await _fold_all_noted(self._database, self.workspace)
        if self.rows("SELECT 1 FROM list_segment_work() WHERE workspace_id = %(workspace)s AND is_building"):
            builder = segments.Builder(self.settings, judge, at_once=3, wholesale_from=self.wholesale_from)
            await builder.build(self._database, self.workspace)
            await _fold_all_noted(self._database, self.workspace)
        while (await judge.judge(self._database, self.workspace)).judged:
            pass

    def save(self, name: str, condition: Json) -> int:
        """A segment that waits to be built."""
        told = json.dumps({"version": 1, "condition": condition})
        return self.act(lambda tx: service.create(tx, name=name, rule=told, actor="user:1"))

    def make(self, name: str, condition: Json) -> int:
        """A segment that was built."""
        segment_id = self.save(name, condition)
        self.settle()
        return segment_id

    def change(self, segment_id: int, condition: Json) -> None:
        """Another rule for a segment."""
        told = json.dumps({"version": 1, "condition": condition})
        self.act(lambda tx: service.update(tx, segment_id, rule=told))
        self.settle()

    def pass_time(self, **span: float) -> None:
        """Let the clock go on, and the judge do what is due."""
        self.now += timedelta(**span)
        self.settle()

    def hear(self, *events: Any) -> None:
        """Let events in and judge whom they touch."""
        self.tell(*events)
        self.settle()

    def members(self, segment_id: int) -> set[str]:
        """Who is in, by their oldest identifier; the bitmap and the rows of people say the same."""
        ids = self.act(lambda tx: service.members(tx, segment_id, limit=10_000))
        assert ids == sorted(set(ids))
        kept = self.rows(
            "SELECT person_id FROM segment_person WHERE workspace_id = %(workspace)s AND %(segment)s = ANY (members)",
            segment=segment_id,
        )
        assert ids == sorted(row["person_id"] for row in kept)
        named = {home: who for who, home in self._homes.items()}
        return {named.get(person, str(person)) for person in ids}

    def all_members(self) -> dict[int, set[str]]:
        """Who is in each segment by the bitmaps."""
        found: dict[int, set[str]] = {}
        named = {home: who for who, home in self._homes.items()}
        for row in self.rows(
            "SELECT segment_id, chunk, members FROM segment_bitmap WHERE workspace_id = %(workspace)s"
        ):
            ids = [(row["chunk"] << 16) + low for low in BitMap.deserialize(row["members"])]
            found.setdefault(row["segment_id"], set()).update(named[person] for person in ids)
        return found

    def facts(self, segment_id: int) -> list[tuple[str, str, str]]:
        """Entries and exits: who, which, why."""
        named = {home: who for who, home in self._homes.items()}
        told = self.act(lambda tx: service.changes(tx, segment_id=segment_id, limit=10_000))
        return [(named.get(each.person_id, "nobody"), "in" if each.is_entry else "out", each.cause) for each in told]


def at(moment: datetime) -> float:
    """Seconds after the noon from which events count."""
    return (moment.astimezone(UTC) - NOON).total_seconds()


def bought(*, at_least: int = 1, **more: Any) -> Json:
    """Has bought so often."""
    return {"type": "event", "event": {"name": "Bought"}, "test": {"op": "at_least", "value": at_least}} | more


def days(amount: int) -> Json:
    """A span of days."""
    return {"amount": amount, "unit": "days"}

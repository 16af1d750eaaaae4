"""Segments of one workspace with a clock of their own: rules in, events in, who is in out."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from fanwheel.cdp import segments
from fanwheel.cdp.segments import service
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.settings import Settings
from fanwheel.loop.wheel import tidy
from tests.support.stream import NOON, Stream

T = TypeVar("T")
Json = dict[str, Any]


class Crowd(Stream):
    """A stream of events with segments over it; ``now`` is the judge's clock."""

    def __init__(self, dsn: str, home: Path, *, time_zone: str = "UTC") -> None:
        super().__init__(dsn)
        self.rows(
            "UPDATE workspace SET time_zone = %(zone)s WHERE workspace_id = %(workspace)s RETURNING 1", zone=time_zone
        )
        self.now = NOON + timedelta(days=1)
        self.settings = Settings(home=home)

    def act(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """What ``work`` returns, in a transaction of its own."""

        async def run() -> T:
            async with await Database.open(self.dsn, max_size=1) as db, db.transaction(self.workspace) as tx:
                return await work(tx)

        return asyncio.run(run())

    def judge(self) -> segments.Judge:
        """A worker's judge, which knows nothing yet."""
        return segments.Judge(clock=lambda: self.now, most=3)

    def settle(self) -> None:
        """Build and judge until nothing is left to do now."""
        asyncio.run(self._settle())

    async def _settle(self) -> None:
        judge = self.judge()
        async with await Database.open(self.dsn, max_size=4) as db:
            await tidy(db)
            await segments.Builder(self.settings, judge, at_once=3).build(db, self.workspace)
            while (await judge.judge(db, self.workspace)).judged:
                pass

    def make(self, name: str, condition: Json) -> int:
        """A segment that was built."""
        told = json.dumps({"version": 1, "condition": condition})
        segment_id = self.act(lambda tx: service.create(tx, name=name, rule=told, actor="user:1"))
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

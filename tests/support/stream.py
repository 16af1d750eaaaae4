"""The stream of events without its front door: rows put straight into the event table, the projector run by hand."""

import asyncio
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from fanwheel.cdp import persons
from fanwheel.cdp.events.consumer import Consumer
from fanwheel.cdp.persons import identifier_hash
from fanwheel.infra.postgres import Database
from fanwheel.loop.wheel import Projector, projector, tidy

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
KINDS = {"track": 1, "identify": 2, "page": 3, "screen": 4}


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event as ingest stores it; ``at`` is seconds after noon of 1 March 2026."""

    name: str = ""
    who: str = "u1"
    at: float = 0
    kind: str = "track"
    source: int = 0
    domain: int = 0
    properties: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    raw: str | None = None
    key: uuid.UUID = field(default_factory=uuid.uuid4)


class Stream:
    """One workspace of a database."""

    def __init__(self, dsn: str, *, currency: str = "USD", slug: str | None = None) -> None:
        self.dsn = dsn
        self.conn = psycopg.connect(dsn, autocommit=True, row_factory=dict_row)
        made = self.conn.execute(
            "INSERT INTO workspace (slug, name, reporting_currency) VALUES (%s, 'Test', %s) RETURNING workspace_id",
            [slug or uuid.uuid4().hex, currency],
        ).fetchone()
        assert made is not None
        self.workspace: int = made["workspace_id"]
        self._homes: dict[str, int] = {}

    def home(self, who: str) -> int:
        """The home of an identifier: ``a…`` is an anonymous id, any other a user id."""
        if who not in self._homes:
            kind = "anonymous_id" if who.startswith("a") else "user_id"
            row = self.conn.execute(
                """INSERT INTO identifier
                       (workspace_id, identifier_hash, kind, value, home_id, person_id, first_seen_at)
                   SELECT %s, %s, %s, %s, n, n, %s FROM nextval('person_home_id') AS n RETURNING home_id""",
                [self.workspace, identifier_hash(kind, who), kind, who, NOON],
            ).fetchone()
            assert row is not None
            self._homes[who] = row["home_id"]
        return self._homes[who]

    def put(self, *events: Event, conn: psycopg.Connection[Any] | None = None) -> None:
        """Store events in one transaction."""
        rows = [
            (
                self.workspace, uuid.uuid4(), event.key, self.home(event.who), KINDS[event.kind], event.name,
                NOON + timedelta(seconds=event.at), datetime.now(UTC), event.source, event.domain,
                event.raw if event.raw is not None else json.dumps(event.properties), json.dumps(event.context),
            )
            for event in events
        ]  # fmt: skip
        (conn or self.conn).cursor().executemany(
            """INSERT INTO event (workspace_id, event_id, message_key, person_id, kind, name, occurred_at, received_at,
                                  source_id, domain, properties, context)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            rows,
        )

    def project(self, consumer: Consumer | Projector | None = None) -> int:
        """Run the projector until nothing is left; how many events it took."""
        return asyncio.run(_drain(self.dsn, consumer or projector()))

    def tell(self, *events: Event) -> None:
        """Store events in one transaction and project them."""
        if len(events) == 1:
            self.put(*events)
        else:
            with psycopg.connect(self.dsn) as conn:
                self.put(*events, conn=conn)
        self.project()

    def rows(self, sql: str, **params: object) -> list[dict[str, Any]]:
        """What a statement gives; ``%(workspace)s`` is bound."""
        return list(self.conn.execute(sql.encode(), {"workspace": self.workspace, **params}))

    def person(self, who: str) -> dict[str, Any]:
        """The folded row of whoever has that identifier."""
        (row,) = self.rows(
            """SELECT person.* FROM person JOIN identifier USING (workspace_id, person_id)
                WHERE workspace_id = %(workspace)s AND identifier.value = %(who)s""",
            who=who,
        )
        return row

    def merge(self, *whos: str) -> None:
        """Make several identifiers one person, as a merge leaves them."""
        homes = [self.home(who) for who in whos]
        self.conn.execute(
            "UPDATE identifier SET person_id = %s WHERE workspace_id = %s AND home_id = ANY (%s)",
            [min(homes), self.workspace, homes],
        )
        self.conn.execute(
            "INSERT INTO person_stale (workspace_id, person_id) SELECT %s, unnest(%s::bigint[])",
            [self.workspace, homes],
        )

    def erase(self, who: str) -> None:
        """Erase a person as a user would, and fold those it leaves behind."""
        asyncio.run(_erase(self.dsn, self.workspace, self.home(who)))

    def close(self) -> None:
        """Give the connection back."""
        self.conn.close()


def order(order_id: str = "o1", **properties: Any) -> dict[str, Any]:
    """Properties of an order event."""
    return {"order_id": order_id, **properties}


def seconds(moment: datetime | None) -> float | None:
    """A stored time as seconds after the noon that events count from."""
    return None if moment is None else (moment - NOON).total_seconds()


async def _erase(dsn: str, workspace: int, home: int) -> None:
    async with await Database.open(dsn, max_size=2) as db:
        async with db.transaction(workspace) as tx:
            await persons.erase(tx, home, actor="test")
        await tidy(db)


async def _drain(dsn: str, consumer: Consumer | Projector) -> int:
    taken = 0
    async with await Database.open(dsn, max_size=1) as db:
        while step := await consumer.run_once(db):
            taken += step
    return taken

"""One group's transaction: dedupe, identity, sources, COPY, counters."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from fanwheel.cdp.events import rows
from fanwheel.cdp.events.contracts import JUNK, Counts, Submission
from fanwheel.cdp.events.evidence import Ref
from fanwheel.cdp.events.known import Known
from fanwheel.cdp.events.linking import Linker
from fanwheel.cdp.events.placing import Place
from fanwheel.cdp.events.prepare import KIND_NAMES, Prepared
from fanwheel.cdp.events.wire import Refusal
from fanwheel.cdp.sources import Evidence
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Connection, Transaction
from fanwheel.kernel.ids import WorkspaceId

_SQL: Final = sqlfile.load("fanwheel.cdp.events")
_KEPT_PAYLOAD: Final = 64 * 1024
_DEDUPE: Final = timedelta(days=8)
_NOWHERE: Final = Place(0, 0)
_Refused = tuple[int, datetime, Refusal, bytes]


class DuplicateKeyError(Exception):
    """Another process stored one of these messages; the group is tried again with a look first."""


class Commit:
    """What one attempt to store a group works out; the process's memory changes only in ``remember``."""

    def __init__(self, *, known: Known, submissions: Sequence[Submission], now: datetime, months: set[str]) -> None:
        self._known = known
        self._submissions = submissions
        self._now = now
        self._months = months
        self._keys: set[bytes] = set()
        self._homes: dict[Ref, int | None] = {}
        self._edges: set[tuple[int, int]] = set()
        self._sources: dict[str, int] = {}
        self.counts: list[Counts] = []

    async def run(self, conn: Connection, workspace: int, *, check_keys: bool) -> None:
        """The whole transaction, from BEGIN to COMMIT, in as few round trips as it takes."""
        tx = Transaction(conn, WorkspaceId(workspace))
        # Binding on the client lets one message carry several statements.
        async with psycopg.AsyncClientCursor(conn, row_factory=tuple_row) as cursor:
            await cursor.execute(_SQL["begin"].encode(), {"workspace": workspace})
            cursor.nextset()
            begun = await cursor.fetchone()
            assert begun is not None
            self._known.forget_if_erased(begun[1])
            await self._store(tx, check_keys=check_keys)
            await cursor.execute(_SQL["finish"].encode(), {"workspace": workspace, **self._counters()})

    async def _store(self, tx: Transaction, *, check_keys: bool) -> None:
        assert tx.workspace is not None
        table, before = await self._tables(tx)
        stored = await self._stored_keys(tx, [*before, table] if check_keys else before)
        await self._resolve(tx)
        seen = (event.evidence for s in self._submissions for event in s.events if event.evidence)
        places, self._sources = await self._known.book.place(tx, seen)
        packed: list[bytes] = []
        refused: list[_Refused] = []
        for submission in self._submissions:
            self.counts.append(self._pack(submission, tx.workspace, stored, places, packed, refused))
        if packed:
            await _copy(tx, table, packed)
        if refused:
            await _shelve(tx, refused)

    def _pack(
        self,
        submission: Submission,
        workspace: int,
        stored: set[bytes],
        places: dict[Evidence, Place],
        packed: list[bytes],
        refused: list[_Refused],
    ) -> Counts:
        """Turn one request's events into rows; this loop runs once per event, hence its locals."""
        refused += [(submission.key_id, submission.received_at, why, raw) for why, raw in submission.refused]
        accepted, rejected, duplicate = 0, len(submission.refused), 0
        keys, homes, fresh_homes = self._keys, self._known.homes, self._homes
        known_keys, older_keys = self._known.keys, self._known.older_keys
        prefix, received = rows.id_prefix(self._now), rows.pg_time(self._now)
        pack = rows.pack
        for event in submission.events:
            key = event.key
            if key in known_keys or key in older_keys or key in keys or key in stored:
                duplicate += 1
                continue
            home = homes.get(event.primary) or fresh_homes.get(event.primary) or self._other_home(event)
            if home is None:
                rejected += 1
                refused.append((submission.key_id, submission.received_at, JUNK, _as_payload(event)))
                continue
            keys.add(key)
            accepted += 1
            place = places.get(event.evidence, _NOWHERE) if event.evidence else _NOWHERE
            packed.append(
                pack(
                    workspace, prefix, key, home, event.kind, event.occurred, received,
                    place.source_id, place.domain, event.name, event.properties, event.context,
                )
            )  # fmt: skip
        return Counts(accepted, rejected, duplicate)

    def remember(self) -> None:
        """Let the process know what is now stored."""
        self._known.keys |= self._keys
        self._known.homes.update(self._homes)
        self._known.edges |= self._edges
        self._known.book.ids.update(self._sources)
        self._known.trim()

    async def _tables(self, tx: Transaction) -> tuple[str, list[str]]:
        """The partition of now, and those of earlier months that may hold the same message ids."""
        month = f"event_{self._now:%Y%m}"
        if month not in self._months:
            await tx.value("SELECT ensure_event_partitions(%(now)s)", now=self._now)
            self._months.add(month)
        earlier = f"event_{self._now - _DEDUPE:%Y%m}"
        if earlier == month:
            return month, []
        if earlier not in self._months:
            if await tx.value("SELECT to_regclass(%(name)s) IS NULL", name=earlier):
                return month, []
            self._months.add(earlier)
        return month, [earlier]

    async def _stored_keys(self, tx: Transaction, tables: Sequence[str]) -> set[bytes]:
        if not tables:
            return set()
        keys = [UUID(bytes=event.key) for s in self._submissions for event in s.events]
        found: set[bytes] = set()
        for table in tables:
            query = sql.SQL(
                "SELECT message_key FROM {} WHERE workspace_id = %(workspace)s AND message_key = ANY(%(keys)s)"
            ).format(sql.Identifier(table))
            cursor = await tx.conn.execute(query, {"workspace": tx.workspace, "keys": keys})
            found |= {row["message_key"].bytes for row in await cursor.fetchall()}
        return found

    def _other_home(self, event: Prepared) -> int | None:
        """The home of the strongest usable identifier besides the event's own, which is junk."""
        for ref in event.others:
            home = self._known.homes.get(ref) or self._homes.get(ref)
            if home is not None:
                return home
        return None

    async def _resolve(self, tx: Transaction) -> None:
        """Give every unknown identifier a home and store every unknown edge."""
        homes, edges = self._known.homes, self._known.edges
        unknown: list[Prepared] = []
        for submission in self._submissions:
            for event in submission.events:
                first = homes.get(event.primary)
                if first is None:
                    unknown.append(event)
                    continue
                for ref in event.others:
                    if ref not in homes or ((other := homes[ref]) is not None and (first, other) not in edges):
                        unknown.append(event)
                        break
        if not unknown:
            return
        linker = Linker(await tx.value(_SQL["region"]))
        for event in unknown:
            linker.add((event.primary, *event.others), alias=event.kind == 6, seen_at=rows.from_pg_time(event.occurred))
        self._homes = await linker.finish(tx)
        for event in unknown:
            usable = [h for ref in (event.primary, *event.others) if (h := self._homes.get(ref)) is not None]
            self._edges.update((usable[0], other) for other in usable[1:])

    def _counters(self) -> dict[str, object]:
        """What is added to the counters: one row for each key and minute."""
        per_key: dict[tuple[int, datetime], Counts] = {}
        for submission, count in zip(self._submissions, self.counts, strict=True):
            slot = (submission.key_id, submission.received_at.replace(second=0, microsecond=0))
            per_key[slot] = per_key.get(slot, Counts()) + count
        return {
            "keys": [key for key, _ in per_key],
            "minutes": [minute for _, minute in per_key],
            "accepted": [count.accepted for count in per_key.values()],
            "rejected": [count.rejected for count in per_key.values()],
            "duplicate": [count.duplicate for count in per_key.values()],
        }


async def _shelve(tx: Transaction, refused: Sequence[_Refused]) -> None:
    """Keep refused events with the reason."""
    await tx.run(
        _SQL["reject"],
        keys=[key for key, *_ in refused],
        times=[at for _, at, *_ in refused],
        codes=[why.code for *_, why, _ in refused],
        messages=[why.message[:1000] for *_, why, _ in refused],
        payloads=[raw[:_KEPT_PAYLOAD].decode("utf-8", "replace").replace("\0", "�") for *_, raw in refused],
    )


async def _copy(tx: Transaction, table: str, packed: Sequence[bytes]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table),
        sql.SQL(rows.COLUMNS),
    )
    try:
        async with tx.conn.cursor() as cursor, cursor.copy(statement) as copy:
            await copy.write(rows.document(packed))
    except psycopg.errors.UniqueViolation as error:
        raise DuplicateKeyError from error


def _as_payload(event: Prepared) -> bytes:
    """The event in Segment's words, for the shelf of refused ones."""
    names = {"user_id": "userId", "anonymous_id": "anonymousId"}
    field = "traits" if event.kind in (2, 5) else "properties"
    return msgspec.json.encode(
        {
            "type": KIND_NAMES[event.kind],
            "event" if KIND_NAMES[event.kind] == "track" else "name": event.name.decode("utf-8", "replace"),
            **{names[kind]: value for kind, value in (event.primary, *event.others) if kind in names},
            "timestamp": rows.from_pg_time(event.occurred),
            field: msgspec.Raw(event.properties),
            "context": msgspec.Raw(event.context),
        }
    )

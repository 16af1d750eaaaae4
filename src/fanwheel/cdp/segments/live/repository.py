"""Memberships and what they are judged by, read and written through one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg.rows import tuple_row

from fanwheel.cdp.segments.live.contracts import Change, Judgment, Part, RuleRow
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.cdp.segments.live", "live.sql")
CHUNK_BITS: Final = 16


class State(NamedTuple):
    """What the rules of a workspace stand at; ``built_to`` says whom the builds under way have passed.

    Builds of segments are by their numbers, those of computed traits by "trait:NAME".
    """

    revision: int
    judged_us: int | None
    time_zone: str
    judged_zone: str
    is_building: bool
    built_to: Mapping[int | str, int]


class Note(NamedTuple):
    """A person to be judged; ``grew``: nothing but these metrics did, and how late and how often they were seen."""

    note_id: int
    person_id: int
    grew: Collection[int] | None


class Stand(NamedTuple):
    """Where a person stands: their segments, and by the keys of which book they were judged."""

    members: Collection[int]
    stamp: bytes


class Absent(NamedTuple):
    """Somebody who is no more; ``is_known``: lives on in another, or is nobody for now."""

    person_id: int
    members: Sequence[int]
    is_known: bool


def array(values: Iterable[object]) -> str:
    """An array of numbers or plain words as PostgreSQL reads it, made ten times faster than by the driver."""
    return "{" + ",".join(map(str, values)) + "}"


def blobs(values: Iterable[bytes]) -> str:
    """An array of bytes."""
    return "{" + ",".join(['"\\\\x' + value.hex() + '"' for value in values]) + "}"


class LiveRepository:
    """One workspace's memberships."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def _tuples(self, name: str, **params: object) -> list[tuple[Any, ...]]:
        # Thousands of rows at once: tuples in binary, since a dict per row or hexadecimal bytes would cost more.
        async with self._tx.conn.cursor(binary=True, row_factory=tuple_row) as cursor:
            await cursor.execute(_SQL[name].encode(), {"workspace": self._tx.workspace, **params})
            return await cursor.fetchall()

    async def lock(self) -> None:
        """Wait until nobody else judges or changes segments, then keep others out."""
        await self._tx.run(_SQL["lock"])

    async def lock_parts(self) -> None:
        """Wait until nobody else writes what is remembered of events, then keep others out."""
        await self._tx.run(_SQL["lock_parts"])

    async def list_work(self) -> list[Row]:
        """Which workspaces have something to do; outside any workspace."""
        return await self._tx.all(_SQL["list_work"])

    async def find_state(self) -> State | None:
        """What the rules stand at; None where there have never been segments."""
        row = await self._tx.one_or_none(_SQL["find_state"])
        if row is None:
            return None
        built_to = {int(key) if key.isdigit() else key: place for key, place in row.pop("built_to").items()}
        return State(**row, built_to=built_to)

    async def list_rules(self) -> list[RuleRow]:
        """Every segment with its rules."""
        return [RuleRow(**row) for row in await self._tx.all(_SQL["list_rules"])]

    async def list_metrics(self) -> list[Row]:
        """Every metric: its number, what it is, whether all there was is remembered for it."""
        return await self._tx.all(_SQL["list_metrics"])

    async def list_metric_ids(self) -> tuple[int, ...]:
        """The numbers of the metrics."""
        return tuple(await self._tx.value(_SQL["list_metric_ids"]) or ())

    async def list_sources(self) -> dict[int, str]:
        """The slug of every source."""
        return {row["source_id"]: row["slug"] for row in await self._tx.all(_SQL["list_sources"])}

    async def list_notes(self, *, most: int) -> list[Note]:
        """Notes of persons to be judged, the oldest."""
        return [Note(*row) for row in await self._tuples("list_notes", most=most)]

    async def delete_notes(self, notes: Collection[int]) -> None:
        """Take notes away."""
        if notes:
            await self._tx.run(_SQL["delete_notes"], notes=array(notes))

    async def load_stands(self, persons: Collection[int]) -> dict[int, Stand]:
        """Where those of ``persons`` stand who were judged before."""
        rows = await self._tuples("load_stands", persons=array(persons))
        return {person_id: Stand(members, stamp) for person_id, members, stamp in rows}

    async def list_due(self, now_us: int, *, most: int) -> list[int]:
        """Persons whom time alone may have moved."""
        return [row[0] for row in await self._tuples("list_due", now_us=now_us, most=most)]

    async def list_next(self, after: int, *, most: int) -> list[int]:
        """Living persons after one, in the order of their ids."""
        return [row[0] for row in await self._tuples("list_next", after=after, most=most)]

    async def load_people(self, persons: Collection[int]) -> list[tuple[Any, ...]]:
        """What rules ask of those of ``persons`` who live, and where they stand."""
        return await self._tuples("load_people", persons=array(persons))

    async def load_parts_of(self, persons: Collection[int]) -> dict[int, list[Part]]:
        """What is remembered of the events of ``persons``, by home."""
        found: dict[int, list[Part]] = {}
        for person_id, digest, words in await self._tuples("load_parts_of", persons=array(persons)):
            found.setdefault(person_id, []).append(Part(digest, words))
        return found

    async def load_absent(self, persons: Collection[int]) -> list[Absent]:
        """Where those of ``persons`` stood who are no more."""
        return [Absent(*row) for row in await self._tuples("load_absent", persons=array(persons))]

    async def put_people(self, judgments: Sequence[Judgment], *, now_us: int) -> None:
        """Write where persons stand."""
        ordered = sorted(judgments, key=lambda each: each.person_id)
        await self._tx.run(
            _SQL["put_people"],
            persons=array(each.person_id for each in ordered),
            members="{" + ",".join('"' + array(each.members) + '"' for each in ordered) + "}",
            seen=blobs(each.seen for each in ordered),
            due_us=array("NULL" if each.due_us is None else each.due_us for each in ordered),
            now_us=now_us,
        )

    async def delete_people(self, persons: Collection[int]) -> None:
        """Forget where persons stood."""
        await self._tx.run(_SQL["delete_people"], persons=array(sorted(persons)))

    async def put_changes(self, changes: Sequence[Change], *, now_us: int) -> None:
        """Add entries and exits."""
        await self._tx.run(
            _SQL["put_changes"],
            segments=array(change.segment_id for change in changes),
            persons=array(change.person_id for change in changes),
            entries=array(change.is_entry for change in changes),
            causes=array(change.cause for change in changes),
            now_us=now_us,
        )

    async def load_bitmaps(self, chunks: Collection[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        """Chunks of bitmaps, by segment and number."""
        segments, numbers = zip(*chunks, strict=True)
        rows = await self._tuples("load_bitmaps", segments=array(segments), chunks=array(numbers))
        return {(segment_id, chunk): members for segment_id, chunk, members in rows}

    async def put_bitmaps(self, chunks: Mapping[tuple[int, int], tuple[int, bytes]]) -> None:
        """Write chunks of bitmaps, each with its size."""
        ordered = sorted(chunks)
        await self._tx.run(
            _SQL["put_bitmaps"],
            segments=array(segment_id for segment_id, _ in ordered),
            chunks=array(chunk for _, chunk in ordered),
            sizes=array(chunks[key][0] for key in ordered),
            members=blobs(chunks[key][1] for key in ordered),
        )

    async def step_clock(self, now_us: int) -> int | None:
        """Remember for which instant people were judged; when time alone will ask for somebody next."""
        next_us: int | None = await self._tx.value(_SQL["step_clock"], now_us=now_us)
        return next_us

    async def set_clock_back(self, now_us: int) -> int:
        """Have everybody judged again who was judged for an instant that is yet to come; how many."""
        return await self._tx.run(_SQL["set_clock_back"], now_us=now_us)

    async def move_zone(self, zone: str, *, now_us: int) -> None:
        """Have everybody judged again whom time alone may move: from now on days and hours are those of ``zone``."""
        await self._tx.run(_SQL["move_zone"], now_us=now_us)
        if await self._tx.run(_SQL["rebuild_hours"]):
            await self.turn_page()
        await self._tx.run(_SQL["set_zone"], zone=zone)

    async def load_parts(self, homes: Collection[int]) -> dict[int, Part]:
        """What is remembered of the events of ``homes``."""
        return {
            home: Part(digest, words) for home, digest, words in await self._tuples("load_parts", homes=array(homes))
        }

    async def put_parts(self, parts: Mapping[int, Part]) -> None:
        """Write what is remembered of homes."""
        homes = sorted(parts)
        await self._tx.run(
            _SQL["put_parts"],
            homes=array(homes),
            digests=blobs(parts[home].digest for home in homes),
            words=[parts[home].words for home in homes],
        )

    async def hold_homes(self, homes: Collection[int]) -> set[int]:
        """Those of ``homes`` that were not erased, and cannot be until the transaction ends."""
        return {row[0] for row in await self._tuples("hold_homes", homes=array(homes))}

    async def finish_metrics(self, metrics: Collection[int]) -> None:
        """Everything there was is remembered for ``metrics`` too."""
        await self._tx.run(_SQL["finish_metrics"], metrics=array(metrics))

    async def step_build(self, segments: Collection[int], *, built_to: int) -> None:
        """Note whom a build has passed."""
        await self._tx.run(_SQL["step_build"], segments=array(segments), built_to=built_to)

    async def finish_build(self, segments: Collection[int], *, now_us: int) -> None:
        """From here on the rule decides about everybody."""
        await self._tx.run(_SQL["finish_build"], segments=array(segments), now_us=now_us)

    async def turn_page(self) -> None:
        """Let everybody read the rules anew."""
        await self._tx.run(_SQL["turn_page"])

    async def list_building(self) -> list[Row]:
        """Segments that are to be built: segment_id, rule, built_to."""
        return await self._tx.all(_SQL["list_building"])

    async def fail_build(self, segments: Collection[int], *, error: str) -> None:
        """Give builds up."""
        await self._tx.run(_SQL["fail_build"], segments=array(segments), error=error)

    async def set_building(self, *, is_building: bool) -> None:
        """Say whether segments are worked out anew: whoever is judged meanwhile is written down."""
        await self._tx.run(_SQL["set_building"], is_building=is_building)
        await self._tx.run(_SQL["clear_rechecks"])

    async def add_rechecks(self, persons: Collection[int]) -> None:
        """Write down who is judged while segments are worked out anew."""
        await self._tx.run(_SQL["add_rechecks"], persons=array(sorted(persons)))

    async def list_between(self, after: int, last: int) -> list[tuple[Any, ...]]:
        """Living persons of a range of ids: members, seen, due, and whether they were judged meanwhile."""
        return await self._tuples("list_between", after=after, last=last)

    async def count_after(self, after: int, *, most: int) -> int:
        """How many persons are listed after one, counted no further than ``most``."""
        return int(await self._tx.value(_SQL["count_after"], after=after, most=most))

    async def add_notes(self, persons: Collection[int]) -> None:
        """Ask for ``persons`` to be judged."""
        await self._tx.run(_SQL["add_notes"], persons=array(sorted(persons)))

    async def list_bitmaps(self) -> list[tuple[int, int, bytes]]:
        """Every chunk of every bitmap: segment, number, members."""
        return [(segment_id, chunk, members) for segment_id, chunk, members in await self._tuples("list_bitmaps")]

    async def list_standings(self) -> dict[int, set[int]]:
        """Who is in which segment by what is kept of persons."""
        return {segment_id: set(people) for segment_id, people in await self._tuples("list_standings")}

    async def forget_changes(self, before: datetime, *, most: int) -> int:
        """Take away those of the oldest entries and exits that are from before an instant; how many."""
        return await self._tx.run(_SQL["forget_changes"], before=before, most=most)

    async def find_lag(self) -> Row:
        """How far judging is behind: notes, overdue, failed."""
        return await self._tx.one(_SQL["find_lag"])

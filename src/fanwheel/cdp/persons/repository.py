"""Identifiers, edges and persons, read and written in bulk through one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from fanwheel.cdp.persons.rules.neighborhood import Link, Member
from fanwheel.cdp.scores.contracts import NAMES as SCORES
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction

_SQL: Final = sqlfile.load("fanwheel.cdp.persons")
# What hangs on an order or an identifier goes before it.
_ERASURE: Final = (
    "erase_rejected",
    # What is received, or learned of somebody, becomes facts: whoever is writing those is waited for before they go.
    "erase_inbound",
    "erase_recognition",
    # Of the receipts the messages are asked that they are of.
    "erase_receipts",
    "erase_intents",
    "erase_outbox",
    "erase_notes",
    "erase_order_lines",
    "erase_refunds",
    "erase_orders",
    "erase_invites",
    "erase_codes",
    "erase_consent",
    "erase_experiments",
    "erase_reports",
    "erase_lists",
    "erase_windows",
    "erase_staff",
    "erase_quotas",
    "erase_bulk",
    "erase_clicks",
    "erase_visits",
    "erase_link_recipients",
    "erase_firings",
    "erase_reply_states",
    "erase_brakes",
    "erase_taps",
    "erase_events",
    "erase_edges",
    "erase_identifiers",
    # After the identifiers, which whoever writes these holds.
    "erase_parts",
    "erase_scores",
    "erase_tags",
    "erase_tag_log",
    "erase_layers",
    "erase_segment_parts",
    "erase_segment_facts",
    "erase_person",
    # After the person, whom a fold under way holds until it has written its changes.
    "erase_changes",
    "erase_computed",
)
_PORTRAIT: Final = sqlfile.load("fanwheel.cdp.persons", "portrait.sql")


def _array(values: Iterable[object]) -> str:
    """An array of numbers, UUIDs or plain words as PostgreSQL reads it, made ten times faster than by the driver."""
    return "{" + ",".join(map(str, values)) + "}"


def _texts(values: Iterable[str]) -> str:
    """An array of any texts."""
    return "{" + ",".join(['"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in values]) + "}"


def _times(values: Iterable[datetime]) -> str:
    """An array of instants."""
    return "{" + ",".join([at.isoformat() for at in values]) + "}"


class History(NamedTuple):
    """An entry of the audit trail of identity."""

    action: str
    person_id: int
    other_ids: Sequence[int]
    reason: str


class IdentifierRow(NamedTuple):
    """An identifier to be stored; those of one ``group`` begin as one person."""

    kind: str
    value: str
    hash: UUID
    first_seen_at: datetime
    group: int


class EdgeRow(NamedTuple):
    """An edge to be stored; ``low`` < ``high``."""

    low: int
    high: int
    origin: str
    seen_at: datetime


class IdentityRepository:
    """The graph of identifiers of one workspace."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def find_homes(self, hashes: Collection[UUID]) -> dict[UUID, int]:
        """The homes of those identifiers that are known."""
        if not hashes:
            return {}
        rows = await self._tx.all(_SQL["find_identifiers"], hashes=_array(key.hex for key in hashes))
        return {row["identifier_hash"]: row["home_id"] for row in rows}

    async def add_identifiers(self, rows: Sequence[IdentifierRow]) -> dict[UUID, tuple[int, int]]:
        """Store identifiers; home and person of those that no other process stored meanwhile."""
        stored = await self._tx.all(
            _SQL["insert_identifiers"],
            hashes=_array(row.hash.hex for row in rows),
            kinds=_array(row.kind for row in rows),
            values=_texts(row.value for row in rows),
            seen=_times(row.first_seen_at for row in rows),
            groups=_array(row.group for row in rows),
        )
        return {row["identifier_hash"]: (row["home_id"], row["person_id"]) for row in stored}

    async def add_edges(self, edges: Sequence[EdgeRow]) -> set[tuple[int, int]]:
        """Store edges; the pairs that were new."""
        rows = await self._tx.all(
            _SQL["insert_edges"],
            lows=_array(edge.low for edge in edges),
            highs=_array(edge.high for edge in edges),
            origins=_array(edge.origin for edge in edges),
            seen=_times(edge.seen_at for edge in edges),
        )
        return {(row["low_id"], row["high_id"]) for row in rows}

    async def hold(self) -> None:
        """Keep other changes of identity out until the transaction ends, so that two cannot interleave."""
        await self._tx.run(_SQL["hold_identity"])

    async def list_members_around(self, homes: Collection[int]) -> list[Member]:
        """Every identifier of the persons that ``homes`` belong to."""
        rows = await self._tx.all(_SQL["list_members_around"], homes=_array(homes))
        return [Member(row["home_id"], row["kind"], row["person_id"]) for row in rows]

    async def list_members(self, persons: Collection[int]) -> list[Member]:
        """Every identifier of ``persons``."""
        if not persons:
            return []
        rows = await self._tx.all(_SQL["list_members"], persons=_array(persons))
        return [Member(row["home_id"], row["kind"], row["person_id"]) for row in rows]

    async def list_links(self, homes: Sequence[int], *, most: int) -> list[Link]:
        """The edges at ``homes``, at each up to ``most`` automatic ones in either direction."""
        rows = await self._tx.all(_SQL["list_links"], homes=_array(homes), most=most)
        return [
            Link(
                row["home_id"],
                Member(row["other_id"], row["kind"], row["person_id"]),
                row["is_manual"],
                row["is_cut"],
            )
            for row in rows
        ]

    async def move(self, person_of: Mapping[int, int]) -> None:
        """Give homes to their new persons."""
        # In one order everywhere, so that two transactions cannot wait for each other.
        homes = sorted(person_of)
        await self._tx.run(
            _SQL["move_identifiers"], homes=_array(homes), persons=_array(person_of[home] for home in homes)
        )

    async def add_persons(self, seen_at: Mapping[int, datetime]) -> None:
        """Store persons who were just met."""
        await self._tx.run(_SQL["insert_persons"], persons=_array(seen_at), seen=_times(seen_at.values()))

    async def add_split_persons(self, persons: Collection[int]) -> None:
        """Store persons who came apart from others."""
        await self._tx.run(_SQL["insert_split_persons"], persons=_array(sorted(persons)))

    async def remove_persons(self, persons: Collection[int]) -> None:
        """Take persons that are no more out of the lists."""
        await self._tx.run(_SQL["delete_persons"], persons=_array(sorted(persons)))

    async def mark_stale(self, persons: Collection[int]) -> None:
        """Ask for persons to be folded again."""
        await self._tx.run(_SQL["mark_stale"], persons=_array(sorted(persons)))

    async def add_history(self, entries: Iterable[History], *, actor: str) -> None:
        """Add to the audit trail."""
        listed = list(entries)
        if not listed:
            return
        await self._tx.run(
            _SQL["insert_history"],
            actor=actor,
            actions=[entry.action for entry in listed],
            persons=_array(entry.person_id for entry in listed),
            others=[_array(entry.other_ids) for entry in listed],
            reasons=[entry.reason for entry in listed],
        )

    async def find_person(self, home: int) -> int | None:
        """The living person behind a home id."""
        found: int | None = await self._tx.value(_SQL["find_person"], home=home)
        return found

    async def put_declared_edge(self, pair: tuple[int, int], *, seen_at: datetime) -> None:
        """Declare two homes one person."""
        await self._tx.run(_SQL["put_declared_edge"], low=pair[0], high=pair[1], seen_at=seen_at)

    async def cut_edges(self, here: Collection[int], there: Collection[int], *, is_manual: bool) -> int:
        """Cut the edges between two sides; how many there were."""
        return await self._tx.run(_SQL["cut_edges"], here=_array(here), there=_array(there), is_manual=is_manual)

    async def list_neighbors(self, homes: Collection[int]) -> set[int]:
        """The homes that edges lead to from ``homes``."""
        rows = await self._tx.all(_SQL["list_neighbors"], homes=_array(homes))
        return {row["home_id"] for row in rows}

    async def list_referrers(self, homes: Collection[int]) -> set[int]:
        """The homes whose portraits change when all that ``homes`` said of invites goes."""
        rows = await self._tx.all(_SQL["list_referrers"], homes=_array(homes))
        return {row["home_id"] for row in rows}

    async def erase(self, homes: Collection[int], *, actor: str) -> int:
        """Delete all that is kept of ``homes``; the number under which the lake and the disk let go of it too."""
        listed = _array(sorted(homes))
        media = [row["name"] for row in await self._tx.all(_SQL["erase_media"], homes=listed)]
        for statement in _ERASURE:
            await self._tx.run(_SQL[statement], homes=listed)
        erasure_id: int = await self._tx.value(_SQL["insert_erasure"], homes=listed, actor=actor, media=media)
        return erasure_id


class PortraitRepository:
    """The rows of persons, as folds of their homes."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def take_stale(self, *, most: int) -> list[int]:
        """Persons that were noted as stale; the notes are taken away."""
        rows = await self._tx.all(_PORTRAIT["take_stale"], most=most)
        return [row["person_id"] for row in rows]

    async def mark_buyers_stale(self) -> None:
        """Note every person with an order as stale."""
        await self._tx.run(_PORTRAIT["mark_buyers_stale"])

    async def list_living(self, homes: Collection[int]) -> set[int]:
        """The living persons behind ``homes``."""
        rows = await self._tx.all(_PORTRAIT["list_living"], homes=_array(homes))
        return {row["person_id"] for row in rows}

    async def remove_absent(self, persons: Collection[int]) -> None:
        """Take those of ``persons`` to whom nothing belongs any more out of the lists."""
        absent = _array(sorted(persons))
        await self._tx.run(_PORTRAIT["delete_absent"], persons=absent)
        await self._tx.run(_PORTRAIT["delete_erased_changes"], persons=absent)

    async def fold(self, persons: Collection[int]) -> None:
        """Make the rows of living persons again, and write down what has changed in them."""
        await self._tx.run(_PORTRAIT["fold"], persons=",".join(map(str, sorted(persons))), scores=_array(SCORES))

    async def note_segments(self, persons: Collection[int]) -> None:
        """Have ``persons`` judged again for segments."""
        await self._tx.run(_PORTRAIT["note_segments"], persons=_array(sorted(persons)))

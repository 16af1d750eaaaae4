"""Traits of many people from a CSV file: rows are matched with people, cells are read as their traits say."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from fanwheel.cdp import tags
from fanwheel.cdp.imports.contracts import IDENTIFIERS
from fanwheel.cdp.imports.readers import Rows
from fanwheel.cdp.lists import matching
from fanwheel.cdp.lists.columns import IdentifierColumn, Kind, kind_of
from fanwheel.cdp.lists.repository import ListRepository
from fanwheel.cdp.tags.errors import BadTagError, ExclusiveTagsError
from fanwheel.cdp.traits import saying, service, values
from fanwheel.cdp.traits.contracts import Definition
from fanwheel.cdp.traits.errors import BadTraitFileError, BadTraitValueError
from fanwheel.cdp.traits.exporting import FORMULA
from fanwheel.cdp.traits.repository import TraitRepository
from fanwheel.infra.postgres import Database, Transaction

MAX_ROWS: Final = 1_000_000
_SHOWN: Final = 1_000
_MOST_TRAITS: Final = 200
# The column whose cells are tags, and what stands between two of them.
_TAGS: Final = ("tags", "标签")
_BETWEEN_TAGS: Final = re.compile(r"[;；|]")


class TraitColumn(NamedTuple):
    """A column by its place, the trait that it says, and what is declared of that."""

    place: int
    name: str
    definition: Definition | None


class Refusal(NamedTuple):
    """A cell or a row that was not taken; rows count from 1."""

    row: int
    column: str | None
    message: str


class Maker(Protocol):
    """Makes people of identifiers that nobody has."""

    async def make(self, rows: Sequence[Sequence[tuple[str, str]]]) -> None:
        """Store persons, each with the identifiers of a row."""
        ...


@dataclass(slots=True, kw_only=True)
class Done:
    """What became of a file."""

    rows: int = 0
    matched: int = 0
    unmatched: int = 0
    created: int = 0
    changed: int = 0
    refused: list[Refusal] = field(default_factory=list)
    refused_count: int = 0
    traits: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    is_dry_run: bool = False

    def refuse(self, row: int, column: str | None, message: str) -> None:
        """One more that was not taken."""
        self.refused_count += 1
        if len(self.refused) < _SHOWN:
            self.refused.append(Refusal(row, column, message))


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How a file is taken; without a maker of people nobody is made."""

    source: str
    by: str
    now: datetime
    is_dry_run: bool = False
    may_create: bool = False
    maker: Maker | None = None
    column: str | None = None
    kind: Kind | None = None


class _Table(NamedTuple):
    rows: Rows
    keys: list[IdentifierColumn]
    traits: list[TraitColumn]
    tags: int | None  # the place of the column of tags


class _Cells(NamedTuple):
    """What the cells of a row say."""

    traits: dict[str, Any]
    tags: tuple[str, ...]


async def take_file(db: Database, workspace: int, path: Path, how: How) -> Done:
    """Say what a file says; a cell that does not fit is left out, an empty one says nothing.

    Raises
    ------
    BadTraitFileError, BadListFileError, UnreadableFileError
        If it is no table, names nobody, or says no trait.
    """
    done = Done(is_dry_run=how.is_dry_run)
    async with db.transaction(workspace) as tx:
        region = await ListRepository(tx).get_region()
        known = service.by_name(await service.list_definitions(tx))
    table = await asyncio.to_thread(_open, path, region, known, how, done)
    seen: set[int] = set()
    parts = matching.read_parts(table.rows, table.keys, region)
    while (part := await asyncio.to_thread(next, parts, None)) is not None:
        done.rows += len(part)
        if done.rows > MAX_ROWS:
            raise BadTraitFileError(f"The file has more than {MAX_ROWS:,} rows.", hint="Send it in parts.")
        cells = await asyncio.to_thread(_read, part, table, done)
        await _take_part(db, workspace, table, part, cells, how=how, done=done, seen=seen)
    for number, reason, _ in table.rows.broken:
        done.rows += 1
        done.unmatched += 1
        done.refuse(number, None, f"{reason}; write it with as many cells as there are columns.")
    done.changed = len(seen) + (done.created if how.is_dry_run else 0)
    return done


def _open(path: Path, region: str, known: Mapping[str, Definition], how: How, done: Done) -> _Table:
    rows, keys = matching.open_table(path, region, column=how.column, kind=how.kind)
    places = {key.place for key in keys}
    columns = [
        TraitColumn(place, name.strip(), known.get(name.strip()))
        for place, name in enumerate(rows.names)
        if place not in places and kind_of(name) is None
    ]
    tagging = next((column.place for column in columns if column.name.casefold() in _TAGS), None)
    columns = [column for column in columns if column.place != tagging]
    taken = [column for column in columns if _is_sayable(column)]
    done.traits = [column.name for column in taken]
    done.ignored = [column.name for column in columns if not _is_sayable(column)]
    if how.may_create and any(key.kind == "any" for key in keys):
        raise BadTraitFileError(
            "New people need an identifier whose kind is known.", hint="Say with “kind” what the column holds."
        )
    if not taken and tagging is None:
        raise BadTraitFileError(
            "The file says no trait.", hint="Give it a column besides the identifier, named like the trait, or “tags”."
        )
    if len(taken) > _MOST_TRAITS or len(set(done.traits)) < len(done.traits):
        raise BadTraitFileError(
            f"The file has more than {_MOST_TRAITS} columns of traits, or two of one name.",
            hint="Leave out those that you do not need.",
        )
    return _Table(rows, keys, taken, tagging)


def _is_sayable(column: TraitColumn) -> bool:
    """Whether people have a say: not in what is worked out, such as an export holds."""
    is_worked_out = column.definition is not None and column.definition.origin in ("computed", "score")
    return not is_worked_out and service.is_name(column.name)


def _read(part: Sequence[matching.Row], table: _Table, done: Done) -> list[_Cells]:
    """What the cells of each row say."""
    read: list[_Cells] = []
    for row in part:
        said: dict[str, Any] = {}
        for place, name, definition in table.traits:
            text = (row.values[place] or "").strip()
            if not text:
                continue
            try:
                said[name] = _cell(name, definition, text)
            except BadTraitValueError as error:
                done.refuse(row.number, name, f"{error.message} {error.hint or ''}".strip())
        read.append(_Cells(said, _read_tags(row, table, done)))
    return read


def _read_tags(row: matching.Row, table: _Table, done: Done) -> tuple[str, ...]:
    cell = (row.values[table.tags] if table.tags is not None else None) or ""
    found: list[str] = []
    for word in filter(None, (each.strip() for each in _BETWEEN_TAGS.split(cell))):
        try:
            found.append(tags.clean(word))
        except BadTagError as error:
            done.refuse(row.number, _TAGS[0], f"{error.message} {error.hint or ''}".strip())
    return tuple(dict.fromkeys(found))


def _cell(name: str, definition: Definition | None, text: str) -> Any:
    if text[0] == "'" and text[1:].startswith(FORMULA):
        text = text[1:]  # as our exports fence it
    if definition is not None:
        return values.read(definition, text)
    return values.check_undeclared(name, text.replace("\0", ""))


async def _take_part(
    db: Database,
    workspace: int,
    table: _Table,
    part: Sequence[matching.Row],
    cells: Sequence[_Cells],
    *,
    how: How,
    done: Done,
    seen: set[int],
) -> None:
    if how.may_create:
        await _create(db, workspace, part, how=how, done=done)
    async with db.transaction(workspace) as tx:
        found = await matching.find_people(tx, part)
        said: dict[int, dict[str, Any]] = {}
        home_of: dict[int, int] = {}
        tagged: dict[tuple[str, ...], dict[int, int]] = {}
        for row, told in zip(part, cells, strict=True):
            who = matching.decide(row, found)
            if isinstance(who, str):
                if how.may_create and how.is_dry_run and who == matching.UNKNOWN and _makeable(row):
                    done.matched += 1
                else:
                    _miss(table, row, who, done)
                continue
            done.matched += 1
            said.setdefault(who.person_id, {}).update(told.traits)
            home_of[who.person_id] = who.home_id
            if told.tags:
                tagged.setdefault(told.tags, {})[who.person_id] = row.number
        said = {person: values_said for person, values_said in said.items() if values_said}
        seen |= await _changed(tx, said)
        if said and not how.is_dry_run:
            homes = {home_of[person]: values_said for person, values_said in said.items()}
            await saying.state_each(tx, homes, source=how.source, now=how.now)
        for words, people in tagged.items():
            seen |= await _tag(tx, words, people, how=how, done=done)


async def _tag(tx: Transaction, words: Sequence[str], people: Mapping[int, int], *, how: How, done: Done) -> set[int]:
    """Put tags on people, whose rows are named beside; those who had not all of them."""
    if how.is_dry_run:
        return await TraitRepository(tx).list_untagged(people, words)
    try:
        given = await tags.give(tx, people, words, origin="import", by=how.by, reason=how.source, now=how.now)
    except ExclusiveTagsError as error:
        for number in people.values():
            done.refuse(number, _TAGS[0], f"{error.message} {error.hint or ''}".strip())
        return set()
    return given.people


def _miss(table: _Table, row: matching.Row, reason: str, done: Done) -> None:
    done.unmatched += 1
    remedy = "Correct it, or send the file with create=true." if reason == matching.UNKNOWN else "Correct the row."
    done.refuse(row.number, table.rows.names[table.keys[0].place], f"{reason[0].upper()}{reason[1:]}. {remedy}")


async def _create(db: Database, workspace: int, part: Sequence[matching.Row], *, how: How, done: Done) -> None:
    """Make the people whom nobody has met; rows that name one together make one."""
    async with db.transaction(workspace) as tx:
        found = await matching.find_people(tx, part)
    new = {_makeable(row) for row in part if matching.decide(row, found) == matching.UNKNOWN} - {()}
    done.created += len(new)
    if how.maker is not None and new and not how.is_dry_run:
        await how.maker.make(sorted(new))


def _makeable(row: matching.Row) -> tuple[tuple[str, str], ...]:
    """The identifiers of a row of which a person can be made."""
    return tuple(each for each in row.candidates if each[0] in IDENTIFIERS)


async def _changed(tx: Transaction, said: Mapping[int, Mapping[str, Any]]) -> set[int]:
    """Those to whom something new is said."""
    has = await TraitRepository(tx).list_values(said.keys())
    return {
        person
        for person, told in said.items()
        if any(name not in has.get(person, {}) or has[person][name] != value for name, value in told.items())
    }

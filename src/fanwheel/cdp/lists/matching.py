"""Matching the rows of a file with people, by identifiers of any kind."""

import asyncio
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from fanwheel.cdp import persons
from fanwheel.cdp.imports.contracts import Reading
from fanwheel.cdp.imports.readers import Rows, open_rows
from fanwheel.cdp.lists.columns import KINDS, IdentifierColumn, Kind, choose, is_data
from fanwheel.cdp.lists.contracts import Gathered
from fanwheel.cdp.lists.errors import BadListFileError
from fanwheel.cdp.lists.repository import ListRepository
from fanwheel.infra.postgres import Database, Transaction

MAX_ROWS: Final = 1_000_000
_AT_ONCE: Final = 8_192
_LONGEST_HEADER: Final = 64 * 1024
UNKNOWN: Final = "no person has this"
_UNUSABLE: Final = "holds nothing that tells a person"
_SEVERAL: Final = "belongs to different people: "
_LARGEST_ID: Final = 2**63 - 1
_ANY: Final[tuple[Kind, ...]] = tuple(kind for kind in KINDS if kind not in ("any", "person_id"))
Candidate = tuple[str, str]


class Row(NamedTuple):
    """A row, numbered from 1, and the identifiers in it."""

    number: int
    values: Sequence[str | None]
    candidates: list[Candidate]


class Match(NamedTuple):
    """Whom a row names, and the home by which it does."""

    home_id: int
    person_id: int


async def gather(
    db: Database, workspace: int, path: Path, *, column: str | None = None, kind: Kind | None = None
) -> Gathered:
    """Whom the rows of a CSV file name, and which rows name nobody.

    Raises
    ------
    BadListFileError, UnreadableFileError
        If it is no table, or none of its columns can be matched by.
    """
    async with db.transaction(workspace) as tx:
        region = await ListRepository(tx).get_region()
    rows, columns = await asyncio.to_thread(open_table, path, region, column=column, kind=kind)
    report = _Report(rows.names)
    homes: dict[int, int] = {}  # the first home of each person
    total = 0
    parts = read_parts(rows, columns, region)
    while (part := await asyncio.to_thread(next, parts, None)) is not None:
        total += len(part)
        if total > MAX_ROWS:
            raise BadListFileError(f"The file has more than {MAX_ROWS:,} rows.", hint="Upload it in parts.")
        async with db.transaction(workspace) as tx:
            found = await find_people(tx, part)
        for row in part:
            who = decide(row, found)
            if isinstance(who, str):
                report.add(row.number, row.values, who)
            else:
                homes.setdefault(who.person_id, who.home_id)
    for number, reason, text in rows.broken:
        report.add(number, [text], reason)
    total += len(rows.broken)
    return Gathered(list(homes.values()), total, total - report.count, report.count, report.text)


def open_table(
    path: Path, region: str, *, column: str | None, kind: Kind | None
) -> tuple[Rows, list[IdentifierColumn]]:
    """The rows of a CSV file, and the columns to match by.

    Raises
    ------
    BadListFileError, UnreadableFileError
        If it is no table, or none of its columns can be matched by.
    """
    encoding = _encoding(path)
    reading = Reading(format="csv", encoding=encoding, delimiter=_delimiter(path, encoding))
    rows = open_rows(path, reading)
    if column is None and is_data(rows.names, region=region):
        names = tuple(f"column_{number}" for number in range(1, len(rows.names) + 1)) if rows.names[1:] else ("value",)
        rows = open_rows(path, Reading(format="csv", columns=names, encoding=encoding, delimiter=reading.delimiter))
        return rows, [IdentifierColumn(index, kind or "any") for index in range(len(names))]
    return rows, choose(rows.names, column=column, kind=kind)


def _encoding(path: Path) -> str:
    """UTF-8, or else what spreadsheets write in China."""
    try:
        with path.open(encoding="utf-8") as text:
            while text.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "gb18030"
    return "utf8"


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding) as text:
        header = text.readline(_LONGEST_HEADER)
    return max(",;\t", key=header.count)


def read_parts(rows: Rows, columns: list[IdentifierColumn], region: str) -> Iterator[list[Row]]:
    """Some rows after the others, each with its identifiers as they are kept."""
    number = 0
    for batch in rows.batches:
        lines = list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
        for begin in range(0, len(lines), _AT_ONCE):
            part = []
            for values in lines[begin : begin + _AT_ONCE]:
                number += 1
                part.append(Row(number, values, _candidates(values, columns, region)))
            yield part


def _candidates(values: Sequence[str | None], columns: list[IdentifierColumn], region: str) -> list[Candidate]:
    found: list[Candidate] = []
    for place, kind in columns:
        text = (values[place] or "").strip()
        if kind == "person_id":
            if text.isascii() and text.isdigit() and int(text) <= _LARGEST_ID:
                found.append((kind, text))
            continue
        for one in _ANY if kind == "any" else (kind,):
            normal = persons.normalize(one, text, region=region)
            if normal is not None:
                found.append((one, normal))
    return found


async def find_people(tx: Transaction, part: Sequence[Row]) -> dict[Candidate, list[Match]]:
    """Homes and persons of every candidate that is known."""
    lists = ListRepository(tx)
    asked = {candidate for row in part for candidate in row.candidates}
    keys: dict[UUID, Candidate] = {
        persons.identifier_hash(kind, value): (kind, value) for kind, value in asked if kind != "person_id"
    }
    found: dict[Candidate, list[Match]] = {}
    for key, pair in (await lists.match(keys.keys())).items():
        found[keys[key]] = [Match(*pair)]
    # Files tell openids as platforms do, without the app under which they are kept.
    bare = {value for kind, value in asked if kind == "openid"} - {value for kind, value in found if kind == "openid"}
    for value, pairs in (await lists.match_openids(bare)).items():
        found["openid", value] = [Match(*pair) for pair in pairs]
    numbers = {int(value) for kind, value in asked if kind == "person_id"}
    for home, person in (await lists.find_living(numbers)).items():
        found["person_id", str(home)] = [Match(home, person)]
    return found


def decide(row: Row, found: Mapping[Candidate, Sequence[Match]]) -> Match | str:
    """Whom a row names, or why nobody."""
    matches = [match for candidate in row.candidates for match in found.get(candidate, ())]
    people = sorted({match.person_id for match in matches})
    if len(people) == 1:
        return matches[0]
    if people:
        return _SEVERAL + ", ".join(map(str, people))
    return UNKNOWN if row.candidates else _UNUSABLE


class _Report:
    """Rows that matched nobody, as they stand in the file, with their number and the reason."""

    def __init__(self, names: Sequence[str]) -> None:
        self.count = 0
        self._names = names
        self._file = io.StringIO(newline="")
        self._rows = csv.writer(self._file)

    def add(self, number: int, values: Sequence[str | None], reason: str) -> None:
        """One more."""
        if not self.count:
            self._rows.writerow([*self._names, "_row", "_reason"])
        self.count += 1
        kept = [(value or "").replace("\0", "") for value in values]
        self._rows.writerow([*kept, *[""] * (len(self._names) - len(kept)), number, reason])

    @property
    def text(self) -> str:
        """The whole as CSV; nothing without rows."""
        return self._file.getvalue()

"""Traits of people as a CSV file that can be imported again, sent while it is read."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

import msgspec

from fanwheel.cdp.persons.exporting import as_file
from fanwheel.cdp.traits.repository import TraitRepository
from fanwheel.infra.postgres import Database

__all__ = ["as_file", "export"]

_AT_ONCE: Final = 2_000
_BYTE_ORDER_MARK: Final = "\ufeff"  # without it spreadsheets take UTF-8 for something else
IDENTIFIERS: Final = ("person_id", "user_id", "email", "phone")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


async def export(db: Database, workspace: int, persons: Sequence[int], names: Sequence[str]) -> AsyncIterator[bytes]:
    """A CSV file of those of the persons who are still there: who they are, then these traits."""
    yield (_BYTE_ORDER_MARK + _lines([[*IDENTIFIERS, *names]])).encode()
    for begin in range(0, len(persons), _AT_ONCE):
        async with db.transaction(workspace) as tx:
            traits = TraitRepository(tx)
            rows = await traits.list_identified(persons[begin : begin + _AT_ONCE])
        if rows:
            yield _lines(
                [
                    [*(row[name] for name in IDENTIFIERS), *(_cell(row["traits"].get(name)) for name in names)]
                    for row in rows
                ]
            ).encode()


def _lines(rows: Sequence[Sequence[Any]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()


def _cell(value: Any) -> Any:
    """A value as :mod:`fanwheel.cdp.traits.values` reads it back, fenced where a spreadsheet sees a formula."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = "; ".join(value)
    if isinstance(value, list | dict):
        return msgspec.json.encode(value).decode()
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value

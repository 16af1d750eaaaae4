"""People as a CSV file, sent while it is read."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Final

from fanwheel.cdp.persons.people import PeopleRepository
from fanwheel.infra.postgres import Database

COLUMNS: Final = (
    "person_id", "user_id", "email", "phone", "unionid", "openid", "wecom_external_userid", "douyin_open_id",
    "tiktok_open_id", "telegram_id", "line_id", "anonymous_id", "name", "stage", "is_fan", "tags", "order_count",
    "revenue", "currency", "first_seen_at", "last_seen_at",
)  # fmt: skip
_AT_ONCE: Final = 2_000
_BYTE_ORDER_MARK: Final = "\ufeff"  # without it spreadsheets take UTF-8 for something else
# What people said of themselves, which a spreadsheet must not take for a formula.
_FREE: Final = frozenset({"name", "tags"})
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


async def export(db: Database, workspace: int, people: Sequence[int]) -> AsyncIterator[bytes]:
    """A CSV file of those of the persons who are still there, in the order of their ids."""
    yield (_BYTE_ORDER_MARK + _lines([COLUMNS])).encode()
    for begin in range(0, len(people), _AT_ONCE):
        async with db.transaction(workspace) as tx:
            rows = await PeopleRepository(tx).list_rows(people[begin : begin + _AT_ONCE])
        if rows:
            yield _lines([[_cell(name, row[name]) for name in COLUMNS] for row in rows]).encode()


def as_file(name: str) -> dict[str, str]:
    """The headers with which a browser saves an answer under a name, and no cache keeps it."""
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def _lines(rows: Sequence[Sequence[Any]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()


def _cell(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if name in _FREE and value and value.startswith(_FORMULA) else value

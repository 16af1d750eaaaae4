"""Suppressed addresses as a CSV file, such as another product takes them in."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from typing import Final

from fanwheel.cdp.consent.contracts import Suppressed
from fanwheel.cdp.consent.hashing import AddressHasher
from fanwheel.cdp.consent.repository import SuppressionRepository
from fanwheel.cdp.consent.suppressing import require_key
from fanwheel.infra.postgres import Database

COLUMNS: Final = ("kind", "address", "masked", "channel", "purpose", "reason", "note", "suppressed_at")
_AT_ONCE: Final = 2_000
_BYTE_ORDER_MARK: Final = "\ufeff"  # without it spreadsheets take UTF-8 for something else
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


async def export(db: Database, workspace: int, hasher: AddressHasher) -> AsyncIterator[bytes]:
    """Every suppressed address; whole where somebody is known by it, for only hashes are kept of them."""
    yield (_BYTE_ORDER_MARK + _lines([COLUMNS])).encode()
    told: set[int] = set()
    async for rows in _known(db, workspace, hasher):
        told |= {suppressed.suppression_id for _, suppressed in rows}
        yield _lines([_cells(address, suppressed) for address, suppressed in rows]).encode()
    before: int | None = None
    while True:
        async with db.transaction(workspace) as tx:
            found = await SuppressionRepository(tx).list_suppressed(
                hashes=None, reason=None, before=before, limit=_AT_ONCE
            )
        if not found:
            return
        before = found[-1].suppression_id
        yield _lines([_cells("", each) for each in found if each.suppression_id not in told]).encode()


async def _known(
    db: Database, workspace: int, hasher: AddressHasher
) -> AsyncIterator[Sequence[tuple[str, Suppressed]]]:
    """The suppressed among the addresses of people who are known, a portion at a time."""
    after = 0
    while True:
        async with db.transaction(workspace) as tx:
            await require_key(tx, hasher)
            suppressions = SuppressionRepository(tx)
            addresses = await suppressions.list_addresses(after=after, most=_AT_ONCE)
            by_hash = {hasher.hash(workspace, kind, value): value for _, kind, value in addresses}
            found = await suppressions.list_among(list(by_hash)) if by_hash else []
        if not addresses:
            return
        after = addresses[-1][0]
        yield [(by_hash[digest], suppressed) for digest, suppressed in found]


def _lines(rows: Sequence[Sequence[object]]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()


def _cells(address: str, row: Suppressed) -> list[object]:
    # A number with its country code begins as a formula does, and is none; a note may be one.
    note = f"'{row.note}" if row.note.startswith(_FORMULA) else row.note
    return [
        row.kind, address, row.masked, row.channel, row.purpose, row.reason, note, row.suppressed_at.isoformat(),
    ]  # fmt: skip

"""Searching all messages."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.loop.operate.conversations.repository import InboxRepository
from fanwheel.loop.operate.conversations.rules import words

_TRIES: Final = 20
_NEWEST: Final = 2**62


class Found(NamedTuple):
    """Messages that were found, and before which number to go on; None: there are no more."""

    rows: list[Row]
    before_id: int | None


async def search(tx: Transaction, text: str, *, before_id: int | None, limit: int) -> Found:
    """Messages that hold all of a text, the newest first.

    Raises
    ------
    TooShortError
        If there is too little to search for.
    """
    asked = words.ask(text)
    inbox = InboxRepository(tx)
    bounds = await inbox.get_bounds()
    if bounds is None:
        return Found([], None)
    oldest, newest = bounds
    before = min(before_id or _NEWEST, newest + 1)
    found: list[Row] = []
    for _ in range(_TRIES):
        if before <= oldest:
            return Found(found, None)
        portions = words.portions(asked, workspace=tx.workspace or 0, newest=before - 1, oldest=oldest)
        most = 2 * limit
        ids = await inbox.find_messages(portions, wholes=asked.wholes, before_id=before, most=most)
        for row in await _read(inbox, ids):
            if not asked.is_in(row["body"]):
                continue
            found.append({**row, "excerpt": words.excerpt(row["body"], asked.needles)})
            if len(found) == limit:
                return Found(found, row["message_id"])
        if len(ids) < most:
            return Found(found, None)
        before = ids[-1]
    return Found(found, before)


async def _read(inbox: InboxRepository, ids: Sequence[int]) -> list[Row]:
    return await inbox.list_found(ids) if ids else []

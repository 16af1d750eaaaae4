"""Old entries and exits go, so that the history of segments does not grow for ever."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from fanwheel.cdp.segments.live.repository import LiveRepository
from fanwheel.infra.postgres import Database

_AT_ONCE: Final = 10_000


async def forget_changes(
    db: Database, workspaces: Iterable[int], *, days: int, now: datetime, at_once: int = _AT_ONCE
) -> int:
    """Take away entries and exits that are older than so many days; how many there were.

    Who is in stays known; only since when is not, where that is longer ago.
    """
    forgotten = 0
    for workspace in workspaces:
        while True:
            async with db.transaction(workspace) as tx:
                gone = await LiveRepository(tx).forget_changes(now - timedelta(days=days), most=at_once)
            forgotten += gone
            if gone < at_once:
                break
    return forgotten

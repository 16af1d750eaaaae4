"""Reports: how fast people were answered, how fast things were settled, and how people found it."""

from datetime import datetime
from typing import Any, Final, Literal

from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Transaction
from fanwheel.infra.postgres.pool import Row

_SQL: Final = sqlfile.load("fanwheel.loop.operate.conversations", "reporting.sql")
_UNRATED: Final = {"asked": 0, "rated": 0, "score": None, "good": 0}
GroupBy = Literal["none", "agent", "team", "channel", "day"]


async def report(tx: Transaction, *, group_by: GroupBy, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """One row for each agent, team, channel or day, or one for all: response and resolution times with ratings."""
    asked = {"group_by": group_by, "since": since, "until": until}
    ratings = {row["group_key"]: row for row in await tx.all(_SQL["list_ratings"], **asked)}
    return [
        {**row, **{name: ratings.get(row["group_key"], _UNRATED)[name] for name in _UNRATED}}
        for row in await tx.all(_SQL["list_response_times"], **asked)
    ]


async def list_scores(tx: Transaction, *, since: datetime, until: datetime, most: int) -> list[Row]:
    """What people answered who were asked how it was, the newest first."""
    return await tx.all(_SQL["list_scores"], since=since, until=until, most=most)

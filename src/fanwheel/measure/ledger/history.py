"""The history of verdicts: once a day each workspace is judged as of the day before, and what was said is kept."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings
from fanwheel.measure.ledger import repository, work
from fanwheel.measure.ledger.repository import Standing

_WEEKS_BACK: Final = 12


class History:
    """Writes the history of every workspace; call ``write_due`` now and then."""

    def __init__(self, settings: Settings, dsn: str) -> None:
        self._settings = settings
        self._dsn = dsn
        self._tried: dict[int, date] = {}  # by workspace, the day that was judged last, with or without result

    async def write_due(self, db: Database, *, now: datetime) -> int:
        """Judge the workspaces whose yesterday was not judged yet; how many verdicts were noted."""
        async with db.installation() as tx:
            workspaces = await repository.list_workspaces(tx)
        return sum([await self._write(db, workspace, now) for workspace in workspaces])

    async def _write(self, db: Database, workspace: int, now: datetime) -> int:
        async with db.transaction(workspace) as tx:
            standing = await repository.get_standing(tx)
        yesterday = now.astimezone(ZoneInfo(standing.time_zone)).date() - timedelta(days=1)
        days = days_due(standing, yesterday)
        if not days or self._tried.get(workspace) == yesterday:
            return 0
        wanted = work.Work.of(self._settings, self._dsn, workspace=workspace, margin=standing.margin, last=yesterday)
        wanted.history_days = days
        said: list[dict[str, Any]] = msgspec.json.decode(await asyncio.to_thread(work.run, wanted))
        if said:
            async with db.transaction(workspace) as tx:
                await repository.put_days(tx, said)
        self._tried[workspace] = yesterday
        return len(said)


def days_due(standing: Standing, yesterday: date) -> list[date]:
    """The days to be judged: yesterday, and for a workspace without history one day a week of the last twelve weeks."""
    if not standing.has_spend or standing.is_loading:
        return []
    if standing.newest_day is None:
        return [yesterday - timedelta(weeks=weeks) for weeks in range(_WEEKS_BACK - 1, -1, -1)]
    return [yesterday] if standing.newest_day < yesterday else []

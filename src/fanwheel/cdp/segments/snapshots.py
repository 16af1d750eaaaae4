"""Snapshots: who is in a segment at one moment, kept as a list; by hand or again and again."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from fanwheel.cdp import lists
from fanwheel.cdp.segments import service
from fanwheel.cdp.segments.crowds import crowd
from fanwheel.cdp.segments.errors import ScheduleNotFoundError, SegmentNotFoundError, SegmentStateError
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.infra.postgres.pool import Row
from fanwheel.kernel.errors import FanwheelError

_SQL: Final = sqlfile.load("fanwheel.cdp.segments", "snapshots.sql")
_LONGEST_NAME: Final = 200
_DAY: Final = timedelta(days=1)


async def take(
    tx: Transaction,
    segment_id: int,
    *,
    now: datetime,
    actor: str,
    name: str | None = None,
    schedule_id: int | None = None,
) -> int:
    """Keep who is in a segment now as a list; its number.

    Raises
    ------
    SegmentNotFoundError, SegmentStateError, ListNameTakenError
        If there is no such segment, it has never been built, or a list has the name.
    """
    segment = await service.get(tx, segment_id)
    if segment.built_at is None:
        raise SegmentStateError("The segment has not been built yet.", hint="Start it, or wait until it is live.")
    told = now.astimezone(await _zone(tx)).strftime(" %Y-%m-%d %H:%M:%S")
    list_id = await lists.add(
        tx,
        name or segment.name[: _LONGEST_NAME - len(told)] + told,
        actor=actor,
        origin="snapshot",
        segment_id=segment_id,
        schedule_id=schedule_id,
    )
    people = crowd(await service.bitmap(tx, segment_id))
    await lists.fill(tx, list_id, (int(one) for one in people.ids))
    return list_id


def next_run(after: datetime, zone: ZoneInfo, *, every: str, weekday: int, hour: int) -> datetime:
    """The first moment after one at which the clock shows that hour, on that weekday if it is weekly."""
    day = after.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
        if moment > after and (every == "day" or day.isoweekday() == weekday):
            return moment
        day += _DAY


async def schedule(
    tx: Transaction, segment_id: int, *, every: str, weekday: int, hour: int, keep: int, now: datetime, actor: str
) -> Row:
    """Have snapshots of a segment taken again and again."""
    await service.get(tx, segment_id)
    next_at = next_run(now, await _zone(tx), every=every, weekday=weekday, hour=hour)
    schedule_id = await tx.value(
        _SQL["add_schedule"], segment_id=segment_id, every=every, weekday=weekday, hour=hour, keep=keep,
        next_at=next_at, actor=actor,
    )  # fmt: skip
    return await tx.one(_SQL["list_schedules"], segment_id=segment_id, one=schedule_id)


async def list_schedules(tx: Transaction, segment_id: int) -> list[Row]:
    """When snapshots of a segment are taken."""
    await service.get(tx, segment_id)
    return await tx.all(_SQL["list_schedules"], segment_id=segment_id, one=None)


async def unschedule(tx: Transaction, segment_id: int, schedule_id: int) -> None:
    """Take no more such snapshots; those taken stay.

    Raises
    ------
    ScheduleNotFoundError
        If there is no such schedule.
    """
    if not await tx.run(_SQL["delete_schedule"], segment_id=segment_id, schedule_id=schedule_id):
        raise ScheduleNotFoundError


async def forget(tx: Transaction, segment_id: int) -> None:
    """Take no more snapshots of a segment that is deleted."""
    await tx.run(_SQL["delete_schedules"], segment_id=segment_id)


async def run_due(db: Database, workspaces: Iterable[int], *, now: datetime) -> int:
    """Take the snapshots that are due; how many. One that fails says why and is tried again the next time."""
    taken = 0
    for workspace in workspaces:
        while (was_taken := await _run_next(db, workspace, now=now)) is not None:
            taken += was_taken
    return taken


async def _run_next(db: Database, workspace: int, *, now: datetime) -> bool | None:
    """Take the snapshot that has waited longest; whether that went well, None where none waits."""
    due: Row | None = None
    try:
        async with db.transaction(workspace) as tx:
            due = await tx.one_or_none(_SQL["find_due"], now=now)
            if due is None:
                return None
            await _run(tx, due, now=now)
            return True
    except FanwheelError as error:
        if due is None:
            raise
        async with db.transaction(workspace) as tx:
            await _put_off(tx, due, now=now, error=f"{error.message} {error.hint or ''}".strip())
        return False


async def _run(tx: Transaction, due: Row, *, now: datetime) -> None:
    segment_id, schedule_id = due["segment_id"], due["schedule_id"]
    try:
        await take(tx, segment_id, now=now, actor="system", schedule_id=schedule_id)
    except SegmentNotFoundError:
        await forget(tx, segment_id)
        return
    await _put_off(tx, due, now=now, error=None)
    for row in await tx.all(_SQL["list_outlived"], schedule_id=schedule_id, keep=due["keep"]):
        await lists.delete(tx, row["list_id"])


async def _put_off(tx: Transaction, due: Row, *, now: datetime, error: str | None) -> None:
    timing = {name: due[name] for name in ("every", "weekday", "hour")}
    next_at = next_run(now, await _zone(tx), **timing)
    await tx.run(_SQL["put_off"], schedule_id=due["schedule_id"], next_at=next_at, now=now, error=error)


async def _zone(tx: Transaction) -> ZoneInfo:
    return ZoneInfo(await tx.value(_SQL["get_zone"]))

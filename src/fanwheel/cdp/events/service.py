"""What the ingest pages ask: counters, refused events, the live tail."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from fanwheel.cdp import persons
from fanwheel.cdp.events import wire
from fanwheel.cdp.events.asgi import Key, submit_form
from fanwheel.cdp.events.contracts import JUNK
from fanwheel.cdp.events.prepare import KIND_NAMES, Prepared
from fanwheel.cdp.events.stored import read_object
from fanwheel.cdp.events.writer import Writer
from fanwheel.infra import sqlfile
from fanwheel.infra.postgres import Database, Transaction
from fanwheel.kernel.domain import Domain
from fanwheel.kernel.errors import ErrorKind, FanwheelError

_SQL: Final = sqlfile.load("fanwheel.cdp.events")
# The tail looks back over ever more transactions until it has enough events: a quiet workspace stays cheap,
# and so does a busy one.
_LOOK_BACK: Final = (200, 5_000, 200_000)
_REPLAYED_AT_ONCE: Final = 500


class RejectedNotFoundError(FanwheelError):
    """There is no such refused event."""

    kind = ErrorKind.NOT_FOUND


class AlreadyReplayedError(FanwheelError):
    """That event was taken already."""

    kind = ErrorKind.CONFLICT


async def stats(tx: Transaction, *, minutes: int, now: datetime) -> dict[str, Any]:
    """Counters of the last ``minutes``: in all, per key, per minute."""
    since = now - timedelta(minutes=minutes)
    keys = await tx.all(_SQL["stats_by_key"], since=since)
    series = await tx.all(_SQL["stats_by_minute"], since=since)
    totals = {name: sum(row[name] for row in series) for name in ("accepted", "rejected", "duplicate")}
    return {"totals": totals, "keys": keys, "series": series}


async def list_rejected(tx: Transaction, *, before: int | None, waiting: bool, limit: int) -> list[dict[str, Any]]:
    """Refused events, newest first."""
    return await tx.all(_SQL["list_rejected"], before=before, waiting=waiting, limit=limit)


async def live(tx: Transaction, *, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """The newest events, newest first."""
    rows: list[dict[str, Any]] = []
    for transactions in _LOOK_BACK:
        rows = await tx.all(_SQL["live"], transactions=transactions, after=after, limit=limit)
        if len(rows) >= limit or after is not None:
            break
    for row in rows:
        row["kind"] = KIND_NAMES[row["kind"]]
        row["domain"] = Domain(row["domain"]).label
        row["properties"] = read_object(row["properties"])
    return rows


def decode_payload(payload: str) -> wire.Envelope:
    """A refused event, read in the shape in which it came."""
    body = wire.clean(payload.encode("utf-8", "replace"))
    is_posthog = b'"distinct_id"' in body
    return wire.decode_posthog(body) if is_posthog else wire.decode_batch(body)


async def replay(
    database: Database, writer: Writer, workspace: int, *, rejected_id: int, payload: str | None, now: datetime
) -> str | None:
    """Send a refused event again; None when it was taken, else why not.

    Raises
    ------
    RejectedNotFoundError, AlreadyReplayedError
        If there is no such event, or it was taken before.
    """
    async with database.transaction(workspace) as tx:
        row = await tx.one_or_none(_SQL["lock_rejected"], id=rejected_id)
        if row is None:
            raise RejectedNotFoundError(rejected_id=rejected_id)
        if row["replayed_at"] is not None:
            raise AlreadyReplayedError(rejected_id=rejected_id)
        region = await tx.value(_SQL["region"])
        why = await _send_again(writer, workspace, row, payload or row["payload"], now=now, region=region)
        if why is None:
            await tx.run(_SQL["mark_replayed"], ids=[rejected_id])
        return why


async def replay_all(database: Database, writer: Writer, workspace: int, *, now: datetime) -> tuple[int, int]:
    """Send every waiting refused event again; how many were taken, and how many were not."""
    accepted = rejected = 0
    before: int | None = None
    while True:
        async with database.transaction(workspace) as tx:
            rows = await tx.all(_SQL["lock_waiting"], before=before, limit=_REPLAYED_AT_ONCE)
            region = await tx.value(_SQL["region"])
            sent = [_send_again(writer, workspace, row, row["payload"], now=now, region=region) for row in rows]
            answers = await asyncio.gather(*sent, return_exceptions=True)
            taken = [row["id"] for row, why in zip(rows, answers, strict=True) if why is None]
            await tx.run(_SQL["mark_replayed"], ids=taken)
        if failure := next((why for why in answers if isinstance(why, BaseException)), None):
            raise failure  # only after those that were taken are marked
        if not rows:
            return accepted, rejected
        accepted, rejected = accepted + len(taken), rejected + len(rows) - len(taken)
        before = rows[-1]["id"]


async def _send_again(
    writer: Writer, workspace: int, row: Mapping[str, Any], payload: str, *, now: datetime, region: str
) -> str | None:
    """None once the events of a payload are stored, else why they are not.

    What the writer would refuse is not handed to it: it would shelve a second copy.
    """
    try:
        envelope = decode_payload(payload)
    except wire.InvalidJsonError as error:
        # A payload that was cut to be stored; it must not keep the others from being replayed.
        return error.message
    submission = submit_form(Key(workspace, row["api_key_id"]), envelope, row["received_at"])
    if submission.refused or not submission.events:
        return submission.refused[0][0].message if submission.refused else "The event is empty."
    if not all(_has_identifier(event, region) for event in submission.events):
        return JUNK.message
    submission.received_at = now
    counts = await writer.submit(submission)
    return "The event was refused again; see the newest refused events." if counts.rejected else None


def _has_identifier(event: Prepared, region: str) -> bool:
    return any(persons.normalize(kind, raw, region=region) for kind, raw in (event.primary, *event.others))

"""A person's events, newest first, from the lake and the hot tail."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from fanwheel.cdp.events.stored import read_object
from fanwheel.infra import sqlfile
from fanwheel.infra.http import Page
from fanwheel.infra.settings import Settings
from fanwheel.kernel.cursor import BadCursorError, decode_cursor, encode_cursor
from fanwheel.kernel.domain import Domain
from fanwheel.kernel.semantics import HELD_OUT_KIND

if TYPE_CHECKING:
    import pyarrow as pa

    from fanwheel.infra.engine import Engine, EventFiles

_SQL: Final = sqlfile.load("fanwheel.cdp.events", "timeline.sql")
_KINDS: Final = {
    1: "track", 2: "identify", 3: "page", 4: "screen", 5: "group", 6: "alias", HELD_OUT_KIND: "track"
}  # fmt: skip
_END_OF_TIME: Final = datetime(9999, 1, 1, tzinfo=UTC)
_BUCKET: Final = re.compile(r"bucket=(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """One event as the portrait shows it; ``source`` is a slug, or None without evidence."""

    event_id: UUID
    kind: str
    name: str
    occurred_at: datetime
    source: str | None
    domain: str
    properties: dict[str, Any]
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Files:
    root: Any
    files: Sequence[str]
    tail: "pa.Table"


async def timeline(
    settings: Settings, dsn: str, workspace: int, home_ids: Sequence[int], cursor: str | None, limit: int
) -> Page[TimelineEvent]:
    """A page of the events of a person's homes, newest first.

    It always runs on this machine: a few files hold one person, and a cluster would take seconds.
    """
    before_at, before_id = _key(cursor) if cursor else (_END_OF_TIME, b"")
    params = {"before_at": before_at, "before_id": before_id, "limit": limit + 1}
    rows, slugs = await asyncio.to_thread(_read, settings, dsn, workspace, home_ids, params)
    page, last = rows[:limit], rows[limit - 1 : limit]
    more = encode_cursor(last[0]["occurred_at"].isoformat(), last[0]["event_id"].hex()) if len(rows) > limit else None
    return Page(items=[_event(row, slugs) for row in page], next_cursor=more)


def _key(cursor: str) -> tuple[datetime, bytes]:
    before_at, before_id = decode_cursor(cursor, 2)
    try:
        return datetime.fromisoformat(before_at), bytes.fromhex(before_id)
    except (TypeError, ValueError):
        raise BadCursorError(hint="Leave “cursor” out to begin at the first page.") from None


def _read(
    settings: Settings, dsn: str, workspace: int, home_ids: Sequence[int], params: Mapping[str, object]
) -> tuple[list[dict[str, Any]], dict[int, str]]:
    from fanwheel.infra.engine import EngineDownError

    try:
        return _read_once(settings, dsn, workspace, home_ids, params)
    except EngineDownError:
        # An erasure takes files away at once, even from under a reader; a new look finds those that replaced them.
        return _read_once(settings, dsn, workspace, home_ids, params)


def _read_once(
    settings: Settings, dsn: str, workspace: int, home_ids: Sequence[int], params: Mapping[str, object]
) -> tuple[list[dict[str, Any]], dict[int, str]]:
    from fanwheel.infra import lake
    from fanwheel.infra.engine import WorkspaceReader, open_duckdb

    snapshot = lake.snapshot(settings.home, dsn, workspace=workspace)
    with WorkspaceReader(dsn, workspace) as reader:
        sources = reader.read(_SQL["sources"]).to_pylist()
        erased = reader.read(_SQL["erased"])
    with open_duckdb(settings) as engine:
        rows = _select(engine, snapshot, workspace, erased, home_ids, params)
    return rows, {source["source_id"]: source["slug"] for source in sources}


def _select(
    engine: "Engine",
    events: "EventFiles",
    workspace: int,
    erased: "pa.Table",
    home_ids: Sequence[int],
    params: Mapping[str, object],
) -> list[dict[str, Any]]:
    """Rows of the statement."""
    import pyarrow as pa

    from fanwheel.infra.engine import register_events

    register_events(engine, files_of(events, home_ids), workspace, erased=erased)
    engine.table("wanted", pa.table({"home_id": pa.array(home_ids, pa.int64())}))
    rows: list[dict[str, Any]] = engine.query(_SQL["timeline"], **params).to_pylist()
    return rows


def files_of(events: "EventFiles", home_ids: Iterable[int]) -> "EventFiles":
    """The same events without files of buckets that hold none of some homes: these need not be opened."""
    from fanwheel.infra.lake import BUCKETS

    buckets = {home % BUCKETS for home in home_ids}
    return _Files(events.root, [file for file in events.files if _may_hold(file, buckets)], events.tail)


def _may_hold(file: str, buckets: set[int]) -> bool:
    found = _BUCKET.search(PurePath(file).parent.name)
    return found is None or int(found[1]) in buckets


def _event(row: Mapping[str, Any], slugs: Mapping[int, str]) -> TimelineEvent:
    return TimelineEvent(
        event_id=UUID(bytes=row["event_id"]),
        kind=_KINDS[row["kind"]],
        name=row["name"],
        occurred_at=row["occurred_at"],
        source=slugs.get(row["source_id"]),
        domain=Domain(row["domain"]).label,
        properties=read_object(row["properties"]),
        context=read_object(row["context"]),
    )

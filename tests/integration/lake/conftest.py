"""A home and exporters for each test, events to put in, and what comes out."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import duckdb
import psycopg
import pytest

from fanwheel.infra.lake import Exporter, LakeOptions, LakeSnapshot
from fanwheel.infra.settings import Settings
from fanwheel.kernel.ids import uuid7

# Everything at once: a test waits for nothing.
EAGER = LakeOptions(erasure_grace_s=0, watch_every_s=0, bucket_rows=500, settle_minutes=0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
def make_exporter(settings: Settings, dsn: str) -> Iterator[Callable[..., Exporter]]:
    made: list[Exporter] = []

    def make(options: LakeOptions = EAGER, **more: object) -> Exporter:
        made.append(Exporter(settings, dsn, options=options, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for exporter in made:
        exporter.close()


def put(
    conn: psycopg.Connection,
    count: int,
    *,
    workspace: int = 1,
    person: int | None = None,
    occurred_at: datetime | None = None,
    received_at: datetime | None = None,
    text: str = "",
) -> list[UUID]:
    """Insert events in the connection's transaction; return their ids."""
    ids = [uuid7() for _ in range(count)]
    now = datetime.now(UTC)
    with conn.cursor().copy(
        "COPY event (workspace_id, event_id, message_key, person_id, kind, name, occurred_at, received_at,"
        " source_id, domain, properties, context) FROM STDIN"
    ) as copy:
        for event_id in ids:
            at = (occurred_at or now) + timedelta(microseconds=random.randrange(1_000_000))
            home = person if person is not None else random.randrange(1, 500)
            properties = f'{{"total": {random.randrange(100)}, "note": "{text}"}}'
            row = (workspace, event_id, event_id, home, 1, "Order Completed", at, received_at or now, 0, 0, properties)
            copy.write_row((*row, "{}"))
    return ids


def put_now(dsn: str, count: int, **more: object) -> list[UUID]:
    """Insert and commit events."""
    with psycopg.connect(dsn) as conn:
        return put(conn, count, **more)  # type: ignore[arg-type]


def in_database(dsn: str) -> list[tuple[UUID, int, str]]:
    """Every committed event of PostgreSQL, ordered."""
    with psycopg.connect(dsn) as conn:
        rows = conn.execute("SELECT event_id, person_id, properties FROM event ORDER BY event_id").fetchall()
    return [(row[0], row[1], row[2]) for row in rows]


def in_files(files: list[str]) -> list[tuple[UUID, int, str]]:
    """Every event of the lake's files as DuckDB reads them, doubles included, ordered."""
    if not files:
        return []
    with duckdb.connect() as duck:
        duck.execute("SET TimeZone = 'UTC'")
        table = duck.sql(
            "SELECT event_id, person_id, properties, month, bucket,"
            "       year(occurred_at) * 100 + month(occurred_at) AS own_month, person_id % 16 AS own_bucket"
            "  FROM read_parquet($files, hive_partitioning = true) ORDER BY event_id",
            params={"files": files},
        ).to_arrow_table()
    rows = table.to_pylist()
    for row in rows:
        assert row["month"] == row["own_month"]
        assert row["bucket"] in (-1, row["own_bucket"])
    return [(UUID(bytes=row["event_id"]), row["person_id"], row["properties"]) for row in rows]


def in_snapshot(state: LakeSnapshot) -> list[tuple[UUID, int, str]]:
    """Every event of a snapshot, doubles included, ordered."""
    tail = state.tail.select(["event_id", "person_id", "properties"]).to_pylist()
    rows = [(UUID(bytes=row["event_id"]), row["person_id"], row["properties"]) for row in tail]
    return sorted(in_files(state.files) + rows, key=lambda row: row[0])

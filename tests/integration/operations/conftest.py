"""A database with a little of everything, an empty one to restore into, and what tells two databases apart."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest

AWKWARD = 'tab\there, back\\slash, line\nbreak, \\N, "quotes", 私域 🎡, {"a": null}'

FILL = """
INSERT INTO workspace (slug, name) VALUES ('one', %(text)s), ('two', 'Two');
INSERT INTO login (email, name, last_workspace_id) VALUES ('ana@brand.example', %(text)s, 2);
INSERT INTO membership (workspace_id, user_id, role) VALUES (1, 1, 'owner'), (2, 1, 'viewer');
INSERT INTO api_key (workspace_id, kind, name, prefix, secret_hash) VALUES (1, 'write', '', 'fw_', '\\x00ff5c5c');
INSERT INTO source (workspace_id, slug, name, domain)
VALUES (1, 'ads', 'Ads', 'commercial'), (2, 'ads', 'Ads', 'public');
INSERT INTO spend (workspace_id, source_id, spent_on, currency, amount_minor) VALUES (1, 1, '2026-11-01', 'CNY', 12345);
INSERT INTO currency_rate VALUES (1, 'CNY', '2026-01-01', 0.13950000000000001);
INSERT INTO identifier
SELECT 1, md5('u' || n)::uuid, 'user_id', 'u' || n, nextval('person_home_id'), n, now()
  FROM generate_series(1, 500) AS n;
INSERT INTO identity_edge (workspace_id, low_id, high_id, origin) VALUES (1, 1, 2, 'manual'), (1, 1, 2, 'event');
INSERT INTO identity_audit (workspace_id, actor, action, person_id, other_ids) VALUES (1, 'cli', 'merge', 1, '{2,3}');
INSERT INTO person_part (workspace_id, home_id, traits) VALUES (1, 1, jsonb_build_object('note', %(text)s::text));
INSERT INTO consent (workspace_id, home_id, channel, is_granted, decided_at) VALUES (1, 1, 'email', true, '-infinity');
INSERT INTO erasure (workspace_id, home_ids, requested_by, lake_done_at)
VALUES (1, '{7}', 'cli', now() - interval '1 day'), (1, '{8}', 'cli', now() + interval '1 second');
"""

EVENTS = """
INSERT INTO event (workspace_id, event_id, message_key, person_id, kind, name, occurred_at, received_at,
                   properties, context)
SELECT 1, gen_random_uuid(), gen_random_uuid(), n %% 500 + 1, 1, %(text)s, now(), %(at)s::timestamptz, %(text)s, '{}'
  FROM generate_series(1, %(count)s) AS n
"""


@pytest.fixture
def filled_dsn(dsn: str) -> str:
    """A database in which every kind of column holds something, and events lie in two months."""
    with psycopg.connect(dsn) as conn:
        for statement in FILL.split(";\n"):
            if statement.strip():
                conn.execute(statement, {"text": AWKWARD})
        conn.execute("SELECT ensure_event_partitions('2025-03-05', 0)")
        conn.execute("SELECT ensure_event_partitions(now(), 0)")
        add_events(conn, 300, at="2025-03-31 23:59:59+00")
        add_events(conn, 700)
    return dsn


@pytest.fixture
def empty_dsn(postgres_dsn: str) -> Iterator[str]:
    """A database without any table."""
    name = f"fw_empty_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name}")
        yield psycopg.conninfo.make_conninfo(postgres_dsn, dbname=name)
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


def add_events(conn: "psycopg.Connection[tuple[object, ...]]", count: int, *, at: str = "now") -> None:
    conn.execute(EVENTS, {"text": AWKWARD, "at": at, "count": count})


def contents(dsn: str) -> dict[str, tuple[object, ...]]:
    """Count and checksum of every table, without what a restore changes on purpose, and where sequences stand."""
    told: dict[str, tuple[object, ...]] = {}
    with psycopg.connect(dsn, options="-c timezone=UTC") as conn:
        relations = conn.execute(
            "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND (relkind = 'S' OR relkind = 'r' AND relname NOT IN ('schema_migration', 'consumer', 'installation'))"
        ).fetchall()
        for name, kind in relations:
            if kind == "S":
                query = f"SELECT last_value, is_called FROM {name}"
            elif name == "erasure":
                query = "SELECT count(*), sum(hashtextextended((home_ids, requested_at)::text, 0)) FROM erasure"
            else:
                row = "to_jsonb(own) - 'tx'"
                query = f"SELECT count(*), sum(hashtextextended(({row})::text, 0)) FROM ONLY {name} AS own"
            told[name] = conn.execute(query).fetchone() or ()
    return told

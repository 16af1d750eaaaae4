"""A row in every table, made from the catalog, so that a new table is covered on the day it is added."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql
from pyroaring import BitMap

from fanwheel.cdp.segments import digest

Connection = psycopg.Connection[tuple[Any, ...]]

# A number that ids take: the same in every workspace, as two shops' order numbers may be.
NUMBER: Final = 4242
_BY_TYPE: Final[dict[str, Any]] = {
    "bigint": NUMBER,
    "integer": NUMBER,
    "smallint": 1,
    "numeric": 2,
    "boolean": False,
    "double precision": 0.5,
    "timestamp with time zone": "2026-03-01T12:00:00Z",
    "date": "2026-03-01",
    "uuid": UUID(int=NUMBER),
    "bigint[]": [NUMBER],
    "integer[]": [NUMBER],
    "text[]": ["tag"],
}
# Values that a CHECK asks for.
_BY_COLUMN: Final[dict[tuple[str, str], Any]] = {
    ("membership", "role"): "viewer",
    ("api_key", "kind"): "write",
    ("api_key", "role"): "viewer",
    ("api_key", "revoked_at"): None,
    ("event_rejected", "replayed_at"): None,
    ("source", "domain"): "private",
    ("source_rule", "domain"): "private",
    ("source_rule", "conditions"): '[{"field": "utm_source", "op": "equals", "value": ["{marker}"]}]',
    ("person_part", "traits"): '{"{marker}": ["{marker}", 1]}',
    ("person_part", "fan_channels"): '{"{marker}": [true, 1]}',
    ("person_part", "first_touch"): '{"at": 1, "source_id": 4242, "domain": 3, "campaign": "{marker}"}',
    ("person_part", "last_touch"): '{"at": 1, "source_id": 4242, "domain": 3, "campaign": "{marker}"}',
    ("invite", "referrer_home"): NUMBER + 1,
    ("identity_edge", "origin"): "event",
    ("identity_edge", "high_id"): NUMBER + 1,
    ("identity_audit", "action"): "merge",
    ("shop_order", "status"): "paid",
    ("one_time_link", "purpose"): "invite",
    ("list", "origin"): "manual",
    ("list_upload", "uploaded_at"): "now",
    ("segment_schedule", "every"): "day",
    ("webhook_message", "state"): "waiting",
    ("suppression", "reason"): "manual",
    ("experiment", "started_at"): "now",
    ("experiment", "ended_at"): None,
    ("experiment", "outcome"): "revenue",
    ("experiment", "days"): 28,
    ("experiment", "days_before"): 28,
    ("segment", "status"): "live",
    ("segment", "rule"): '{"version": 1, "condition": {"type": "tag", "tag": "{marker}"}}',
    ("segment", "live_rule"): '{"version": 1, "condition": {"type": "tag", "tag": "{marker}"}}',
    ("segment_metric", "spec"): '{"event": {"name": "{marker}"}}',
    ("segment_part", "digest"): digest.EMPTY,
    ("segment_bitmap", "chunk"): NUMBER >> 16,
    ("segment_bitmap", "members"): BitMap([NUMBER & 0xFFFF]).serialize(),
    ("segment_change", "cause"): "change",
    ("trait_definition", "type"): "text",
    ("trait_definition", "status"): "ready",
    ("trait_definition", "options"): '[{"value": "{marker}", "label": "{marker}"}]',
    ("trait_definition", "formula"): None,
    ("portrait_change", "kind"): "trait",
    ("computed_trait", "status"): "live",
    ("person_computed", "told_us"): '{"{marker}": 1}',
    ("computed_trait", "formula"): '{"of": "count", "event": {"name": "{marker}"}}',
    ("computed_trait", "live_formula"): '{"of": "count", "event": {"name": "{marker}"}}',
    ("segment_part", "words"): '{"4242": "{marker}"}',
    ("identifier", "kind"): "user_id",
    ("bulk_action", "created_at"): "now",
    ("bulk_action", "undone_at"): None,
    ("bulk_action", "status"): "done",
    ("bulk_action_home", "state"): "changed",
    ("bulk_action", "what"): "tag",
    ("person", "layers"): '{"{marker}": "{marker}"}',
    ("person_tag", "origin"): "user",
    ("person_tag", "expires_at"): None,
    ("tag_log", "origin"): "user",
    ("segment", "purpose"): "segment",
    ("tag_definition", "color"): "teal",
    ("tag_definition", "segment_id"): None,
    ("layer_class", "segment_id"): NUMBER + 1,
    ("webhook", "is_active"): True,
    ("inbox_team", "assigns"): "manual",
    ("conversation", "state"): "open",
    ("conversation", "last_kind"): "in",
    ("conversation", "due_for"): "",
    ("message", "kind"): "in",
    ("message", "parts"): '[{"type": "text", "text": "{marker}"}]',
    ("channel_account", "channel"): "webchat",
    ("channel_account", "deleted_at"): None,
    ("template", "archived_at"): None,
    ("template", "channel"): "telegram",
    ("template", "draft"): '{"variants": [{"key": "{marker}", "wordings": {"zh-CN": {"parts": []}}}]}',
    ("template_version", "content"): (
        '{"variants": [{"key": "{marker}", "wordings": {"zh-CN": {"parts": [{"type": "text", "text": "{marker}"}]}}}]}'
    ),
    ("brand_profile", "profile"): '{"name": "{marker}"}',
    ("media_file", "kind"): "image",
    ("media_file", "digest"): "of-{marker}",  # no template shows it
    ("link", "url"): "https://{marker}.example/",
    ("link", "version_id"): 0,  # made by hand
    ("link", "utm"): '{"source": "{marker}"}',
    # Found before the brand is known, so of all brands' only one may be the same.
    ("channel_account", "key"): "{marker}-{workspace}",
    ("link", "code"): "{marker}-{workspace}",
    ("link_recipient", "code"): "{marker}-{workspace}",
    ("link_visit", "kind"): "click",
    ("channel_note", "of_kind"): "user_id",
    ("inbound", "state"): "failed",
    ("fact_outbox", "kind"): "track",
    ("allowance", "opens"): "message",
    ("allowance", "per"): "person",
    ("allowance", "covers"): "any",
    ("allowance", "until"): "2027-03-01T12:00:00Z",
    ("sender", "when_unclear"): "not_at_all",
    ("message_price", "purpose"): "marketing",
    ("message_price", "opens"): "message",
    ("intent", "purpose"): "marketing",
    ("intent", "priority"): 10,
    ("intent", "state"): "waiting",
    ("intent", "notes"): "[]",
    ("intent", "fallback"): "may",
    ("broadcast", "purpose"): "marketing",
    ("broadcast", "state"): "draft",
    ("broadcast", "phase"): None,
    ("broadcast", "routes"): "[]",
    ("broadcast", "schedule"): '{"kind": "now"}',
    ("broadcast", "experiment"): None,
    ("broadcast", "expires_hours"): 24,
    ("broadcast", "approval"): "none",
    ("broadcast", "variants"): '["{marker}"]',
    ("broadcast", "wordings"): "[]",
    ("broadcast", "progress"): None,
    ("broadcast", "paused_state"): None,
    ("broadcast_report", "figures"): (
        '{"people": 1, "released": 1, "deeds": [], "series": [], "counts": [{"occurrence": "0", "variant": "{marker}",'
        ' "state": "sent", "rule": "", "is_replaced": false, "is_gone": true, "messages": 1, "cost_micros": 0,'
        ' "cost_currency": null}]}'
    ),
    ("broadcast_crowd", "part"): "raw",
    ("broadcast_crowd", "members"): BitMap([NUMBER & 0xFFFF]).serialize(),
    ("reach_setting", "rules"): "{}",
    ("business_hours", "weekly"): '[{"day": 1, "opens": 540, "closes": 1080}]',
    ("business_hours", "exceptions"): "[]",
    ("auto_reply", "definition"): (
        '{"trigger": {"kind": "keyword", "words": [{"text": "{marker}"}]},'
        ' "actions": [{"do": "text", "text": "{marker}"}]}'
    ),
    ("auto_reply_book", "settings"): "{}",
    ("auto_reply_state", "recent"): "[]",
    ("auto_reply_state", "form"): None,
    ("auto_reply_brake", "reason"): "rate",
    ("auto_reply_brake", "until"): "2999-01-01T00:00:00Z",
    ("auto_reply_brake", "released_at"): None,
    ("lead_form", "definition"): '{"fields": [{"key": "name", "ask": "{marker}"}]}',
    ("lead_form", "deleted_at"): None,
    ("menu", "deleted_at"): None,
    ("menu_version", "version"): 1,  # versions are counted from here
    ("template_version", "number"): 1,
    ("menu_publication", "surface"): "webchat",
    (
        "menu_version",
        "definition",
    ): '{"items": [{"id": "a", "label": "{marker}", "kind": "reply", "text": "{marker}"}]}',
}
_CURRENCIES: Final = {"currency", "reporting_currency"}


def workspace_tables(conn: Connection) -> list[str]:
    """Every table with a workspace_id, partitions left out."""
    return [
        name
        for (name,) in conn.execute(
            """SELECT c.relname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                  AND a.attname = 'workspace_id' AND NOT a.attisdropped ORDER BY c.relname"""
        )
    ]


def partitions(conn: Connection) -> list[str]:
    """Every partition."""
    return [
        name
        for (name,) in conn.execute(
            """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relispartition
                 AND relkind = 'r' ORDER BY relname"""
        )
    ]


def make_row(conn: Connection, table: str, workspace: int, marker: str) -> dict[str, Any]:
    """A value for every column of a row of ``workspace``; texts hold ``marker``."""
    return {
        name: _value(table, name, kind, workspace, marker)
        for name, kind in conn.execute(
            """SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
                WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
                ORDER BY attnum""",
            [table],
        )
    }


def _value(table: str, name: str, kind: str, workspace: int, marker: str) -> Any:
    if name in ("workspace_id", "last_workspace_id"):
        return workspace
    if (table, name) in _BY_COLUMN:
        fixed = _BY_COLUMN[table, name]
        if not isinstance(fixed, str):
            return fixed
        return fixed.replace("{marker}", marker).replace("{workspace}", str(workspace))
    if name in _CURRENCIES:
        return "USD"
    if name == "received_at":
        return "now"
    if kind == "jsonb" or (table == "event" and name in ("properties", "context")):
        return f'{{"{marker}": "{marker}"}}'
    if kind == "text":
        return marker
    if kind == "bytea":
        return f"{marker}-{workspace}".encode()
    return _BY_TYPE[kind]


def insert(table: str, row: dict[str, Any]) -> tuple[sql.Composed, list[Any]]:
    """The statement and the values that put ``row`` in."""
    statement = sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() * len(row)),
    )
    return statement, list(row.values())


def fill(conn: Connection, workspace: int, marker: str) -> Iterator[str]:
    """Put one row of ``workspace`` into every table; the names of the tables."""
    for table in workspace_tables(conn):
        if table == "workspace":
            continue
        with conn.transaction():
            # References are not looked at: the fence must hold whatever the rows say.
            conn.execute("SET LOCAL session_replication_role = replica")
            conn.execute(*insert(table, make_row(conn, table, workspace, marker)))
        yield table


def fingerprint(conn: Connection, workspace: int) -> dict[str, list[str]]:
    """Every row of ``workspace``, as text, by table."""
    return {
        table: [
            text
            for (text,) in conn.execute(
                sql.SQL("SELECT t::text FROM {} AS t WHERE workspace_id = %s ORDER BY 1").format(sql.Identifier(table)),
                [workspace],
            )
        ]
        for table in workspace_tables(conn)
    }

"""Whole columns give what single rows would give: bodies, times and events."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanwheel.cdp.events.prepare import Moment, Prepared, prepare
from fanwheel.cdp.imports.chunks import chunks
from fanwheel.cdp.imports.contracts import Chunk, Draft
from fanwheel.cdp.imports.preparing import Preparer, to_wire
from fanwheel.cdp.imports.rules import json_text, times
from fanwheel.cdp.imports.rules.mapping import parse
from fanwheel.cdp.imports.service import plan

NOW = datetime(2026, 3, 1, tzinfo=UTC)
CELL = st.none() | st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@settings(deadline=None)
@given(st.lists(st.tuples(CELL, CELL), min_size=1))
def test_bodies_of_columns_are_what_the_rows_encode_to(rows: list[tuple[str | None, str | None]]) -> None:
    names = ("a", 'quote " and \\ 名')
    columns = {
        name: json_text.of_texts(pa.array([row[i] for row in rows], pa.string())) for i, name in enumerate(names)
    }

    found = json_text.objects(columns, len(rows))

    said = [{name: text for name, text in zip(names, row, strict=True) if text is not None} for row in rows]
    assert found == [msgspec.json.encode(row) for row in said]


@pytest.mark.parametrize(
    ("texts", "zone"),
    [
        (["2026-02-01T10:00:00Z", "1999-12-31 23:59:59.25+05:30", None], "Asia/Shanghai"),
        (["2026-02-01", "2024-02-29 08:15", "2026-02-01T10:00:00.000001"], "UTC"),
    ],
)
def test_times_of_a_column_are_what_python_reads(texts: list[str | None], zone: str) -> None:
    found = times.read_iso(pa.array(texts), zone)

    parse_one = times.parser("", ZoneInfo(zone))
    assert found == [None if text is None else parse_one(text) for text in texts]


@pytest.mark.parametrize("text", ["2026-02-30", "2026-2-1", "1 Feb", "2026-02-01T10:00:00", "20260201", "0x10"])
def test_times_that_are_not_sure_are_left_to_python(text: str) -> None:
    assert times.read_iso(pa.array([text]), "Asia/Shanghai") is None


def drafts_of(path: Path, rows: list[dict[str, Any]]) -> list[Chunk]:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    made = plan(path, parse("events", None))
    return list(chunks(made.rows, made.mapping, skip=0, now=NOW))


ORDINARY: dict[str, Any] = {"user_id": "u1", "event": "Seen", "occurred_at": "2026-02-01T10:00:00Z", "sku": "p1"}


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"event": "x" * 501},
        {"user_id": "u" * 513},
        {"user_id": "null"},
        {"user_id": None, "anonymous_id": "a1"},
        {"anonymous_id": "a1"},
        {"email": "ana@brand.example"},
        {"occurred_at": "1980-01-01T00:00:00Z"},
        {"occurred_at": "1995-01-01T00:00:00Z"},
        {"occurred_at": (NOW + timedelta(days=1)).isoformat()},
        {"sku": "p" * 33_000},
        {"utm_source": "google", "sku": None},
        {"url": "https://brand.example/?gclid=1"},
        {"deep": {"a": [1, {"b": 2}]}},
    ],
)
def test_every_event_is_what_ingest_would_have_made_of_it(tmp_path: Path, odd: dict[str, Any]) -> None:
    rows = [ORDINARY, ORDINARY | {"user_id": "u2"}, ORDINARY | odd, ORDINARY | {"sku": "p2"}, ORDINARY | odd]
    (chunk,) = drafts_of(tmp_path / "events.jsonl", rows)

    ready, refused = Preparer(NOW).prepare(chunk)

    drafts = [draft for draft in chunk.drafts if isinstance(draft, Draft)]
    assert len(drafts) == len(rows)
    alone = [prepare(to_wire(draft), Moment.of(NOW, None)) for draft in drafts]
    assert ready == [done for done in alone if isinstance(done, Prepared)]
    assert refused == [(i, done.message) for i, done in enumerate(alone) if not isinstance(done, Prepared)]

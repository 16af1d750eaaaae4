"""An import goes on where it stopped, takes nothing twice, and says what it refused."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.integration.imports.conftest import Shop

from fanwheel.cdp import imports

EVENTS = 40_000  # five chunks


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    lines = [f"u{i % 997},Product Viewed,2026-02-{1 + i % 28:02d}T10:00:00Z,p{i % 31}" for i in range(EVENTS)]
    path.write_text("user_id,event,occurred_at,product_id\n" + "\n".join(lines) + "\n")
    return path


class PowerCutError(Exception):
    """The power went."""


class Fragile:
    """A sink that stores a few chunks, then breaks, as a killed process would leave things."""

    def __init__(self, chunks: int) -> None:
        self._left = chunks
        self.stored: list[imports.Chunk] = []

    async def store(self, chunk: imports.Chunk, *, now: datetime) -> imports.Counts:
        if self._left == 0:
            raise PowerCutError
        self._left -= 1
        self.stored.append(chunk)
        return imports.Counts(accepted=len(chunk.drafts))


def count(shop: Shop) -> int:
    found: int = shop.one("SELECT count(*) AS n FROM event WHERE workspace_id = %(workspace)s")["n"]
    return found


def test_every_row_becomes_one_event_of_its_time(shop: Shop, file: Path) -> None:
    report = shop.load(shop.plan("events", file))

    assert (report.rows, report.accepted, report.duplicate, report.refused) == (EVENTS, EVENTS, 0, 0)
    assert report.refused_file is None
    row = shop.one(
        """SELECT count(*) AS events, count(DISTINCT person_id) AS people, min(occurred_at) AS first,
                  count(*) FILTER (WHERE properties::jsonb ->> 'product_id' = 'p7') AS p7
             FROM event WHERE workspace_id = %(workspace)s AND name = 'Product Viewed'"""
    )
    # Rows 7, 38, 69, … of 40,000: (40000 - 7) / 31 rounded up.
    assert row == {"events": EVENTS, "people": 997, "first": datetime(2026, 2, 1, 10, tzinfo=UTC), "p7": 1291}


def test_a_finished_file_is_left_alone_and_again_takes_nothing_twice(shop: Shop, file: Path) -> None:
    shop.load(shop.plan("events", file))

    second = shop.load(shop.plan("events", file))
    forced = shop.load(shop.plan("events", file), again=True)

    assert second.was_done
    assert (forced.accepted, forced.duplicate) == (0, EVENTS)
    assert count(shop) == EVENTS


def test_an_interrupted_import_goes_on_after_the_last_noted_row(shop: Shop, file: Path) -> None:
    fragile = Fragile(3)
    with pytest.raises(PowerCutError):
        shop.load(shop.plan("events", file), sink=fragile)

    rest = Fragile(99)
    report = shop.load(shop.plan("events", file), sink=rest)

    stored = [draft.first_row for chunk in [*fragile.stored, *rest.stored] for draft in chunk.drafts]
    assert 0 < report.resumed_at < EVENTS
    assert report.rows == EVENTS
    # What was stored but not noted may come twice; its message ids are the same, so ingest drops it.
    assert set(stored) == set(range(1, EVENTS + 1))
    ids = {(draft.first_row, draft.key) for chunk in [*fragile.stored, *rest.stored] for draft in chunk.drafts}
    assert len(ids) == EVENTS


def test_a_longer_version_of_a_file_adds_only_what_is_new(shop: Shop, file: Path) -> None:
    shop.load(shop.plan("events", file))
    with file.open("a") as more:
        more.write("u1,Product Viewed,2026-02-27T10:00:00Z,p1\n")

    report = shop.load(shop.plan("events", file))

    assert (report.accepted, report.duplicate) == (1, EVENTS)


def test_refused_rows_stand_in_a_file_with_their_reasons(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("user_id,email,seen_at\nu1,a@brand.example,2026-01-01\n,,2026-01-01\nu3,,soon\nu4,,1970-01-01\n")

    report = shop.load(shop.plan("people", path))

    assert (report.rows, report.accepted, report.refused) == (4, 1, 3)
    assert report.refused_file == tmp_path / "people.csv.refused.csv"
    rows = list(csv.DictReader(report.refused_file.open()))
    assert [(row["user_id"], row["_row"]) for row in rows[:2]] == [("", "2"), ("u3", "3")]
    assert "names nobody" in rows[0]["_reason"]
    assert "soon" in rows[1]["_reason"]
    assert rows[2]["_row"] == "4"
    assert "1990" in rows[2]["_reason"]

    again = shop.load(shop.plan("people", path))

    assert again.was_done
    assert (again.rows, again.refused, again.refused_file) == (4, 3, report.refused_file)
    assert [(item.row, item.reason) for item in again.first_refused] == [
        (item.row, item.reason) for item in report.first_refused
    ]


def test_people_are_found_by_the_identifiers_of_the_file(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text(
        '{"user_id": "u1", "email": " Ana@Brand.example ", "phone": "+86 138 0013 8000", "city": "上海"}\n'
        '{"openid": "oA1", "openid_app": "wx1", "unionid": "U1"}\n'
    )

    shop.load(shop.plan("people", path))
    shop.project()

    found = {
        (row["kind"], row["value"]): row["person_id"]
        for row in shop.rows("SELECT kind, value, person_id FROM identifier")
    }
    assert set(found) == {
        ("user_id", "u1"), ("email", "ana@brand.example"), ("phone", "+8613800138000"), ("openid", "wx1:oA1"),
        ("unionid", "U1"),
    }  # fmt: skip
    assert found["user_id", "u1"] == found["email", "ana@brand.example"] == found["phone", "+8613800138000"]
    assert found["openid", "wx1:oA1"] == found["unionid", "U1"] != found["user_id", "u1"]
    traits = shop.one("SELECT traits FROM person WHERE traits ? 'city'")["traits"]
    assert traits["city"] == "上海"


def test_ids_of_any_characters_are_kept_as_they_are(shop: Shop, tmp_path: Path) -> None:
    ids = ['say "hi"', "back\\slash", "{brace},comma", "NULL x", "'single'", "空 格", "\\", '"']
    path = tmp_path / "people.jsonl"
    path.write_text("".join(json.dumps({"user_id": value, "seen_at": "2026-01-01"}) + "\n" for value in ids))

    shop.load(shop.plan("people", path))

    found = shop.rows("SELECT value, first_seen_at FROM identifier WHERE workspace_id = %(workspace)s")
    assert {row["value"] for row in found} == set(ids)
    assert {row["first_seen_at"] for row in found} == {datetime(2026, 1, 1, tzinfo=UTC)}

"""Exports hold a workspace's rows and nobody else's, in three formats."""

import asyncio
import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet as pq
import pytest
from tests.integration.operations.conftest import AWKWARD, add_events

from fanwheel.infra.lake import Exporter, LakeOptions
from fanwheel.infra.operations import exporting
from fanwheel.infra.operations.errors import ExportTargetError
from fanwheel.infra.postgres import Database
from fanwheel.infra.settings import Settings

SHOP = """
INSERT INTO person (workspace_id, person_id, display_name, first_seen_at, last_seen_at, traits, tags, stage,
                    introduced_at, revenue_minor)
VALUES (1, 1, %(text)s, '2026-01-02', '2026-02-03', '{"a": 1}', '{vip,new}', 3, '2026-01-02', 12345),
       (2, 9, 'Other', '2026-01-02', '2026-02-03', '{}', '{}', 1, '2026-01-02', 0);
UPDATE identifier SET kind = 'email', value = 'ana@brand.example', person_id = 1 WHERE home_id = 2;
INSERT INTO shop_order (workspace_id, order_id, home_id, status, placed_at, currency, total_minor, stated_at)
VALUES (1, 'o1', 2, 'paid', '2026-02-01', 'JPY', 1200, '2026-02-01'),
       (1, 'o2', 1, 'paid', '2026-02-02', 'CNY', 1999, '2026-02-02'),
       (1, 'only-a-refund', 1, 'pending', '2026-02-02', 'CNY', 0, 'epoch');
INSERT INTO order_line (workspace_id, order_id, line_number, product_id, quantity, unit_price_minor)
VALUES (1, 'o2', 1, 'p1', 2, 500), (1, 'o2', 2, 'p2', 1, 999);
INSERT INTO refund VALUES (1, 'o2', 'r1', '2026-02-03', 'CNY', 500), (1, 'o1', 'r2', '2026-02-03', 'JPY', NULL)
"""


@pytest.fixture
def shop_dsn(filled_dsn: str) -> str:
    with psycopg.connect(filled_dsn) as conn:
        for statement in SHOP.split(";\n"):
            conn.execute(statement, {"text": AWKWARD} if "%(" in statement else None)
    return filled_dsn


def export(dsn: str, target: Path, what: str, *, workspace: int = 1) -> int:
    async def run() -> int:
        async with await Database.open(dsn) as db:
            return await exporting.export(db, target.parent, target, workspace=workspace, what=what)

    return asyncio.run(run())


def rows_of(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    return pq.read_table(path).to_pylist()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_people_come_with_their_identifiers_and_awkward_texts(shop_dsn: str, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"people.{ending}"

    count = export(shop_dsn, target, "people")

    (ana,) = rows_of(target)
    assert count == 1
    assert (ana["user_id"], ana["email"], ana["name"]) == ("u1", "ana@brand.example", AWKWARD)
    assert (ana["stage"], ana["tags"], Decimal(ana["revenue"])) == ("convert", "vip,new", Decimal("123.45"))


def test_orders_are_in_the_units_of_their_currency(shop_dsn: str, tmp_path: Path) -> None:
    export(shop_dsn, tmp_path / "orders.parquet", "orders")

    rows = rows_of(tmp_path / "orders.parquet")
    assert [(row["order_id"], row["identifier"], row["total"], row["refunded"], row["unit_price"]) for row in rows] == [
        ("o1", "ana@brand.example", Decimal(1200), Decimal(1200), None),
        ("o2", "u1", Decimal("19.99"), Decimal(5), Decimal(5)),
        ("o2", "u1", Decimal("19.99"), Decimal(5), Decimal("9.99")),
    ]


def test_spend_is_of_one_workspace(shop_dsn: str, tmp_path: Path) -> None:
    assert export(shop_dsn, tmp_path / "one.csv", "spend") == 1
    assert export(shop_dsn, tmp_path / "two.csv", "spend", workspace=2) == 0

    assert rows_of(tmp_path / "one.csv")[0] | {"amount": ""} == {
        "source": "ads", "domain": "commercial", "spent_on": "2026-11-01", "campaign": "", "currency": "CNY",
        "amount": "",
    }  # fmt: skip


def test_events_come_from_lake_and_database_once_and_without_the_erased(shop_dsn: str, tmp_path: Path) -> None:
    exporter = Exporter(Settings(home=tmp_path, hot_days=8), shop_dsn, options=LakeOptions(settle_minutes=0))
    exporter.run_once()
    assert exporter.drop_partitions_once() == [202503]
    exporter.close()
    with psycopg.connect(shop_dsn) as conn:
        add_events(conn, 5)
        conn.execute("DELETE FROM identifier WHERE home_id = 500")  # one of 1005 events was this home's

    count = export(shop_dsn, tmp_path / "events.jsonl", "events")

    rows = rows_of(tmp_path / "events.jsonl")
    assert (count, len({row["event_id"] for row in rows})) == (1004, 1004)
    assert {row["name"] for row in rows} == {AWKWARD}
    assert 2 not in {row["person_id"] for row in rows}  # home 2 is person 1's


@pytest.mark.parametrize(("name", "what", "word"), [("x.xlsx", "people", "format"), ("x.csv", "secrets", "secrets")])
def test_what_cannot_be_exported_is_said_and_leaves_no_file(
    shop_dsn: str, tmp_path: Path, name: str, what: str, word: str
) -> None:
    with pytest.raises(ExportTargetError, match=word):
        export(shop_dsn, tmp_path / name, what)

    assert list(tmp_path.iterdir()) == []


def test_a_file_is_never_overwritten(shop_dsn: str, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("mine")

    with pytest.raises(ExportTargetError, match="exists"):
        export(shop_dsn, tmp_path / "people.csv", "people")

    assert (tmp_path / "people.csv").read_text() == "mine"

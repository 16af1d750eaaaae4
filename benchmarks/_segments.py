"""A lake of events with its people, and a hundred rules of a realistic mix: what the benchmarks of segments share."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa

from fanwheel.cdp.segments import reading, tree
from fanwheel.cdp.segments.analytic import datasets
from fanwheel.cdp.segments.analytic.people import Wants
from fanwheel.cdp.segments.analytic.values import Place
from fanwheel.infra.engine import Engine, register_events
from fanwheel.infra.engine.events import SCHEMA

BUCKETS, MERGED = 16, 0.04
NOW = datetime(2026, 12, 1, tzinfo=UTC)
DAY = 86_400
# Two months that are over; of the third, three weeks are arranged by person and the rest is as it was exported.
PERIODS = (
    # month, begin, days, is_arranged, share of a third of the events
    (202609, 1788220800, 30, True, 1),
    (202610, 1790812800, 31, True, 1),
    (202611, 1793491200, 22.5, True, 0.75),
    (202611, 1793491200 + 22.5 * DAY, 7.5, False, 0.25),
)
EXPORTED = 8  # files
CATEGORIES = ("tea", "coffee", "cups", "sweets", "gifts")
WRITE = """
COPY (
    SELECT 1::INTEGER AS workspace_id, md5(concat(person, n)).unhex() AS event_id, person AS person_id,
           1::SMALLINT AS kind,
           CASE WHEN dice < 0.40 THEN 'Content Viewed' WHEN dice < 0.65 THEN 'Product Viewed'
                WHEN dice < 0.73 THEN 'Product Added' WHEN dice < 0.83 THEN 'Message Opened'
                WHEN dice < 0.88 THEN 'Live Joined' WHEN dice < 0.90 THEN 'Comment Posted'
                WHEN dice < 0.925 THEN 'Order Completed' WHEN dice < 0.96 THEN 'Checkout Started'
                ELSE 'Message Clicked' END AS name,
           occurred_at, occurred_at AS received_at, (n % 9)::INTEGER AS source_id, (n % 4)::SMALLINT AS domain,
           concat('{"product_id":"sku-', n % 5000, '","category":"', $categories[1 + n % 5], '","total":',
                  (n % 997) / 10, '}') AS properties,
           '{}' AS context, md5(concat(n, person)).unhex() AS message_key
      FROM (SELECT n, $first + (random() * random() * $people)::BIGINT * $step AS person, random() AS dice,
                   to_timestamp($begin + random() * $days * 86400) AS occurred_at
              FROM range($rows) AS made (n)) AS drawn
     ORDER BY {order}
) TO '{file}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 131072)
"""


@dataclass(frozen=True)
class Lake:
    """What the engine takes as events."""

    root: Path
    files: list[str]
    tail: pa.Table


@dataclass(frozen=True)
class World:
    """A lake with as many events and people as asked."""

    lake: Lake
    people: int
    share: int = 1  # rows of people are of one in so many

    @property
    def place(self) -> Place:
        return Place(
            now=int(NOW.timestamp()) * 1_000_000,
            zone=ZoneInfo("Asia/Shanghai"),
            sources={"douyin": 1, "ads": 2},
            parts=datasets.parts_of(self.lake),
        )

    def fill(self, engine: Engine) -> None:
        """Give the engine the events, with some people merged."""
        homes = np.arange(1, self.people, round(1 / MERGED), dtype=np.int64)
        engine.table("person_map", pa.table({"home_id": homes, "person_id": homes // 2}))
        register_events(engine, self.lake, 1, erased=pa.table({"home_id": pa.array([], pa.int64())}))
        datasets.define_parts(engine, self.lake, 1)

    def read_people(self, wants: Wants) -> pa.Table:
        """Rows of people as PostgreSQL would give them."""
        many = -(-self.people // self.share)
        draw, now = np.random.default_rng(5), self.place.now
        columns: dict[str, Any] = {"person_id": np.arange(many, dtype=np.int64) * self.share}
        for name in sorted(wants.columns):
            if name.endswith("_at"):
                columns[name] = now - (draw.random(many) * 200 * 86_400e6).astype(np.int64)
            elif name in {"tags", "channels"}:
                words = ("vip", "staff", "") if name == "tags" else ("email", "wecom", "")
                offsets = pa.array(np.arange(many + 1, dtype=np.int32))
                columns[name] = pa.ListArray.from_arrays(offsets, pa.array(np.array(words)[draw.integers(0, 3, many)]))
            elif name.startswith("is_"):
                columns[name] = draw.random(many) < 0.2
            else:
                columns[name] = (draw.random(many) ** 4 * 12).astype(np.int64)
        for number in range(len(wants.traits)):
            days = np.datetime64("1960-01-01") + draw.integers(0, 18_000, many)
            texts = (
                days.astype(str)
                if wants.traits[number] == "birthday"
                else np.array(CATEGORIES)[draw.integers(0, 5, many)]
            )
            columns[f"trait{number}"] = pa.array([f'"{text}"' for text in texts.tolist()])
        for number in range(len(wants.layers)):
            columns[f"layer{number}"] = pa.array(
                np.array(("introduce", "operate", "convert"))[draw.integers(0, 3, many)]
            )
        return pa.table(columns)

    def read_members(self) -> Mapping[int, Any]:
        """No segment mentions another that is not built with it."""
        return {}


def world_of(events: int, people: int) -> World:
    """The world of that size, written if there is none yet."""
    home = Path(os.environ.get("FANWHEEL_BENCH_DIR", tempfile.gettempdir())) / f"fanwheel-segments-{events}-{people}"
    root, files = home / "lake", []
    for month, begin, days, is_arranged, share in PERIODS:
        parts = range(BUCKETS if is_arranged else EXPORTED)
        for part in parts:
            bucket, name = (part, f"part-{part}") if is_arranged else (-1, f"late-{part}")
            place = root / f"month={month}" / f"bucket={bucket}" / f"{name}.parquet"
            files.append(str(place))
            if place.exists():
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            spread = {"first": max(bucket, 0), "step": BUCKETS if is_arranged else 1}
            homes = people // spread["step"]
            rows = round(events / 3 * share) // len(parts)
            values = {"rows": rows, "people": homes, "begin": begin, "days": days, **spread}
            _write(place, home / "tmp", values, order="person_id, occurred_at" if is_arranged else "occurred_at")
    return World(Lake(root, files, SCHEMA.empty_table()), people)


def _write(place: Path, spill: Path, values: dict[str, float], *, order: str) -> None:
    draft = place.with_suffix(".draft")
    with duckdb.connect(config={"memory_limit": "3GB", "temp_directory": str(spill)}) as conn:
        conn.execute("SET enable_progress_bar = false")
        conn.execute("SELECT setseed($seed)", {"seed": hash(str(place.name)) % 1000 / 1000})
        text = WRITE.replace("{file}", str(draft)).replace("{order}", order)
        conn.execute(text, {**values, "categories": list(CATEGORIES)})
    draft.rename(place)


# ---------------------------------------------------------------- rules
def rules(count: int) -> dict[int, tree.Rule]:
    """Rules by number, three of five about how long ago something was."""
    made = [each for number in range(-(-count // 10)) for each in _ten(number)]
    return {number: reading.read_rule(rule(one)) for number, one in enumerate(made[:count], 1)}


def rule(condition: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "condition": condition}


def event(name: str, test: dict[str, Any], *, days: int = 0, **more: Any) -> dict[str, Any]:
    """What somebody did in the last so many days, or ever."""
    where = more.pop("where", ())
    within = {"within": {"amount": days, "unit": "days"}} if days else {}
    return {"type": "event", "event": {"name": name, "where": list(where)}, "test": test, **within, **more}


def is_at(path: str, value: Any) -> dict[str, Any]:
    return {"type": "property", "path": path, "test": {"op": "is", "value": value}}


def at_least(value: float) -> dict[str, Any]:
    return {"op": "at_least", "value": value}


def both(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"type": "all", "conditions": list(conditions)}


def without(condition: dict[str, Any]) -> dict[str, Any]:
    return {"type": "not", "condition": condition}


def _ten(number: int) -> list[dict[str, Any]]:
    """Ten rules, of which six turn by the mere passing of time; other numbers, other thresholds."""
    days, many, category = 7 + 9 * number, 1 + number % 5, CATEGORIES[number % 5]
    span = {"amount": days, "unit": "days"}
    steps = [{"name": "Product Added"}, {"name": "Order Completed"}]
    return [
        event("Product Viewed", at_least(many), days=days),
        both(event("Order Completed", at_least(1)), without(event("Order Completed", at_least(1), days=days))),
        both(event("Live Joined", at_least(many), days=days), without(event("Order Completed", at_least(1)))),
        event("Order Completed", at_least(100 * many), days=days, measure="sum", of="total"),
        event("Content Viewed", at_least(many), days=days, where=[is_at("category", category)])
        if number % 2
        else {"type": "sequence", "steps": steps, "within": {"amount": many, "unit": "days"}, "completed": span},
        both({"type": "field", "name": "last_seen_at", "test": {"op": "longer_ago", "span": span}},
             {"type": "trait", "name": "birthday", "test": {"op": "anniversary", "days": days % 31}}),
        both({"type": "trait", "name": "city", "test": {"op": "is", "value": category}},
             {"type": "field", "name": "order_count", "test": at_least(many)}),
        {"type": "any", "conditions": [{"type": "tag", "tag": "vip"}, {"type": "reachable", "channel": "email"}]},
        both(event("Comment Posted", at_least(many)), without(event("Message Clicked", at_least(many)))),
        both({"type": "layer", "layer": "stage", "classes": ["operate", "convert"]},
             event("Checkout Started", at_least(many + 1)), {"type": "sample", "percent": 50, "salt": str(number)}),
    ]  # fmt: skip

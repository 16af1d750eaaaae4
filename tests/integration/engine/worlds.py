"""Random worlds: events, merges, orders, consents, invites, spend, all ties and edges on purpose."""

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from fanwheel.infra.engine.events import SCHEMA
from fanwheel.kernel.semantics import HELD_OUT_KIND, HOLDOUT_ASSIGNED
from fanwheel.measure.reports.datasets import Place

WORKSPACE = 7
OTHER_WORKSPACE = 8
NAMES = (
    "Product Viewed",
    "Message Received",
    "Live Joined",
    "Comment Posted",
    "Form Submitted",
    "Lead Submitted",
    "Channel Joined",
    "Invite Sent",
    "Content Shared",
    "Order Completed",
    "直播间 下单",
)
SOURCES = {
    1: {"slug": "douyin", "name": "抖音", "domain": "public"},
    2: {"slug": "google-ads", "name": "Google Ads", "domain": "commercial"},
    3: {"slug": "wecom", "name": "企业微信", "domain": "private"},
    4: {"slug": "newsletter", "name": "Newsletter", "domain": "private"},
    5: {"slug": "leaflet", "name": "Leaflet", "domain": "unknown"},
}
DOMAIN_OF = {0: 0, 1: 1, 2: 2, 3: 3, 4: 3, 5: 0}
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Kiritimati")
Row = dict[str, Any]

TABLES: dict[str, pa.Schema] = {
    "person_map": pa.schema([("home_id", pa.int64()), ("person_id", pa.int64())]),
    "erased": pa.schema([("home_id", pa.int64())]),
    "home_order": pa.schema(
        [
            ("order_id", pa.string()),
            ("home_id", pa.int64()),
            ("status", pa.string()),
            ("placed_at", pa.timestamp("us", "UTC")),
            ("total_minor", pa.int64()),
            ("net_minor", pa.int64()),
        ]
    ),
    "home_consent": pa.schema(
        [
            ("consent_id", pa.int64()),
            ("home_id", pa.int64()),
            ("channel", pa.string()),
            ("is_granted", pa.bool_()),
            ("decided_at", pa.timestamp("us", "UTC")),
        ]
    ),
    "home_invite": pa.schema(
        [("referee_home", pa.int64()), ("referrer_home", pa.int64()), ("accepted_at", pa.timestamp("us", "UTC"))]
    ),
    "spend": pa.schema([("source_id", pa.int32()), ("spent_on", pa.date32()), ("amount_minor", pa.int64())]),
}


@dataclass(frozen=True)
class Files:
    """What the engine takes as events."""

    root: Path
    files: list[str]
    tail: pa.Table


@dataclass
class World:
    """Everything that reports read, as plain rows."""

    zone: str = "UTC"
    events: list[Row] = field(default_factory=list)
    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})

    @property
    def place(self) -> Place:
        return Place(workspace_id=WORKSPACE, time_zone=self.zone, currency="CNY", sources=SOURCES)

    def arrow(self) -> dict[str, pa.Table]:
        return {name: pa.Table.from_pylist(rows, TABLES[name]) for name, rows in self.tables.items()}

    def files(self, root: Path, rng: random.Random, *, in_lake: float = 0.7, files: int = 3) -> Files:
        """The events in Parquet files below ``root`` and the newest of them as the hot tail."""
        rows = sorted(self.events, key=lambda row: row["received_at"])
        cut = round(len(rows) * in_lake)
        paths = []
        for part in range(files if cut else 0):
            path = root / f"month=2026{part + 1:02d}" / f"bucket={part}" / "part-0.parquet"
            path.parent.mkdir(parents=True)
            mine = rows[:cut][part::files]
            rng.shuffle(mine)
            pq.write_table(pa.Table.from_pylist(mine, SCHEMA), path, compression="zstd")
            paths.append(str(path))
        return Files(root, paths, pa.Table.from_pylist(rows[cut:], SCHEMA))

    # ------------------------------------------------ a small language
    def event(self, home: int, when: datetime, name: str = "Product Viewed", **more: Any) -> None:
        source = more.get("source_id", 0)
        self.events.append(
            {
                "workspace_id": WORKSPACE,
                "event_id": len(self.events).to_bytes(4, "big") + bytes(12),
                "person_id": home,
                "kind": 1,
                "name": name,
                "occurred_at": when,
                "received_at": when + timedelta(seconds=1),
                "source_id": source,
                "domain": DOMAIN_OF[source],
                "properties": json.dumps({"channel": "企业微信"}, ensure_ascii=False),
                "context": "{}",
                **more,
            }
        )

    def order(self, home: int, when: datetime, net: int | None, **more: Any) -> None:
        rows = self.tables["home_order"]
        rows.append(
            {
                "order_id": f"订单-{len(rows):06d}",
                "home_id": home,
                "status": "paid",
                "placed_at": when,
                "total_minor": net,
                "net_minor": net,
                **more,
            }
        )

    def consent(self, home: int, when: datetime, channel: str, granted: bool) -> None:
        rows = self.tables["home_consent"]
        rows.append(
            {
                "consent_id": len(rows) + 1,
                "home_id": home,
                "channel": channel,
                "is_granted": granted,
                "decided_at": when,
            }
        )

    def invite(self, referee: int, referrer: int, when: datetime) -> None:
        row = {"referee_home": referee, "referrer_home": referrer, "accepted_at": when}
        self.tables["home_invite"].append(row)

    def spend(self, source_id: int, day: date, amount: int | None) -> None:
        self.tables["spend"].append({"source_id": source_id, "spent_on": day, "amount_minor": amount})

    def merge(self, home: int, person: int) -> None:
        self.tables["person_map"].append({"home_id": home, "person_id": person})

    def person_of(self) -> dict[int, int]:
        return {row["home_id"]: row["person_id"] for row in self.tables["person_map"]}


START = datetime(2025, 10, 20, tzinfo=UTC)


def random_world(seed: int, *, people: int = 40, events: int = 900, days: int = 150) -> World:
    """A world whose clock changes lie inside, with many equal instants."""
    rng = random.Random(seed)
    world = World(zone=rng.choice(ZONES))
    homes = range(1, people + 1)
    for home in homes:
        if home > 3 and rng.random() < 0.3:
            world.merge(home, rng.randint(1, 3) if rng.random() < 0.2 else home - 1 if home % 2 else home - 2)
    _settle(world)

    def moment() -> datetime:
        # Whole hours: many ties, and instants right on the edges of days in every zone.
        minutes = rng.choice((0, 0, 0, 30))
        return START + timedelta(hours=rng.randrange(days * 24), minutes=minutes)

    for _ in range(events):
        source = rng.choice((0, 0, 1, 2, 3, 4, 5))
        more: dict[str, Any] = {"source_id": source, "kind": rng.choice((1, 1, 1, 2, 3))}
        if rng.random() < 0.05:
            more["workspace_id"] = OTHER_WORKSPACE
        world.event(rng.choice(homes), moment(), rng.choice(NAMES), **more)
    for _ in range(events // 15):
        world.event(rng.choice(homes), moment(), "Ad Held Out", source_id=rng.randint(1, 5), kind=HELD_OUT_KIND)
    for home in homes:
        told = {"holdout": rng.choice(("universal", "wecom", " Douyin ", None))}
        world.event(home, moment(), HOLDOUT_ASSIGNED, kind=HELD_OUT_KIND, properties=json.dumps(told))
    rng.shuffle(world.events)
    for home in homes:
        _live(world, rng, home, moment)
    for _ in range(60):
        amount = None if rng.random() < 0.05 else rng.randrange(0, 100_000)
        world.spend(rng.randint(1, 5), (START + timedelta(days=rng.randrange(days))).date(), amount)
    world.tables["erased"] = [{"home_id": people}] if rng.random() < 0.5 else []
    return world


def _settle(world: World) -> None:
    """Follow chains of merges to their end, as identifier.person_id does."""
    direct = world.person_of()
    for row in world.tables["person_map"]:
        while row["person_id"] in direct:
            row["person_id"] = direct[row["person_id"]]


def _live(world: World, rng: random.Random, home: int, moment: Any) -> None:
    for _ in range(rng.choice((0, 0, 1, 2, 4))):
        net = None if rng.random() < 0.04 else rng.choice((0, 1, 1999, 250_00))
        status = rng.choice(("paid", "paid", "paid", "pending", "cancelled"))
        total = None if net is None else net + rng.choice((0, 500))
        world.order(home, moment(), net, status=status, total_minor=total)
    for _ in range(rng.choice((0, 1, 2, 5))):
        world.consent(home, moment(), rng.choice(("email", "wecom", "微信")), rng.random() < 0.6)
    if rng.random() < 0.4:
        world.invite(home, rng.randint(1, 12), moment())

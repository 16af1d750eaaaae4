"""A world of ``segments_random`` as the tables that analytic statements read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fanwheel.cdp.segments.analytic import datasets
from fanwheel.cdp.segments.analytic.people import Wants
from fanwheel.cdp.segments.analytic.values import Place
from fanwheel.infra.engine import Engine, register_events
from fanwheel.infra.engine.events import SCHEMA
from fanwheel.kernel.domain import Domain
from tests.support.segments_random import EPOCH, OTHER_SEGMENTS, SOURCES, World

WORKSPACE = 7
FRESH = -1
KINDS = {"track": 1, "page": 3, "screen": 4}
SOURCE_IDS = {slug: number for number, slug in enumerate(SOURCES, 1)}
TYPES = {
    "tags": pa.list_(pa.string()), "channels": pa.list_(pa.string()), "list_ids": pa.list_(pa.int32()),
    "is_inviter": pa.bool_(), "is_invitee": pa.bool_(), "first_domain": pa.int16(), "last_domain": pa.int16(),
    "first_source_id": pa.int32(), "last_source_id": pa.int32(),
}  # fmt: skip


@dataclass(frozen=True)
class Files:
    """What the engine takes as events."""

    root: Path
    files: list[str]
    tail: pa.Table


@dataclass(frozen=True)
class Persons:
    """The rows of people, each a person of ``segments_reference``."""

    people: list[dict[str, Any]]

    def read_people(self, wants: Wants) -> pa.Table:
        columns: dict[str, pa.Array] = {"person_id": pa.array([one["person_id"] for one in self.people], pa.int64())}
        for name in wants.columns:
            columns[name] = pa.array([_column(one, name) for one in self.people], TYPES.get(name, pa.int64()))
        for number, trait in enumerate(wants.traits):
            texts = [_json(one["traits"].get(trait)) for one in self.people]
            columns[f"trait{number}"] = pa.array(texts, pa.string())
        for number, layer in enumerate(wants.layers):
            columns[f"layer{number}"] = pa.array([one["layers"].get(layer) for one in self.people], pa.string())
        return pa.table(columns)

    def read_members(self) -> Mapping[int, np.ndarray[Any, Any]]:
        return {
            segment: np.array([one["person_id"] for one in self.people if segment in one["segments"]], dtype=np.int64)
            for segment in OTHER_SEGMENTS
        }


def place_of(world: World, now: int, *, parts: Sequence[Sequence[int]] = ()) -> Place:
    """Where and when the people of a world are judged, all at once or a part after the other."""
    zone = next(iter(world.known.values()))["zone"]
    return Place(now=now, zone=zone, sources=SOURCE_IDS, parts=parts)


def fill(engine: Engine, world: World, step: int, rng: Random, folder: Path) -> Persons:
    """Give ``engine`` the events of a world as the identity of one step has them; the people of that step."""
    rows = [_row(event) for event in world.events]
    rng.shuffle(rows)
    cut = rng.randint(0, len(rows))
    files = Files(folder, [], pa.Table.from_pylist(rows[cut:], SCHEMA))
    is_arranged = rng.random() < 0.7  # by person, as a month that is over
    for bucket in sorted({_bucket(row, is_arranged=is_arranged) for row in rows[:cut]}):
        path = folder / "month=202802" / f"bucket={bucket}" / "part-0.parquet"
        path.parent.mkdir(parents=True)
        held = [row for row in rows[:cut] if _bucket(row, is_arranged=is_arranged) == bucket]
        pq.write_table(pa.Table.from_pylist(held, SCHEMA), path)
        files.files.append(str(path))
    groups = world.steps[step]
    moved = [(home, min(homes)) for homes in groups for home in homes if home != min(homes)]
    living = {home for homes in groups for home in homes}
    gone = pa.array([home for home in world.known if home not in living], pa.int64())
    homes, persons = ([pair[side] for pair in moved] for side in (0, 1))
    engine.table(
        "person_map", pa.table({"home_id": pa.array(homes, pa.int64()), "person_id": pa.array(persons, pa.int64())})
    )
    register_events(engine, files, WORKSPACE, erased=pa.table({"home_id": gone}))
    datasets.define_parts(engine, files, WORKSPACE)
    return Persons([world.person(homes) for homes in groups])


def _bucket(row: dict[str, Any], *, is_arranged: bool) -> int:
    """Where a row stands: some come late to a month that has been arranged."""
    home: int = row["person_id"]
    return home % datasets.SHARES if is_arranged and row["event_id"][-1] % 4 else FRESH


def _row(event: dict[str, Any]) -> dict[str, Any]:
    at = EPOCH + timedelta(microseconds=event["at_us"])
    return {
        "workspace_id": WORKSPACE, "event_id": bytes.fromhex(event["event_id"]), "person_id": event["home_id"],
        "kind": KINDS[event["kind"]], "name": event["name"], "occurred_at": at, "received_at": at, "source_id": 0,
        "domain": 0, "properties": event["properties_text"], "context": "{}",
    }  # fmt: skip


def _column(person: dict[str, Any], name: str) -> Any:
    if name in person["fields"]:
        return person["fields"][name]
    if name == "list_ids":
        return person["lists"]
    if name.endswith("_source_id"):
        return SOURCE_IDS.get(person[name.removesuffix("_id")], 0)
    if name.endswith("_domain"):
        return Domain.of(person[name]).value
    return person[name]


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)

"""The logical tables that analytic statements read, all of one instant."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic.answers import Ids, unpack_members
from fanwheel.cdp.segments.analytic.leaves import Leaf
from fanwheel.cdp.segments.analytic.people import Wants
from fanwheel.cdp.segments.analytic.values import Place
from fanwheel.cdp.segments.rules.leaves import MOMENT_FIELDS
from fanwheel.infra import lake, sqlfile
from fanwheel.infra.engine import Engine, WorkspaceReader, open_engine, register_events
from fanwheel.infra.settings import Settings
from fanwheel.kernel.domain import Stage

_SQL: Final = sqlfile.load("fanwheel.cdp.segments.analytic", "datasets.sql")
_FIRST: Final = "SELECT person.person_id\n"
# Where a person's row has what a rule may ask for; an array of none of these can hold NULL.
_COLUMNS: Final[Mapping[str, str]] = {
    **{name: f"person.{name}" for name in ("event_count", "order_count", "revenue_minor", *sorted(MOMENT_FIELDS))},
    **{f"{which}_{what}": f"person.{which}_{what}" for which in ("first", "last") for what in ("source_id", "domain")},
    **{name: f"person.{name}" for name in ("tags", "channels", "list_ids", "is_inviter", "is_invitee")},
}
_STAGES: Final = "CASE person.stage " + " ".join(f"WHEN {each.value} THEN '{each.label}'" for each in Stage) + " END"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One look at a workspace: an engine that holds its events, and what reads the rest."""

    engine: Engine
    place: Place
    reader: WorkspaceReader
    names: tuple[str, ...]

    def read_people(self, wants: Wants) -> pa.Table:
        """The table ``person``, ordered by nothing."""
        table = self.reader.read(_person(wants, self.names))
        for number, field in enumerate(table.schema):
            if pa.types.is_timestamp(field.type):
                table = table.set_column(number, field.name, table[field.name].cast(pa.int64()))
        return table

    def read_members(self) -> Mapping[int, Ids]:
        """The members of the segments that the rules mention, as they stand."""
        return unpack_members(self.reader.read(_SQL["segment_members"]))


@contextmanager
def sit(
    settings: Settings, dsn: str, workspace: int, *, leaves: Iterable[Leaf], now_us: int, with_events: bool
) -> Iterator[Sitting]:
    """An engine with all tables that the statements of ``leaves`` need but ``person``."""
    # Events first: a person who is merged or erased meanwhile is then read as merged or erased.
    events = lake.snapshot(settings.home, dsn, workspace=workspace) if with_events else None
    every = list(leaves)
    names = tuple(dict.fromkeys(name for leaf in every if (name := _name(leaf))))
    segments = sorted({leaf.segment_id for leaf in every if isinstance(leaf, tree.Segment)})
    told = {
        "names": json.dumps(names).encode().hex(),
        "segments": "{" + ",".join(map(str, segments)) + "}",
    }
    with WorkspaceReader(dsn, workspace, **told) as reader, open_engine(settings) as engine:
        if events is not None:
            engine.table("person_map", reader.read(_SQL["person_map"]))
            register_events(engine, events, workspace, erased=reader.read(_SQL["erased"]))
        yield Sitting(engine=engine, place=read_place(reader, now_us), reader=reader, names=names)


def read_place(reader: WorkspaceReader, now_us: int) -> Place:
    """The workspace's time zone and sources."""
    (row,) = reader.read(_SQL["place"]).to_pylist()
    sources = {source["slug"]: source["source_id"] for source in reader.read(_SQL["source"]).to_pylist()}
    return Place(now=now_us, zone=ZoneInfo(row["time_zone"]), sources=sources)


def _name(leaf: Leaf) -> str | None:
    """What of a person's row goes by a name that somebody else has given."""
    if isinstance(leaf, tree.Trait):
        return leaf.name
    return leaf.layer if isinstance(leaf, tree.Layer) else None


def _person(wants: Wants, names: tuple[str, ...]) -> str:
    """The statement that reads the columns that are wanted."""
    columns = [f"{_COLUMNS[name]} AS {name}" for name in sorted(wants.columns)]
    for number, trait in enumerate(wants.traits):
        columns.append(f"(person.traits -> {_nth(names.index(trait))})::text AS trait{number}")
    for number, layer in enumerate(wants.layers):
        held = _STAGES if layer == "stage" else f"person.traits ->> {_nth(names.index(layer))}"
        columns.append(f"{held} AS layer{number}")
    return _SQL["person"].replace(_FIRST, _FIRST.rstrip() + "".join(f",\n       {each}" for each in columns) + "\n")


def _nth(number: int) -> str:
    return " ".join(["(SELECT names ->>", str(number), "FROM wanted)"])

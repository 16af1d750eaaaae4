"""The logical tables that analytic statements read, all of one instant."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from fanwheel.cdp.segments import tree
from fanwheel.cdp.segments.analytic.answers import Ids, unpack_members
from fanwheel.cdp.segments.analytic.leaves import Leaf
from fanwheel.cdp.segments.analytic.people import Wants
from fanwheel.cdp.segments.analytic.values import Place
from fanwheel.cdp.segments.layers import BY_TRAIT
from fanwheel.cdp.segments.rules.leaves import MOMENT_FIELDS
from fanwheel.infra import lake, sqlfile
from fanwheel.infra.engine import Engine, EventFiles, WorkspaceReader, register_events
from fanwheel.infra.settings import Settings
from fanwheel.kernel.domain import Stage

_SQL: Final = sqlfile.load("fanwheel.cdp.segments.analytic", "datasets.sql")
_PARTS: Final = sqlfile.load("fanwheel.cdp.segments.analytic", "parts.sql")
SHARES: Final = 16  # of people, by their ids: as the lake's buckets
_PART_BYTES: Final = 512 << 20
_FIRST: Final = "SELECT person.person_id\n"
# Where a person's row has what a rule may ask for; an array of none of these can hold NULL.
_COLUMNS: Final[Mapping[str, str]] = {
    **{name: f"person.{name}" for name in ("event_count", "order_count", "revenue_minor", *sorted(MOMENT_FIELDS))},
    **{f"{which}_{what}": f"person.{which}_{what}" for which in ("first", "last") for what in ("source_id", "domain")},
    **{name: f"person.{name}" for name in ("tags", "channels", "list_ids", "is_inviter", "is_invitee")},
}
_STAGES: Final = "CASE person.stage " + " ".join(f"WHEN {each.value} THEN '{each.label}'" for each in Stage) + " END"


class People:
    """What is known of people beside events, as one session reads it: all of one instant."""

    def __init__(self, reader: WorkspaceReader, names: tuple[str, ...]) -> None:
        self.reader = reader
        self._names = names

    def read_people(self, wants: Wants) -> pa.Table:
        """The table ``person``, ordered by nothing."""
        table = self.reader.read(_person(wants, self._names))
        for number, field in enumerate(table.schema):
            if pa.types.is_timestamp(field.type):
                table = table.set_column(number, field.name, table[field.name].cast(pa.int64()))
        return table

    def read_members(self) -> Mapping[int, Ids]:
        """The members of the segments that the rules mention, as they stand."""
        return unpack_members(self.reader.read(_SQL["segment_members"]))

    def read_channels(self) -> pa.Table:
        """Everybody, ordered by nothing, with the channels on which they may be reached, one name a line."""
        return self.reader.read(_SQL["person_channels"])


@contextmanager
def read_workspace(dsn: str, workspace: int, leaves: Iterable[Leaf], *, is_share: bool = False) -> Iterator[People]:
    """A session that reads what ``leaves`` ask of everybody, or of one share of people."""
    every = list(leaves)
    names = tuple(dict.fromkeys(name for leaf in every if (name := _name(leaf))))
    segments = sorted({leaf.segment_id for leaf in every if isinstance(leaf, tree.Segment)})
    told = {
        "names": json.dumps(names).encode().hex(),
        "segments": "{" + ",".join(map(str, segments)) + "}",
        "share": "one" if is_share else "all",
    }
    with WorkspaceReader(dsn, workspace, **told) as reader:
        yield People(reader, names)


def take_snapshot(settings: Settings, dsn: str, workspace: int) -> EventFiles:
    """All events of now; to be taken before anything else is read.

    A person who is merged or erased meanwhile is then read as merged or erased.
    """
    return lake.snapshot(settings.home, dsn, workspace=workspace)


def fill(engine: Engine, events: EventFiles, reader: WorkspaceReader, workspace: int) -> None:
    """Give ``engine`` the tables ``event`` and ``person_map``."""
    engine.table("person_map", reader.read(_SQL["person_map"]))
    register_events(engine, events, workspace, erased=reader.read(_SQL["erased"]))
    define_parts(engine, events, workspace)


def define_parts(engine: Engine, events: EventFiles, workspace: int) -> None:
    """Give ``engine`` the tables ``event_part`` and ``event_share``, once it has the events."""
    name = "event_part" if events.files else "event_part_of_tail"
    engine.define("event_part", _PARTS[name], workspace=workspace)
    engine.define("event_share", _PARTS["event_share"])


def parts_of(events: EventFiles) -> list[list[int]]:
    """The lake's buckets in groups whose files are read at once; none if all files may be."""
    arranged = [Path(file) for file in events.files if "/bucket=-1/" not in file]
    size = sum(file.stat().st_size for file in arranged)
    width = max(1, int(SHARES * _PART_BYTES / size)) if size else SHARES
    return (
        [list(range(first, min(first + width, SHARES))) for first in range(0, SHARES, width)] if width < SHARES else []
    )


def read_place(reader: WorkspaceReader, now_us: int, *, events: EventFiles | None = None) -> Place:
    """The workspace's time zone and sources, and how its events are read."""
    (row,) = reader.read(_SQL["place"]).to_pylist()
    sources = {source["slug"]: source["source_id"] for source in reader.read(_SQL["source"]).to_pylist()}
    parts = parts_of(events) if events else ()
    return Place(now=now_us, zone=ZoneInfo(row["time_zone"]), sources=sources, parts=parts)


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
        columns.append(f"{_class_in(layer, _nth(names.index(layer)))} AS layer{number}")
    return _SQL["person"].replace(_FIRST, _FIRST.rstrip() + "".join(f",\n       {each}" for each in columns) + "\n")


def _class_in(layer: str, name: str) -> str:
    """Which class of a layer a person is in, as in ``layers_of``."""
    if layer == "stage":
        return _STAGES
    if layer not in BY_TRAIT:
        return f"person.layers ->> {name}"
    is_text = f"jsonb_typeof(person.traits -> {name}) = 'string'"
    return f"CASE WHEN {is_text} THEN nullif(person.traits ->> {name}, '') END"


def _nth(number: int) -> str:
    return " ".join(["(SELECT names ->>", str(number), "FROM wanted)"])

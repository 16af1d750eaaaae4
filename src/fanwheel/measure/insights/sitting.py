"""One look at a workspace: an engine with its tables, all of the same instant."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from fanwheel.infra import lake
from fanwheel.infra.engine import Engine, WorkspaceReader, open_engine
from fanwheel.infra.engine.events import SCHEMA
from fanwheel.infra.settings import Settings
from fanwheel.measure.reports import datasets
from fanwheel.measure.reports.cubes import number_of
from fanwheel.measure.reports.datasets import Place

_NO_EVENTS: Final = lake.LakeSnapshot(root=Path(), files=[], version=-1, watermark=0, tail=SCHEMA.empty_table())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """An engine that holds one workspace's tables."""

    engine: Engine
    place: Place

    def today(self, as_of: datetime) -> int:
        """The workspace's day at an instant, counted from 1970."""
        return number_of(as_of.astimezone(ZoneInfo(self.place.time_zone)).date())


@contextmanager
def sit(
    settings: Settings, dsn: str, workspace: int, *, kept: Collection[str], with_events: bool = True
) -> Iterator[Sitting]:
    """An engine with those tables of ``datasets.KEPT`` that are named, and the events if they are needed."""
    # Events first: a person who is merged or erased meanwhile is then read as merged or erased.
    events = lake.snapshot(settings.home, dsn, workspace=workspace) if with_events else _NO_EVENTS
    with WorkspaceReader(dsn, workspace) as reader:
        place = datasets.read_place(reader)
        tables = datasets.read_tables(reader)
    with open_engine(settings) as engine:
        datasets.fill(engine, place, events, tables, kept=kept)
        yield Sitting(engine=engine, place=place)

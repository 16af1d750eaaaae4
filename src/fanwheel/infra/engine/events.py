"""The table ``event``: what is in the lake and the hot tail that is not yet there."""

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa

from fanwheel.infra import lake, sqlfile
from fanwheel.infra.engine.contracts import Engine

_SQL: Final = sqlfile.load("fanwheel.infra.engine", "event.sql")
# What statements may read; the rest is for the lake's own use.
SCHEMA: Final = pa.schema([field for field in lake.SCHEMA if field.name not in {"message_key", *lake.PARTITIONS}])


class EventFiles(Protocol):
    """Every event once: Parquet files below ``root``, and rows that no file holds yet."""

    @property
    @abstractmethod
    def root(self) -> Path:
        """The directory that the files share."""

    @property
    @abstractmethod
    def files(self) -> Sequence[str]:
        """Paths of the Parquet files."""

    @property
    @abstractmethod
    def tail(self) -> pa.Table:
        """The rows that are in no file."""


def register_events(engine: Engine, events: EventFiles, workspace: int, *, erased: pa.Table) -> None:
    """Give ``engine`` the table ``event`` of one workspace, without the homes of ``erased`` (a column home_id)."""
    engine.files("lake_event", events.files, root=events.root, schema=SCHEMA)
    engine.table("hot_event", events.tail.select(SCHEMA.names).cast(SCHEMA))
    engine.table("erased", erased)
    if erased.num_rows == 0:
        # Asking of every event whether it is erased doubles the time of a scan, and mostly nobody is.
        engine.define("event", _SQL["event"], workspace=workspace)
        return
    engine.define("any_event", _SQL["event"], workspace=workspace)
    engine.define("event", _SQL["event_without_erased"])

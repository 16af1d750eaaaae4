"""Reports of a workspace: written from the lake and the database by a thread, kept on a desk."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from fanwheel.infra.settings import Settings
from fanwheel.kernel.clock import utc_now
from fanwheel.measure.reports.desk import WORTH_WAITING_S, Desk, effort_of, give_memory_back

if TYPE_CHECKING:
    # DuckDB, Arrow and NumPy are loaded with the first report, not with the server.
    from fanwheel.measure.reports.cubes import Book


class Reports(Desk[int, "Book"]):
    """Books of cubes by workspace."""

    @classmethod
    def of(cls, settings: Settings, dsn: str) -> "Reports":
        """Reports over the lake and the database of an installation."""
        return cls(
            lambda workspace: _write_book(settings, dsn, workspace),
            find=lambda workspace: _find_book(settings, dsn, workspace),
            effort=effort_of(settings),
        )

    async def book(self, workspace: int) -> "Book":
        """The cubes of a workspace: fresh, or those at hand if renewing them takes longer than a reader waits."""
        return await self.ask(workspace)


def _find_book(settings: Settings, dsn: str, workspace: int) -> "Book | None":
    if not (settings.home / "reports").exists():
        return None
    from fanwheel.measure.reports import shelf

    return shelf.find(_place_on_shelf(settings, dsn, workspace), now=utc_now())


def _place_on_shelf(settings: Settings, dsn: str, workspace: int) -> Path:
    from fanwheel.infra.engine import WorkspaceReader
    from fanwheel.measure.reports import datasets, shelf

    with WorkspaceReader(dsn, workspace) as reader:
        return shelf.path_of(settings.home, datasets.read_installation(reader), workspace)


def _write_book(settings: Settings, dsn: str, workspace: int) -> "Book":
    from fanwheel.infra.engine import EngineDownError
    from fanwheel.measure.reports import shelf

    began = time.monotonic()
    try:
        book = _write_once(settings, dsn, workspace)
    except EngineDownError:
        # An erasure takes files away at once, even from under a reader; a new look finds those that replaced them.
        book = _write_once(settings, dsn, workspace)
    finally:
        give_memory_back()
    if time.monotonic() - began > WORTH_WAITING_S:
        shelf.put(_place_on_shelf(settings, dsn, workspace), book)
    return book


def _write_once(settings: Settings, dsn: str, workspace: int) -> "Book":
    from fanwheel.infra import lake
    from fanwheel.infra.engine import WorkspaceReader, open_engine
    from fanwheel.measure.reports import datasets

    # Events first: a person who is merged or erased meanwhile is then read as merged or erased.
    as_of = utc_now()
    events = lake.snapshot(settings.home, dsn, workspace=workspace)
    with WorkspaceReader(dsn, workspace) as reader:
        place = datasets.read_place(reader)
        tables = datasets.read_tables(reader)
    with open_engine(settings) as engine:
        datasets.fill(engine, place, events, tables)
        return datasets.write_book(engine, place, as_of=as_of)

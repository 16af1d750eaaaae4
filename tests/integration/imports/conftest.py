"""A workspace into which files are imported, and its tables."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from psycopg.rows import dict_row

from fanwheel.cdp import imports
from fanwheel.cdp.events.asgi import Key
from fanwheel.cdp.events.writer import Writer
from fanwheel.infra.postgres import Database
from fanwheel.loop import wheel

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[3] / "examples"


@dataclass
class Shop:
    """One workspace of a database."""

    dsn: str
    workspace: int
    conn: psycopg.Connection[dict[str, Any]]

    def plan(self, what: imports.What, file: Path, mapping: str | dict[str, Any] | None = None) -> imports.Plan:
        """The plan of a file with a mapping of ``examples/`` or one given in place."""
        document = yaml.safe_load((EXAMPLES / mapping).read_text()) if isinstance(mapping, str) else mapping
        return imports.plan(file, imports.parse_mapping(what, document, folder=file.parent))

    def load(self, plan: imports.Plan, *, sink: imports.Sink | None = None, again: bool = False) -> imports.Report:
        """Import a file as the command does."""
        return asyncio.run(self._load(plan, sink, again=again))

    async def _load(self, plan: imports.Plan, sink: imports.Sink | None, *, again: bool) -> imports.Report:
        writer = Writer(self.dsn, limit_bytes=64 * 1024 * 1024)
        await writer.start()
        try:
            async with await Database.open(self.dsn, max_size=2) as db:
                return await imports.run(
                    plan, sink or imports.EventSink(writer, Key(self.workspace, 0)), db, self.workspace,
                    now=NOW, progress=lambda done, total: None, again=again,
                )  # fmt: skip
        finally:
            await writer.stop()

    def project(self) -> None:
        """Let the worker's projector read what was imported."""
        asyncio.run(self._project())

    async def _project(self) -> None:
        async with await Database.open(self.dsn, max_size=2) as db:
            projector = wheel.projector()
            while await projector.run_once(db):
                pass

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """What a statement gives; ``%(workspace)s`` is bound."""
        return list(self.conn.execute(sql.encode(), {"workspace": self.workspace}))

    def one(self, sql: str) -> dict[str, Any]:
        """The only row that a statement gives."""
        (row,) = self.rows(sql)
        return row


@pytest.fixture
def shop(dsn: str) -> Iterator[Shop]:
    with psycopg.connect(dsn, autocommit=True, row_factory=dict_row) as conn:
        made = conn.execute(
            "INSERT INTO workspace (slug, name) VALUES ('shop', 'Shop') RETURNING workspace_id"
        ).fetchone()
        assert made is not None
        yield Shop(dsn, made["workspace_id"], conn)

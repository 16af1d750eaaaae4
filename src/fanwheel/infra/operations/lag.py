"""How far the worker is behind, asked of the database when somebody looks: a worker answers no requests."""

import asyncio
from pathlib import Path
from time import monotonic
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from fanwheel.infra import sqlfile, telemetry
from fanwheel.infra.postgres import dsn_for_role

_SQL: Final = sqlfile.load("fanwheel.infra.operations", "lag.sql")
_PATIENCE_S: Final = 3


class LagGauges:
    """Sets the gauges of the worker's lag; asked again within some seconds it does nothing."""

    def __init__(self, home: Path, dsn: str, *, fresh_s: float = 5.0) -> None:
        self._home = home
        self._dsn = dsn_for_role(dsn, "fanwheel_export", statement_timeout=f"{_PATIENCE_S}s")
        self._fresh_s = fresh_s
        self._looked_at = -fresh_s
        self._lock = asyncio.Lock()

    async def refresh(self) -> None:
        """Look, and publish; a database that does not answer is published too."""
        async with self._lock:
            if monotonic() - self._looked_at < self._fresh_s:
                return
            try:
                await self._look()
            except psycopg.OperationalError:
                telemetry.DATABASE_UP.set(0)
            else:
                telemetry.DATABASE_UP.set(1)
            self._looked_at = monotonic()

    async def _look(self) -> None:
        async with await psycopg.AsyncConnection[dict[str, Any]].connect(
            self._dsn, autocommit=True, connect_timeout=_PATIENCE_S, row_factory=dict_row
        ) as conn:
            (installation,) = await _rows(conn, "epoch")
            lake_tx = await asyncio.to_thread(_watermark, self._home, installation["lake_epoch"])
            readers = await _rows(conn, "lag", lake_tx=lake_tx)
            writers = await _rows(conn, "oldest_writer")
        for reader in readers:
            telemetry.WORKER_LAG.labels(reader["reader"]).set(reader["age_s"])
        telemetry.HELD_BACK_S.set(writers[0]["age_s"] if writers else 0)
        telemetry.HELD_BACK_TX.set(writers[0]["lag_tx"] if writers else 0)


async def _rows(conn: psycopg.AsyncConnection[dict[str, Any]], name: str, **params: object) -> list[dict[str, Any]]:
    return await (await conn.execute(_SQL[name].encode(), params)).fetchall()


def _watermark(home: Path, epoch: UUID) -> int:
    from fanwheel.infra.lake import rules  # Delta Lake takes a second to load: the first who looks waits, not the start
    from fanwheel.infra.lake.table import EventTable

    table = EventTable.find(home / "lake" / "event")
    return (table.watermark(rules.app_id(epoch)) or 0) if table else 0

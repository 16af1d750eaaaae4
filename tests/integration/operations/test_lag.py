"""What the API tells of a worker that has no address of its own."""

import asyncio
from pathlib import Path

import psycopg
from prometheus_client import REGISTRY
from tests.support.stream import Event, Stream

from fanwheel.infra.lake import Exporter
from fanwheel.infra.operations import LagGauges
from fanwheel.infra.settings import Settings


def look(home: Path, dsn: str) -> dict[str, float | None]:
    asyncio.run(LagGauges(home, dsn).refresh())
    lag = {
        reader: REGISTRY.get_sample_value("fanwheel_worker_lag_seconds", {"consumer": reader})
        for reader in ("projector", "lake")
    }
    names = ("fanwheel_held_back_seconds", "fanwheel_held_back_transactions", "fanwheel_database_up")
    return lag | {name: REGISTRY.get_sample_value(name) for name in names}


def test_each_reader_is_as_late_as_its_oldest_unread_event(dsn: str, tmp_path: Path) -> None:
    stream = Stream(dsn)
    assert look(tmp_path, dsn) | {"projector": 0, "lake": 0} == look(tmp_path, dsn)

    stream.put(Event(name="first"))
    stream.conn.execute("UPDATE event SET received_at = now() - interval '60 seconds'")
    stream.put(Event(name="second"))
    late = look(tmp_path, dsn)
    assert 60 <= (late["projector"] or 0) < 600
    assert 60 <= (late["lake"] or 0) < 600

    stream.project()
    projected = look(tmp_path, dsn)
    assert projected["projector"] == 0
    assert (projected["lake"] or 0) >= 60

    exporter = Exporter(Settings(home=tmp_path), dsn)
    exporter.run_once()
    exporter.close()
    assert look(tmp_path, dsn)["lake"] == 0
    stream.close()


def test_who_holds_readers_back_is_told(dsn: str, tmp_path: Path) -> None:
    with psycopg.connect(dsn) as holder:
        holder.execute("SELECT pg_current_xact_id()")
        with psycopg.connect(dsn, autocommit=True) as other:
            other.execute("SELECT pg_current_xact_id()")
        assert (look(tmp_path, dsn)["fanwheel_held_back_transactions"] or 0) >= 1

    assert look(tmp_path, dsn)["fanwheel_held_back_transactions"] == 0


def test_a_database_that_is_down_is_told(tmp_path: Path) -> None:
    seen = look(tmp_path, "host=127.0.0.1 port=1 dbname=none user=none")

    assert seen["fanwheel_database_up"] == 0

"""Migrations: once, together, and never over a running server's head."""

import asyncio
import threading

import psycopg
import pytest

from fanwheel.infra.postgres import check_migrations, migrate
from fanwheel.infra.postgres.migrate import NewerSchemaError


@pytest.fixture
def empty_dsn(postgres_dsn: str, dsn: str) -> str:
    """A database without tables."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("DROP SCHEMA public CASCADE")
        conn.execute("CREATE SCHEMA public")
    return dsn


def test_an_empty_database_is_brought_up_to_date_once(empty_dsn: str) -> None:
    pending = check_migrations(empty_dsn)

    applied = asyncio.run(migrate(empty_dsn))

    assert applied == pending
    assert applied[0].startswith("0001")
    assert check_migrations(empty_dsn) == []
    assert asyncio.run(migrate(empty_dsn)) == []


def test_processes_that_start_together_migrate_once(empty_dsn: str) -> None:
    async def all_at_once() -> list[list[str]]:
        return await asyncio.gather(*(migrate(empty_dsn) for _ in range(4)))

    applied = asyncio.run(all_at_once())

    assert sorted(bool(names) for names in applied) == [False, False, False, True]


def test_a_database_of_a_newer_version_is_refused(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("INSERT INTO schema_migration (name, digest) VALUES ('9999_pre_future.sql', 'x')")

    with pytest.raises(NewerSchemaError, match="9999_pre_future"):
        asyncio.run(migrate(dsn))


def test_a_start_beside_a_running_server_locks_no_table(dsn: str) -> None:
    with psycopg.connect(dsn) as busy:
        busy.execute("SELECT count(*) FROM person")
        done = threading.Thread(target=lambda: asyncio.run(migrate(dsn)))
        done.start()
        done.join(timeout=10)

        assert not done.is_alive()


def test_the_fence_comes_back_when_its_text_has_changed(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute("COMMENT ON TABLE schema_migration IS 'of another version'")
        conn.execute("DROP POLICY workspace_fence ON person")

    asyncio.run(migrate(dsn))

    with psycopg.connect(dsn) as conn:
        row = conn.execute("SELECT count(*) FROM pg_policy WHERE polrelid = 'person'::regclass").fetchone()
    assert row == (1,)

"""One database per module, one workspace per test."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.support.portraits_live import Portraits


@pytest.fixture(scope="session")
def tags_dsn(postgres_dsn: str, template_database: str) -> Iterator[str]:
    """A migrated database that the tests of the folder share; each has its own workspace."""
    name = f"fw_tags_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}")
        yield psycopg.conninfo.make_conninfo(postgres_dsn, dbname=name)
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def crowd(tags_dsn: str, tmp_path: Path) -> Iterator[Portraits]:
    made = Portraits(tags_dsn, tmp_path)
    yield made
    made.close()

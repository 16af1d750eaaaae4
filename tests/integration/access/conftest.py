"""One application for the whole folder; each test has workspaces of its own."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from tests.support.house import House


@pytest.fixture(scope="session")
def house(postgres_dsn: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    name = f"fw_house_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}")
    dsn = psycopg.conninfo.make_conninfo(postgres_dsn, dbname=name)
    with House.open(dsn, tmp_path_factory.mktemp("house")) as opened:
        yield opened
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def fresh_house(dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation that nobody has set up."""
    with House.open(dsn, tmp_path_factory.mktemp("fresh")) as opened:
        yield opened


@pytest.fixture
def workspace(house: House) -> int:
    return house.workspace()

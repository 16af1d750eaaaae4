"""One application for the whole folder; each test has a workspace of its own."""

import asyncio
import secrets
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.integration.persons.conftest import World
from tests.support.house import Browser, House


@pytest.fixture(scope="session")
def traits_dsn(postgres_dsn: str, template_database: str) -> Iterator[str]:
    name = f"fw_traits_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}")
    yield make_conninfo(postgres_dsn, dbname=name)
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def house(traits_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House.open(traits_dsn, tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def world(runner: asyncio.Runner, traits_dsn: str) -> World:
    return World(runner, traits_dsn)


@pytest.fixture
def owner(house: House, world: World) -> Browser:
    return house.member(world.workspace, "owner")

"""One database and application for the folder; each test has the only workspace, since scoring looks at every one."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from tests.support.house import House
from tests.support.stream import Stream


@pytest.fixture(scope="package")
def house(postgres_dsn: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    name = f"fw_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}")
    with House.open(psycopg.conninfo.make_conninfo(postgres_dsn, dbname=name), tmp_path_factory.mktemp("house")) as it:
        yield it
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def currency() -> str:
    return "USD"


@pytest.fixture
def stream(house: House, currency: str) -> Iterator[Stream]:
    made = Stream(house.dsn, currency=currency)
    yield made
    made.rows("DELETE FROM workspace WHERE workspace_id = %(workspace)s RETURNING 1")
    made.close()

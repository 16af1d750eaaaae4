"""The application over a database of its own, in which one brand holds people out of its channels."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from tests.support.house import House


@pytest.fixture(scope="module")
def house(postgres_dsn: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    name = f"fw_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {template_database}")
    with House.open(psycopg.conninfo.make_conninfo(postgres_dsn, dbname=name), tmp_path_factory.mktemp("house")) as it:
        yield it
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")

"""Fixtures that every tier shares: a real PostgreSQL, a fresh database, a running product."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import structlog
from xdist.scheduler import LoadScopeScheduling

from fanwheel.infra.postgres.migrate import _migrate
from fanwheel.infra.postgres.supervisor import embedded
from tests.support.databases import copied
from tests.support.product import Product

EXTERNAL = "FANWHEEL_TEST_DATABASE_URL"

# Plain tracebacks: the pretty ones take seconds over an application's local variables.
_DEFAULT = structlog.get_config()["processors"]
_PLAIN = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*_DEFAULT[:-1], _PLAIN])


class _ByProduct(LoadScopeScheduling):
    """Shares files out among the processes; the browser's stay together, since their brand is made in a minute."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "tests/browser" if file.startswith("tests/browser/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> _ByProduct:
    """Deal tests out so."""
    return _ByProduct(config, log)


@pytest.fixture(scope="session")
def postgres_dsn() -> Iterator[str]:
    """A server for the whole session: the one in FANWHEEL_TEST_DATABASE_URL, else an embedded one."""
    external = os.environ.get(EXTERNAL)
    if external:
        yield external
        return
    with (
        tempfile.TemporaryDirectory(prefix="fw-test-", ignore_cleanup_errors=True) as home,
        embedded(Path(home)) as dsn,
    ):
        with psycopg.connect(dsn, autocommit=True) as conn:  # No test here cuts the power: nothing waits for the disk.
            conn.execute("ALTER SYSTEM SET fsync = off")
            conn.execute("ALTER SYSTEM SET full_page_writes = off")
            conn.execute("SELECT pg_reload_conf()")
        yield dsn


@pytest.fixture(scope="session")
def template_database(postgres_dsn: str) -> Iterator[str]:
    """The name of a migrated database to copy."""
    name = f"fw_template_{secrets.token_hex(4)}"
    with psycopg.connect(postgres_dsn, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name}")
        _migrate(psycopg.conninfo.make_conninfo(postgres_dsn, dbname=name))
        yield name
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def dsn(postgres_dsn: str, template_database: str) -> Iterator[str]:
    """A migrated, empty database of its own."""
    with copied(postgres_dsn, template_database) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A running product with an owner, a write key and a server key, shared by tests that only add to it."""
    with Product.started(tmp_path_factory.mktemp("product")) as running:
        yield running


@pytest.fixture
def own_product(tmp_path: Path) -> Iterator[Product]:
    """A running product that a test may kill."""
    with Product.started(tmp_path) as running:
        yield running

"""One database per module, one workspace and one home per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.databases import copied
from tests.support.house import House
from tests.support.stream import Stream

from fanwheel.infra.settings import Settings


@pytest.fixture(scope="module")
def shared_dsn(postgres_dsn: str, template_database: str) -> Iterator[str]:
    """A migrated database that the tests of a module share; each has its own workspace."""
    with copied(postgres_dsn, template_database) as dsn:
        yield dsn


@pytest.fixture(scope="module")
def house(shared_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The application over the database of the module."""
    with House.open(shared_dsn, tmp_path_factory.mktemp("house")) as made:
        yield made


@pytest.fixture
def stream(shared_dsn: str) -> Iterator[Stream]:
    made = Stream(shared_dsn)
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, engine_memory_mb=256)

"""One application for the whole folder; each test has workspaces of its own."""

from collections.abc import Iterator

import pytest
from tests.support.databases import copied
from tests.support.house import House


@pytest.fixture(scope="session")
def house(postgres_dsn: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with (
        copied(postgres_dsn, template_database) as dsn,
        House.open(dsn, tmp_path_factory.mktemp("house")) as opened,
    ):
        yield opened


@pytest.fixture
def fresh_house(dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation that nobody has set up."""
    with House.open(dsn, tmp_path_factory.mktemp("fresh")) as opened:
        yield opened


@pytest.fixture
def workspace(house: House) -> int:
    return house.workspace()

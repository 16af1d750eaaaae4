"""One database and application for the folder; each test has the only workspace, since scoring looks at every one."""

from collections.abc import Iterator

import pytest
from tests.support.databases import copied
from tests.support.house import House
from tests.support.stream import Stream


@pytest.fixture(scope="package")
def house(postgres_dsn: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with (
        copied(postgres_dsn, template_database) as dsn,
        House.open(dsn, tmp_path_factory.mktemp("house")) as opened,
    ):
        yield opened


@pytest.fixture
def currency() -> str:
    return "USD"


@pytest.fixture
def stream(house: House, currency: str) -> Iterator[Stream]:
    made = Stream(house.dsn, currency=currency)
    yield made
    made.rows("DELETE FROM workspace WHERE workspace_id = %(workspace)s RETURNING 1")
    made.close()

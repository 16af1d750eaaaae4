"""The application over a database of its own, in which one brand holds people out of its channels."""

from collections.abc import Iterator

import pytest
from tests.support.databases import copied
from tests.support.house import House


@pytest.fixture(scope="module")
def house(postgres_dsn: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with (
        copied(postgres_dsn, template_database) as dsn,
        House.open(dsn, tmp_path_factory.mktemp("house")) as opened,
    ):
        yield opened

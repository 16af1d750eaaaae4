"""One application for the whole folder; each test has a workspace of its own."""

from collections.abc import Iterator

import pytest
from tests.support.databases import copied
from tests.support.house import House
from tests.support.inbox import Inbox


@pytest.fixture(scope="session")
def inbox_house(postgres_dsn: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with (
        copied(postgres_dsn, template_database) as dsn,
        House.open(dsn, tmp_path_factory.mktemp("inbox")) as opened,
    ):
        yield opened


@pytest.fixture
def inbox(inbox_house: House) -> Inbox:
    return Inbox(inbox_house)

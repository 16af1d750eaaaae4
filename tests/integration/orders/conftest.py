"""One database per module, one workspace per test."""

from collections.abc import Iterator

import pytest
from tests.support.databases import copied
from tests.support.stream import Stream


@pytest.fixture(scope="module")
def shared_dsn(postgres_dsn: str, template_database: str) -> Iterator[str]:
    """A migrated database that the tests of a module share; each has its own workspace."""
    with copied(postgres_dsn, template_database) as dsn:
        yield dsn


@pytest.fixture
def stream(shared_dsn: str) -> Iterator[Stream]:
    made = Stream(shared_dsn)
    yield made
    made.close()

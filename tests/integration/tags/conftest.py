"""One database per module, one workspace per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.databases import copied
from tests.support.portraits_live import Portraits


@pytest.fixture(scope="session")
def tags_dsn(postgres_dsn: str, template_database: str) -> Iterator[str]:
    """A migrated database that the tests of the folder share; each has its own workspace."""
    with copied(postgres_dsn, template_database) as dsn:
        yield dsn


@pytest.fixture
def crowd(tags_dsn: str, tmp_path: Path) -> Iterator[Portraits]:
    made = Portraits(tags_dsn, tmp_path)
    yield made
    made.close()

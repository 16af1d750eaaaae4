"""One database per module, one workspace per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.computed_live import Reckoned
from tests.support.databases import copied


@pytest.fixture(scope="module")
def shared_dsn(postgres_dsn: str, template_database: str) -> Iterator[str]:
    """A migrated database that the tests of a module share; each has its own workspace."""
    with copied(postgres_dsn, template_database) as dsn:
        yield dsn


@pytest.fixture
def crowd(shared_dsn: str, tmp_path: Path) -> Iterator[Reckoned]:
    made = Reckoned(shared_dsn, tmp_path)
    yield made
    made.close()

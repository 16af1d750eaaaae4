"""One database for the folder, one workspace per test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.databases import copied
from tests.support.reach import Town


@pytest.fixture(scope="session")
def towns_dsn(postgres_dsn: str, template_database: str) -> Iterator[str]:
    """A migrated database that the tests of the folder share."""
    with copied(postgres_dsn, template_database) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def towns_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the secrets of the installation lie."""
    return tmp_path_factory.mktemp("town")


@pytest.fixture
def town(towns_dsn: str, towns_home: Path) -> Iterator[Town]:
    made = Town(towns_dsn, towns_home)
    yield made
    # Other towns' senders must not find this one's work.
    made.rows("DELETE FROM sender WHERE workspace_id = %s", made.workspace)
    made.close()

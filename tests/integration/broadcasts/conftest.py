"""One database for the folder, one workspace per test."""

from collections.abc import Iterator

import pytest
from tests.support.broadcasts import Square
from tests.support.databases import copied

from fanwheel.loop.operate.broadcasts import releasing


@pytest.fixture(scope="session")
def squares_dsn(postgres_dsn: str, template_database: str) -> Iterator[str]:
    with copied(postgres_dsn, template_database) as dsn:
        yield dsn


@pytest.fixture
def square(squares_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Square]:
    made = Square(squares_dsn, tmp_path_factory.getbasetemp())
    yield made
    # Other squares' senders must not find this one's work.
    made.rows("DELETE FROM sender WHERE workspace_id = %s", made.workspace)
    made.close()


@pytest.fixture
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releasing, "PORTION", 10)

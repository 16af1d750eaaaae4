"""Fixtures for folders whose tests share one application; each test has a workspace of its own."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.integration.persons.conftest import World, worlds
from tests.support.databases import copied
from tests.support.house import Browser, House

__all__ = ["house", "house_dsn", "new_world", "owner", "runner", "world"]


@pytest.fixture(scope="session")
def house_dsn(postgres_dsn: str, template_database: str) -> Iterator[str]:
    with copied(postgres_dsn, template_database) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def house(house_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House.open(house_dsn, tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def new_world(runner: asyncio.Runner, house_dsn: str) -> Iterator[Callable[[], World]]:
    with worlds(runner, house_dsn) as make:
        yield make


@pytest.fixture
def world(new_world: Callable[[], World]) -> World:
    return new_world()


@pytest.fixture
def owner(house: House, world: World) -> Browser:
    return house.member(world.workspace, "owner")

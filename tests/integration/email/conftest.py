"""An application for each file; each test has a workspace of its own."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from tests.integration.persons.conftest import World, worlds
from tests.support.databases import copied
from tests.support.house import Browser, House


@pytest.fixture(scope="module")
def mail_dsn(postgres_dsn: str, template_database: str) -> Iterator[str]:
    with copied(postgres_dsn, template_database) as dsn:
        yield dsn


@pytest.fixture(scope="module")
def house(mail_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House.open(mail_dsn, tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def new_world(runner: asyncio.Runner, mail_dsn: str) -> Iterator[Callable[[], World]]:
    with worlds(runner, mail_dsn) as make:
        yield make


@pytest.fixture
def world(new_world: Callable[[], World]) -> World:
    return new_world()


@pytest.fixture
def owner(house: House, world: World) -> Browser:
    return house.member(world.workspace, "owner")

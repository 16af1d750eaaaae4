"""The application behind a real port, and simulated platforms beside it."""

import asyncio
import dataclasses
import socket
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import uvicorn
from tests.support.databases import copied
from tests.support.house import Browser, House

from fanwheel.entrypoints.simulator import Simulator
from fanwheel.kernel.clock import utc_now

TOKEN = "4242424242:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


class Served(NamedTuple):
    """A house that can be called back."""

    house: House
    url: str


@pytest.fixture(scope="session")
def served(postgres_dsn: str, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with (
        copied(postgres_dsn, template_database) as dsn,
        House.open(dsn, tmp_path_factory.mktemp("served")) as house,
        socket.socket() as listener,
    ):
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        house.app.state.settings = dataclasses.replace(house.settings, public_url=url)
        server = uvicorn.Server(uvicorn.Config(house.app, lifespan="off", log_level="critical", loop="asyncio"))
        serving = asyncio.run_coroutine_threadsafe(server.serve(sockets=[listener]), house._loop)
        yield Served(house, url)
        server.should_exit = True
        serving.result(timeout=30)


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator.started() as running:
        yield running


@pytest.fixture
def platforms(simulator: Simulator) -> Simulator:
    """The simulator as if nothing had happened yet."""
    simulator.clock = utc_now
    for name, platform in simulator.platforms.items():
        simulator.set_faults(name)
        platform.reset()
    return simulator


@pytest.fixture
def workspace(served: Served) -> int:
    return served.house.workspace()


@pytest.fixture
def owner(served: Served, workspace: int) -> Browser:
    return served.house.member(workspace, "owner")


def a_bot(owner: Browser, simulator: Simulator, *, token: str = TOKEN, name: str = "Bot") -> dict[str, Any]:
    """A Telegram account that speaks with the simulator, and is called back by it."""
    values = {"bot_token": token, "base_url": f"{simulator.url}/telegram"}
    made = owner.post("/api/channels/accounts", {"channel": "telegram", "name": name, "values": values})
    assert made.status_code == 201, made.text
    account: dict[str, Any] = made.json()
    checked = owner.post(f"/api/channels/accounts/{account['account_id']}/check")
    assert checked.json()["is_fine"], checked.text
    return account


@pytest.fixture
def bot(owner: Browser, platforms: Simulator) -> dict[str, Any]:
    return a_bot(owner, platforms)

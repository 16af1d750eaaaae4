"""The simulated WeChat and WeCom, with one account of each."""

from collections.abc import Iterator

import pytest
from tests.support.tencent import a_desk
from tests.support.tencent_live import Brand, Corp

from fanwheel.entrypoints.simulator import Simulator


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator.started() as running:
        yield running


@pytest.fixture
def brand(simulator: Simulator) -> Iterator[Brand]:
    simulator.platform("wechat").reset()
    simulator.set_faults("wechat")
    with a_desk("wechat", f"{simulator.url}/wechat") as desk:
        simulator.clock = desk.clock
        made = Brand(simulator, desk)
        made.connect()
        yield made
        simulator.set_faults("wechat")


@pytest.fixture
def corp(simulator: Simulator) -> Iterator[Corp]:
    simulator.platform("wecom").reset()
    simulator.set_faults("wecom")
    with a_desk("wecom", f"{simulator.url}/wecom") as desk:
        simulator.clock = desk.clock
        made = Corp(simulator, desk)
        made.connect()
        yield made
        simulator.set_faults("wecom")

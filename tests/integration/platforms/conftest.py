"""One simulator for all platforms, forgetful between tests."""

from collections.abc import Iterator

import pytest
from tests.support.channels import Clock

from fanwheel.entrypoints.simulator import Simulator


@pytest.fixture(scope="session")
def running() -> Iterator[Simulator]:
    with Simulator.started() as simulator:
        yield simulator


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def simulator(running: Simulator, clock: Clock) -> Simulator:
    running.clock = clock
    for name, platform in running.platforms.items():
        platform.reset()
        running.set_faults(name)
    return running

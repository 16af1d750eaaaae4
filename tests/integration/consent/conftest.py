"""One application for the whole folder; each test has a workspace of its own."""

import pytest
from tests.support.house import House
from tests.support.shared_house import house, house_dsn, new_world, owner, runner, world

from fanwheel.cdp.consent import AddressHasher

__all__ = ["house", "house_dsn", "new_world", "owner", "runner", "world"]


@pytest.fixture(scope="session")
def hasher(house: House) -> AddressHasher:
    return AddressHasher(house.settings)

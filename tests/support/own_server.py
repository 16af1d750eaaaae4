"""Gives each test process the external server that was started for it: loaded with -p, before any fixture.

What no server has a part in has run already and is left out, and so is what is marked to run once.
"""

import os

import pytest

_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").upper()
_SERVERS = frozenset({"postgres_dsn", "product", "own_product"})

os.environ["FANWHEEL_TEST_DATABASE_URL"] = os.environ[f"FANWHEEL_TEST_DATABASE_URL_{_WORKER}"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests for which another server may make a difference."""
    left_out = [item for item in items if not _is_to_run(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if _is_to_run(item)]


def _is_to_run(item: pytest.Item) -> bool:
    assert isinstance(item, pytest.Function)
    needs_server = not _SERVERS.isdisjoint(item.fixturenames) or hasattr(item.module, "Product")
    return needs_server and item.get_closest_marker("once") is None

"""One application for the whole folder, as the tests of lists have it; each test has a workspace of its own."""

from tests.integration.lists.conftest import house, lists_dsn, owner, runner, world

__all__ = ["house", "lists_dsn", "owner", "runner", "world"]

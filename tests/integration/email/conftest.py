"""One application for the whole folder; each test has a workspace of its own."""

from tests.support.shared_house import house, house_dsn, new_world, owner, runner, world

__all__ = ["house", "house_dsn", "new_world", "owner", "runner", "world"]

"""Channels are found through entry points, ours too, so that anybody can add one."""

from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Final

import structlog

from fanwheel.domains.private.channels.adapter import Adapter
from fanwheel.domains.private.channels.errors import UnknownChannelError

GROUP: Final = "fanwheel.channel"
_log: Final = structlog.get_logger()


@cache
def adapters() -> MappingProxyType[str, type[Adapter]]:
    """The adapters of all channels that are installed, by name; one that cannot be loaded costs no other its place."""
    found: dict[str, type[Adapter]] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            found.setdefault(point.name, point.load())
        except Exception as error:  # noqa: BLE001 - whatever a package does when it is imported, the others work
            _log.warning("a channel cannot be loaded", channel=point.name, error=f"{type(error).__name__}: {error}")
    return MappingProxyType(found)


def kinds() -> tuple[str, ...]:
    """The names of all channels that are installed."""
    return tuple(adapters())


def find(kind: str) -> type[Adapter]:
    """The adapter of a channel.

    Raises
    ------
    UnknownChannelError
        If none is installed under that name.
    """
    adapter = adapters().get(kind)
    if adapter is None:
        raise UnknownChannelError(f"There is no channel “{kind}”.", hint=f"There are: {', '.join(kinds())}.")
    return adapter

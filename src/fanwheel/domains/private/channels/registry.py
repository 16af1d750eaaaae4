"""Channels are found through entry points, ours too, so that anybody can add one."""

from functools import cache
from importlib.metadata import entry_points
from typing import Final

from fanwheel.domains.private.channels.adapter import Adapter
from fanwheel.domains.private.channels.errors import UnknownChannelError

GROUP: Final = "fanwheel.channel"


@cache
def kinds() -> tuple[str, ...]:
    """The names of all channels that are installed."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


@cache
def find(kind: str) -> type[Adapter]:
    """The adapter of a channel.

    Raises
    ------
    UnknownChannelError
        If none is installed under that name.
    """
    for point in entry_points(group=GROUP, name=kind):
        found: type[Adapter] = point.load()
        return found
    raise UnknownChannelError(f"There is no channel “{kind}”.", hint=f"There are: {', '.join(kinds())}.")
